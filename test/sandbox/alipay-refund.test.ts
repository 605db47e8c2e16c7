import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TradeWish } from '../../sandbox/alipay/index.ts'
import { bookshop, cafe, isv, openWorld, type World } from './alipay-world.ts'

let world: World
let token: string
beforeEach(async () => {
  world = await openWorld()
  token = (await world.alipay.authorise(isv, cafe.pid)).token
})
afterEach(() => world.close())

const trade = (more: Partial<TradeWish> = {}) => world.alipay.trade({ pid: cafe.pid, total: 1990, ...more })
const refund = (tradeNo: string, amount: string, number?: string, more: object = {}) =>
  world.exec('alipay.trade.refund', {
    token,
    biz: { trade_no: tradeNo, refund_amount: amount, ...(number ? { out_request_no: number } : {}), ...more },
  })
const look = async (tradeNo: string, number: string, more: object = {}) => {
  const biz = { trade_no: tradeNo, out_request_no: number, ...more }
  return (await world.exec('alipay.trade.fastpay.refund.query', { token, biz })).inner
}
const money = (tradeNo: string) => world.alipay.money().find((one) => one.tradeNo === tradeNo)

describe('a refund', () => {
  test('moves money once, however often its number comes', async () => {
    const { tradeNo, outTradeNo } = await trade()
    const before = world.alipay.balance(cafe.pid)
    const first = await refund(tradeNo, '5.5', 'r1', { refund_reason: '少发一件' })
    expect(first.inner).toMatchObject({
      code: '10000',
      fund_change: 'Y',
      refund_fee: '5.50',
      trade_no: tradeNo,
      out_trade_no: outTradeNo,
      gmt_refund_pay: '2026-11-21 10:00:00',
    })
    expect((await refund(tradeNo, '5.50', 'r1')).inner).toMatchObject({ fund_change: 'N', refund_fee: '5.50' })
    expect((await refund(tradeNo, '5.51', 'r1')).inner.sub_code).toBe('ACQ.DISCORDANT_REPEAT_REQUEST')
    expect((await refund(tradeNo, '4.50', 'r2')).inner).toMatchObject({ fund_change: 'Y', refund_fee: '10.00' })
    expect(money(tradeNo)).toMatchObject({ paid: 1990, returned: 1000, promised: 0 })
    expect(before - world.alipay.balance(cafe.pid)).toBe(1000)
    expect(world.alipay.ledger().filter(({ what }) => what === 'refund')).toHaveLength(2)
  })

  test('of everything closes the trade, and no other number gets through', async () => {
    const { tradeNo } = await trade()
    await refund(tradeNo, '19.90', 'r1')
    const seen = await world.exec('alipay.trade.query', { token, biz: { trade_no: tradeNo } })
    expect(seen.inner.trade_status).toBe('TRADE_CLOSED')
    expect((await refund(tradeNo, '0.01', 'r2')).inner.sub_code).toBe('ACQ.TRADE_HAS_CLOSE')
    expect((await refund(tradeNo, '19.90', 'r1')).inner.fund_change).toBe('N')
  })

  test('without a number takes the trade’s own, and then only of everything', async () => {
    const { tradeNo, outTradeNo } = await trade()
    expect((await refund(tradeNo, '1.00')).inner.sub_code).toBe('ACQ.INVALID_PARAMETER')
    expect((await refund(tradeNo, '19.90')).inner.fund_change).toBe('Y')
    expect((await look(tradeNo, outTradeNo)).refund_status).toBe('REFUND_SUCCESS')
  })

  test('is found by the payee’s own number of the trade, and trade_no wins', async () => {
    const one = await trade()
    const other = await trade()
    const biz = { out_trade_no: one.outTradeNo, refund_amount: '1.00', out_request_no: 'r1' }
    expect((await world.exec('alipay.trade.refund', { token, biz })).inner.trade_no).toBe(one.tradeNo)
    const both = { ...biz, trade_no: other.tradeNo }
    expect((await world.exec('alipay.trade.refund', { token, biz: both })).inner.trade_no).toBe(other.tradeNo)
  })

  const refused: readonly (readonly [string, Partial<TradeWish>, string, string])[] = [
    ['more than was paid', {}, '19.91', 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL'],
    ['a finished trade', { state: 'TRADE_FINISHED' }, '1.00', 'ACQ.TRADE_HAS_FINISHED'],
    ['a closed trade', { state: 'TRADE_CLOSED' }, '1.00', 'ACQ.TRADE_HAS_CLOSE'],
    ['an unpaid trade', { state: 'WAIT_BUYER_PAY' }, '1.00', 'ACQ.TRADE_STATUS_ERROR'],
    ['a trade of two years ago', { paidAt: Date.UTC(2024, 10, 1) }, '1.00', 'ACQ.TRADE_NOT_ALLOW_REFUND'],
    ['nothing', {}, '0.00', 'ACQ.INVALID_PARAMETER'],
    ['three decimals', {}, '1.001', 'ACQ.INVALID_PARAMETER'],
    ['another merchant’s trade', { pid: bookshop.pid }, '1.00', 'ACQ.TRADE_NOT_EXIST'],
  ]
  test.each(refused)('of %s is refused', async (_, facts, amount, code) => {
    const { tradeNo } = await trade(facts)
    expect((await refund(tradeNo, amount, 'r1')).inner).toMatchObject({ code: '40004', sub_code: code })
    expect(world.alipay.refunds()).toEqual([])
  })

  test('needs money, and works with the same number once there is some', async () => {
    const { tradeNo } = await trade()
    world.alipay.setBalance(cafe.pid, 100)
    expect((await refund(tradeNo, '5.00', 'r1')).inner.sub_code).toBe('ACQ.SELLER_BALANCE_NOT_ENOUGH')
    world.alipay.setBalance(cafe.pid, 500)
    expect((await refund(tradeNo, '5.00', 'r1')).inner.fund_change).toBe('Y')
    expect(world.alipay.balance(cafe.pid)).toBe(0)
  })

  test('with a parameter that nobody documents is refused', async () => {
    const { tradeNo } = await trade()
    expect((await refund(tradeNo, '1.00', 'r1', { refund_currency: 'CNY' })).inner.sub_code).toBe(
      'ACQ.INVALID_PARAMETER',
    )
  })
})

describe('the query of a refund', () => {
  test('says success only where it says so', async () => {
    const { tradeNo, outTradeNo } = await trade({ refundEnds: 'later' })
    expect((await refund(tradeNo, '5.00', 'r1')).inner.fund_change).toBe('N')
    const nothing = { code: '10000', msg: 'Success', trade_no: tradeNo, out_trade_no: outTradeNo, out_request_no: 'r1' }
    expect(await look(tradeNo, 'r1')).toEqual(nothing)
    expect(await look(tradeNo, 'never')).toEqual({ ...nothing, out_request_no: 'never' })
    expect(money(tradeNo)).toMatchObject({ promised: 500, returned: 0 })
    await world.pass(30_000)
    expect(await look(tradeNo, 'r1', { query_options: ['gmt_refund_pay'] })).toEqual({
      ...nothing,
      refund_status: 'REFUND_SUCCESS',
      refund_amount: '5.00',
      total_amount: '19.90',
      gmt_refund_pay: '2026-11-21 10:00:30',
    })
    expect(money(tradeNo)).toMatchObject({ promised: 0, returned: 500 })
  })

  test('does not see a refund before its time', async () => {
    world.alipay.setRules({ refundVisibleMs: 10_000 })
    const { tradeNo } = await trade()
    await refund(tradeNo, '5.00', 'r1')
    expect((await look(tradeNo, 'r1')).refund_status).toBeUndefined()
    await world.pass(10_000)
    expect((await look(tradeNo, 'r1')).refund_status).toBe('REFUND_SUCCESS')
  })

  test('a refund that is lost gives the money back, and its number works again', async () => {
    const { tradeNo } = await trade({ refundEnds: 'fails' })
    const before = world.alipay.balance(cafe.pid)
    await refund(tradeNo, '5.00', 'r1')
    await world.pass(30_000)
    expect((await look(tradeNo, 'r1')).refund_status).toBeUndefined()
    expect(world.alipay.balance(cafe.pid)).toBe(before)
    await trade({ tradeNo, refundEnds: 'at-once' })
    expect((await refund(tradeNo, '6.00', 'r1')).inner.sub_code).toBe('ACQ.DISCORDANT_REPEAT_REQUEST')
    expect((await refund(tradeNo, '5.00', 'r1')).inner.fund_change).toBe('Y')
    expect(money(tradeNo)).toMatchObject({ returned: 500 })
  })

  test('a refund that never ends can be ended by hand', async () => {
    const { tradeNo } = await trade({ refundEnds: 'never' })
    await refund(tradeNo, '5.00', 'r1')
    await world.pass(86_400_000)
    expect((await look(tradeNo, 'r1')).refund_status).toBeUndefined()
    await world.alipay.endRefund(tradeNo, 'r1', 'SUCCESS')
    expect((await look(tradeNo, 'r1')).refund_status).toBe('REFUND_SUCCESS')
    await expect(world.alipay.endRefund(tradeNo, 'r1', 'FAILED')).rejects.toThrow('no open refund')
  })
})

test('a trade that is paid later counts from then on', async () => {
  const { tradeNo } = await trade({ state: 'WAIT_BUYER_PAY' })
  const before = world.alipay.balance(cafe.pid)
  expect(money(tradeNo)).toBeUndefined()
  await trade({ tradeNo, state: 'TRADE_SUCCESS' })
  expect([world.alipay.balance(cafe.pid) - before, money(tradeNo)?.paid]).toEqual([1990, 1990])
  expect((await refund(tradeNo, '19.90', 'r1')).inner.fund_change).toBe('Y')
})

test('v3 refunds and asks by the same numbers', async () => {
  const { tradeNo } = await trade()
  const biz = { trade_no: tradeNo, refund_amount: '5.00', out_request_no: 'r1' }
  expect((await world.v3('POST', '/v3/alipay/trade/refund', { biz, token })).json.fund_change).toBe('Y')
  expect((await refund(tradeNo, '5.00', 'r1')).inner.fund_change).toBe('N')
  const asked = { trade_no: tradeNo, out_request_no: 'r1' }
  const seen = await world.v3('POST', '/v3/alipay/trade/fastpay/refund/query', { biz: asked, token })
  expect(seen.json.refund_status).toBe('REFUND_SUCCESS')
})
