import { createIndex, type Schema } from './columns.ts'

/** The earlier complaints of a payer, the newest of them first. */
export async function up(db: Schema): Promise<void> {
  await createIndex(db, 'complaint_of_payer_in_order', {
    on: 'complaint',
    columns: ['tenant', 'payer', 'running'],
    where: 'payer is not null',
  })
  // Whatever it answered, the new one answers.
  await db.schema.dropIndex('complaint_of_payer').execute()
}
