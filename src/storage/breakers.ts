import { type Instant, instant, type TenantId } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import type { Reads, Tx } from './storage.ts'
import type { BreakerRow } from './tables.ts'

/** What stops a business's automatic refunds when there are too many. */
export interface Breaker {
  /** Refunds in an hour that are always allowed; undefined = what is usual. */
  readonly most?: number
  readonly tripped?: { readonly at: Instant; readonly count: number; readonly most: number }
  /** What went before was looked at by a person. */
  readonly resetAt?: Instant
}

export async function findBreaker(reads: Reads, tenant: TenantId): Promise<Breaker> {
  const row = await reads.db.selectFrom('breaker').selectAll().where('tenant', '=', tenant).executeTakeFirst()
  return row ? breakerOf(row) : {}
}

/** Everybody who lets a rule give money of this business waits here until the transaction ends; after the complaint's and the order's locks. */
export async function lockBreaker(tx: Tx, tenant: TenantId): Promise<Breaker> {
  await keepRow(tx, tenant)
  const row = await forUpdate(
    tx,
    tx.db.selectFrom('breaker').selectAll().where('tenant', '=', tenant),
  ).executeTakeFirstOrThrow()
  return breakerOf(row)
}

/** @returns whether it was this that tripped it. */
export async function tripBreaker(
  tx: Tx,
  tenant: TenantId,
  { count, most }: { readonly count: number; readonly most: number },
): Promise<boolean> {
  const tripped = await tx.db
    .updateTable('breaker')
    .set({ tripped_at: instant(tx.clock.now()), count, limit_then: most })
    .where('tenant', '=', tenant)
    .where('tripped_at', 'is', null)
    .returning('tenant')
    .execute()
  return tripped.length > 0
}

/** Counting begins anew. @returns false when it was not tripped. */
export async function resetBreaker(tx: Tx, tenant: TenantId): Promise<boolean> {
  const reset = await tx.db
    .updateTable('breaker')
    .set({ tripped_at: null, count: null, limit_then: null, reset_at: instant(tx.clock.now()) })
    .where('tenant', '=', tenant)
    .where('tripped_at', 'is not', null)
    .returning('tenant')
    .execute()
  return reset.length > 0
}

/** null = what is usual. */
export async function setBreakerMost(tx: Tx, tenant: TenantId, most: number | null): Promise<Breaker> {
  await keepRow(tx, tenant)
  const row = await tx.db
    .updateTable('breaker')
    .set({ most })
    .where('tenant', '=', tenant)
    .returningAll()
    .executeTakeFirstOrThrow()
  return breakerOf(row)
}

const keepRow = (tx: Tx, tenant: TenantId) =>
  tx.db
    .insertInto('breaker')
    .values({ tenant, most: null, tripped_at: null, count: null, limit_then: null, reset_at: null })
    .onConflict((on) => on.doNothing())
    .execute()

const breakerOf = ({ most, tripped_at, count, limit_then, reset_at }: BreakerRow): Breaker => ({
  ...(most === null ? {} : { most }),
  ...(tripped_at === null ? {} : { tripped: { at: tripped_at as Instant, count: count ?? 0, most: limit_then ?? 0 } }),
  ...(reset_at === null ? {} : { resetAt: reset_at as Instant }),
})
