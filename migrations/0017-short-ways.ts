import { sql } from 'kysely'
import { createIndex, dropStatistics, type Schema } from './columns.ts'

/** Indexes for what was looked for among all that there is; and no statistics, by which it might be again. */
export async function up(db: Schema): Promise<void> {
  await dropStatistics(db)
  await createIndex(db, 'staged_of_member', { on: 'staged', columns: ['room', 'member', 'at'] })
  await createIndex(db, 'staged_hash', { on: 'staged', columns: ['hash'] })
  await createIndex(db, 'upload_hash', { on: 'upload', columns: ['hash'] })
  await createIndex(db, 'dispatch_unsure', {
    on: 'dispatch',
    columns: ['channel', 'recipient'],
    where: "state in ('going', 'unknown')",
  })
  await createIndex(db, 'dispatch_unreported', {
    on: 'dispatch',
    columns: ['channel', 'recipient', 'at'],
    where: 'report_due is not null',
  })
  // Columns alone say nothing of an order in which a time that is missing stands for another.
  await sql`create index merchant_heard on merchant (account, (coalesce(heard_at, created_at))) where token is not null`.execute(
    db,
  )
}
