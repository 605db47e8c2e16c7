import type { Acted, ActionOf } from '../../complaints/action.ts'
import { OutsideError } from '../../core/errors.ts'
import type { Paying } from '../paid-by.ts'
import type { Account, Deed, Job } from '../platform.ts'
import type { Payments, WechatPay } from './index.ts'
import { type Payee, payeeOf } from './orders.ts'
import { actedOf, type RefundWish } from './refund.ts'

/** @param noticeUrl where the outcome is told, for the account that pays; undefined where we cannot be reached */
export function refundDeed(
  payments: Pick<Payments, 'createRefund' | 'queryRefund'>,
  noticeUrl: (payer: Account) => string | undefined = () => undefined,
): Deed<'refund'> {
  const asked = (job: Job<'refund'>): { readonly payee: Payee; readonly wish: RefundWish } | string => {
    const { payer } = job.seat
    if (!payer || !job.refund) return 'no account pays for this'
    const url = noticeUrl(payer)
    return { payee: payeeOf({ account: payer }), wish: wishOf(job.action, job.refund.number, url) }
  }
  return {
    repeat: 'same-number',
    // The same number again is harmless at any time; a call that is still on its way is not raced.
    settles: 15_000,
    perform: async (job) => {
      const found = asked(job)
      return typeof found === 'string' ? refused(found) : actedOf(await payments.createRefund(found.payee, found.wish))
    },
    look: async (job) => {
      const found = asked(job)
      if (typeof found === 'string') throw new OutsideError('unknown', found)
      return actedOf(await payments.queryRefund(found.payee, found.wish.number, found.wish))
    },
  }
}

/** What this account gives to platforms whose complaints it refunds, its own among them. */
export const payingBy = (pay: WechatPay, noticeUrl?: (payer: Account) => string | undefined): Paying => ({
  refund: refundDeed(pay.payments, noticeUrl),
  orders: (seat, numbers) => pay.orders(seat, numbers),
  payee: (seat) => pay.payee(seat),
})

const refused = (message: string): Acted => ({ outcome: 'failed', message, again: false })

const wishOf = (
  { order, amount, total, reason }: ActionOf<'refund'>,
  number: string,
  notifyUrl: string | undefined,
): RefundWish => ({
  number,
  order: { transaction: order },
  amount,
  total,
  ...(reason === '' ? {} : { reason }),
  ...(notifyUrl === undefined ? {} : { notifyUrl }),
})
