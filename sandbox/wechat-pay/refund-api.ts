import { type Problem, paramError, refuse } from './errors.ts'
import { callbackUrl, list, object, oneOf, text, whole } from './fields.ts'
import { isProvider, type Merchant, payeesOf } from './merchant.ts'
import type { Order, Orders } from './orders.ts'
import type { Rules } from './rules.ts'

/** A refund that is asked for, once its form is right. */
export interface RefundWish {
  readonly sub_mchid?: string
  readonly transaction_id?: string
  readonly out_trade_no?: string
  readonly out_refund_no: string
  readonly reason?: string
  readonly notify_url?: string
  readonly amount: { readonly refund: number; readonly total: number; readonly currency: string }
}

/** WeChat Pay docs, refund apply: the parameter table. */
export function readRefund(body: unknown, rules: Rules): RefundWish | Problem {
  const strict = rules.refuseUnknownFields
  const from = object({ account: oneOf('AVAILABLE', 'UNAVAILABLE'), amount: whole(1) }, {}, strict)
  const amount = object({ refund: whole(1), total: whole(1), currency: oneOf('CNY') }, { from: list(from, 10) }, strict)
  const goods = object(
    { merchant_goods_id: text(32), unit_price: whole(0), refund_amount: whole(0), refund_quantity: whole(1) },
    { wechatpay_goods_id: text(32), goods_name: text(256) },
    strict,
  )
  const check = object(
    { out_refund_no: text(64, { min: rules.minRefundNo, pattern: /^[0-9A-Za-z_\-|*@]+$/ }), amount },
    {
      sub_mchid: text(32),
      transaction_id: text(32),
      out_trade_no: text(32),
      reason: text(80, { unit: 'bytes' }),
      notify_url: callbackUrl(256),
      funds_account: oneOf('AVAILABLE', 'UNSETTLED'),
      goods_detail: list(goods, 100),
    },
    strict,
  )
  const wrong = check(body, '')
  if (wrong) return wrong
  const wish = body as RefundWish
  if ((wish.transaction_id === undefined) === (wish.out_trade_no === undefined)) {
    return paramError('/transaction_id', '与 out_trade_no 二选一')
  }
  return wish
}

/** Whose money a call is about: the merchant's own, or the sub-merchant's that it must name. */
export function payeeOf(merchant: Merchant, subMchid: string | undefined, location: string): string | Problem {
  if (!isProvider(merchant)) {
    return subMchid === undefined ? merchant.mchid : paramError('/sub_mchid', '直连商户不能传入', location)
  }
  if (subMchid === undefined) return { ...paramError('/sub_mchid', '必填', location), cause: 268892193 }
  if (!payeesOf(merchant).includes(subMchid)) return refuse('NO_AUTH', '受理关系不存在', { cause: 268443701 })
  return subMchid
}

/** WeChat Pay docs, refunds: who may give back what of this order. */
export function findOrder(orders: Orders, payee: string, wish: RefundWish): Order | Problem {
  const { transaction_id: number, out_trade_no: own = '' } = wish
  const order = number === undefined ? orders.named(payee, own) : orders.byTransaction(number)
  if (order?.mchid !== payee) return refuse('RESOURCE_NOT_EXISTS', '订单不存在')
  return order
}
