import type { Clock } from '../../src/core/clock.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import type { Ledger } from './ledger.ts'
import { digits, isProvider, type Merchant, type Random } from './merchant.ts'
import type { Order, Orders } from './orders.ts'
import { endsOf, type Refund, type RefundStatus } from './refund.ts'
import { findOrder, payeeOf, type RefundWish } from './refund-api.ts'
import type { Rules } from './rules.ts'

/** Where the money of one order is: `promised` has left the merchant, `returned` has reached the payer. */
export interface Money {
  readonly mchid: string
  readonly transactionId: string
  readonly outTradeNo: string
  readonly paid: number
  readonly promised: number
  readonly returned: number
  readonly refunds: readonly Refund[]
}

export interface Refunds {
  /** Accepts a refund, gives the one with this number, or refuses. */
  apply(merchant: Merchant, wish: RefundWish): Refund | Problem
  find(payee: string, outRefundNo: string): Refund | undefined
  ofOrder(transactionId: string): readonly Refund[]
  /** Ends one now, by the platform or in the console; throws when its state does not allow it. */
  end(payee: string, outRefundNo: string, status: RefundStatus): Refund
  all(): readonly Refund[]
  money(): readonly Money[]
  /** Settles what is due, each at its own moment. */
  advance(now: number): void
}

