import {
  type AccountId,
  asId,
  type Instant,
  instant,
  type MerchantId,
  type RoomId,
  type TenantId,
} from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** A complaint to be fetched by its number. */
export interface Wanted {
  readonly account: AccountId
  readonly number: string
  readonly tenant: TenantId
  /** Where somebody asked for it; none: it came from the platform's own list. */
  readonly room?: RoomId
  /** In whose name it was listed. */
  readonly merchant?: MerchantId
  readonly state: 'waiting' | 'done' | 'failed'
  readonly askedAt: Instant
}

/** The engine's key of it. */
export const wantedKey = ({ account, number }: Pick<Wanted, 'account' | 'number'>): string => `${account}:${number}`

/** Asked for by a person it is tried in any case; what a list names again, only when it could not be read. @returns whether it is to be tried. */
export async function insertWanted(tx: Tx, wanted: Omit<Wanted, 'state' | 'askedAt'>): Promise<boolean> {
  const { account, number, tenant, room, merchant } = wanted
  const again = {
    room: room ?? null,
    merchant: merchant ?? null,
    state: 'waiting' as const,
    asked_at: instant(tx.clock.now()),
    settled_at: null,
  }
  const row = await tx.db
    .insertInto('wanted')
    .values({ account, number, tenant, ...again, told_at: null })
    .onConflict((on) => {
      const update = on.columns(['account', 'number']).doUpdateSet(again)
      return room === undefined ? update.where('wanted.state', '=', 'failed') : update
    })
    .returning('number')
    .executeTakeFirst()
  return row !== undefined
}

export async function findWanted(reads: Reads, key: string): Promise<Wanted | undefined> {
  const at = key.indexOf(':')
  const row = await reads.db
    .selectFrom('wanted')
    .selectAll()
    .where('account', '=', key.slice(0, at))
    .where('number', '=', key.slice(at + 1))
    .executeTakeFirst()
  return (
    row && {
      account: asId(row.account),
      number: row.number,
      tenant: asId(row.tenant),
      ...(row.room === null ? {} : { room: asId<'room'>(row.room) }),
      ...(row.merchant === null ? {} : { merchant: asId<'merchant'>(row.merchant) }),
      state: row.state,
      askedAt: row.asked_at as Instant,
    }
  )
}

/** @returns undefined when it was settled, or asked for anew, meanwhile; else whether people were told before that it cannot be read. */
export async function settleWanted(
  tx: Tx,
  { account, number, askedAt }: Wanted,
  state: 'done' | 'failed',
): Promise<{ readonly told: boolean } | undefined> {
  const row = await tx.db
    .updateTable('wanted')
    .set({ state, settled_at: instant(tx.clock.now()) })
    .where('account', '=', account)
    .where('number', '=', number)
    .where('state', '=', 'waiting')
    .where('asked_at', '=', askedAt)
    .returning('told_at')
    .executeTakeFirst()
  return row && { told: row.told_at !== null }
}

export async function setTold(tx: Tx, { account, number }: Pick<Wanted, 'account' | 'number'>): Promise<void> {
  await tx.db
    .updateTable('wanted')
    .set({ told_at: instant(tx.clock.now()) })
    .where('account', '=', account)
    .where('number', '=', number)
    .execute()
}

/** Asked for before `until` and not yet fetched: what a lost job would leave behind. */
export async function waitingWanted(reads: Reads, until: Instant, limit: number): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('wanted')
    .select(['account', 'number'])
    .where('state', '=', 'waiting')
    .where('asked_at', '<=', until)
    .orderBy('asked_at')
    .limit(limit)
    .execute()
  return rows.map(({ account, number }) => wantedKey({ account: asId(account), number }))
}
