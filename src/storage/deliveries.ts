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

/** What has become of a fact's deliveries to rooms. */
export async function roomsTold(
  reads: Reads,
  fact: FactId,
): Promise<readonly { readonly state: DeliveryRow['state']; readonly settledAt?: Instant }[]> {
  const rows = await reads.db
    .selectFrom('delivery')
    .select(['state', 'settled_at'])
    .where('fact', '=', fact)
    .where('destination', '>=', 'room:')
    .where('destination', '<', 'room;')
    .execute()
  return rows.map((row) => ({
    state: row.state,
    ...(row.settled_at === null ? {} : { settledAt: row.settled_at as Instant }),
  }))
}

/** Every room for which something waits: what a lost job would leave behind. */
export async function destinationsWaiting(reads: Reads, limit: number): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('delivery')
    .select('destination')
    .distinct()
    .where('destination', '>=', 'room:')
    .where('destination', '<', 'room;')
    .where('state', '=', 'waiting')
    .limit(limit)
    .execute()
  return rows.map((row) => row.destination)
}

/** What waits for one recipient of a channel, due or not. */
export type Pending = Delivery & { readonly destination: string; readonly createdAt: Instant; readonly error?: string }

// A place is `email:chn_1`, its destinations `email:chn_1/rcp_2`: '0' is the character after the slash.
const [first, last] = ['/', '0']

/** All that waits at a place for any of its destinations, the longest waiting first. */
export async function pendingAt(reads: Reads, place: string, limit: number): Promise<readonly Pending[]> {
  const rows = await reads.db
    .selectFrom('delivery')
    .selectAll()
    .where('destination', '>=', place + first)
    .where('destination', '<', place + last)
    .where('state', '=', 'waiting')
    .orderBy('created_at')
    .orderBy('complaint')
    .orderBy('nr')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    ...deliveryOf(row),
    createdAt: row.created_at as Instant,
    ...(row.error === null ? {} : { error: row.error }),
  }))
}

/** Every place of a kind (`email`) where something waits. A look for each, however much waits there. */
export async function placesWaiting(reads: Reads, prefix: string, limit: number): Promise<readonly string[]> {
  const places: string[] = []
  for (let from = `${prefix}:`; places.length < limit; ) {
    const row = await reads.db
      .selectFrom('delivery')
      .select('destination')
      .where('destination', '>=', from)
      .where('destination', '<', `${prefix};`)
      .where('state', '=', 'waiting')
      .orderBy('destination')
      .limit(1)
      .executeTakeFirst()
    if (!row) break
    const place = row.destination.split(first, 1)[0] ?? ''
    places.push(place)
    from = place + last
  }
  return places
}

export interface DeadLetter {
  readonly id: DeliveryId
  readonly destination: string
  readonly complaint?: ComplaintId
  readonly error: string
  readonly at: Instant
}

/** What was given up, the newest first. @param after only those behind this one */
export async function deadLetters(
  reads: Reads,
  tenant: TenantId,
  limit: number,
  after?: Pick<DeadLetter, 'at' | 'id'>,
): Promise<readonly DeadLetter[]> {
  let query = reads.db.selectFrom('delivery').selectAll().where('tenant', '=', tenant).where('state', '=', 'dead')
  if (after)
    query = query
      .where('settled_at', '<=', after.at)
      .where((is) => is.or([is('settled_at', '<', after.at), is('id', '<', after.id)]))
  const rows = await query.orderBy('settled_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    id: asId(row.id),
    destination: row.destination,
    ...(row.complaint === '' ? {} : { complaint: asId<'complaint'>(row.complaint) }),
    error: row.error ?? '',
    at: (row.settled_at ?? row.created_at) as Instant,
  }))
}

/** They are given up aloud no more, and never tried again. @returns how many */
export async function dismissDeliveries(tx: Tx, tenant: TenantId, ids: readonly DeliveryId[]): Promise<number> {
  if (ids.length === 0) return 0
  const rows = await tx.db
    .updateTable('delivery')
    .set({ state: 'dropped', settled_at: instant(tx.clock.now()) })
    .where('id', 'in', [...ids])
    .where('tenant', '=', tenant)
    .where('state', '=', 'dead')
    .returning('id')
    .execute()
  return rows.length
}

/** What was taken has not arrived after all: a dead letter. */
export async function unsendDeliveries(tx: Tx, ids: readonly DeliveryId[], error: string): Promise<void> {
  await turned(tx, ids, { from: 'sent', to: 'dead', error })
}

/** What was given up because nobody knew has arrived after all. */
export async function foundDeliveries(tx: Tx, ids: readonly DeliveryId[]): Promise<void> {
  await turned(tx, ids, { from: 'dead', to: 'sent', error: null })
}

async function turned(
  tx: Tx,
  ids: readonly DeliveryId[],
  { from, to, error }: { readonly from: 'sent' | 'dead'; readonly to: 'sent' | 'dead'; readonly error: string | null },
): Promise<void> {
  if (ids.length === 0) return
  await tx.db
    .updateTable('delivery')
    .set({ state: to, error, settled_at: instant(tx.clock.now()) })
    .where('id', 'in', [...ids])
    .where('state', '=', from)
    .execute()
}

/** They wait anew, as if they had come up now. @returns where */
export async function reviveDeliveries(
  tx: Tx,
  tenant: TenantId,
  ids: readonly DeliveryId[],
): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const now = instant(tx.clock.now())
  const rows = await tx.db
    .updateTable('delivery')
    .set({ state: 'waiting', tries: 0, not_before: now, created_at: now, settled_at: null })
    .where('id', 'in', [...ids])
    .where('tenant', '=', tenant)
    .where('state', '=', 'dead')
    .returning('destination')
    .execute()
  return rows.map((row) => row.destination)
}

/** `sent`: it is there. `dropped`: it never will be, `error` says why; `dead`: unless somebody wants it tried again. */
export async function settleDeliveries(
  tx: Tx,
  ids: readonly DeliveryId[],
  as: { readonly state: 'sent' | 'dropped' | 'dead'; readonly error?: string },
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
