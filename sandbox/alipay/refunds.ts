import type { Clock } from '../../src/core/clock.ts'
import { type Problem, refuse } from './errors.ts'
import type { Ledger } from './ledger.ts'
import type { Rules } from './rules.ts'
import type { Money, Refund, RefundStatus, Trade } from './trade.ts'
import type { Trades } from './trades.ts'

export interface RefundWish {
  readonly trade: Trade
  readonly outRequestNo: string | undefined
  /** Fen. */
  readonly amount: number
  readonly reason: string
}

export interface Applied {
  readonly refund: Refund
  /** Whether this very call moved money. */
  readonly moved: boolean
}

export interface Refunds {
  /** Accepts a refund, finds the one with this number, or refuses. */
  apply(wish: RefundWish): Applied | Problem
  find(tradeNo: string, outRequestNo: string): Refund | undefined
  ofTrade(tradeNo: string): readonly Refund[]
  /** What has reached the payer. Fen. */
  returned(tradeNo: string): number
  /** What is accepted, arrived or not. Fen. */
  taken(tradeNo: string): number
  end(tradeNo: string, outRequestNo: string, status: Exclude<RefundStatus, 'PROCESSING'>): Refund
  advance(now: number): void
  money(): readonly Money[]
  all(): readonly Refund[]
}

export function createRefunds(options: {
  readonly clock: Clock
  readonly rules: Rules
  readonly trades: Trades
  readonly ledger: Ledger
  /** Money has reached the payer. */
  readonly returned: (trade: Trade, at: number) => void
}): Refunds {
  const { clock, rules, trades, ledger } = options
  const refunds = new Map<string, Map<string, Refund>>()
  const find = (tradeNo: string, outRequestNo: string) => refunds.get(tradeNo)?.get(outRequestNo)
  const ofTrade = (tradeNo: string) => [...(refunds.get(tradeNo)?.values() ?? [])]
  const all = () => [...refunds.values()].flatMap((ofOne) => [...ofOne.values()])
  function keep(refund: Refund): Refund {
    const ofOne = refunds.get(refund.tradeNo) ?? new Map<string, Refund>()
    refunds.set(refund.tradeNo, ofOne.set(refund.outRequestNo, refund))
    return refund
  }
  const sum = (tradeNo: string, statuses: readonly RefundStatus[]) =>
    ofTrade(tradeNo).reduce((total, { status, amount }) => total + (statuses.includes(status) ? amount : 0), 0)
  const returned = (tradeNo: string) => sum(tradeNo, ['SUCCESS'])
  const taken = (tradeNo: string) => sum(tradeNo, ['SUCCESS', 'PROCESSING'])

  // Alipay docs, refund: the same number is refunded once only, and must say the same.
  function apply(wish: RefundWish): Applied | Problem {
    const { trade, amount } = wish
    const outRequestNo = wish.outRequestNo ?? trade.outTradeNo
    const before = find(trade.tradeNo, outRequestNo)
    if (before && before.amount !== amount) return refuse('ACQ.DISCORDANT_REPEAT_REQUEST')
    if (before && before.status !== 'FAILED') return { refund: before, moved: false }
    const wrong = refusal(wish)
    if (wrong) return wrong
    trades.move(trade.pid, -amount)
    const { pid, tradeNo } = trade
    const now = clock.now()
    const accepted: Refund = {
      tradeNo,
      outRequestNo,
      pid,
      amount,
      reason: wish.reason,
      status: 'PROCESSING',
      createdAt: now,
      dueAt: now + rules.settleMs,
    }
    keep(accepted)
    ledger.add({ pid, by: 'merchant', what: 'refund', tradeNo, outRequestNo, amount, text: wish.reason })
    if (trade.refundEnds !== 'at-once') return { refund: accepted, moved: false }
    return { refund: finish(accepted, 'SUCCESS', now), moved: true }
  }

  function refusal({ trade, amount, outRequestNo }: RefundWish): Problem | undefined {
    const { tradeNo, total } = trade
    if (trade.state === 'WAIT_BUYER_PAY') return refuse('ACQ.TRADE_STATUS_ERROR')
    if (trade.state === 'TRADE_FINISHED') return refuse('ACQ.TRADE_HAS_FINISHED')
    if (trade.state === 'TRADE_CLOSED' || returned(tradeNo) >= total) return refuse('ACQ.TRADE_HAS_CLOSE')
    if (clock.now() - trade.paidAt > rules.refundAgeMs) return refuse('ACQ.TRADE_NOT_ALLOW_REFUND')
    if (outRequestNo === undefined && amount < total)
      return refuse('ACQ.INVALID_PARAMETER', '部分退款必须传入out_request_no')
    if (taken(tradeNo) + amount > total) return refuse('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL')
    return trades.balance(trade.pid) < amount ? refuse('ACQ.SELLER_BALANCE_NOT_ENOUGH') : undefined
  }

  function finish(refund: Refund, status: Exclude<RefundStatus, 'PROCESSING'>, at: number): Refund {
    const { tradeNo, outRequestNo, pid, amount } = refund
    const ended = { ...refund, status, ...(status === 'SUCCESS' ? { succeededAt: at } : {}) }
    keep(ended)
    const success = status === 'SUCCESS'
    ledger.add(
      { pid, by: 'clock', what: success ? 'refund-success' : 'refund-failed', tradeNo, outRequestNo, amount },
      at,
    )
    const trade = trades.byNo(tradeNo)
    if (!success) trades.move(pid, amount)
    else if (trade) options.returned(trade, at)
    return ended
  }

  function advance(now: number) {
    const due = all().filter(({ status, dueAt }) => status === 'PROCESSING' && dueAt <= now)
    for (const one of due.sort((a, b) => a.dueAt - b.dueAt)) {
      const ends = trades.byNo(one.tradeNo)?.refundEnds
      if (ends !== 'never') finish(one, ends === 'fails' ? 'FAILED' : 'SUCCESS', one.dueAt)
    }
  }

  return {
    apply,
    find,
    ofTrade,
    returned,
    taken,
    end(tradeNo, outRequestNo, status) {
      const found = find(tradeNo, outRequestNo)
      if (found?.status !== 'PROCESSING') throw new Error(`no open refund ${outRequestNo}`)
      return finish(found, status, clock.now())
    },
    advance,
    money: () =>
      trades
        .all()
        .filter(({ tradeNo }) => trades.isPaid(tradeNo))
        .map(({ pid, tradeNo, outTradeNo, total }) => ({
          pid,
          tradeNo,
          outTradeNo,
          paid: total,
          promised: sum(tradeNo, ['PROCESSING']),
          returned: returned(tradeNo),
          refunds: ofTrade(tradeNo),
        })),
    all,
  }
}
