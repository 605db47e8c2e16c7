import type { Action, Refund } from '../complaints/action.ts'
import { type Complaint, type Move, moveOf } from '../complaints/complaint.ts'
import { failpoint } from '../core/failpoint.ts'
import { type ActionId, type Instant, instant, later, millis, yuan } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { tell } from '../engine/tell.ts'
import { actionByKey, findAction, type StoredAction } from '../storage/actions.ts'
import { complaintOfJob, lockComplaint } from '../storage/complaints.ts'
import { findMember } from '../storage/members.ts'
import { findRefund, ledgerOf } from '../storage/refunds.ts'
import type { Reads } from '../storage/storage.ts'
import type { Actor } from './refund-gate.ts'
import { type Requested, type RequestParts, request } from './request.ts'

/** Whether something may follow by itself once the platform has taken it. */
export const hasFollowUp = (action: Action): boolean =>
  action.kind === 'refund' || (action.kind === 'decide-refund' && action.next !== undefined)

/** What an action brings about, asked for once: its key is the action's and the successor's kind. */
export async function followUp(parts: RequestParts, id: ActionId): Promise<Handled> {
  const { reads } = parts.storage
  const action = await findAction(reads, id)
  const complaint = action && (await complaintOfJob(reads, action.complaint))
  const next = complaint && successor(action, complaint)
  if (!next) return
  const key = `${action.id}:${next.kind}`
  if (await actionByKey(reads, action.tenant, key)) return
  if (next.kind === 'finish') {
    if (!(await allGivenBack(reads, action, complaint))) return
    const again = await notYet(parts, action, complaint)
    if (again === 'never') return unfollowed(parts, action, next, 'unread')
    if (again) return { again }
  }
  const requested = await request(parts, {
    tenant: action.tenant,
    complaint: complaint.id,
    action: next,
    key,
    by: action.by,
    ...(await actorsOf(parts, action)),
  })
  failpoint('follow-up.requested')
  const why = whyOf(requested)
  // What a person has answered meanwhile needs no answer of ours; money that was announced and does not go must be said.
  if (why !== undefined && next.kind === 'refund') await unfollowed(parts, action, next, why)
}

/** In the name of whoever asked for the first, with what that person may do today. */
async function actorsOf(
  { storage }: RequestParts,
  { tenant, by }: StoredAction,
): Promise<{ readonly member: Actor; readonly approver?: Actor }> {
  const member = by.member && (await findMember(storage.reads, tenant, by.member))
  const approver = by.approved && (await findMember(storage.reads, tenant, by.approved.member))
  // Without a person behind it: the API's key.
  const actor: Actor = by.member === undefined ? { role: 'admin' } : member?.enabled ? member : { role: 'viewer' }
  return { member: actor, ...(approver?.enabled ? { approver } : {}) }
}

function whyOf(requested: Requested): string | undefined {
  if (requested.outcome === 'refused') return requested.why.why
  return requested.outcome === 'busy' ? 'order-busy' : undefined
}

/** Pure: what follows this action, as the case stands now. */
export function successor(stored: StoredAction, complaint: Complaint): Action | undefined {
  const { action, state, refund } = stored
  if (action.kind === 'decide-refund') return state === 'done' ? action.next : undefined
  if (action.kind !== 'refund' || !refund || (state !== 'underway' && state !== 'done')) return undefined
  const text = told(action, refund.number, state)
  const proof = moveOf(complaint, 'prove-refund')
  // Where goods come back a person must say whether they have arrived.
  if (proof) return proof.takes.choices ? undefined : { kind: 'prove-refund', text }
  const answer = moveOf(complaint, 'respond')
  if (answer && canAgree(answer)) return { kind: 'respond', stance: 'agree', text }
  const end = moveOf(complaint, 'finish')
  if (end && canEndRefunded(end)) return state === 'done' ? { kind: 'finish', choice: refunded, text } : undefined
  // Nobody stands behind a rule who would say it.
  return answer?.owed && stored.by.via === 'rule' && canTalk(answer)
    ? { kind: 'respond', stance: 'talk', text }
    : undefined
}

/** 已退款，用户无异议 (alipay.md §1.1) */
const refunded = 'REFUND'
const canEndRefunded = ({ takes }: Move): boolean => takes.choices?.some(({ code }) => code === refunded) ?? false

/** A refund ends such a complaint by itself, normally; when it has not after so long we end it. */
const patience = 600_000
/** What could not be read again in a day (the merchant's word is gone, say) is for a person. */
const readable = 86_400_000

/** With nothing left of any of its orders: whoever got a part only may have more to say. */
async function allGivenBack(reads: Reads, { id }: StoredAction, { orders }: Complaint): Promise<boolean> {
  const refund = await findRefund(reads, id)
  if (!refund) return false
  for (const order of orders) {
    const { settled, total } = await ledgerOf(reads, { ...refund.place, order })
    if (total === 0 || settled < total) return false
  }
  return true
}

/** @returns when to look again: its time has not come, or the platform has not been asked since. */
async function notYet(
  { storage, engine }: RequestParts,
  { settledAt }: StoredAction,
  complaint: Complaint,
): Promise<Instant | 'never' | undefined> {
  const now = instant(storage.reads.clock.now())
  const from = later(settledAt ?? now, patience)
  if (now < from) return from
  if (complaint.asOf >= from) return undefined
  if (now >= later(from, readable)) return 'never'
  await storage.transaction((tx) => engine.send(tx, queues.reread, complaint.id))
  return later(now, Math.min(300_000, Math.max(5_000, (millis(now) - millis(from)) / 4)))
}

const canTalk = ({ takes }: Move): boolean => takes.choices?.some(({ code }) => code === 'talk') ?? true
const canAgree = ({ takes }: Move): boolean => takes.choices?.some(({ code }) => code === 'agree') ?? false

/** To the user, who is in China whatever language the team speaks. */
const told = ({ amount }: Refund, number: string, state: 'underway' | 'done'): string =>
  state === 'done'
    ? `已退款 ¥${yuan(amount)}，退款单号 ${number}，请查收原支付账户。`
    : `退款 ¥${yuan(amount)} 已受理，退款单号 ${number}，预计 1–3 个工作日到账，请留意原支付账户。`

async function unfollowed(parts: RequestParts, action: StoredAction, { kind }: Action, why: string): Promise<void> {
  await parts.storage.transaction(async (tx) => {
    const complaint = await lockComplaint(tx, action.tenant, action.complaint)
    if (complaint) await tell(parts.engine, tx, complaint, [{ kind: 'unfollowed', act: kind, by: action.by, why }])
  })
}
