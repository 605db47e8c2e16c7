import type { Acted, RefundEnd, Refunding } from '../../complaints/action.ts'
import { type Fen, fen, type Instant } from '../../core/words.ts'
import { both } from './errors.ts'
import { amount, type Fields, fieldsOf, text, time } from './fields.ts'
import type { OrderName, Payee } from './orders.ts'
import { unsayable } from './takes.ts'

/** One refund as it is asked for. The number is kept before the first call and never changes. */
export interface RefundWish {
  /** 商户退款单号: 6 to 64 of letters, digits and `_-|*@`. */
  readonly number: string
  readonly order: OrderName
  readonly amount: Fen
  /** Of the whole order, as `queryOrder` says it. */
  readonly total: Fen
  /** Shown to the user; at most 80 bytes. */
  readonly reason?: string
  /** Where its outcome is told: https, no query. */
  readonly notifyUrl?: string
}

/** A refund as the platform knows it. */
export interface Refund {
  readonly number: string
  /** Theirs. */
  readonly id: string
  readonly status: string
  readonly amount: Fen
  readonly total: Fen | undefined
  readonly transaction: string | undefined
  readonly outTradeNo: string | undefined
  /** Where the money went, in their words. */
  readonly receivedBy: string | undefined
  readonly createdAt: Instant | undefined
  readonly arrivedAt: Instant | undefined
}

/** What may follow a failure; never by itself another number. */
export type Next =
  /** The same call, by itself, later: nothing was sent, or they asked to wait. */
  | 'later'
  /** The same call, once a person has mended something (money, permission, keys). */
  | 'mended'
  /** Nothing stands under this number, and the same call gets the same answer. */
  | 'never'
  /** It was made and closed, the money is back: the only case in which another try needs another number. */
  | 'closed'

export type Refunded =
  | { readonly outcome: 'done'; readonly refund: Refund }
  /** Accepted; `abnormal`: the user's account did not take it, a person must finish it in the console. Money may still go: never another number. */
  | { readonly outcome: 'underway'; readonly refund: Refund; readonly abnormal: boolean }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string; readonly next: Next }
  /** There is a refund under this number, but another amount or order: nothing by itself any more, a person must look. */
  | { readonly outcome: 'differs'; readonly refund: Refund }
  /** Sent, and nobody knows: ask by the number. */
  | { readonly outcome: 'unknown'; readonly code: string; readonly message: string }
  /** Asked, and it is not there. Not final at once: a lost call may still take effect. */
  | { readonly outcome: 'absent' }

export const bodyOf = ({ subMchid }: Payee, wish: RefundWish): object => ({
  ...(subMchid === undefined ? {} : { sub_mchid: subMchid }),
  ...('transaction' in wish.order
    ? { transaction_id: wish.order.transaction }
    : { out_trade_no: wish.order.outTradeNo }),
  out_refund_no: wish.number,
  ...(wish.reason === undefined || wish.reason.trim() === '' ? {} : { reason: wish.reason.trim() }),
  ...(wish.notifyUrl === undefined ? {} : { notify_url: wish.notifyUrl }),
  amount: { refund: wish.amount, total: wish.total, currency: 'CNY' },
})

/** @returns undefined when it is not about this number, or says too little. */
export function judged(answer: Fields, number: string, wish: RefundWish | undefined): Refunded | undefined {
  const refund = readRefund(answer)
  if (refund?.number !== number) return undefined
  if (wish && isOther(refund, wish)) return { outcome: 'differs', refund }
  switch (refund.status) {
    case 'SUCCESS':
      return { outcome: 'done', refund }
    case 'PROCESSING':
      return { outcome: 'underway', refund, abnormal: false }
    case 'ABNORMAL':
      return { outcome: 'underway', refund, abnormal: true }
    case 'CLOSED':
      return { outcome: 'failed', code: 'CLOSED', message: closed, next: 'closed' }
    default:
      return undefined
  }
}

