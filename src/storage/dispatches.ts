import { sql } from 'kysely'
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
import { forUpdate } from './dialect.ts'
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
      report_due: null,
    })
    .execute()
  return id
}

export async function endDispatch(
  tx: Tx,
  id: DispatchId,
  as: {
    readonly state: 'sent' | 'failed' | 'unknown'
    readonly reference?: string
    readonly error?: string
    /** When the outside is to be asked whether it arrived. */
    readonly reportDue?: Instant
  },
): Promise<void> {
  await tx.db
    .updateTable('dispatch')
    .set({
      state: as.state,
      reference: as.reference ?? null,
      error: as.error ?? null,
      ended_at: instant(tx.clock.now()),
      report_due: as.reportDue ?? null,
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
    // What was taken and then did not arrive has used up their limits too.
    .where((is) => is.or([is('state', '<>', 'failed'), is('reference', 'is not', null)]))
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

/** A recipient of whose messages the outside has not said what became of them. */
export interface Unreported {
  readonly channel: ChannelId
  readonly recipient: RecipientId
}

export async function unreportedDue(reads: Reads, limit: number): Promise<readonly Unreported[]> {
  const rows = await reads.db
    .selectFrom('dispatch')
    .select(['channel', 'recipient'])
    .distinct()
    .where('report_due', '<=', instant(reads.clock.now()))
    .limit(limit)
    .execute()
  return rows.map(({ channel, recipient }) => ({ channel: asId(channel), recipient: asId(recipient) }))
}

/** All of one recipient whose end the outside has not told, the oldest first. */
export async function unreportedOf(reads: Reads, { channel, recipient }: Unreported): Promise<readonly Dispatch[]> {
  const rows = await reads.db
    .selectFrom('dispatch')
    .selectAll()
    .where('channel', '=', channel)
    .where('recipient', '=', recipient)
    .where('report_due', 'is not', null)
    .orderBy('at')
    .execute()
  return rows.map(dispatchOf)
}

/** Nothing is known yet: asked again then; undefined = no more. */
export async function putOffReport(tx: Tx, id: DispatchId, due: Instant | undefined): Promise<void> {
  await tx.db
    .updateTable('dispatch')
    .set({ report_due: due ?? null })
    .where('id', '=', id)
    .execute()
}

/** What the outside says became of a message that it had taken. */
export interface Reported {
  readonly delivered: boolean
  readonly error?: string
}

/** @returns false when its end was known already */
export async function reportDispatch(
  tx: Tx,
  id: DispatchId,
  { reference, delivered, error }: Reported & { readonly reference: string },
): Promise<boolean> {
  const done = await tx.db
    .updateTable('dispatch')
    .set({ state: delivered ? 'delivered' : 'failed', reference, error: error ?? null, report_due: null })
    .where('id', '=', id)
    .where('state', 'in', ['sent', 'unknown'])
    .returning('id')
    .execute()
  return done.length > 0
}

/** Of the channel, and theirs. A test and a repeated message may have the same. */
export async function dispatchesByReference(
  reads: Reads,
  channel: ChannelId,
  reference: string,
): Promise<readonly Dispatch[]> {
  const rows = await reads.db
    .selectFrom('dispatch')
    .selectAll()
    .where('channel', '=', channel)
    .where('reference', '=', reference)
    .execute()
  // They are few: in the order of an index they would be looked for among all of the channel.
  return rows.map(dispatchOf).sort((a, b) => (a.at < b.at ? -1 : 1))
}

/** How often since then a message with this delivery was taken and then not delivered. */
export async function undeliveredSince(
  reads: Reads,
  { channel, delivery, since }: { readonly channel: ChannelId; readonly delivery: DeliveryId; readonly since: Instant },
): Promise<number> {
  const rows = await reads.db
    .selectFrom('dispatch')
    .selectAll()
    .where('channel', '=', channel)
    .where('at', '>=', since)
    .where('state', '=', 'failed')
    .where('reference', 'is not', null)
    .execute()
  return rows.map(dispatchOf).filter(({ deliveries }) => deliveries.includes(delivery)).length
}

/** Holds what is being sent to a recipient, so that its end and what the outside says of it wait for each other. */
export async function lockGoing(tx: Tx, { channel, recipient }: Unreported): Promise<boolean> {
  const query = tx.db
    .selectFrom('dispatch')
    .select('id')
    .where('channel', '=', channel)
    .where('recipient', '=', recipient)
    // Literals, as in the index.
    .where(sql<boolean>`state in ('going', 'unknown')`)
  return (await forUpdate(tx, query).execute()).length > 0
}

/** `off`: nothing reaches that recipient any more. */
export type EarlyReport = Reported & { readonly off: boolean }

export async function keepEarlyReport(
  tx: Tx,
  { channel, reference }: { readonly channel: ChannelId; readonly reference: string },
  { delivered, error, off }: EarlyReport,
): Promise<void> {
  await tx.db
    .insertInto('early_report')
    .values({
      ...{ channel, reference, error: error ?? null, at: instant(tx.clock.now()) },
      ...{ delivered: delivered ? 1 : 0, off: off ? 1 : 0 },
    })
    .onConflict((on) => on.doNothing())
    .execute()
}

/** What was said of it before it had ended here. */
export async function takeEarlyReport(tx: Tx, channel: ChannelId, reference: string): Promise<EarlyReport | undefined> {
  const row = await tx.db
    .deleteFrom('early_report')
    .where('channel', '=', channel)
    .where('reference', '=', reference)
    .returning(['delivered', 'error', 'off'])
    .executeTakeFirst()
  if (!row) return undefined
  return { delivered: row.delivered === 1, off: row.off === 1, ...(row.error === null ? {} : { error: row.error }) }
}

/** What ended before then, so many of it. @returns how many */
export async function forgetDispatches(tx: Tx, before: Instant, limit: number): Promise<number> {
  const gone = await tx.db
    .deleteFrom('dispatch')
    .where('id', 'in', (query) =>
      query
        .selectFrom('dispatch')
        .select('id')
        .where('at', '<', before)
        .where('state', '<>', 'going')
        .orderBy('at')
        .limit(limit),
    )
    .returning('id')
    .execute()
  await tx.db.deleteFrom('early_report').where('at', '<', before).execute()
  return gone.length
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
