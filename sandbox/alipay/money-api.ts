import type { Api, Asking, Outcome } from './api.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import { type Body, fenOf, list, money, oneOf, present, type Shape, text, wrongIn, yuan } from './fields.ts'
import { beijing } from './time.ts'
import type { Trade } from './trade.ts'

const invalid = (why: string): Problem => refuse('ACQ.INVALID_PARAMETER', why)
const names = { trade_no: text(64), out_trade_no: text(64) }

// trade_no wins over out_trade_no.
function named({ house, pids, body }: Asking): Trade | Problem {
  const { trade_no: tradeNo, out_trade_no: outTradeNo } = body
  if (tradeNo === undefined && outTradeNo === undefined) return invalid('trade_no和out_trade_no不能同时为空')
  const mine = pids.flatMap((pid) => house.trades.named(pid, String(outTradeNo)) ?? [])
  const found = tradeNo === undefined ? mine[0] : house.trades.byNo(String(tradeNo))
  return found && pids.includes(found.pid) ? found : refuse('ACQ.TRADE_NOT_EXIST')
}

function query(asking: Asking): Outcome {
  const { body, house } = asking
  const options = list(oneOf('trade_settle_info', 'fund_bill_list', 'voucher_detail_list', 'discount_goods_detail'))
  const wrong = wrongIn(body, { required: {}, optional: { ...names, query_options: options } })
  if (wrong) return invalid(wrong)
  const trade = named(asking)
  if (isProblem(trade)) return trade
  const closed = trade.state === 'TRADE_SUCCESS' && house.refunds.returned(trade.tradeNo) >= trade.total
  const total = yuan(trade.total)
  const paid = trade.state !== 'WAIT_BUYER_PAY'
  return present({
    ...numbersOf(trade),
    trade_status: closed ? 'TRADE_CLOSED' : trade.state,
    total_amount: total,
    ...buyerOf(trade),
    buyer_pay_amount: paid ? total : '0.00',
    receipt_amount: paid ? total : '0.00',
    invoice_amount: paid ? total : '0.00',
    point_amount: '0.00',
    send_pay_date: paid ? beijing(trade.paidAt) : undefined,
  })
}

const numbersOf = ({ tradeNo, outTradeNo }: Trade) => ({ trade_no: tradeNo, out_trade_no: outTradeNo })
const buyerOf = ({ buyerUserId, buyerLogonId }: Trade) => ({
  buyer_user_id: buyerUserId,
  buyer_logon_id: buyerLogonId,
})

const refundShape: Shape = {
  required: { refund_amount: money },
  optional: {
    ...names,
    refund_reason: text(256),
    out_request_no: text(64),
    operator_id: text(30),
    store_id: text(32),
    terminal_id: text(32),
    query_options: list(oneOf('refund_detail_item_list', 'deposit_back_info')),
  },
}

function refund(asking: Asking): Outcome {
  const { body, house } = asking
  const wrong = wrongIn(body, refundShape)
  if (wrong) return invalid(wrong)
  const trade = named(asking)
  if (isProblem(trade)) return trade
  const { out_request_no: number, refund_reason: reason } = body
  const wish = {
    trade,
    outRequestNo: typeof number === 'string' ? number : undefined,
    amount: fenOf(body.refund_amount) ?? 0,
    reason: typeof reason === 'string' ? reason : '',
  }
  const applied = house.refunds.apply(wish)
  if (isProblem(applied)) return applied
  const { succeededAt } = applied.refund
  return present({
    ...numbersOf(trade),
    ...buyerOf(trade),
    fund_change: applied.moved ? 'Y' : 'N',
    // Of the trade, not of this call.
    refund_fee: yuan(house.refunds.taken(trade.tradeNo)),
    gmt_refund_pay: succeededAt === undefined ? undefined : beijing(succeededAt),
  })
}

const queryShape: Shape = {
  required: { out_request_no: text(64) },
  optional: { ...names, query_options: list(oneOf('gmt_refund_pay', 'refund_detail_item_list', 'deposit_back_info')) },
}

function refundQuery(asking: Asking): Outcome {
  const { body, house } = asking
  const wrong = wrongIn(body, queryShape)
  if (wrong) return invalid(wrong)
  const trade = named(asking)
  if (isProblem(trade)) return trade
  const number = String(body.out_request_no)
  const found = house.refunds.find(trade.tradeNo, number)
  const visible = found && house.clock.now() >= found.createdAt + house.rules.refundVisibleMs
  // Success is only what says so; everything else has no status at all.
  if (!visible || found.status !== 'SUCCESS') return { ...numbersOf(trade), out_request_no: number }
  return present({
    ...numbersOf(trade),
    out_request_no: number,
    refund_reason: found.reason || undefined,
    total_amount: yuan(trade.total),
    refund_amount: yuan(found.amount),
    refund_status: 'REFUND_SUCCESS',
    gmt_refund_pay: wants(body, 'gmt_refund_pay') ? beijing(found.succeededAt ?? 0) : undefined,
  })
}

const wants = ({ query_options: options }: Body, name: string) => Array.isArray(options) && options.includes(name)

const post = (path: string) => ({ method: 'POST', path: new RegExp(`^/v3/alipay/trade/${path}$`) }) as const

export const moneyApis: readonly Api[] = [
  { name: 'alipay.trade.query', v2: 'biz', v3: post('query'), speaksFor: 'merchant', run: query },
  { name: 'alipay.trade.refund', v2: 'biz', v3: post('refund'), speaksFor: 'merchant', run: refund },
  {
    name: 'alipay.trade.fastpay.refund.query',
    v2: 'biz',
    v3: post('fastpay/refund/query'),
    speaksFor: 'merchant',
    run: refundQuery,
  },
]
