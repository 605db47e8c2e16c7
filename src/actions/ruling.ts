import type { Refund } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { By, Stopped } from '../complaints/fact.ts'
import { decide, type Rule, refundsIn } from '../complaints/rule.ts'
import { OutsideError } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import { type Instant, instant, later, millis, type RulingId } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { tell } from '../engine/tell.ts'
import { reread } from '../inbox/sync.ts'
import { actionByKey } from '../storage/actions.ts'
import { lockBreaker } from '../storage/breakers.ts'
import { complaintOfJob, lockComplaint } from '../storage/complaints.ts'
import { keepRuleRefund, ordersAsked } from '../storage/rule-refunds.ts'
import { findRule } from '../storage/rules.ts'
import { findRuling, moveRuling, type Ruling, spokenSince } from '../storage/rulings.ts'
import type { Reads, Tx } from '../storage/storage.ts'
import { findTenant } from '../storage/tenants.ts'
import { announcedUntil } from './announced.ts'
import { oneMore } from './breaker.ts'
import type { Why } from './gate.ts'
import { type Refundable, refundableOf } from './refundable.ts'
import { type Requested, type RequestParts, request } from './request.ts'
import { retireRule } from './retire.ts'
import { inputsOf } from './rule-inputs.ts'

/** How long a group may be out of reach, the platform unreadable, whoever would pay unasked; then it stays with the people. */
const patience = 600_000
const minute = 60_000
/** Older answers of the platform are asked for anew. */
const fresh = 10_000

/** To read the case once more before anything goes out. */
export type RulingParts = RequestParts & Parameters<typeof reread>[0]

/** Does what a rule decided, at its time, if all that it was decided by still holds. */
export async function carryRuling(parts: RulingParts, id: RulingId): Promise<Handled> {
  const { reads } = parts.storage
  const ruling = await findRuling(reads, id)
  const complaint = ruling && isOpen(ruling) && (await complaintOfJob(reads, ruling.complaint))
  if (!ruling || !complaint) return
  const why = await notAnyMore(reads, ruling, { complaint })
  if (why) return stop(parts, ruling, why)
  const now = instant(reads.clock.now())
  if (now < ruling.due) return { again: ruling.due }
  const from = ruling.state === 'waiting' ? await announcedUntil(reads, ruling) : ruling.due
  if (from === 'unseen') return soon(parts, ruling, { now, why: 'unseen' })
  if (now < from) return { again: from }
  failpoint('ruling.due')
  if (ruling.act === 'note') return note(parts, ruling)
  if (later(complaint.asOf, fresh) >= now) return act(parts, ruling, { complaint, now })
  return readFirst(parts, ruling, { complaint, now })
}

/** What we know may be a push behind: the platform is asked how the case stands before anything goes out by itself. */
async function readFirst(parts: RulingParts, ruling: Ruling, { complaint, now }: Now): Promise<Handled> {
  await reread(parts, complaint.id)
  const { reads } = parts.storage
  const asked = await complaintOfJob(reads, complaint.id)
  if (asked && later(asked.asOf, fresh) >= now) return { again: instant(reads.clock.now()) }
  return soon(parts, ruling, { now, why: 'unread' })
}

/** Tried again for a while; then it stays with the people. */
async function soon(
  parts: RequestParts,
  ruling: Ruling,
  { now, why }: { readonly now: Instant; readonly why: Stopped },
): Promise<Handled> {
  return now > later(ruling.due, patience) ? stop(parts, ruling, why) : { again: later(now, 15_000) }
}

const isOpen = ({ state }: Ruling): boolean => state === 'waiting' || state === 'begun'
const byOf = ({ name }: Pick<Ruling, 'name'>): By => ({ name, via: 'rule' })

interface Standing {
  readonly complaint: Complaint
  readonly orders?: readonly Refundable[]
}

