import { sql } from 'kysely'
import { createIndex, createTable, type Schema } from './columns.ts'

/** Whose pictures may be named by their hash: the same bytes are kept once, whoever has sent them. */
export async function up(db: Schema): Promise<void> {
  await createTable(db, 'sent_picture', {
    columns: { tenant: 'text', hash: 'text', at: 'text' },
    primary: ['tenant', 'hash'],
    byKey: true,
  })
  await createIndex(db, 'sent_picture_hash', { on: 'sent_picture', columns: ['hash'] })
  // What rules send along was sent by whose rules they are.
  await sql`insert into sent_picture (tenant, hash, at)
    select rule.tenant, picture.hash, min(rule.created_at)
    from rule join picture on rule.act like '%' || picture.hash || '%'
    group by rule.tenant, picture.hash`.execute(db)
}
