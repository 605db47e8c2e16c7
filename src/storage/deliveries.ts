import {
  asId,
  type ComplaintId,
  type DeliveryId,
  type FactId,
  type Instant,
  instant,
  type NoticeId,
  newId,
  type TenantId,
} from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'
import type { DeliveryRow } from './tables.ts'

/** One message to one place about one fact, or about one notice. */
export type Delivery = FactDelivery | NoticeDelivery

interface Sent {
  readonly id: DeliveryId
  readonly tenant: TenantId
  readonly destination: string
  readonly tries: number
  readonly notBefore: Instant
}

export interface FactDelivery extends Sent {
  readonly fact: FactId
  readonly complaint: ComplaintId
  readonly notice?: never
}

export interface NoticeDelivery extends Sent {
  readonly notice: NoticeId
  readonly complaint?: never
}

type Of =
  | { readonly tenant: TenantId; readonly id: FactId; readonly nr: number; readonly complaint: ComplaintId }
  | { readonly tenant: TenantId; readonly notice: NoticeId }

export async function insertDeliveries(tx: Tx, of: Of, destinations: readonly string[]): Promise<void> {
  if (destinations.length === 0) return
  const now = instant(tx.clock.now())
  const about =
    'notice' in of ? { fact: of.notice, complaint: '', nr: 0 } : { fact: of.id, complaint: of.complaint, nr: of.nr }
  await tx.db
    .insertInto('delivery')
    .values(
      destinations.map((destination) => ({
        id: newId('delivery', tx.random, tx.clock.now()),
        tenant: of.tenant,
        ...about,
        destination,
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

/** What is due for one place, in the order it came up. Of a complaint that was put off everything is put off. */
export async function waitingFor(reads: Reads, destination: string, limit: number): Promise<readonly Delivery[]> {
  const now = instant(reads.clock.now())
  const rows = await reads.db
    .selectFrom('delivery')
    .selectAll()
    .where('destination', '=', destination)
    .where('state', '=', 'waiting')
    .where('not_before', '<=', now)
    .where('complaint', 'not in', (query) =>
      query
        .selectFrom('delivery as off')
        .select('off.complaint')
        .where('off.destination', '=', destination)
        .where('off.state', '=', 'waiting')
        .where('off.not_before', '>', now)
        .where('off.complaint', '<>', ''),
    )
    .orderBy('created_at')
    .orderBy('complaint')
    .orderBy('nr')
    .limit(limit)
    .execute()
  return rows.map(deliveryOf)
}

/** When something that was put off falls due there. */
export async function nextWaiting(reads: Reads, destination: string): Promise<Instant | undefined> {
  const row = await reads.db
    .selectFrom('delivery')
    .select((is) => is.fn.min('not_before').as('at'))
    .where('destination', '=', destination)
    .where('state', '=', 'waiting')
    .where('not_before', '>', instant(reads.clock.now()))
    .executeTakeFirst()
  return (row?.at ?? undefined) as Instant | undefined
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

/** They failed, and are tried again. */
export async function postponeDeliveries(
  tx: Tx,
  ids: readonly DeliveryId[],
  until: { readonly notBefore: Instant; readonly error: string },
): Promise<void> {
  if (ids.length === 0) return
  await tx.db
    .updateTable('delivery')
    .set((old) => ({ not_before: until.notBefore, error: until.error, tries: old('tries', '+', 1) }))
    .where('id', 'in', [...ids])
    .where('state', '=', 'waiting')
    .execute()
}

function deliveryOf(row: DeliveryRow): Delivery {
  const sent: Sent = {
    id: asId(row.id),
    tenant: asId(row.tenant),
    destination: row.destination,
    tries: row.tries,
    notBefore: row.not_before as Instant,
  }
  if (row.complaint === '') return { ...sent, notice: asId(row.fact) }
  return { ...sent, fact: asId(row.fact), complaint: asId(row.complaint) }
}
