import { digits, type Merchant, type Random } from './app.ts'
import type { Ledger } from './ledger.ts'
import type { Rules } from './rules.ts'
import { beijing } from './time.ts'
import type { Trade, TradeWish } from './trade.ts'

export interface Trades {
  /** A new trade, or new facts about the one with this number. */
  put(wish: TradeWish): Trade
  byNo(tradeNo: string): Trade | undefined
  /** By the payee's own number for it. */
  named(pid: string, outTradeNo: string): Trade | undefined
  all(): readonly Trade[]
  isPaid(tradeNo: string): boolean
  balance(pid: string): number
  /** Adds fen, or takes them. */
  move(pid: string, fen: number): void
}

export function createTrades(options: {
  readonly random: Random
  readonly now: () => number
  readonly rules: Rules
  readonly merchants: readonly Merchant[]
  readonly ledger: Ledger
}): Trades {
  const { random, rules } = options
  const trades = new Map<string, Trade>()
  const numbers = new Map<string, string>()
  const balances = new Map<string, number>()
  const paid = new Set<string>()
  const keyOf = (pid: string, outTradeNo: string) => `${pid} ${outTradeNo}`
  const balance = (pid: string) => balances.get(pid) ?? rules.startBalance
  const move = (pid: string, fen: number) => void balances.set(pid, balance(pid) + fen)

  function put(wish: TradeWish): Trade {
    const before = trades.get(wish.tradeNo ?? '')
    const trade = { ...(before ?? made(wish.pid)), ...wish }
    const taken = numbers.get(keyOf(trade.pid, trade.outTradeNo))
    if (taken !== undefined && taken !== trade.tradeNo) throw new Error(`trade ${trade.outTradeNo} is there`)
    trades.set(trade.tradeNo, trade)
    numbers.set(keyOf(trade.pid, trade.outTradeNo), trade.tradeNo)
    if (paid.has(trade.tradeNo) || trade.state === 'WAIT_BUYER_PAY' || trade.state === 'TRADE_CLOSED') return trade
    paid.add(trade.tradeNo)
    move(trade.pid, trade.total)
    options.ledger.add({ pid: trade.pid, by: 'customer', what: 'paid', tradeNo: trade.tradeNo, amount: trade.total })
    return trade
  }

  function made(pid: string): Trade {
    if (!options.merchants.some((one) => one.pid === pid)) throw new Error(`no merchant ${pid}`)
    const paidAt = options.now() - 3_600_000
    const day = beijing(paidAt).slice(0, 10).replaceAll('-', '')
    return {
      tradeNo: `${day}2200${digits(random, 16)}`,
      outTradeNo: `A${Math.floor(paidAt / 1000)}${digits(random, 8)}`,
      pid,
      subject: '手冲咖啡体验课',
      total: 1990,
      paidAt,
      state: 'TRADE_SUCCESS',
      buyerUserId: `2088${digits(random, 12)}`,
      buyerLogonId: `159****${digits(random, 4)}`,
      refundEnds: 'at-once',
    }
  }

  return {
    put,
    byNo: (tradeNo) => trades.get(tradeNo),
    named: (pid, outTradeNo) => trades.get(numbers.get(keyOf(pid, outTradeNo)) ?? ''),
    all: () => [...trades.values()],
    isPaid: (tradeNo) => paid.has(tradeNo),
    balance,
    move,
  }
}