/** Why it must not be done any more. Certain only under the complaint's lock, and with the orders as they were just now. */
async function notAnyMore(reads: Reads, ruling: Ruling, { complaint, orders }: Standing): Promise<Stopped | undefined> {
  const rule = await findRule(reads, ruling.tenant, ruling.rule)
  const tenant = await findTenant(reads, ruling.tenant)
  if (!tenant || !rule || rule.mode === 'off') return 'off'
  // What it has begun has changed the complaint itself.
  if (ruling.state === 'waiting' && ruling.act !== 'note' && complaint.version !== ruling.version) return 'changed'
  if (await spokenSince(reads, complaint.id, ruling.nr)) return 'changed'
  const more = { rules: [rule], at: ruling.createdAt, again: ruling.id, ...(orders ? { orders } : {}) }
  const inputs = await inputsOf(reads, { complaint, tenant, ...more })
  if (ruling.state === 'waiting') return otherwise(ruling, rule, inputs)
  if (inputs.inHand) return 'in-hand'
  if (inputs.money.stopped) return 'breaker'
  return inputs.money.alone ? undefined : 'not-automatic'
}

/** Judged once more, by the same function: it must come to the same, down to the fen. */
function otherwise(ruling: Ruling, rule: Rule, inputs: Parameters<typeof decide>[1]): Stopped | undefined {
  const [decision] = decide([rule], inputs)
  if (!decision || decision.outcome === 'skip') return 'changed'
  if (decision.outcome === 'act')
    return JSON.stringify(decision.does) === JSON.stringify(ruling.does) ? undefined : 'changed'
  return decision.why === 'unasked' ? undefined : decision.why
}

interface Now {
  readonly complaint: Complaint
  readonly now: Instant
}

async function act(parts: RequestParts, ruling: Ruling, { complaint, now }: Now): Promise<Handled> {
  const { reads } = parts.storage
  const actions = ruling.does && 'actions' in ruling.does ? ruling.does.actions : []
  const step = ruling.state === 'begun' ? (await ordersAsked(reads, ruling.id)).length : 0
  const action = actions[step]
  if (!action) return stop(parts, ruling, 'changed')
  const before = step > 0 && (await actionByKey(reads, ruling.tenant, keyOf(ruling, step - 1)))
  if (before && before.state !== 'done')
    return before.settledAt ? stop(parts, ruling, 'failed') : { again: later(now, pause(ruling, now)) }
  const orders = ruling.act === 'refund' ? await ordersOf(parts, ruling, complaint) : undefined
  if (orders === 'away') return stop(parts, ruling, 'away')
  let held: Stopped | undefined
  const requested = await request(parts, {
    ...{ tenant: ruling.tenant, complaint: complaint.id, action, key: keyOf(ruling, step), by: byOf(ruling) },
    member: { role: 'refunder' },
    ...(step === 0 ? { seen: ruling.version } : {}),
    last: async (tx, locked) => {
      held = await takeStep(parts, tx, ruling, {
        ...{ complaint: locked, step, last: step === actions.length - 1 },
        ...(orders ? { orders } : {}),
      })
      return held && { why: 'changed' }
    },
  })
  failpoint('ruling.requested')
  const why = held ?? whyOf(requested, keyOf(ruling, step))
  if (why) return stop(parts, ruling, why)
  return step < actions.length - 1 ? { again: later(now, minute) } : undefined
}

const keyOf = ({ id }: Ruling, step: number): string => (step === 0 ? `rule:${id}` : `rule:${id}:${step}`)

/** One order after the other: a refund may be on its way for days. */
const pause = ({ due }: Ruling, now: Instant): number =>
  Math.min(30 * minute, Math.max(minute, (millis(now) - millis(due)) / 4))

interface Step extends Standing {
  readonly step: number
  readonly last: boolean
}

/** In the transaction of the wish: whoever stops it was faster, or comes too late. */
async function takeStep(
  parts: RequestParts,
  tx: Tx,
  ruling: Ruling,
  { complaint, orders, step, last }: Step,
): Promise<Stopped | undefined> {
  const refund = ruling.does && refundsIn(ruling.does)[step]
  const breaker = refund && (await lockBreaker(tx, ruling.tenant))
  const current = await findRuling(tx, ruling.id)
  if (!current || current.state !== ruling.state) return 'changed'
  const why =
    (await notAnyMore(tx, ruling, { complaint, ...(orders ? { orders } : {}) })) ?? notLeft(ruling, refund, orders)
  if (why) return why
  if (refund && breaker) {
    if (!(await oneMore(parts.engine, tx, ruling.tenant, breaker))) return 'breaker'
    const payer = complaint.payer ?? ''
    const { tenant, rule, id } = ruling
    await keepRuleRefund(tx, { ruling: id, order: refund.order, tenant, rule, payer, amount: refund.amount })
  }
  return (await moveRuling(tx, ruling.id, { state: last ? 'done' : 'begun' })) ? undefined : 'changed'
}