export function createRefunds(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly orders: Orders
  readonly ledger: Ledger
  /** Told of every end. */
  readonly ended: (refund: Refund, order: Order, at: number) => void
}): Refunds {
  const { clock, random, rules, orders, ledger } = options
  const refunds = new Map<string, Refund>()
  const byOrder = new Map<string, string[]>()
  const keyOf = (payee: string, outRefundNo: string) => `${payee} ${outRefundNo}`
  const keysOf = (transactionId: string) => byOrder.get(transactionId) ?? []
  const ofOrder = (transactionId: string) => keysOf(transactionId).flatMap((key) => refunds.get(key) ?? [])

  function apply(merchant: Merchant, wish: RefundWish): Refund | Problem {
    const payee = payeeOf(merchant, wish.sub_mchid, 'body')
    if (typeof payee !== 'string') return payee
    const order = findOrder(orders, payee, wish)
    if (isProblem(order)) return order
    const parameters = parametersOf(wish, order, rules)
    const there = refunds.get(keyOf(payee, wish.out_refund_no))
    if (there) return there.parameters === parameters ? there : otherParameters()
    const no = refusal(merchant, order, wish)
    if (no) return no
    return accept(order, wish, parameters)
  }

  function refusal(merchant: Merchant, order: Order, { amount }: RefundWish): Problem | undefined {
    const { refund, total } = amount
    const sub = merchant.subMerchants?.find(({ mchid }) => mchid === order.mchid)
    if (isProvider(merchant) && sub?.refundsAuthorised === false) return refuse('NO_AUTH', '特约商户未授权退款权限')
    if (order.state !== 'SUCCESS') return refuse('INVALID_REQUEST', '订单未支付成功，不能退款')
    if (total !== order.total) return refuse('INVALID_REQUEST', '订单金额与支付时不一致', { cause: 268892183 })
    if (clock.now() - order.paidAt > rules.refundAgeMs) return refuse('INVALID_REQUEST', '订单已超过可退款的最大期限')
    const standing = ofOrder(order.transactionId).filter(({ status }) => status !== 'CLOSED')
    const left = order.total - sum(standing)
    if (left === 0) return refuse('INVALID_REQUEST', '订单已全额退款', { cause: 268892177 })
    if (refund > left) return refuse('INVALID_REQUEST', '申请退款金额超过可退金额', { cause: 268449311 })
    if (standing.length >= rules.maxPartialRefunds) return refuse('INVALID_REQUEST', '订单部分退款次数超限')
    const last = Math.max(...ofOrder(order.transactionId).map(({ createdAt }) => createdAt), Number.NEGATIVE_INFINITY)
    if (clock.now() - last < rules.partialGapMs) {
      return refuse('FREQUENCY_LIMITED', '频率限制，同一订单的退款请间隔一分钟', { cause: 268448746 })
    }
    if (order.payerAbnormal) return refuse('USER_ACCOUNT_ABNORMAL', '退款请求失败，用户账户异常')
    return orders.balance(order.mchid) < refund ? refuse('NOT_ENOUGH', undefined, { cause: 268892709 }) : undefined
  }

  function accept(order: Order, wish: RefundWish, parameters: string): Refund {
    const now = clock.now()
    const refund: Refund = {
      refundId: `5030${digits(random, 24)}`,
      outRefundNo: wish.out_refund_no,
      mchid: order.mchid,
      account: order.account,
      transactionId: order.transactionId,
      amount: wish.amount.refund,
      status: 'PROCESSING',
      reason: wish.reason ?? '',
      notifyUrl: wish.notify_url,
      parameters,
      createdAt: now,
      dueAt: order.refundEnds === 'never' ? Number.POSITIVE_INFINITY : now + rules.settleMs,
    }
    const key = keyOf(order.mchid, refund.outRefundNo)
    refunds.set(key, refund)
    byOrder.set(order.transactionId, [...keysOf(order.transactionId), key])
    orders.move(order.mchid, -refund.amount)
    note(refund, 'merchant', 'refund', undefined, now)
    return refund
  }

  function settle(before: Refund, status: RefundStatus, by: 'clock' | 'platform', at: number): Refund {
    const { succeededAt: _, ...rest } = before
    const after: Refund = { ...rest, status, ...(status === 'SUCCESS' ? { succeededAt: at } : {}) }
    refunds.set(keyOf(after.mchid, after.outRefundNo), after)
    if (status === 'CLOSED') orders.move(after.mchid, after.amount)
    note(after, by, `refund-${status.toLowerCase()}`, before.status, at)
    const order = orders.byTransaction(after.transactionId)
    if (order) options.ended(after, order, at)
    return after
  }

  function note(
    refund: Refund,
    by: 'merchant' | 'clock' | 'platform',
    what: string,
    from: string | undefined,
    at: number,
  ) {
    const { mchid, transactionId, outRefundNo, amount, status, reason } = refund
    const said = what === 'refund' && reason ? { text: reason } : {}
    const moved = from === undefined ? { to: status } : { from, to: status }
    ledger.add({ mchid, by, what, transactionId, outRefundNo, amount, ...moved, ...said }, at)
  }

  function end(payee: string, outRefundNo: string, status: RefundStatus): Refund {
    const refund = refunds.get(keyOf(payee, outRefundNo))
    if (!refund) throw new Error(`no refund ${outRefundNo}`)
    if (!endsOf(refund.status).includes(status)) throw new Error(`${refund.status} cannot become ${status}`)
    return settle(refund, status, 'platform', clock.now())
  }

  function advance(now: number) {
    const due = [...refunds.values()].filter((one) => one.status === 'PROCESSING' && one.dueAt <= now)
    for (const one of due.sort((a, b) => a.dueAt - b.dueAt)) {
      const ends = orders.byTransaction(one.transactionId)?.refundEnds ?? 'SUCCESS'
      if (ends !== 'never') settle(one, ends, 'clock', one.dueAt)
    }
  }

  function moneyOf({ mchid, transactionId, outTradeNo, total, state }: Order): Money {
    const own = ofOrder(transactionId)
    const promised = sum(own.filter(({ status }) => status !== 'CLOSED'))
    const returned = sum(own.filter(({ status }) => status === 'SUCCESS'))
    return { mchid, transactionId, outTradeNo, paid: state === 'SUCCESS' ? total : 0, promised, returned, refunds: own }
  }

  return {
    apply,
    find: (payee, outRefundNo) => refunds.get(keyOf(payee, outRefundNo)),
    ofOrder,
    end,
    all: () => [...refunds.values()],
    money: () => orders.all().map(moneyOf),
    advance,
  }
}

const sum = (refunds: readonly Refund[]): number => refunds.reduce((total, { amount }) => total + amount, 0)

/** WeChat Pay docs, refunds: the same number with the same parameters refunds once. */
function parametersOf(wish: RefundWish, order: Order, rules: Rules): string {
  const money = [order.transactionId, wish.amount.refund, wish.amount.total]
  return JSON.stringify(rules.sameParameters === 'money' ? money : [...money, wish.reason, wish.notify_url])
}

const otherParameters = (): Problem => refuse('INVALID_REQUEST', '同一退款单号的参数与之前的请求不一致，请核实后再试')
