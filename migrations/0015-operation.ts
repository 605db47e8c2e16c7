import { addColumn, createIndex, createTable, type Schema } from './columns.ts'

/** Keys that seal, wrapped by the master key; and what is let go of with time. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'data_key', {
    columns: {
      id: 'text',
      nr: 'int',
      tenant: 'text',
      purpose: 'text',
      wrapped: 'text',
      master: 'text',
      created_at: 'text',
    },
    primary: ['id'],
  })
  await createTable(db, 'forgetting', { columns: { what: 'text', reached: 'text' }, primary: ['what'] })
  for (const column of ['person_gone_at', 'pictures_gone_at']) {
    await addColumn(db, 'complaint', column, 'text?')
    await createIndex(db, `complaint_with_${column === 'person_gone_at' ? 'person' : 'pictures'}`, {
      on: 'complaint',
      columns: ['changed_at'],
      where: `phase = 'closed' and ${column} is null`,
    })
  }
  await createIndex(db, 'complaint_picture_hash', { on: 'complaint_picture', columns: ['hash'] })
  await createIndex(db, 'deadline_open', { on: 'deadline', columns: ['due'], where: 'ended_at is null' })
}
