import type { Standing } from '../complaints/standing.ts'
import { type AccountId, type Instant, instant, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'

/** What is looked after beside the pushes: orders in dispute; the platform's rating; where it calls back to. */
export type Watched = 'orders' | 'standing' | 'address'

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
  standing: Standing,
): Promise<void> {
  const row = { body: JSON.stringify(standing), read_at: instant(tx.clock.now()) }
  await tx.db
    .insertInto('standing')
    .values({ account: of.id, tenant: of.tenant, ...row })
    .onConflict((on) => on.column('account').doUpdateSet(row))
    .execute()
}

export async function findStanding(reads: Reads, account: AccountId): Promise<StoredStanding | undefined> {
  const row = await reads.db.selectFrom('standing').selectAll().where('account', '=', account).executeTakeFirst()
  return row && { standing: ours(row.body), readAt: row.read_at as Instant }
}
