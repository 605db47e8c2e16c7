import { sql } from 'kysely'
import { addColumn, createIndex, createTable, type Schema } from './columns.ts'

/** Keys that reach only so far and so long, who changed what, and what was answered to a wish that comes twice. */
export async function up(db: Schema): Promise<void> {
  // Keys from before may do everything, and only their hash is known.
  for (const column of ['prefix', 'tenant', 'access', 'expires_at', 'revoked_at', 'replaces'])
    await addColumn(db, 'api_key', column, 'text?')
  await createIndex(db, 'api_key_of_tenant', { on: 'api_key', columns: ['tenant', 'created_at'] })
  await createTable(db, 'audit', {
    columns: {
      nr: 'int',
      at: 'text',
      tenant: 'text?',
      key: 'text',
      key_name: 'text',
      operation: 'text',
      target: 'text',
      wish: 'text?',
      before: 'text?',
      after: 'text?',
    },
    primary: ['nr'],
  })
  await createIndex(db, 'audit_of_tenant', { on: 'audit', columns: ['tenant', 'nr'] })
  await createTable(db, 'repeat', {
    columns: {
      id: 'text',
      body: 'text',
      runner: 'text',
      wrote: 'int',
      answer: 'text?',
      started_at: 'text',
    },
    primary: ['id'],
  })
  await createIndex(db, 'repeat_started', { on: 'repeat', columns: ['started_at'] })
  // The order of the list of what is open: without it every page reads all complaints of a business.
  await sql`create index complaint_open_in_order on complaint (tenant, (coalesce(due_at, '9')), running) where phase <> 'closed'`.execute(
    db,
  )
}