/** Of an order whose turn comes later: all of it is still there. */
function notLeft(
  { state }: Ruling,
  refund: Refund | undefined,
  orders: readonly Refundable[] | undefined,
): Stopped | undefined {
  if (state === 'waiting' || !refund) return undefined
  const order = orders?.find((one) => one.order === refund.order)
  return order && !order.others && order.left === refund.amount ? undefined : 'changed'
}

function whyOf(requested: Requested, key: string): Stopped | undefined {
  switch (requested.outcome) {
    case 'accepted':
      return undefined
    case 'repeated':
      // Another one of this kind was done just now: the case is not what it was.
      return requested.action.key === key ? undefined : 'changed'
    case 'busy':
      return 'busy'
    case 'refused':
      return stoppedBy(requested.why)
  }
}

function stoppedBy({ why }: Why): Stopped {
  switch (why) {
    case 'changed':
    case 'not-open':
    case 'others':
    case 'not-automatic':
    case 'second-person':
    case 'no-order':
      return why
    case 'order-busy':
      return 'busy'
    case 'too-much':
      return 'changed'
    case 'cap':
      return 'cap-tenant'
    case 'words-missing':
    case 'text-too-long':
    case 'characters':
    case 'pictures-too-many':
      return 'words'
    default:
      return 'refused'
  }
}

async function ordersOf(
  parts: RequestParts,
  ruling: Ruling,
  complaint: Complaint,
): Promise<readonly Refundable[] | 'away'> {
  try {
    return await refundableOf(parts, complaint)
  } catch (error) {
    const late = instant(parts.storage.reads.clock.now()) > later(ruling.due, patience)
    if (error instanceof OutsideError && late && ruling.state === 'waiting') return 'away'
    throw error
  }
}

async function note(parts: RequestParts, ruling: Ruling): Promise<void> {
  await parts.storage.transaction(async (tx) => {
    const complaint = await lockComplaint(tx, ruling.tenant, ruling.complaint)
    const moved = complaint && (await moveRuling(tx, ruling.id, { state: 'done' }))
    if (!moved || !ruling.does || !('note' in ruling.does)) return
    await tell(parts.engine, tx, complaint, [{ kind: 'noted', by: byOf(ruling), text: ruling.does.note }])
  })
}

async function stop(parts: RequestParts, ruling: Ruling, why: Stopped): Promise<void> {
  await parts.storage.transaction(async (tx) => {
    const ended = await endRuling(parts, tx, ruling, { state: 'skipped', why })
    if (ended && why === 'template-gone') await retireRule(parts.engine, tx, ruling)
  })
  failpoint('ruling.stopped')
}

/** Not done, and said so. @returns false when it has ended already. */
async function endRuling(
  { engine }: Pick<RequestParts, 'engine'>,
  tx: Tx,
  { id, tenant, complaint: of }: Ruling,
  to: { readonly state: 'skipped' | 'cancelled'; readonly why: Stopped; readonly by?: By },
): Promise<boolean> {
  const complaint = await lockComplaint(tx, tenant, of)
  const ended = complaint && (await moveRuling(tx, id, to))
  if (!ended) return false
  const { name, act: kind, amount } = ended
  const begun = (await ordersAsked(tx, id)).length > 0
  await tell(engine, tx, complaint, [
    {
      ...{ kind: 'stopped', ruling: id, rule: name, act: kind, why: to.why },
      ...(amount === undefined ? {} : { amount }),
      ...(to.by ? { by: to.by } : {}),
      ...(begun ? { begun } : {}),
    },
  ])
  return true
}

/** A person stops it. @returns what has become of it when it has ended already. */
export async function haltRuling(
  parts: Pick<RequestParts, 'storage' | 'engine'>,
  id: RulingId,
  by: By,
): Promise<'halted' | Ruling | undefined> {
  const halted = await parts.storage.transaction(async (tx) => {
    const ruling = await findRuling(tx, id)
    const ended = ruling && (await endRuling(parts, tx, ruling, { state: 'cancelled', why: 'cancelled', by }))
    failpoint('ruling.before-halt-commit')
    return ended ? 'halted' : undefined
  })
  return halted ?? findRuling(parts.storage.reads, id)
}
