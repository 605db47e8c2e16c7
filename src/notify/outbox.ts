import { told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import { asId, type Instant, instant, later } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { findChannel, type StoredChannel } from '../storage/channels.ts'
import { type Pending, pendingAt, settleDeliveries } from '../storage/deliveries.ts'
import { endDispatch, goingDispatches, startDispatch, undeliveredSince, wentSince } from '../storage/dispatches.ts'
import { findRecipient, listeners } from '../storage/recipients.ts'
import type { Reads } from '../storage/storage.ts'
import { findTenant, type Tenant } from '../storage/tenants.ts'
import { channelFree, dayOf, recipientFree } from './allowance.ts'
import { type Batch, batches } from './batch.ts'
import type { About, Channel } from './channel.ts'
import { compose } from './compose.ts'
import { interestIn, interestOf } from './interests.ts'
import type { ChannelKind, Message, Sent } from './kind.ts'
import { type Content, letterOf, type Reader } from './letter.ts'
import type { OutboxParts, Outlet } from './outlet.ts'
import { firstLook } from './report.ts'
import { settle } from './settle.ts'
import { both } from './texts.ts'

const hour = 3_600_000
/** What could not be said for so long is given up: it is out of date. Longer than any quota of a day. */
const patience = 36 * hour
/** How often a channel that has stopped is looked at: for what has waited too long. */
const stoppedLook = hour
const most = 1_000
/** By then a test message has ended, or the process that sent it. */
const testLasts = 300_000

/** The recipients of one kind of channel, as a way to people. */
export function outbox(parts: OutboxParts, kind: ChannelKind): Channel {
  return {
    prefix: kind.kind,
    destinations: (reads, about) => destinationsOf(reads, kind, about),
    deliver: (place) => deliverAt({ parts, kind }, place),
  }
}

async function destinationsOf(
  reads: Reads,
  { kind, interests }: ChannelKind,
  about: About,
): Promise<readonly string[]> {
  const wish = 'notice' in about ? interestIn(about.notice.notice) : interestOf(about.fact, about.complaint)
  // Somebody asked in a room: told there and nowhere else.
  if (!wish || !interests.includes(wish) || ('notice' in about && about.notice.room !== undefined)) return []
  const { tenant, account } = 'notice' in about ? about.notice : about.complaint
  const found = await listeners(reads, tenant, kind)
  return found
    .filter(({ wants }) => wants.includes(wish))
    .filter(({ accounts }) => account === undefined || accounts === undefined || accounts.includes(account))
    .filter(({ channel }) => !isOf(about, channel))
    .map(({ channel, recipient }) => `${kind}:${channel}/${recipient}`)
}

/** That it has stopped cannot be said by the one that has. */
const isOf = (about: About, channel: string): boolean =>
  'notice' in about && about.notice.notice.kind === 'channel-stopped' && about.notice.notice.id === channel

interface Open extends Outlet {
  readonly channel: StoredChannel
  readonly tenant: Tenant
}

async function deliverAt(outlet: Outlet, place: string): Promise<Handled> {
  const { parts, kind } = outlet
  const { reads } = parts.storage
  for (;;) {
    const channel = await findChannel(reads, asId(place.slice(kind.kind.length + 1)))
    const tenant = channel && (await findTenant(reads, channel.tenant))
    // First: what it finds does not wait any more.
    if (channel) await recover(outlet, channel)
    const pending = await pendingAt(reads, place, most)
    if (pending.length === 0) return undefined
    if (!channel?.enabled || !tenant) {
      await end(outlet, pending, { state: 'dropped', error: 'the channel is switched off or gone' })
      continue
    }
    const now = instant(reads.clock.now())
    const old = pending.filter(({ createdAt }) => createdAt < later(now, -patience))
    const [first] = old
    if (first) {
      const error = channel.stopped?.why ?? channel.held?.why ?? first.error ?? both('等待过久', 'it waited too long')
      await end(outlet, old, { state: 'dead', error })
      continue
    }
    const again = await next({ ...outlet, channel, tenant }, pending, now)
    if (again) return { again }
  }
}

/** Sends one message. @returns when to come back, where none may go now */
async function next(open: Open, pending: readonly Pending[], now: Instant): Promise<Instant | undefined> {
  const { parts, kind, channel, tenant } = open
  if (channel.stopped) return later(now, stoppedLook)
  if (channel.held && channel.held.until > now) return channel.held.until
  const limits = kind.limits(channel)
  const day = dayOf(now, tenant.zone, limits)
  const hourAgo = later(now, -hour)
  const since = day.begins < hourAgo ? day.begins : hourAgo
  const went = await wentSince(parts.storage.reads, channel.id, since)
  const free = channelFree(limits, went, { now, day })
  const [batch] = batches({
    pending,
    merges: kind.merges,
    merge: limits.merge,
    free: (recipient) => recipientFree(limits, went, { now, day, recipient }),
  })
  if (!batch) return undefined
  const ready = batch.ready > free ? batch.ready : free
  if (ready > now) return ready
  await sendBatch(open, batch, now)
  return undefined
}

/** What a process began to send and did not live to see: it may have arrived, and is not repeated where that does harm. */
async function recover(outlet: Outlet, channel: StoredChannel): Promise<void> {
  const { parts, kind } = outlet
  const { reads } = parts.storage
  const going = await goingDispatches(reads, channel.id)
  // A person's test may be going this very moment.
  const longAgo = later(instant(reads.clock.now()), -testLasts)
  for (const { id, deliveries } of going.filter(({ test, at }) => !test || at < longAgo)) {
    const error = both('发送途中程序中断，不确定是否已发出', 'cut off while it was sent: it may have arrived')
    await parts.storage.transaction(async (tx) => {
      await endDispatch(tx, id, { state: 'unknown', error, ...firstLook(kind, instant(tx.clock.now())) })
      if (kind.repeats.length === 0) await settleDeliveries(tx, deliveries, { state: 'dead', error })
    })
  }
}

async function sendBatch(open: Open, batch: Batch, now: Instant): Promise<void> {
  const { parts, kind, channel, tenant } = open
  const { storage } = parts
  const recipient = await findRecipient(storage.reads, batch.recipient)
  if (!recipient?.enabled)
    return end(open, batch.pending, { state: 'dropped', error: 'the recipient is switched off or gone' })
  const { accounts } = channel
  const reader: Reader = { language: tenant.language, zone: tenant.zone, now, ...(accounts ? { accounts } : {}) }
  const digest = kind.merges === 'all'
  const content = await compose({ reads: storage.reads, phrases: parts.phrases, reader, digest }, batch.pending)
  if (content.complaints.length + content.notices.length === 0)
    return end(open, batch.pending, { state: 'dropped', error: 'there is nothing to say any more' })
  const message = { ...messageOf(batch, content, reader), key: await keyOf(open, batch, now) }
  const dispatch = await storage.transaction((tx) =>
    startDispatch(tx, {
      ...{ tenant: tenant.id, channel: channel.id, recipient: recipient.id },
      ...(message.complaint ? { complaint: message.complaint } : {}),
      deliveries: batch.pending.map(({ id }) => id),
    }),
  )
  failpoint('outbox.started')
  const sent = await attempt(open, recipient.address.reveal(), message)
  failpoint('outbox.sent')
  await settle(open, { channel, recipient, pending: batch.pending, dispatch, sent })
}

/** Under the same key a message that did not arrive would be taken for one that is there. */
async function keyOf({ parts, channel }: Open, { pending }: Batch, now: Instant): Promise<string> {
  const [first] = pending
  if (!first) throw new Error('a batch of nothing')
  const of = { channel: channel.id, delivery: first.id, since: later(now, -hour) }
  const before = await undeliveredSince(parts.storage.reads, of)
  return before === 0 ? first.id : `${first.id}_${before}`
}

function messageOf({ pending }: Batch, content: Content, reader: Reader): Omit<Message, 'key'> {
  const [about, ...others] = content.complaints
  const error = pending.find((one) => one.error !== undefined)?.error
  return {
    letter: letterOf(content, reader),
    tries: Math.max(...pending.map(({ tries }) => tries)),
    ...(about && others.length === 0 ? { complaint: about.complaint.id } : {}),
    ...(error === undefined ? {} : { error }),
  }
}

/** A mistake of ours must not keep all that stands behind it waiting. */
export async function attempt(
  { parts, kind, channel }: Pick<Open, 'parts' | 'kind' | 'channel'>,
  address: string,
  message: Message,
): Promise<Sent> {
  try {
    return await kind.send(channel, address, message)
  } catch (error) {
    parts.logger.error({ channel: channel.id, error: told(error) }, 'a mistake of ours: a message could not be sent')
    const why = both('程序出错，请查看日志', 'a mistake of ours: see the log')
    return { outcome: 'failed', blames: 'message', code: 'ours', why, again: 60_000 }
  }
}

async function end(
  { parts, kind }: Outlet,
  pending: readonly Pending[],
  as: { readonly state: 'dropped' | 'dead'; readonly error: string },
): Promise<void> {
  const ids = pending.map(({ id }) => id)
  await parts.storage.transaction((tx) => settleDeliveries(tx, ids, as))
  parts.metrics.delivered(kind.kind, as.state)
}
