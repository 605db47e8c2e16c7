import type { Ledger } from './ledger.ts'
import { accountOf, digits, type Merchant, type Random } from './merchant.ts'
import type { Rules } from './rules.ts'

/** One order; its state as far as paying goes, what was refunded is the refunds' business. */
export interface Order {
  /** 28 digits. */
  readonly transactionId: string
  readonly outTradeNo: string
  /** Who receives the money. */
  readonly mchid: string
  /** Whose keys speak for it; the same number, or the service provider's. */
  readonly account: string
  readonly appid: string
  readonly openid: string
  readonly product: string
  /** Fen. */
  readonly total: number
  /** Milliseconds. */
  readonly paidAt: number
  readonly state: 'SUCCESS' | 'NOTPAY' | 'CLOSED' | 'USERPAYING'
  /** What becomes of its refunds once the settling time is over; `never` = they stay underway. */
  readonly refundEnds: 'SUCCESS' | 'ABNORMAL' | 'CLOSED' | 'never'
  /** A refund is refused at once: USER_ACCOUNT_ABNORMAL. */
  readonly payerAbnormal: boolean
}

/** What a test says of an order; everything but the mchid has a plausible default. */
export type OrderWish = Partial<Omit<Order, 'account'>> & Pick<Order, 'mchid'>

export interface Orders {
  /** A new order, or new facts about the one with this transaction number. */
  put(wish: OrderWish): Order
  byTransaction(transactionId: string): Order | undefined
  /** By the payee's own number for it. */
  named(mchid: string, outTradeNo: string): Order | undefined
  all(): readonly Order[]
  balance(mchid: string): number
  /** Adds fen, or takes them. */
  move(mchid: string, fen: number): void
}

export function createOrders(options: {
  readonly random: Random
  readonly now: () => number
  readonly rules: Rules
  readonly merchants: readonly Merchant[]
  readonly ledger: Ledger
}): Orders {
  const { random, rules } = options
  const orders = new Map<string, Order>()
  const numbers = new Map<string, string>()
  const balances = new Map<string, number>()
  const keyOf = (mchid: string, outTradeNo: string) => `${mchid} ${outTradeNo}`
  const balance = (mchid: string) => balances.get(mchid) ?? rules.startBalance
  const move = (mchid: string, fen: number) => void balances.set(mchid, balance(mchid) + fen)

  function put(wish: OrderWish): Order {
    const before = orders.get(wish.transactionId ?? '')
    const order = { ...(before ?? made(wish.mchid)), ...wish }
    const taken = numbers.get(keyOf(order.mchid, order.outTradeNo))
    if (taken !== undefined && taken !== order.transactionId) throw new Error(`order ${order.outTradeNo} is there`)
    orders.set(order.transactionId, order)
    numbers.set(keyOf(order.mchid, order.outTradeNo), order.transactionId)
    if (before || order.state !== 'SUCCESS') return order
    move(order.mchid, order.total)
    const { mchid, transactionId, total: amount } = order
    options.ledger.add({ mchid, by: 'customer', what: 'paid', transactionId, amount })
    return order
  }

  function made(mchid: string): Order {
    const account = accountOf(options.merchants, mchid)
    if (!account) throw new Error(`no merchant ${mchid}`)
    const paidAt = options.now() - 3_600_000
    return {
      transactionId: `4200${digits(random, 24)}`,
      outTradeNo: `M${Math.floor(paidAt / 1000)}${digits(random, 8)}`,
      mchid,
      account: account.mchid,
      appid: account.appids?.[0] ?? 'wxd678efh567hg6787',
      openid: `o${random(20).toString('base64url')}`,
      product: '山东红富士苹果 5 斤装',
      total: 1990,
      paidAt,
      state: 'SUCCESS',
      refundEnds: 'SUCCESS',
      payerAbnormal: false,
    }
  }

  return {
    put,
    byTransaction: (transactionId) => orders.get(transactionId),
    named: (mchid, outTradeNo) => orders.get(numbers.get(keyOf(mchid, outTradeNo)) ?? ''),
    all: () => [...orders.values()],
    balance,
    move,
  }
}
