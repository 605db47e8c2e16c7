import type { Acted } from '../../../complaints/action.ts'
import { type Fen, type Instant, yuan } from '../../../core/words.ts'
import { both } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Refund, Trade } from './wire.ts'

/** One refund as it is asked for. The number is kept before the first call and never changes. */
export interface RefundWish {
  /** out_request_no 退款请求号 */
  readonly number: string
  /** trade_no */
  readonly trade: string
  readonly amount: Fen
  /** Of the whole trade, as the trade query said it. */
  readonly total: Fen
  /** Shown to the user; '' = none. */
  readonly reason: string
}

export const bodyOf = ({ number, trade, amount, reason }: RefundWish): object => ({
  trade_no: trade,
  refund_amount: yuan(amount),
  out_request_no: number,
  ...(reason.trim() === '' ? {} : { refund_reason: reason.trim() }),
})

/** Why this would not be taken, or undefined. The last guard before money. */
export function wrongWish({ number, trade, amount, total, reason }: RefundWish): string | undefined {
  if (!/^[\w-]{6,64}$/.test(number)) return both('退款请求号不对', 'not a refund number')
  if (!isTradeNumber(trade)) return both('支付宝交易号不对', 'not a trade number of Alipay')
  if (amount < 1 || amount > total)
    return both('退款金额须大于 0 且不超过订单金额', 'the amount must be above 0 and within the order')
  const length = [...reason.trim()].length
  return length > limits.refundReasonChars
    ? both(
        `退款原因 ${length} 字，最多 ${limits.refundReasonChars}`,
        `${length} characters of reason; at most ${limits.refundReasonChars}`,
      )
    : undefined
}

export const isTradeNumber = (trade: string): boolean => /^\w{1,64}$/.test(trade)

/** Why the trade takes no refund, or not this one. */
export function wrongTrade(trade: Trade, wish: RefundWish): string | undefined {
  const status = trade.trade_status ?? ''
  if (status !== 'TRADE_SUCCESS')
    return both(`交易${stateLabel(status)}，不能退款`, `the trade is in the state ${status || '—'} and takes no refund`)
  if (trade.total_amount !== wish.total)
    return both('交易金额与确认时不同，请重新发起', 'the trade costs something else than was confirmed: begin anew')
  return undefined
}

const stateLabel = (status: string): string =>
  ({ WAIT_BUYER_PAY: '还没有付款', TRADE_FINISHED: '已结束', TRADE_CLOSED: '已关闭（未付款或已全额退款）' })[status] ??
  `处于 ${status || '—'}`

/** What stands under the number; anything but success is not there yet. */
export function judged(refund: Refund, wish: RefundWish): Acted {
  if (refund.refund_status !== 'REFUND_SUCCESS' || refund.refund_amount === undefined) return { outcome: 'absent' }
  const other =
    (refund.out_request_no ?? wish.number) !== wish.number ||
    (refund.trade_no ?? wish.trade) !== wish.trade ||
    refund.refund_amount !== wish.amount
  if (!other) return arrived(wish.number, refund.gmt_refund_pay)
  return { outcome: 'failed', message: differs, again: false, refund: { end: 'found', amount: refund.refund_amount } }
}

export const arrived = (number: string, at: Instant | undefined): Acted => ({
  outcome: 'done',
  reference: number,
  refund: at === undefined ? {} : { arrivedAt: at },
})

const differs = both(
  '此退款请求号下已有另一笔退款（金额或交易不同），请人工核对',
  'another refund stands under this number (amount or trade differ): a person must look',
)
