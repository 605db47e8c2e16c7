import { sql } from 'kysely'
import { asId, type Instant, instant, type KeyId, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { AuditRow } from './tables.ts'

/** One change by an admin: who, when, what, and how it was before and after. Holds no secrets. */
export interface Audited {
  /** 1, 2, 3 … */
  readonly nr: number
  readonly at: Instant
  /** Absent = of the installation. */
  readonly tenant?: TenantId
  readonly key: KeyId
  readonly keyName: string
  readonly operation: string
  /** The path that was asked. */
  readonly target: string
  readonly wish?: unknown
  readonly before?: unknown
  readonly after?: unknown
}

export async function addAudit(tx: Tx, line: Omit<Audited, 'nr' | 'at'>): Promise<void> {
  await inTurn(tx)
  const { last } = await tx.db
    .selectFrom('audit')
    .select((is) => is.fn.coalesce(is.fn.max('nr'), is.val(0)).as('last'))
    .executeTakeFirstOrThrow()
  const text = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  await tx.db
    .insertInto('audit')
    .values({
      nr: Number(last) + 1,
      at: instant(tx.clock.now()),
      tenant: line.tenant ?? null,
      key: line.key,
      key_name: line.keyName,
      operation: line.operation,
      target: line.target,
      wish: text(line.wish),
      before: text(line.before),
      after: text(line.after),
    })
    .execute()
}

export interface AuditFilter {
  /** undefined = of all tenants, and of the installation. */
  readonly tenant: TenantId | undefined
  /** Only those before this one. */
  readonly before?: number
  readonly limit: number
}

/** The newest first. */
export async function listAudit(reads: Reads, { tenant, before, limit }: AuditFilter): Promise<readonly Audited[]> {
  let query = reads.db.selectFrom('audit').selectAll()
  if (tenant !== undefined) query = query.where('tenant', '=', tenant)
  if (before !== undefined) query = query.where('nr', '<', before)
  return (await query.orderBy('nr', 'desc').limit(limit).execute()).map(auditedOf)
}

const auditedOf = (row: AuditRow): Audited => ({
  nr: row.nr,
  at: row.at as Instant,
  key: asId(row.key),
  keyName: row.key_name,
  operation: row.operation,
  target: row.target,
  ...(row.tenant === null ? {} : { tenant: asId<'tenant'>(row.tenant) }),
  ...(row.wish === null ? {} : { wish: ours(row.wish) }),
  ...(row.before === null ? {} : { before: ours(row.before) }),
  ...(row.after === null ? {} : { after: ours(row.after) }),
})

/** Those who change things through the API come one after the other, so that what one has read is still so when it writes. SQLite has one writer anyway. */
export async function inTurn(tx: Tx): Promise<void> {
  if (tx.dialect === 'postgres') await sql`select pg_advisory_xact_lock(hashtext('redress admin'))`.execute(tx.db)
}
