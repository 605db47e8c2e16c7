import type { Acted } from '../../../complaints/action.ts'
import type { Order } from '../../../complaints/complaint.ts'
import { OutsideError } from '../../../core/errors.ts'
import { fen } from '../../../core/words.ts'
import { bareWord, both } from '../errors.ts'
import type { Caller, Gateway } from '../gateway.ts'
import { arrived, bodyOf, isTradeNumber, judged, type RefundWish, wrongTrade, wrongWish } from './refund.ts'
import { refund, refunded, type Trade, trade } from './wire.ts'

/** @returns undefined when there is no such trade. @throws OutsideError */
export async function queryTrade(gateway: Gateway, caller: Caller, number: string): Promise<Trade | undefined> {
  try {
    const told = trade.parse(
      await gateway.read(caller, { method: 'alipay.trade.query', content: { trade_no: number } }),
    )
    if (told.trade_no === number) return told
  } catch (error) {
    if (isNotThere(error)) return undefined
    throw error
  }
  throw new OutsideError('unreachable', both('支付宝返回的交易不对', 'Alipay returned another trade'))
}

/** As `Platform.orders`. What was not paid, or can no longer be refunded, is left out; a closed one was given back whole. */
export async function orders(gateway: Gateway, caller: Caller, numbers: readonly string[]): Promise<readonly Order[]> {
  const found: Order[] = []
  for (const number of numbers) {
    const told = isTradeNumber(number) ? await queryTrade(gateway, caller, number) : undefined
    const [status, paid] = [told?.trade_status, told?.total_amount]
    if (paid === undefined || (status !== 'TRADE_SUCCESS' && status !== 'TRADE_CLOSED')) continue
    const paidAt = told?.send_pay_date
    found.push({
      number,
      paid,
      refunded: status === 'TRADE_CLOSED' ? paid : fen(0),
      ...(paidAt === undefined ? {} : { paidAt }),
    })
  }
  return found
}

/** Asks what the trade is, refunds once, and believes only a change of funds or the query. Throws nothing of the outside. */
export async function createRefund(gateway: Gateway, caller: Caller, wish: RefundWish): Promise<Acted> {
  const wrong = wrongWish(wish)
  if (wrong !== undefined) return refused(wrong)
  try {
    return await guarded(gateway, caller, wish)
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    return refusal(gateway, { caller, wish, error })
  }
}

async function guarded(gateway: Gateway, caller: Caller, wish: RefundWish): Promise<Acted> {
  const told = await queryTrade(gateway, caller, wish.trade)
  const why = told ? wrongTrade(told, wish) : both('交易不存在：请核对订单号', 'no such trade: check the order number')
  // A trade that was given back whole is closed, perhaps by this very refund.
  if (why !== undefined) return found(gateway, { caller, wish, otherwise: refused(why) })
  const answer = await gateway.act(caller, { method: 'alipay.trade.refund', content: bodyOf(wish) })
  const said = refunded.parse(answer)
  if (said.fund_change === 'Y' && (said.trade_no ?? wish.trade) === wish.trade)
    return arrived(wish.number, said.gmt_refund_pay)
  // Accepted is not done; and a repeat of what is done changes no funds.
  return found(gateway, { caller, wish, otherwise: { outcome: 'unknown' } })
}

/** 退款查询: what stands under the number. @throws OutsideError */
export async function queryRefund(gateway: Gateway, caller: Caller, wish: RefundWish): Promise<Acted> {
  try {
    const answer = await gateway.read(caller, {
      method: 'alipay.trade.fastpay.refund.query',
      content: { trade_no: wish.trade, out_request_no: wish.number, query_options: ['gmt_refund_pay'] },
    })
    return judged(refund.parse(answer), wish)
  } catch (error) {
    if (isNotThere(error)) return { outcome: 'absent' }
    throw error
  }
}

interface Finding {
  readonly caller: Caller
  readonly wish: RefundWish
  readonly otherwise: Acted
}

async function found(gateway: Gateway, { caller, wish, otherwise }: Finding): Promise<Acted> {
  try {
    const there = await queryRefund(gateway, caller, wish)
    return there.outcome === 'absent' ? otherwise : there
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    // Nobody lets us look: a plain no stays a no, or it would be asked about for ever.
    return error.trouble === 'forbidden' ? otherwise : { outcome: 'unknown' }
  }
}

/** An earlier call under this number may have worked, so that what they refuse now may be there. */
async function refusal(
  gateway: Gateway,
  { caller, wish, error }: { caller: Caller; wish: RefundWish; error: OutsideError },
): Promise<Acted> {
  switch (error.trouble) {
    case 'unknown':
      return { outcome: 'unknown' }
    case 'unreachable':
    case 'busy':
      return { outcome: 'failed', message: error.message, again: true }
    default:
      return found(gateway, {
        ...{ caller, wish },
        otherwise: { outcome: 'failed', message: error.message, again: false, because: error },
      })
  }
}

const refused = (message: string): Acted => ({ outcome: 'failed', message, again: false })

const isNotThere = (error: unknown): boolean =>
  error instanceof OutsideError && bareWord(error.code) === 'TRADE_NOT_EXIST'
