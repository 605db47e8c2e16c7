import { OutsideError, told } from '../core/errors.ts'
import { type ChannelId, type Instant, instant, later, millis } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import { findChannel, type StoredChannel } from '../storage/channels.ts'
import { foundDeliveries, unsendDeliveries } from '../storage/deliveries.ts'
import {
  type Dispatch,
  dispatchesByReference,
  keepEarlyReport,
  lockGoing,
  putOffReport,
  reportDispatch,
  type Unreported,
  unreportedDue,
  unreportedOf,
} from '../storage/dispatches.ts'
import { findRecipient, recipientAt, switchOff } from '../storage/recipients.ts'
import type { Tx } from '../storage/storage.ts'
import type { ChannelKind, Report } from './kind.ts'
import type { OutboxParts, Outlet } from './outlet.ts'

const minute = 60_000
const hour = 60 * minute
/** So long a carrier tries; what nobody has told by then nobody will. */
const patience = 72 * hour
/** Their clock may be another one. */
const margin = 10 * minute
const perTick = 200

/** When the outside is asked for the first time. */
export const firstLook = ({ reports }: ChannelKind, now: Instant): { readonly reportDue?: Instant } =>
  reports ? { reportDue: later(now, minute) } : {}

/** Every minute at first, then less often; undefined: no more. */
export function nextLook(sentAt: Instant, now: Instant): Instant | undefined {
  const age = millis(now) - millis(sentAt)
  if (age >= patience) return undefined
  return later(now, age < 10 * minute ? minute : age < 2 * hour ? 10 * minute : 2 * hour)
}

/** Asks what became of messages that were taken, where nobody tells. */
export async function askReports(parts: OutboxParts, kinds: readonly ChannelKind[]): Promise<void> {
  // One that does not answer is not asked for each of its numbers.
  const away = new Set<ChannelId>()
  for (const due of await unreportedDue(parts.storage.reads, perTick)) {
    const channel = await findChannel(parts.storage.reads, due.channel)
    const kind = kinds.find((each) => each.kind === channel?.kind)
    try {
      const open = channel && kind?.reports && !away.has(channel.id)
      const reports = open ? await reportsFor(parts, { channel, kind }, due) : []
      await settleReports({ parts, kind }, { due, channel, reports })
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error
      away.add(due.channel)
      parts.logger.warn({ channel: due.channel, why: told(error) }, 'nobody says what became of messages')
      await settleReports({ parts, kind }, { due, channel, reports: [] })
    }
  }
}

async function reportsFor(
  { storage }: OutboxParts,
  { channel, kind }: { readonly channel: StoredChannel; readonly kind: ChannelKind },
  due: Unreported,
): Promise<readonly Report[]> {
  const recipient = await findRecipient(storage.reads, due.recipient)
  const [first] = await unreportedOf(storage.reads, due)
  if (!recipient || !first) return []
  return (await kind.reports?.(channel, recipient.address.reveal(), later(first.at, -margin))) ?? []
}

interface Asked {
  readonly due: Unreported
  readonly channel: StoredChannel | undefined
  readonly reports: readonly Report[]
}

const settleReports = (
  { parts, kind }: { readonly parts: OutboxParts; readonly kind: ChannelKind | undefined },
  { due, channel, reports }: Asked,
): Promise<void> =>
  parts.storage.transaction(async (tx) => {
    const now = instant(tx.clock.now())
    for (const dispatch of await unreportedOf(tx, due)) {
      const report = await reportOf(tx, reports, dispatch)
      if (channel && kind && report) await settleReport({ parts, kind }, tx, { channel, dispatch, report })
      else await putOffReport(tx, dispatch.id, channel && kind && nextLook(dispatch.at, now))
    }
  })

/** By their number; where none came back by ours, if it is no other message's. */
async function reportOf(tx: Tx, reports: readonly Report[], dispatch: Dispatch): Promise<Report | undefined> {
  const { reference, channel, deliveries } = dispatch
  if (reference !== undefined) return reports.find((one) => one.reference === reference)
  const [ours] = deliveries
  for (const report of reports)
    if (ours !== undefined && report.key?.startsWith(ours))
      if ((await dispatchesByReference(tx, channel, report.reference)).length === 0) return report
  return undefined
}

/** The outside told it by itself, perhaps before we had its number. */
export const hearReport = (
  { parts, kind }: Outlet,
  channel: StoredChannel,
  { address, report }: { readonly address: string; readonly report: Report },
): Promise<void> =>
  parts.storage.transaction(async (tx) => {
    const { reference } = report
    const recipient = await recipientAt(tx, { tenant: channel.tenant, channel: channel.id, address })
    const going = recipient && (await lockGoing(tx, { channel: channel.id, recipient: recipient.id }))
    const dispatches = await dispatchesByReference(tx, channel.id, reference)
    for (const dispatch of dispatches) await settleReport({ parts, kind }, tx, { channel, dispatch, report })
    if (going && dispatches.length === 0)
      await keepEarlyReport(tx, { channel: channel.id, reference }, { ...report, off: report.off ?? false })
  })

interface Reporting {
  readonly channel: StoredChannel
  readonly dispatch: Pick<Dispatch, 'id' | 'recipient' | 'deliveries'>
  readonly report: Report
}

/** What did not arrive is a dead letter; what was given up and did arrive is none. */
export async function settleReport({ parts }: Outlet, tx: Tx, { channel, dispatch, report }: Reporting): Promise<void> {
  if (!(await reportDispatch(tx, dispatch.id, report))) return
  if (report.delivered) return foundDeliveries(tx, dispatch.deliveries)
  const why = report.error ?? ''
  await unsendDeliveries(tx, dispatch.deliveries, why)
  parts.logger.warn({ channel: channel.id, recipient: dispatch.recipient, why }, 'a message did not arrive')
  if (!report.off || !(await switchOff(tx, dispatch.recipient, why))) return
  const recipient = (await findRecipient(tx, dispatch.recipient))?.label ?? ''
  await announce(parts.engine, tx, {
    tenant: channel.tenant,
    notice: { kind: 'recipient-off', channel: channel.name, recipient, why },
  })
}
