import type { Order } from './orders.ts'
import { rfc3339 } from './time.ts'

export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'

/** One refund as the platform carries it out. */
export interface Refund {
  readonly refundId: string
  readonly outRefundNo: string
  readonly mchid: string
  readonly account: string
  readonly transactionId: string
  /** Fen. */
  readonly amount: number
  readonly status: RefundStatus
  readonly reason: string
  readonly notifyUrl: string | undefined
  /** What a repeat must agree with. */
  readonly parameters: string
  readonly createdAt: number
  readonly dueAt: number
  readonly succeededAt?: number
}

/** How a refund ends; an abnormal one can still be brought to its end in the console. */
export function endsOf(status: RefundStatus): readonly RefundStatus[] {
  if (status === 'PROCESSING') return ['SUCCESS', 'ABNORMAL', 'CLOSED']
  return status === 'ABNORMAL' ? ['SUCCESS', 'CLOSED'] : []
}

const account = '支付用户零钱'

/** WeChat Pay docs, refund apply and query: the same object. */
export function showRefund(refund: Refund, order: Order): Record<string, unknown> {
  const { amount, succeededAt } = refund
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: order.transactionId,
    out_trade_no: order.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: account,
    ...(succeededAt === undefined ? {} : { success_time: rfc3339(succeededAt) }),
    create_time: rfc3339(refund.createdAt),
    status: refund.status,
    funds_account: 'AVAILABLE',
    amount: {
      total: order.total,
      refund: amount,
      payer_total: order.total,
      payer_refund: amount,
      settlement_refund: amount,
      settlement_total: order.total,
      discount_refund: 0,
      currency: 'CNY',
    },
    promotion_detail: [],
  }
}

/** WeChat Pay docs, refund notice: what is inside. A service provider reads two numbers. */
export function showNotice(refund: Refund, order: Order): Record<string, unknown> {
  const { amount, succeededAt, mchid, account: sp } = refund
  return {
    ...(sp === mchid ? { mchid } : { sp_mchid: sp, sub_mchid: mchid }),
    out_trade_no: order.outTradeNo,
    transaction_id: order.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_status: refund.status,
    ...(succeededAt === undefined ? {} : { success_time: rfc3339(succeededAt) }),
    user_received_account: account,
    amount: { total: order.total, refund: amount, payer_total: order.total, payer_refund: amount },
  }
}
