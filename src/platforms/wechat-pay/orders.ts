import type { Order } from '../../complaints/complaint.ts'
import { type Fen, fen, type Instant } from '../../core/words.ts'
import type { Account, Seat } from '../platform.ts'
import type { Client } from './client.ts'
import { both, isNotThere, PayError } from './errors.ts'
import { target } from './exchange.ts'
import { amount, type Fields, fieldsOf, text, time } from './fields.ts'
import { isProvider, subMchidOf } from './merchant.ts'

/** The account that pays, and for a service provider the business whose money it is. */
export interface Payee {
  readonly account: Account
  readonly subMchid?: string
}

/** @throws PayError when a service provider has not been told for whom. */
export function payeeOf(seat: Seat): Payee {
  if (!isProvider(seat.account)) return { account: seat.account }
  const subMchid = subMchidOf(seat)
  if (subMchid !== undefined) return { account: seat.account, subMchid }
  throw new PayError(
    'forbidden',
    both('服务商退款需要子商户号：请登记子商户', 'a service provider must name the sub-merchant: register it'),
  )
}

/** `<mchid>`, or `<mchid>/<sub-mchid>`. */
export const payeeText = ({ account, subMchid }: Payee): string =>
  subMchid === undefined ? account.outsideId : `${account.outsideId}/${subMchid}`

export type OrderName = { readonly transaction: string } | { readonly outTradeNo: string }

/** trade_state 交易状态; what is not known here stays as it came. */
export interface PaidOrder {
  readonly transaction: string | undefined
  readonly outTradeNo: string | undefined
  readonly state: string
  /** Of the order, before discounts: what a refund has to name as `total`. */
  readonly total: Fen
  readonly payerTotal: Fen | undefined
  readonly paidAt: Instant | undefined
}

/** 查询订单. @returns undefined when there is no such order. @throws PayError */
export async function queryOrder(client: Client, payee: Payee, name: OrderName): Promise<PaidOrder | undefined> {
  const { account, subMchid } = payee
  const root = subMchid === undefined ? '/v3/pay/transactions' : '/v3/pay/partner/transactions'
  const [kind, number] = 'transaction' in name ? ['id', name.transaction] : ['out-trade-no', name.outTradeNo]
  const who =
    subMchid === undefined ? { mchid: account.outsideId } : { sp_mchid: account.outsideId, sub_mchid: subMchid }
  try {
    const where = target(`${root}/${kind}/${encodeURIComponent(number)}`, who)
    const answer = await client.read(account, { operation: 'order', method: 'GET', target: where })
    return readOrder(answer, name, who)
  } catch (error) {
    if (isNotThere(error)) return undefined
    throw error
  }
}

function readOrder(answer: Fields, name: OrderName, who: Readonly<Record<string, string>>): PaidOrder {
  const money = fieldsOf(answer.amount)
  const order = {
    transaction: text(answer, 'transaction_id'),
    outTradeNo: text(answer, 'out_trade_no'),
    state: text(answer, 'trade_state') ?? '',
    payerTotal: amount(money, 'payer_total'),
    paidAt: time(answer, 'success_time'),
  }
  const total = amount(money, 'total')
  const ours = Object.entries(who).every(([field, mchid]) => (text(answer, field) ?? mchid) === mchid)
  const asked = 'transaction' in name ? order.transaction === name.transaction : order.outTradeNo === name.outTradeNo
  // An order that was never paid has no amount, and is none to give back.
  if (ours && asked && (total !== undefined || !paid(order.state))) return { ...order, total: total ?? fen(0) }
  throw new PayError(
    'unreachable',
    both('微信支付返回的订单不对', 'the order that WeChat Pay returned is another one, or has no amount'),
  )
}

const paid = (state: string): boolean => state === 'SUCCESS' || state === 'REFUND'

/** As `Platform.orders`: REFUND says that there were refunds, never how much. Orders that were not paid, or are not theirs, are left out. */
export async function orders(client: Client, seat: Seat, numbers: readonly string[]): Promise<readonly Order[]> {
  const payee = payeeOf(seat)
  const found: Order[] = []
  for (const transaction of numbers) {
    const order = await queryOrder(client, payee, { transaction })
    if (!order || !paid(order.state)) continue
    found.push({
      number: transaction,
      paid: order.total,
      refunded: order.state === 'REFUND' ? 'unknown' : fen(0),
      ...(order.paidAt === undefined ? {} : { paidAt: order.paidAt }),
    })
  }
  return found
}