function isOther(refund: Refund, { amount: wished, total, order }: RefundWish): boolean {
  const named = 'transaction' in order ? order.transaction : order.outTradeNo
  const theirs = 'transaction' in order ? refund.transaction : refund.outTradeNo
  return (
    refund.amount !== wished ||
    (refund.total !== undefined && refund.total !== total) ||
    (theirs !== undefined && theirs !== named)
  )
}

function readRefund(fields: Fields): Refund | undefined {
  const money = fieldsOf(fields.amount)
  const [number, refunded] = [text(fields, 'out_refund_no'), amount(money, 'refund')]
  if (number === undefined || refunded === undefined) return undefined
  return {
    number,
    id: text(fields, 'refund_id') ?? '',
    status: text(fields, 'status') ?? '',
    amount: refunded,
    total: amount(money, 'total'),
    transaction: text(fields, 'transaction_id'),
    outTradeNo: text(fields, 'out_trade_no'),
    receivedBy: text(fields, 'user_received_account'),
    createdAt: time(fields, 'create_time'),
    arrivedAt: time(fields, 'success_time'),
  }
}

const closed = both(
  '退款已关闭，款项已退回商户：如需再退请使用新的退款单号',
  'the refund was closed and the money is back: another try needs another number',
)

/** Why this would not be taken, or undefined. The last guard before money. */
export function wrongWish({ number, amount: wished, total, reason = '', order }: RefundWish): string | undefined {
  if (!/^[0-9A-Za-z_\-|*@]{6,64}$/.test(number))
    return both('退款单号须为 6 至 64 位字母、数字或 _-|*@', 'a refund number has 6 to 64 letters, digits or _-|*@')
  const name = 'transaction' in order ? order.transaction : order.outTradeNo
  if (!/^[0-9A-Za-z_\-|*@]{1,32}$/.test(name)) return both('订单号不对', 'not an order number')
  if (wished < 1 || fen(wished) > fen(total))
    return both('退款金额须大于 0 且不超过订单金额', 'the amount must be above 0 and within the order')
  const bytes = Buffer.byteLength(reason.trim())
  if (bytes > 80) return both(`退款原因 ${bytes} 字节，最多 80`, `${bytes} bytes of reason; at most 80`)
  return unsayable(reason)
    ? both('退款原因含有微信支付不接受的字符', 'the reason holds characters that WeChat Pay does not take')
    : undefined
}

/** As a deed says it. Only what was closed, or found to be another, lets another number follow. */
export function actedOf(refunded: Refunded): Acted {
  switch (refunded.outcome) {
    case 'done':
    case 'underway':
      return {
        outcome: refunded.outcome,
        reference: refunded.refund.id || refunded.refund.number,
        refund: refundingOf(refunded),
      }
    case 'failed':
      return {
        outcome: 'failed',
        message: refunded.message,
        again: refunded.next === 'later',
        ...(refunded.next === 'closed' ? { refund: { end: 'closed' } } : {}),
      }
    case 'differs':
      return { outcome: 'failed', message: differs, again: false, refund: endOf(refunded.refund) }
    case 'unknown':
    case 'absent':
      return { outcome: refunded.outcome }
  }
}

const refundingOf = (told: Extract<Refunded, { outcome: 'done' | 'underway' }>): Refunding => ({
  ...('abnormal' in told && told.abnormal ? { stuck: true } : {}),
  ...(told.refund.arrivedAt === undefined ? {} : { arrivedAt: told.refund.arrivedAt }),
  ...(told.refund.receivedBy === undefined ? {} : { receivedBy: told.refund.receivedBy }),
})

/** What is closed has given its money back; all else is gone, or may go. */
const endOf = ({ status, amount }: Refund): RefundEnd =>
  status === 'CLOSED' ? { end: 'closed' } : { end: 'found', amount }

const differs = both(
  '此退款单号下已有另一笔退款（金额或订单不同），请人工核对',
  'another refund stands under this number (amount or order differ): a person must look',
)
