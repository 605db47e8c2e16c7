import { createTable, type Schema } from './columns.ts'

/** Replies kept for later. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'template', {
    columns: {
      id: 'text',
      tenant: 'text',
      name: 'text',
      text: 'text',
      for: 'text',
      reasons: 'text',
      platforms: 'text',
      position: 'int',
      created_at: 'text',
    },
    primary: ['id'],
    unique: [['tenant', 'name']],
  })
}
