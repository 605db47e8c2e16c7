import type { Standing } from '../complaints/standing.ts'
import { type AccountId, type Instant, instant, type TenantId } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { StandingRow } from './tables.ts'

/** What is looked after beside the pushes: orders in dispute; the platform's rating; where it calls back to; its lists. */
export type Watched = 'orders' | 'standing' | 'address' | 'lists'

export interface Watch {
  readonly ranAt: Instant
  /** Why the account may not ask, or to whom its callbacks go instead; undefined = all is well. */
  readonly off?: string
}

export async function setWatch(tx: Tx, account: AccountId, what: Watched, off?: string): Promise<void> {
  const row = { ran_at: instant(tx.clock.now()), off_why: off ?? null }
  await tx.db
    .insertInto('watch')
    .values({ account, what, ...row })
    .onConflict((on) => on.columns(['account', 'what']).doUpdateSet(row))
    .execute()
}

/** Wanted since then, and not done yet; nothing where it was. @returns as it is now */
export async function beginWatch(tx: Tx, account: AccountId, what: Watched, since: Instant): Promise<Watch> {
  await tx.db
    .insertInto('watch')
    .values({ account, what, ran_at: since, off_why: null })
    .onConflict((on) => on.doNothing())
    .execute()
  return (await findWatch(tx, account, what)) ?? { ranAt: since }
}

export async function findWatch(reads: Reads, account: AccountId, what: Watched): Promise<Watch | undefined> {
  const row = await reads.db
    .selectFrom('watch')
    .selectAll()
    .where('account', '=', account)
    .where('what', '=', what)
    .executeTakeFirst()
  return row && { ranAt: row.ran_at as Instant, ...(row.off_why === null ? {} : { off: row.off_why }) }
}

export interface StoredStanding {
  readonly standing: Standing
  readonly readAt: Instant
}

export async function saveStanding(
  tx: Tx,
  of: { readonly tenant: TenantId; readonly id: AccountId },
  said: Standing,
): Promise<void> {
  const row = { body: JSON.stringify(said), read_at: instant(tx.clock.now()) }
  await tx.db
    .insertInto('standing')
    .values({ account: of.id, tenant: of.tenant, ...row })
    .onConflict((on) => on.column('account').doUpdateSet(row))
    .execute()
}

export async function findStanding(reads: Reads, account: AccountId): Promise<StoredStanding | undefined> {
  const row = await standing(reads, account).executeTakeFirst()
  return row && storedOf(row)
}

/** Holds it until the end of the transaction: two who read at once find the same news once. */
export async function lockStanding(tx: Tx, account: AccountId): Promise<StoredStanding | undefined> {
  const row = await forUpdate(tx, standing(tx, account)).executeTakeFirst()
  return row && storedOf(row)
}

const standing = (reads: Reads, account: AccountId) =>
  reads.db.selectFrom('standing').selectAll().where('account', '=', account)

const storedOf = ({ body, read_at }: StandingRow): StoredStanding => ({
  standing: ours(body),
  readAt: read_at as Instant,
})
