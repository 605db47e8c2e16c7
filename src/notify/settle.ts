import { backoff } from '../core/backoff.ts'
import { failpoint } from '../core/failpoint.ts'
import { type DispatchId, type Instant, instant, later, never } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import { channelWorks, holdChannel, type StoredChannel, stopChannel } from '../storage/channels.ts'
import { type Pending, postponeDeliveries, settleDeliveries } from '../storage/deliveries.ts'
import { endDispatch, takeEarlyReport } from '../storage/dispatches.ts'
import { type StoredRecipient, switchOff } from '../storage/recipients.ts'
import type { Tx } from '../storage/storage.ts'
import type { ChannelKind, Failed, Sent } from './kind.ts'
import type { Outlet } from './outlet.ts'
import { firstLook, settleReport } from './report.ts'

/** So often one message is tried. */
const most = 5
const second = 1000
const minute = 60 * second

export interface Went {
  readonly channel: StoredChannel
  readonly recipient: StoredRecipient
  readonly pending: readonly Pending[]
  readonly dispatch: DispatchId
  readonly sent: Sent
}

/** What became of a message becomes what happens next: to it, to its recipient, to its channel. */
export async function settle({ parts, kind }: Outlet, went: Went): Promise<void> {
  const { channel, recipient, dispatch, sent } = went
  await parts.storage.transaction(async (tx) => {
    await endDispatch(tx, dispatch, endOf(kind, sent, instant(tx.clock.now())))
    await follow({ parts, kind }, tx, went)
    const early = sent.outcome === 'sent' ? await takeEarlyReport(tx, channel.id, sent.reference) : undefined
    if (early && sent.outcome === 'sent')
      await settleReport({ parts, kind }, tx, {
        channel,
        dispatch: { id: dispatch, recipient: recipient.id, deliveries: went.pending.map(({ id }) => id) },
        report: { ...early, reference: sent.reference },
      })
    failpoint('outbox.before-settle-commit')
  })
  failpoint('outbox.settled')
  parts.metrics.delivered(kind.kind, sent.outcome)
  if (sent.outcome === 'sent') return
  const about = { channel: channel.id, recipient: recipient.id, code: sent.code, why: sent.why }
  parts.logger.warn(about, 'a message could not be delivered')
}

/** How a dispatch ends: what was taken, or may have been, is asked after where that is possible. */
export function endOf(kind: ChannelKind, sent: Sent, now: Instant): Parameters<typeof endDispatch>[2] {
  if (sent.outcome === 'failed') return { state: 'failed', error: sent.why }
  const look = firstLook(kind, now)
  if (sent.outcome === 'unknown') return { state: 'unknown', error: sent.why, ...look }
  // Without their number nobody could tell which one is meant.
  return { state: 'sent', ...(sent.reference === '' ? {} : { reference: sent.reference, ...look }) }
}

async function follow(outlet: Outlet, tx: Tx, went: Went): Promise<void> {
  const { channel, pending, sent } = went
  const ids = pending.map(({ id }) => id)
  switch (sent.outcome) {
    case 'sent':
      await settleDeliveries(tx, ids, { state: 'sent' })
      if (channel.failures > 0 || channel.held) await channelWorks(tx, channel.id)
      return
    case 'unknown':
      return unknown(outlet, tx, went)
    case 'failed':
      return failed(outlet, tx, went, sent)
    default:
      never(sent)
  }
}

/** Whoever does not answer is left alone for a while, too: the next message would hang as this one did. */
async function unknown({ kind }: Outlet, tx: Tx, { channel, pending, sent }: Went): Promise<void> {
  if (sent.outcome !== 'unknown') return
  const until = later(instant(tx.clock.now()), backoff(channel.failures + 1, tx.random, 30 * second, 30 * minute))
  await holdChannel(tx, channel.id, { until, why: sent.why })
  const ms = kind.repeats[triesOf(pending)]
  await (ms === undefined ? bury(tx, pending, sent.why) : postpone(tx, pending, { ms, why: sent.why }))
}

async function failed({ parts }: Outlet, tx: Tx, went: Went, sent: Failed): Promise<void> {
  const { channel, recipient, pending } = went
  const { why, again } = sent
  const { tenant } = channel
  switch (sent.blames) {
    case 'message':
      await (again === undefined || triesOf(pending) + 1 >= most
        ? bury(tx, pending, why)
        : postpone(tx, pending, { ms: again, why }))
      return
    case 'recipient':
      if (again !== undefined) return postpone(tx, pending, { ms: again, why })
      await bury(tx, pending, why)
      if (!(await switchOff(tx, recipient.id, why))) return
      await announce(parts.engine, tx, {
        tenant,
        notice: { kind: 'recipient-off', channel: channel.name, recipient: recipient.label, why },
      })
      return
    case 'channel': {
      // Nobody's fault: what waits keeps its tries.
      const ms = again ?? backoff(channel.failures + 1, tx.random, minute, 60 * minute)
      return holdChannel(tx, channel.id, { until: later(instant(tx.clock.now()), ms), why })
    }
    case 'credentials':
      if (!(await stopChannel(tx, channel.id, why))) return
      await announce(parts.engine, tx, {
        tenant,
        notice: { kind: 'channel-stopped', id: channel.id, channel: channel.name, why },
      })
      return
    default:
      never(sent.blames)
  }
}

const triesOf = (pending: readonly Pending[]): number => Math.max(...pending.map(({ tries }) => tries))
const idsOf = (pending: readonly Pending[]) => pending.map(({ id }) => id)

const bury = (tx: Tx, pending: readonly Pending[], error: string) =>
  settleDeliveries(tx, idsOf(pending), { state: 'dead', error })

const postpone = (tx: Tx, pending: readonly Pending[], { ms, why }: { readonly ms: number; readonly why: string }) =>
  postponeDeliveries(tx, idsOf(pending), { notBefore: later(instant(tx.clock.now()), ms), error: why })
