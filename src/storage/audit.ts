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

/** Who may give money back, whose and how much; and what was given. Such lines stay as long as the refunds do. */
export const moneyOperations: readonly string[] = [
  ...['createTenant', 'changeTenant', 'importTenant'],
  ...['createAccount', 'changeAccount', 'createAccountMerchant', 'changeAccountMerchant', 'claimMerchant'],
  ...['createMember', 'changeMember', 'createMemberBindCode'],
  ...['createRule', 'changeRule', 'removeRule', 'changeBreaker', 'resetBreaker'],
  ...['createKey', 'rotateKey', 'revokeKey', 'createTenantKey', 'rotateTenantKey', 'revokeTenantKey'],
  'withdrawComplaintAction',
]

/** Of acts on a complaint those that move money, or promise it. */
function isAboutMoney({ operation, wish }: Pick<AuditRow, 'operation' | 'wish'>): boolean {
  if (operation !== 'createComplaintAction') return moneyOperations.includes(operation)
  const kind = wish === null ? '' : ours<{ readonly kind?: unknown }>(wish).kind
  return kind === 'refund' || kind === 'decide-refund'
}

/** Lines from before then that are not about money. The newest of all stays: the next one's number follows it. @returns whether there may be more */
export async function letAuditGo(tx: Tx, before: Instant, limit: number): Promise<boolean> {
  const what = 'audit'
  const from = await tx.db.selectFrom('forgetting').select('reached').where('what', '=', what).executeTakeFirst()
  const rows = await tx.db
    .selectFrom('audit')
    .select(['nr', 'at', 'operation', 'wish'])
    .where('nr', '>', Number(from?.reached ?? 0))
    .orderBy('nr')
    .limit(limit + 1)
    .execute()
  const young = rows.findIndex(({ at }) => at >= before)
  // One more was asked for than is let go of, so that the last that is seen is never the newest of all.
  const old = rows.slice(0, Math.min(rows.length - 1, young === -1 ? rows.length : young))
  const last = old.at(-1)
  if (!last) return false
  const gone = old.filter((row) => !isAboutMoney(row)).map(({ nr }) => nr)
  if (gone.length > 0) await tx.db.deleteFrom('audit').where('nr', 'in', gone).execute()
  const reached = String(last.nr)
  await tx.db
    .insertInto('forgetting')
    .values({ what, reached })
    .onConflict((on) => on.column('what').doUpdateSet({ reached }))
    .execute()
  return old.length === limit
}

/** Those who change things through the API come one after the other, so that what one has read is still so when it writes. SQLite has one writer anyway. */
export async function inTurn(tx: Tx): Promise<void> {
  if (tx.dialect === 'postgres') await sql`select pg_advisory_xact_lock(hashtext('redress admin'))`.execute(tx.db)
}
