import { DateTime } from 'luxon'
import type { Action, Refund } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { By } from '../complaints/fact.ts'
import { mayRefundAlone } from '../complaints/merchant.ts'
import type { PaidPlace } from '../complaints/refund-number.ts'
import { OutsideError } from '../core/errors.ts'
import { fen, type Instant, instant } from '../core/words.ts'
import type { Platform } from '../platforms/platform.ts'
import type { Platforms } from '../platforms/registry.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import { findAction, type StoredAction } from '../storage/actions.ts'
import { givenSince, insertRefund, ledgerOf, lockOrder } from '../storage/refunds.ts'
import { type StoredSeat, seatOf } from '../storage/seats.ts'
import type { Reads, Tx } from '../storage/storage.ts'
import { findTenant } from '../storage/tenants.ts'
import { type Actor, type RefundWhy, refundGate } from './refund-gate.ts'

/** In whose name money goes. */
export interface Spender {
  readonly member: Actor
  readonly approver?: Actor
  readonly by: By
}

/** Which money a wish would move: whose it is, of which order, and how much. */
export interface Spend {
  readonly refund: Refund
  readonly place: PaidPlace
  readonly payer: StoredAccount
  /** Whether a rule may move it. */
  readonly alone: boolean
}

/** The refund that an action is, or brings about. */
export const refundIn = (action: Action): Refund | undefined =>
  action.kind === 'refund' ? action : action.kind === 'decide-refund' ? action.next : undefined

/** @returns undefined when no money moves; 'nobody' when nobody here would pay. */
export async function spendOf(
  platforms: Platforms,
  reads: Reads,
  complaint: Complaint,
  action: Action,
): Promise<Spend | 'nobody' | undefined> {
  const refund = refundIn(action)
  if (!refund) return undefined
  const seat = await seatOf(reads, complaint)
  const platform = seat && platforms.get(seat.account.platform)
  const payee = seat?.payer && payeeIn(platform, seat)
  if (!seat?.payer || payee === undefined) return 'nobody'
  const place = { platform: seat.payer.platform, payee, order: refund.order }
  return { refund, place, payer: seat.payer, alone: mayRefundAlone(seat) }
}

/** @returns undefined where it must be set up first: `refundableOf` has said how */
function payeeIn(platform: Platform | undefined, seat: StoredSeat): string | undefined {
  try {
    return platform?.payee?.(seat)
  } catch (error) {
    if (error instanceof OutsideError) return undefined
    throw error
  }
}

/** Two complaints of one order, or two accounts, meet here; a complaint's own lock comes before. */
export const holdOrder = (tx: Tx, spend: Spend): Promise<void> => lockOrder(tx, spend.place)

/** Why this money does not go, as the ledger stands. Certain only under the order's lock. */
export async function whyNot(
  reads: Reads,
  complaint: Complaint,
  { refund, place, alone }: Spend,
  { member, approver, by }: Spender,
): Promise<RefundWhy | undefined> {
  const tenant = await findTenant(reads, complaint.tenant)
  if (!tenant) throw new Error('a complaint without its tenant')
  const now = instant(reads.clock.now())
  const since = midnight(tenant.zone, now)
  const given = (id: typeof member.id) =>
    id === undefined ? fen(0) : givenSince(reads, tenant.id, { since, member: id })
  const { busy, ...sums } = await ledgerOf(reads, place)
  const other = busy && (await findAction(reads, busy))
  return refundGate({
    refund,
    complaint,
    ledger: { ...sums, ...(other ? { busy: { by: other.by.name } } : {}) },
    today: {
      member: await given(member.id),
      approver: await given(approver?.id),
      tenant: await givenSince(reads, tenant.id, { since }),
    },
    tenant,
    member,
    ...(approver ? { approver } : {}),
    automatic: by.via === 'rule',
    mayBeAutomatic: alone,
    now,
  })
}

/** A day is a day of the tenant's zone. */
export const midnight = (zone: string, now: Instant): Instant =>
  instant(DateTime.fromISO(now, { zone }).startOf('day').toMillis())

/** The number is there, with everything that it is made of, before anybody is called. @returns when it may go out */
export async function keepRefund(tx: Tx, action: StoredAction, spend: Spend, wanted: Spender): Promise<Instant> {
  const { member, approver } = wanted
  const tenant = await findTenant(tx, action.tenant)
  // Whoever approves what needs no second person has given nothing away.
  const second = tenant !== undefined && spend.refund.amount >= tenant.secondPersonFrom ? approver?.id : undefined
  const { notBefore } = await insertRefund(tx, {
    action: action.id,
    tenant: action.tenant,
    complaint: action.complaint,
    account: spend.payer.id,
    place: spend.place,
    refund: spend.refund,
    ...(member.id === undefined ? {} : { member: member.id }),
    ...(second === undefined ? {} : { approver: second }),
  })
  return notBefore
}
