import {
  asId,
  type ChannelId,
  type ComplaintId,
  type DeliveryId,
  type DispatchId,
  type Instant,
  instant,
  newId,
  type RecipientId,
  type TenantId,
} from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { DispatchRow } from './tables.ts'

/** One message that a channel sent, or tried to. */
export interface Dispatch {
  readonly id: DispatchId
  readonly channel: ChannelId
  readonly recipient: RecipientId
  readonly complaint?: ComplaintId
  readonly deliveries: readonly DeliveryId[]
  readonly test: boolean
  readonly state: DispatchRow['state']
  readonly reference?: string
  readonly error?: string
  readonly at: Instant
}

export interface NewDispatch {
  readonly tenant: TenantId
  readonly channel: ChannelId
  readonly recipient: RecipientId
  readonly complaint?: ComplaintId
  readonly deliveries: readonly DeliveryId[]
  readonly test?: true
}

/** Before it goes, so that it is counted, and known, whatever becomes of us. */
export async function startDispatch(tx: Tx, dispatch: NewDispatch): Promise<DispatchId> {
  const id = newId('dispatch', tx.random, tx.clock.now())
  await tx.db
    .insertInto('dispatch')
    .values({
      id,
      tenant: dispatch.tenant,
      channel: dispatch.channel,
      recipient: dispatch.recipient,
      complaint: dispatch.complaint ?? '',
      deliveries: JSON.stringify(dispatch.deliveries),
      test: dispatch.test ? 1 : 0,
      state: 'going',
      reference: null,
      error: null,
      at: instant(tx.clock.now()),
      ended_at: null,
    })
    .execute()
  return id
}

export async function endDispatch(
  tx: Tx,
  id: DispatchId,
  as: { readonly state: 'sent' | 'failed' | 'unknown'; readonly reference?: string; readonly error?: string },
): Promise<void> {
  await tx.db
    .updateTable('dispatch')
    .set({
      state: as.state,
      reference: as.reference ?? null,
      error: as.error ?? null,
      ended_at: instant(tx.clock.now()),
    })
    .where('id', '=', id)
    .where('state', '=', 'going')
    .execute()
}

/** What a process began to send and did not live to end. */
export async function goingDispatches(reads: Reads, channel: ChannelId): Promise<readonly Dispatch[]> {
  const rows = await reads.db
    .selectFrom('dispatch')
    .selectAll()
    .where('channel', '=', channel)
    .where('state', '=', 'going')
    .execute()
  return rows.map(dispatchOf)
}

/** What counts against the limits of a channel: whatever may have arrived. */
export interface Went {
  readonly recipient: RecipientId
  readonly at: Instant
}

/** Since then, the oldest first. */
export async function wentSince(reads: Reads, channel: ChannelId, since: Instant): Promise<readonly Went[]> {
  const rows = await reads.db
    .selectFrom('dispatch')
    .select(['recipient', 'at'])
    .where('channel', '=', channel)
    .where('at', '>=', since)
    .where('state', '<>', 'failed')
    .orderBy('at')
    .execute()
  return rows.map(({ recipient, at }) => ({ recipient: asId(recipient), at: at as Instant }))
}

/** The newest first. */
export async function listDispatches(reads: Reads, channel: ChannelId, limit: number): Promise<readonly Dispatch[]> {
  const rows = await reads.db
    .selectFrom('dispatch')
    .selectAll()
    .where('channel', '=', channel)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(dispatchOf)
}

const dispatchOf = (row: DispatchRow): Dispatch => ({
  id: asId(row.id),
  channel: asId(row.channel),
  recipient: asId(row.recipient),
  ...(row.complaint === '' ? {} : { complaint: asId<'complaint'>(row.complaint) }),
  deliveries: ours(row.deliveries),
  test: row.test === 1,
  state: row.state,
  ...(row.reference === null ? {} : { reference: row.reference }),
  ...(row.error === null ? {} : { error: row.error }),
  at: row.at as Instant,
})
