import { type AccountId, asId, type CallbackId, type Instant, instant, type TenantId } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** What a platform told us, verified and written down. */
export interface Callback {
  readonly id: CallbackId
  readonly tenant: TenantId
  readonly account: AccountId
  readonly event: string
  readonly number: string | undefined
  readonly told: string
  readonly state: 'new' | 'drained' | 'parked' | 'ignored'
  readonly receivedAt: Instant
}

/** Where the words of a callback are sealed to. */
export const toldPlace = (tenant: string, id: string) => ({ tenant, table: 'callback', row: id, column: 'told' })

export async function findCallback(reads: Reads, id: CallbackId): Promise<Callback | undefined> {
  const row = await reads.db.selectFrom('callback').selectAll().where('id', '=', id).executeTakeFirst()
  return (
    row && {
      id,
      tenant: asId(row.tenant),
      account: asId(row.account),
      event: row.event,
      number: row.number ?? undefined,
      told: reads.sealer.open(toldPlace(row.tenant, row.id), row.told),
      state: row.state,
      receivedAt: row.received_at as Instant,
    }
  )
}

/** Its complaint holds what it told. `parked`: nothing could be made of it, a person must look. */
export async function settleCallback(tx: Tx, id: CallbackId, state: 'drained' | 'parked'): Promise<void> {
  await tx.db
    .updateTable('callback')
    .set({ state, drained_at: instant(tx.clock.now()) })
    .where('id', '=', id)
    .where('state', '=', 'new')
    .execute()
}

/** Received before `until` and not yet worked on: what a lost job would leave behind. */
export async function waitingCallbacks(reads: Reads, until: Instant, limit: number): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('callback')
    .select('id')
    .where('state', '=', 'new')
    .where('received_at', '<=', until)
    .orderBy('received_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}
