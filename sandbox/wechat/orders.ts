import type { Complaint, Seconds } from './complaint.ts'
import { digits, type MiniProgram, type Random } from './program.ts'

/** One paid order, as order shipping (发货信息管理) keeps it. */
export interface Order {
  readonly appid: string
  /** 28 digits. */
  readonly transactionId: string
  readonly merchantId: string
  readonly subMerchantId: string
  readonly outTradeNo: string
  readonly product: string
  /** Fen. */
  readonly amount: number
  readonly openid: string
  readonly createdAt: Seconds
  readonly paidAt: Seconds
  /** 1 to ship, 2 shipped, 3 received, 4 done, 5 refunded, 6 money to be settled. */
  readonly state: number
  /** Empty until shipped. */
  readonly waybill: string
  readonly carrier: string
}

/** What a test says of an order; everything but the appid has a plausible default. */
export type OrderWish = Partial<Order> & Pick<Order, 'appid'>

export interface Orders {
  /** A new order, or new facts about the one with this transaction number. */
  put(wish: OrderWish): Order
  /** A complaint is about an order: the one that is there, or one made from what the complaint says. */
  ensure(complaint: Complaint): Order
  /** By transaction number. */
  get(appid: string, transactionId: string): Order | undefined
  /** By the merchant's own number. */
  named(appid: string, merchantId: string, subMerchantId: string, outTradeNo: string): Order | undefined
  all(): readonly Order[]
}

export function createOrders(options: {
  readonly random: Random
  readonly programs: readonly MiniProgram[]
  readonly now: () => Seconds
}): Orders {
  const orders = new Map<string, Order>()
  const keyOf = (appid: string, transactionId: string) => `${appid} ${transactionId}`
  const known = (wish: OrderWish) => wish.transactionId && orders.get(keyOf(wish.appid, wish.transactionId))

  function put(wish: OrderWish): Order {
    const program = options.programs.find(({ appid }) => appid === wish.appid)
    if (!program) throw new Error(`no mini program ${wish.appid}`)
    const order = { ...(known(wish) || made(program, wish)), ...wish }
    orders.set(keyOf(order.appid, order.transactionId), order)
    return order
  }

  function made(program: MiniProgram, wish: OrderWish): Order {
    const paidAt = wish.paidAt ?? options.now() - 3600
    const shipped = wish.state !== 1
    return {
      appid: program.appid,
      transactionId: `4200${digits(options.random, 24)}`,
      merchantId: program.merchantId ?? '1900000109',
      subMerchantId: '',
      outTradeNo: `M${paidAt}${digits(options.random, 6)}`,
      product: '山东红富士苹果 5 斤装',
      amount: 1990,
      openid: `o${options.random(20).toString('base64url')}`,
      createdAt: paidAt - 8,
      paidAt,
      state: 2,
      waybill: shipped ? `SF1${digits(options.random, 12)}` : '',
      carrier: shipped ? 'SF' : '',
    }
  }

  return {
    put,
    ensure(complaint) {
      const { appid, transactionId, outTradeNo, product, amount, openid, paidAt } = complaint
      return (
        orders.get(keyOf(appid, transactionId)) ??
        put({ appid, transactionId, outTradeNo, product, amount, openid, paidAt })
      )
    },
    get: (appid, transactionId) => orders.get(keyOf(appid, transactionId)),
    named: (appid, merchantId, subMerchantId, outTradeNo) =>
      [...orders.values()].find(
        (one) =>
          one.appid === appid &&
          one.merchantId === merchantId &&
          one.subMerchantId === subMerchantId &&
          one.outTradeNo === outTradeNo,
      ),
    all: () => [...orders.values()],
  }
}
