import { z } from 'zod'
import { money, text, time } from '../fields.ts'

/** 统一收单交易查询 */
export const trade = z.object({
  trade_no: text,
  out_trade_no: text,
  trade_status: text,
  total_amount: money,
  send_pay_date: time,
})
export type Trade = z.output<typeof trade>

/** 统一收单交易退款. `refund_fee` is what was given back of the trade in all: it says nothing of this refund. */
export const refunded = z.object({ trade_no: text, fund_change: text, gmt_refund_pay: time })
export type Refunded = z.output<typeof refunded>

/** 统一收单交易退款查询 */
export const refund = z.object({
  trade_no: text,
  out_request_no: text,
  refund_status: text,
  refund_amount: money,
  total_amount: money,
  gmt_refund_pay: time,
})
export type Refund = z.output<typeof refund>
