import { addColumn, type Schema } from './columns.ts'

/** What a refunder may give where nothing is said for the person. */
export async function up(db: Schema): Promise<void> {
  await addColumn(db, 'tenant', 'refunder_each', 'int?')
  await addColumn(db, 'tenant', 'refunder_day', 'int?')
}
