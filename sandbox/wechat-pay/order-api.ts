import { type Problem, paramError, refuse } from './errors.ts'
import { isProvider, type Merchant } from './merchant.ts'
import type { Order, Orders } from './orders.ts'
import { payeeOf } from './refund-api.ts'
import type { Refunds } from './refunds.ts'
import type { Rules } from './rules.ts'
import { rfc3339 } from './time.ts'

export interface OrderAsk {
  readonly merchant: Merchant
  /** Of the partner's path. */
  readonly partner: boolean
  readonly by: 'transaction' | 'own-number'
  readonly number: string
  readonly query: URLSearchParams
}

/** WeChat Pay docs, order look-up: by either number; the partner's path names provider and sub-merchant. */
export function showOrder(
  book: { orders: Orders; refunds: Refunds; rules: Rules },
  ask: OrderAsk,
): Record<string, unknown> | Problem {
  const { merchant, partner, query, number } = ask
  const name = partner ? 'sp_mchid' : 'mchid'
  if (query.get(name) !== merchant.mchid) return paramError(`/${name}`, '与请求的商户号不一致', 'query')
  if (partner !== isProvider(merchant)) return refuse('NO_AUTH', '商户号类型与接口不符')
  const payee = payeeOf(merchant, query.get('sub_mchid') ?? undefined, 'query')
  if (typeof payee !== 'string') return payee
  const order = ask.by === 'transaction' ? book.orders.byTransaction(number) : book.orders.named(payee, number)
  if (order?.mchid !== payee) return { ...refuse(book.rules.orderMissing, '订单不存在'), status: 404 }
  return view(order, stateOf(book.refunds, order))
}

/** Any refund that stands turns the order's state. */
export function stateOf(refunds: Refunds, order: Order): string {
  const standing = refunds.ofOrder(order.transactionId).some(({ status }) => status !== 'CLOSED')
  return standing ? 'REFUND' : order.state
}

const described: Readonly<Record<string, string>> = {
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  NOTPAY: '订单未支付',
  CLOSED: '订单已关闭',
  USERPAYING: '用户支付中',
}

function view(order: Order, state: string): Record<string, unknown> {
  const provided = order.account !== order.mchid
  const ids = provided
    ? { sp_appid: order.appid, sp_mchid: order.account, sub_mchid: order.mchid }
    : { appid: order.appid, mchid: order.mchid }
  const paid = {
    transaction_id: order.transactionId,
    trade_type: 'JSAPI',
    bank_type: 'OTHERS',
    success_time: rfc3339(order.paidAt),
    payer: provided ? { sp_openid: order.openid } : { openid: order.openid },
  }
  return {
    ...ids,
    out_trade_no: order.outTradeNo,
    trade_state: state,
    trade_state_desc: described[state] ?? state,
    attach: '',
    ...(order.state === 'SUCCESS' ? paid : {}),
    amount: { total: order.total, payer_total: order.total, currency: 'CNY', payer_currency: 'CNY' },
  }
}
