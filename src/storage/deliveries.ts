import {
  asId,
  type ComplaintId,
  type DeliveryId,
  type FactId,
  type Instant,
  instant,
  newId,
  type TenantId,
} from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'
import type { DeliveryRow } from './tables.ts'

/** One message to one place about one fact. */
export interface Delivery {
  readonly id: DeliveryId
  readonly tenant: TenantId
  readonly fact: FactId
  readonly destination: string
  readonly complaint: ComplaintId
  readonly tries: number
  readonly notBefore: Instant
}

export async function insertDeliveries(
  tx: Tx,
  of: { readonly tenant: TenantId; readonly id: FactId; readonly nr: number; readonly complaint: ComplaintId },
  destinations: readonly string[],
): Promise<void> {
  if (destinations.length === 0) return
  const now = instant(tx.clock.now())
  await tx.db
    .insertInto('delivery')
    .values(
      destinations.map((destination) => ({
        id: newId('delivery', tx.random, tx.clock.now()),
        tenant: of.tenant,
        fact: of.id,
        destination,
        complaint: of.complaint,
        nr: of.nr,
        state: 'waiting' as const,
        not_before: now,
        tries: 0,
        error: null,
        created_at: now,
        settled_at: null,
      })),
    )
    .onConflict((on) => on.doNothing())
    .execute()
}

/** What waits for one place, in the order it came up. */
export async function waitingFor(reads: Reads, destination: string, limit: number): Promise<readonly Delivery[]> {
  const rows = await reads.db
    .selectFrom('delivery')
    .selectAll()
    .where('destination', '=', destination)
    .where('state', '=', 'waiting')
    .orderBy('created_at')
    .orderBy('complaint')
    .orderBy('nr')
    .limit(limit)
    .execute()
  return rows.map(deliveryOf)
}

/** Every place for which something waits: what a lost job would leave behind. */
export async function destinationsWaiting(reads: Reads, limit: number): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('delivery')
    .select('destination')
    .distinct()
    .where('state', '=', 'waiting')
    .limit(limit)
    .execute()
  return rows.map((row) => row.destination)
}

/** `sent`: it is there. `dropped`: it never will be, `error` says why. */
export async function settleDeliveries(
  tx: Tx,
  ids: readonly DeliveryId[],
  as: { readonly state: 'sent' | 'dropped'; readonly error?: string },
): Promise<void> {
  if (ids.length === 0) return
  await tx.db
    .updateTable('delivery')
    .set({ state: as.state, error: as.error ?? null, settled_at: instant(tx.clock.now()) })
    .where('id', 'in', [...ids])
    .where('state', '=', 'waiting')
    .execute()
}

export async function postponeDelivery(
  tx: Tx,
  id: DeliveryId,
  until: { readonly notBefore: Instant; readonly error: string },
): Promise<void> {
  await tx.db
    .updateTable('delivery')
    .set((old) => ({ not_before: until.notBefore, error: until.error, tries: old('tries', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
}

const deliveryOf = (row: DeliveryRow): Delivery => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  fact: asId(row.fact),
  destination: row.destination,
  complaint: asId(row.complaint),
  tries: row.tries,
  notBefore: row.not_before as Instant,
})
