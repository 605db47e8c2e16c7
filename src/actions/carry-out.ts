import type { Acted } from '../complaints/action.ts'
import { isOn } from '../complaints/merchant.ts'
import { OutsideError, told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import type { Logger } from '../core/logger.ts'
import type { Metrics } from '../core/metrics.ts'
import { type ActionId, type Instant, instant, later, millis, never } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { tell } from '../engine/tell.ts'
import { doubt } from '../inbox/detail.ts'
import { deedFor } from '../platforms/deed.ts'
import { findAction, moveAction, type Settling, type StoredAction } from '../storage/actions.ts'
import { complaintOfJob, lockComplaint, raiseVersion } from '../storage/complaints.ts'
import { findRefund, moveRefund, type RefundMove } from '../storage/refunds.ts'
import { readerOf, seatPaidBy } from '../storage/seats.ts'
import { hasFollowUp } from './follow-up.ts'
import { jobFor, type Work } from './job.ts'
import type { RequestParts } from './request.ts'

export interface CarryOutParts extends RequestParts {
  readonly logger: Logger
  readonly metrics: Metrics
}

/** How long we try to reach a platform before a person is told to do it again. */
const patience = 3_600_000
const minute = 60_000

/** Does what was asked, once: the first time it is done, every later time it is first looked for. */
export async function carryOut(parts: CarryOutParts, id: ActionId): Promise<Handled> {
  const action = await findAction(parts.storage.reads, id)
  if (!action || action.settledAt) return
  const work = await workOf(parts, action)
  if (!work) return settle(parts, action, { state: 'failed', message: '@unsupported' })
  if (action.state !== 'requested') return after(parts, work, await look(parts, work))
  if (!isOn(work.seat) || work.seat.payer?.enabled === false)
    return settle(parts, action, { state: 'failed', message: '@unsupported' })
  const { notBefore } = work.refund ?? {}
  if (notBefore !== undefined && notBefore > instant(parts.storage.reads.clock.now())) return { again: notBefore }
  return call(parts, work)
}

async function workOf(parts: CarryOutParts, action: StoredAction): Promise<Work | undefined> {
  const complaint = await complaintOfJob(parts.storage.reads, action.complaint)
  const refund = action.action.kind === 'refund' ? await findRefund(parts.storage.reads, action.id) : undefined
  // Whoever was to pay when it was asked for: a link that was changed since changes nothing about this.
  const seat =
    complaint &&
    (refund
      ? await seatPaidBy(parts.storage.reads, complaint, refund.account)
      : await readerOf(parts.storage.reads, complaint))
  const platform = seat && parts.platforms.get(seat.account.platform)
  const deed = platform && seat && deedFor(platform, seat, action.action.kind)
  if (!complaint || !deed) return undefined
  return { action, complaint, seat, ...(refund ? { refund } : {}), deed }
}

async function call(parts: CarryOutParts, work: Work): Promise<Handled> {
  // Written before the call: after a crash nobody can say whether it was made, so it is looked for.
  const sent = await parts.storage.transaction((tx) => moveAction(tx, work.action.id, { state: 'sent' }))
  if (!sent) return
  failpoint('carry-out.marked')
  const acted = await perform(parts, { ...work, action: sent })
  failpoint('carry-out.performed')
  await doubtful(parts, work, acted)
  return after(parts, { ...work, action: sent }, acted)
}

async function perform(parts: CarryOutParts, work: Work): Promise<Acted | 'not-sent'> {
  try {
    const acted = await work.deed.perform(jobFor(parts.storage, work))
    return acted.outcome === 'failed' && acted.again ? 'not-sent' : acted
  } catch (error) {
    parts.logger.warn({ action: work.action.id, error: told(error) }, 'an action did not get through')
    if (!(error instanceof OutsideError)) return { outcome: 'unknown' }
    if (error.trouble === 'unreachable' || error.trouble === 'busy') return 'not-sent'
    if (error.trouble === 'unknown') return { outcome: 'unknown' }
    return { outcome: 'failed', message: error.message, again: false, moved: error.trouble === 'moved', because: error }
  }
}

/** What was refused may be all that this merchant had let us do. */
async function doubtful(parts: CarryOutParts, { seat }: Work, acted: Acted | 'not-sent'): Promise<void> {
  const platform = parts.platforms.get(seat.account.platform)
  if (!platform || acted === 'not-sent' || acted.outcome !== 'failed') return
  await doubt(parts, platform, { error: acted.because, merchant: seat.merchant })
}

async function look(parts: CarryOutParts, work: Work): Promise<Acted> {
  try {
    return await work.deed.look(jobFor(parts.storage, work))
  } catch (error) {
    parts.logger.warn({ action: work.action.id, error: told(error) }, 'could not look whether an action arrived')
    return { outcome: 'unknown' }
  }
}

async function after(parts: CarryOutParts, work: Work, acted: Acted | 'not-sent'): Promise<Handled> {
  const { action } = work
  const now = instant(parts.storage.reads.clock.now())
  const again = later(now, pauseAfter(action, now))
  if (acted === 'not-sent') return notSent(parts, action, { now, again })
  switch (acted.outcome) {
    case 'done':
      return settle(parts, action, { state: 'done', reference: acted.reference }, moneyOf(acted))
    case 'underway':
      return onItsWay(parts, work, acted)
    case 'failed':
      if (acted.again) return { again }
      if (!acted.refund && mayStillArrive(work, now)) return unsure(parts, action).then(() => ({ again }))
      return settle(parts, action, { state: 'failed', message: messageOf(acted) }, moneyOf(acted))
    case 'unknown':
      await unsure(parts, action)
      return { again }
    case 'absent':
      return notThere(parts, work, now)
    default:
      return never(acted)
  }
}

/** A repeat was refused (no balance, say), but an earlier call got no answer and may come true later: that refusal is not the end. */
const mayStillArrive = ({ action, deed }: Work, now: Instant): boolean =>
  deed.repeat === 'same-number' && action.sentAt !== action.calledAt && now <= later(action.sentAt ?? now, patience)

/** Accepted, and not yet there: asked about until it is, the sooner the younger it is. Told once, and once more when a person must help. */
async function onItsWay(
  parts: CarryOutParts,
  { action, refund }: Work,
  acted: Extract<Acted, { outcome: 'done' | 'underway' }>,
): Promise<Handled> {
  const { reference } = acted
  const stuck = acted.refund?.stuck === true
  if (action.state !== 'underway' || stuck !== (refund?.stuck ?? false))
    await settle(
      parts,
      action,
      { state: 'underway', reference, ...(stuck ? { message: '@stuck' } : {}) },
      moneyOf(acted),
    )
  const now = instant(parts.storage.reads.clock.now())
  return { again: later(now, nextLook(millis(now) - millis(action.calledAt ?? now))) }
}

/** Five times every minute, then less and less often; docs/platforms/wechat-pay.md#refunds */
const nextLook = (since: number): number => {
  const minutes = since / minute
  if (minutes < 5) return minute
  if (minutes < 10) return 5 * minute
  return minutes < 20 ? 10 * minute : minutes < 40 ? 20 * minute : 30 * minute
}

const messageOf = ({ message, refund }: Extract<Acted, { outcome: 'failed' }>): string =>
  refund ? `@refund-${refund.end}` : message

/** What becomes of the money's own row, in the transaction that moves its action. */
function moneyOf(acted: Extract<Acted, { outcome: 'done' | 'underway' | 'failed' }>): RefundMove {
  if (acted.outcome === 'failed') {
    if (!acted.refund) return { state: 'failed' }
    return acted.refund.end === 'found' ? { state: 'found', amount: acted.refund.amount } : { state: 'closed' }
  }
  const { stuck = false, ...where } = acted.refund ?? {}
  return { state: acted.outcome === 'done' ? 'done' : 'open', stuck, ...where }
}

/** This call reached nobody; an earlier one may have: then it is looked for before anything is called again. */
async function notSent(
  parts: CarryOutParts,
  action: StoredAction,
  { now, again }: { readonly now: Instant; readonly again: Instant },
): Promise<Handled> {
  const only = action.sentAt === action.calledAt
  if (now > later(action.requestedAt, patience))
    return settle(parts, action, { state: 'failed', message: only ? '@unreachable' : '@unclear' })
  if (only)
    await parts.storage.transaction((tx) => moveAction(tx, action.id, { state: 'requested', ...lastOf(action) }))
  else await unsure(parts, action)
  return { again }
}

/** Whoever slept may find that another process has called meanwhile: what came back to the sleeper is no end then. */
const lastOf = ({ calledAt }: StoredAction): Pick<Settling, 'called'> => ({ called: calledAt ?? null })

/** The longer it takes, the longer the pause: 2 s at first, 5 min at most. */
const pauseAfter = (action: StoredAction, now: Instant): number =>
  Math.min(300_000, Math.max(2_000, (millis(now) - millis(action.requestedAt)) / 4))

/** People must know that nobody knows: or they do it again by hand. Said once, however often it is tried. */
async function unsure(parts: CarryOutParts, action: StoredAction): Promise<void> {
  await parts.storage.transaction(async (tx) => {
    const complaint = await lockComplaint(tx, action.tenant, action.complaint)
    const moved = complaint && (await moveAction(tx, action.id, { state: 'unknown' }))
    if (!moved || action.sentAt !== action.calledAt) return
    const { action: act, by } = action
    await tell(parts.engine, tx, complaint, [{ kind: 'acted', action: action.id, act: act.kind, by, state: 'unknown' }])
  })
}

function notThere(parts: CarryOutParts, work: Work, now: Instant): Promise<Handled> | Handled {
  const { action, deed } = work
  // What was accepted is there, whatever one answer says.
  if (action.state === 'underway') return { again: later(now, minute) }
  const settled = later(action.calledAt ?? now, deed.settles)
  // Not there yet is not never there: a lost call may still take effect.
  if (now < settled) return { again: settled }
  if (deed.repeat === 'ask') return settle(parts, action, { state: 'failed', message: '@unclear' })
  return call(parts, work)
}

async function settle(
  parts: CarryOutParts,
  action: StoredAction,
  to: Settling,
  money: RefundMove = { state: 'failed' },
): Promise<Handled> {
  const settled = await parts.storage.transaction(async (tx) => {
    const complaint = await lockComplaint(tx, action.tenant, action.complaint)
    const moved =
      complaint && (await moveAction(tx, action.id, { ...to, ...(to.state === 'failed' ? lastOf(action) : {}) }))
    if (!moved) return false
    if (action.action.kind === 'refund') await moveRefund(tx, action.id, money)
    await raiseVersion(tx, complaint.id)
    const message = to.message === undefined ? {} : { message: to.message }
    await tell(parts.engine, tx, complaint, [
      { kind: 'acted', action: action.id, act: action.action.kind, by: action.by, state: to.state, ...message },
    ])
    await parts.engine.send(tx, queues.reread, complaint.id)
    if (hasFollowUp(action.action) && to.state !== 'failed') await parts.engine.send(tx, queues.followUp, action.id)
    failpoint('carry-out.before-settle-commit')
    return true
  })
  if (settled) parts.metrics.acted(action.action.kind, to.state)
  failpoint('carry-out.settled')
}
