import type { Action, Refund } from '../complaints/action.ts'
import { type Complaint, type Move, moveOf } from '../complaints/complaint.ts'
import { failpoint } from '../core/failpoint.ts'
import { type ActionId, yuan } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { tell } from '../engine/tell.ts'
import { actionByKey, findAction, type StoredAction } from '../storage/actions.ts'
import { complaintOfJob, lockComplaint } from '../storage/complaints.ts'
import { findMember } from '../storage/members.ts'
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
  return answer && canAgree(answer) ? { kind: 'respond', stance: 'agree', text } : undefined
}

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
