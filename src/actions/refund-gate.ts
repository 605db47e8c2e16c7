import type { Refund } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { atLeast, type Member, type Role } from '../complaints/member.ts'
import { type Caps, overCap } from '../complaints/money.ts'
import { type Fen, fen, type Instant, millis } from '../core/words.ts'

/** Who wishes, with what may be given away in that name. Without `id` it is no person: the API's key, a rule. */
export type Actor = Pick<Member, 'role' | 'refundEach' | 'refundDay'> & Partial<Pick<Member, 'id'>>

/** Why money does not go. */
export type RefundWhy =
  /** The order is none of this complaint's. */
  | { readonly why: 'no-order' }
  /** 0, or more than the whole order. */
  | { readonly why: 'no-amount' }
  /** More than is left of the order. */
  | { readonly why: 'too-much'; readonly most: Fen }
  /** The platform shows refunds that are not ours: a person may go on, a rule may not. */
  | { readonly why: 'others' }
  /** Nobody has said that rules may give this business's money back. */
  | { readonly why: 'not-automatic' }
  /** Another refund of this order is on its way. */
  | { readonly why: 'order-busy'; readonly by: string }
  /** The platform gives nothing back for it any more. */
  | { readonly why: 'too-often' | 'too-late' }
  | {
      readonly why: 'cap'
      readonly cap: 'each' | 'day'
      readonly whose: 'member' | 'tenant'
      readonly most: Fen
    }
  /** From this amount on two people are needed. */
  | { readonly why: 'second-person'; readonly from: Fen }
  /** The second person must be another one, with the right to refund, within the own caps. */
  | { readonly why: 'not-the-second'; readonly needs: Role }

/** What our ledger says about an order, over all complaints and accounts that it is paid by; under the order's lock. */
export interface Ledger {
  /** Given back, and found to be: ours. */
  readonly settled: Fen
  /** On its way: counted as gone. */
  readonly underway: Fen
  readonly busy?: { readonly by: string }
  /** How many refunds of this order were made. */
  readonly count: number
}

/** What was given away since the tenant's midnight, on its way or arrived. */
export interface Today {
  readonly member: Fen
  readonly approver: Fen
  readonly tenant: Fen
}

export interface TenantCaps {
  readonly refundEach?: Fen
  readonly refundDay?: Fen
  readonly refunderEach?: Fen
  readonly refunderDay?: Fen
  readonly secondPersonFrom: Fen
}

export interface Spending {
  readonly refund: Refund
  readonly complaint: Pick<Complaint, 'orders'>
  readonly ledger: Ledger
  readonly today: Today
  readonly tenant: TenantCaps
  readonly member: Actor
  readonly approver?: Actor
  /** By a rule, not by a person who was warned. */
  readonly automatic: boolean
  /** Whether a rule may. */
  readonly mayBeAutomatic: boolean
  readonly now: Instant
}

/** The platform's own bounds; docs/platforms/wechat-pay.md#refunds */
const mostRefunds = 50
const within = 365 * 86_400_000

/** The one judgement before money is promised. Pure: asked inside the transaction that writes the wish. */
export function refundGate(spending: Spending): RefundWhy | undefined {
  return aboutOrder(spending) ?? overCaps(spending) ?? secondPerson(spending)
}

function aboutOrder({ refund, complaint, ledger, automatic, mayBeAutomatic, now }: Spending): RefundWhy | undefined {
  if (automatic && !mayBeAutomatic) return { why: 'not-automatic' }
  if (!complaint.orders.includes(refund.order)) return { why: 'no-order' }
  if (automatic && refund.others) return { why: 'others' }
  if (refund.amount < 1 || refund.amount > refund.total) return { why: 'no-amount' }
  if (ledger.busy) return { why: 'order-busy', by: ledger.busy.by }
  const most = fen(Math.max(0, refund.total - ledger.settled - ledger.underway))
  if (refund.amount > most) return { why: 'too-much', most }
  if (ledger.count >= mostRefunds) return { why: 'too-often' }
  if (refund.paidAt !== undefined && millis(now) - millis(refund.paidAt) > within) return { why: 'too-late' }
  return undefined
}

function overCaps({ refund: { amount }, tenant, member, today }: Spending): RefundWhy | undefined {
  const own = overCap(amount, ownCaps(member, tenant), today.member)
  if (own) return { why: 'cap', whose: 'member', ...own }
  const all = overCap(amount, capsOf(tenant), today.tenant)
  return all && { why: 'cap', whose: 'tenant', ...all }
}

function secondPerson(spending: Spending): RefundWhy | undefined {
  const { refund, tenant, member, approver, today, ledger } = spending
  const { amount } = refund
  // A program asks in small pieces as easily as at once: of it all that was given back of the order counts.
  const program = member.id === undefined && !spending.automatic
  const counted = program ? amount + ledger.settled + ledger.underway : amount
  if (counted < tenant.secondPersonFrom) return undefined
  if (!approver) return { why: 'second-person', from: tenant.secondPersonFrom }
  const other = approver.id !== undefined && approver.id !== member.id && atLeast(approver, 'refunder')
  return other && !overCap(amount, ownCaps(approver, tenant), today.approver)
    ? undefined
    : { why: 'not-the-second', needs: 'refunder' }
}

/** Of a person: their own, else their role's. */
export function ownCaps(
  { role, refundEach, refundDay }: Actor,
  { refunderEach, refunderDay }: Pick<TenantCaps, 'refunderEach' | 'refunderDay'>,
): Caps {
  const byRole = role === 'refunder'
  const each = refundEach ?? (byRole ? refunderEach : undefined)
  const day = refundDay ?? (byRole ? refunderDay : undefined)
  return { ...(each === undefined ? {} : { each }), ...(day === undefined ? {} : { day }) }
}

const capsOf = ({ refundEach, refundDay }: Pick<Actor, 'refundEach' | 'refundDay'>) => ({
  ...(refundEach === undefined ? {} : { each: refundEach }),
  ...(refundDay === undefined ? {} : { day: refundDay }),
})
