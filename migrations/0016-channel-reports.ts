import { addColumn, createIndex, createTable, type Schema } from './columns.ts'

/** What becomes of a message after it was taken, and since when a channel's secrets are what they are. */
export async function up(db: Schema): Promise<void> {
  await addColumn(db, 'channel', 'secrets_at', 'text?')
  await addColumn(db, 'channel', 'ending_said_at', 'text?')
  await addColumn(db, 'dispatch', 'report_due', 'text?')
  await createIndex(db, 'dispatch_report', {
    on: 'dispatch',
    columns: ['report_due'],
    where: 'report_due is not null',
  })
  await createIndex(db, 'dispatch_reference', {
    on: 'dispatch',
    columns: ['channel', 'reference'],
    where: 'reference is not null',
  })
  await createIndex(db, 'dispatch_at', { on: 'dispatch', columns: ['at'] })
  await createTable(db, 'early_report', {
    columns: { channel: 'text', reference: 'text', delivered: 'int', error: 'text?', off: 'int', at: 'text' },
    primary: ['channel', 'reference'],
    byKey: true,
  })
}
