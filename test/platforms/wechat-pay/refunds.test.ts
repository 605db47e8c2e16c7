import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OutsideError } from '../../../src/core/errors.ts'
import { fen } from '../../../src/core/words.ts'
import { payeeOf } from '../../../src/platforms/wechat-pay/orders.ts'
import { actedOf, type RefundWish, wrongWish } from '../../../src/platforms/wechat-pay/refund.ts'
import {
  type Answer,
  account,
  failureOf,
  keys,
  mchid,
  merchant,
  platformOn,
  provider,
  refuse,
  type Script,
  said,
} from './support.ts'

const root = '/v3/refund/domestic/refunds'
const transaction = '4200000404201909069117582536'
const wish: RefundWish = {
  number: 'rdabcdefghijklmnopqrstuvwxyz23',
  order: { transaction },
  amount: fen(990),
  total: fen(1990),
  reason: '商品有损坏',
  notifyUrl: 'https://redress.example/hooks/acc_1',
}
const payee = { account: account() }

const refund = (status: string, over: object = {}) => ({
  refund_id: '50000000382019052709732678859',
  out_refund_no: wish.number,
  transaction_id: transaction,
  out_trade_no: 'T1',
  channel: 'ORIGINAL',
  user_received_account: '招商银行信用卡0403',
  create_time: '2026-11-21T16:00:00+08:00',
  status,
  ...(status === 'SUCCESS' ? { success_time: '2026-11-21T16:00:05+08:00' } : {}),
  amount: { total: 1990, refund: 990, payer_total: 1990, payer_refund: 990, currency: 'CNY' },
  ...over,
})
const absent = refuse(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')

/** What is answered to the wish, and what stands under its number. */
function world(create: Answer, query: Answer = absent) {
  const made = platformOn((asked) => (asked.method === 'POST' ? create : query))
  return {
    ...made,
    ...made.platform.payments,
    posts: () => made.transport.asked.filter((one) => one.method === 'POST'),
  }
}

describe('asking for a refund', () => {
  test('says the number, the order and the money in whole fen', async () => {
    const { createRefund, transport } = world(refund('PROCESSING'))
    await createRefund(payee, wish)
    expect(transport.targets()).toEqual([`POST ${root}`])
    expect(transport.asked[0]?.json()).toEqual({
      transaction_id: transaction,
      out_refund_no: wish.number,
      reason: '商品有损坏',
      notify_url: 'https://redress.example/hooks/acc_1',
      amount: { refund: 990, total: 1990, currency: 'CNY' },
    })
  })
  test('by a provider names the sub-merchant, by a merchant never', async () => {
    const { createRefund, queryRefund, transport } = world(refund('PROCESSING'), refund('PROCESSING'))
    const sub = payeeOf({ account: provider(), merchant })
    await createRefund(sub, { ...wish, order: { outTradeNo: 'T1' } })
    await queryRefund(sub, wish.number)
    expect(transport.asked[0]?.json()).toMatchObject({ sub_mchid: '1600000001', out_trade_no: 'T1' })
    expect(transport.asked[1]?.target).toBe(`${root}/${wish.number}?sub_mchid=1600000001`)
    expect(payeeOf({ account: account(), merchant })).toEqual({ account: account() })
    expect(() => payeeOf({ account: provider() })).toThrow(/子商户/)
  })
  test.each([
    [
      'SUCCESS',
      {
        outcome: 'done',
        refund: { arrivedAt: '2026-11-21T08:00:05.000Z', amount: 990, receivedBy: '招商银行信用卡0403' },
      },
    ],
    ['PROCESSING', { outcome: 'underway', abnormal: false }],
    ['ABNORMAL', { outcome: 'underway', abnormal: true }],
    ['CLOSED', { outcome: 'failed', next: 'closed', code: 'CLOSED' }],
    ['SOMETHING', { outcome: 'unknown' }],
  ])('%s', async (status, outcome) => {
    expect(await world(refund(status)).createRefund(payee, wish)).toMatchObject(outcome)
    expect(await world(absent, refund(status)).queryRefund(payee, wish.number, wish)).toMatchObject(outcome)
  })
})

describe('what an answer means', () => {
  const rows: [string, Answer, object][] = [
    ['400 PARAM_ERROR', refuse(400, 'PARAM_ERROR'), { outcome: 'failed', next: 'never' }],
    ['400 INVALID_REQUEST', refuse(400, 'INVALID_REQUEST', '订单已全额退款'), { outcome: 'failed', next: 'never' }],
    ['401 SIGN_ERROR', refuse(401, 'SIGN_ERROR'), { outcome: 'failed', next: 'mended' }],
    ['403 NOT_ENOUGH', refuse(403, 'NOT_ENOUGH'), { outcome: 'failed', next: 'mended' }],
    ['403 USER_ACCOUNT_ABNORMAL', refuse(403, 'USER_ACCOUNT_ABNORMAL'), { outcome: 'failed', next: 'never' }],
    ['403 NO_AUTH', refuse(403, 'NO_AUTH'), { outcome: 'failed', next: 'mended' }],
    ['404 MCH_NOT_EXISTS', refuse(404, 'MCH_NOT_EXISTS'), { outcome: 'failed', next: 'never' }],
    ['404 RESOURCE_NOT_EXISTS', refuse(404, 'RESOURCE_NOT_EXISTS'), { outcome: 'failed', next: 'never' }],
    ['a code of next year', refuse(400, 'NEW'), { outcome: 'failed', next: 'never' }],
    ['429', refuse(429, 'FREQUENCY_LIMITED'), { outcome: 'unknown' }],
    ['500', refuse(500, 'SYSTEM_ERROR'), { outcome: 'unknown' }],
    ['502 with a page', said({ status: 502, body: '<html>' }), { outcome: 'unknown' }],
    ['400 with a page', said({ status: 400, body: '<html>' }), { outcome: 'unknown' }],
    ['no answer', new OutsideError('unknown', 'cut'), { outcome: 'unknown' }],
    ['nothing sent', new OutsideError('unreachable', 'refused'), { outcome: 'failed', next: 'later' }],
    [
      '200 signed by a stranger',
      said({ json: refund('SUCCESS'), how: { key: keys.stranger.privateKey } }),
      { outcome: 'unknown' },
    ],
    ['200 unsigned', said({ json: refund('SUCCESS'), how: { drop: 'wechatpay-signature' } }), { outcome: 'unknown' }],
    [
      'their probe',
      said({ json: refund('SUCCESS'), how: { headers: { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/x' } } }),
      { outcome: 'unknown' },
    ],
    ['a signed nothing', said({ json: {} }), { outcome: 'unknown' }],
    ['another number', refund('SUCCESS', { out_refund_no: 'rdother' }), { outcome: 'unknown' }],
    ['another amount', refund('SUCCESS', { amount: { total: 1990, refund: 1 } }), { outcome: 'differs' }],
    ['another order', refund('SUCCESS', { transaction_id: '4200000404201909069117582537' }), { outcome: 'differs' }],
    ['another total', refund('SUCCESS', { amount: { total: 5000, refund: 990 } }), { outcome: 'differs' }],
  ]
  test.each(rows)('%s', async (_, answer, outcome) => {
    const { createRefund, posts } = world(answer)
    expect(await createRefund(payee, wish)).toMatchObject(outcome)
    expect(posts().length).toBe(1)
  })
  test.each(rows)('%s: never by itself another number', async (_, answer) => {
    const { createRefund, transport } = world(answer)
    await createRefund(payee, wish)
    const numbers = transport.asked.map((one) =>
      one.method === 'POST' ? JSON.parse(one.body.toString()).out_refund_no : one.path.slice(root.length + 1),
    )
    expect(new Set(numbers)).toEqual(new Set([wish.number]))
  })
})

describe('a refusal is believed only when nothing stands under the number', () => {
  const refusals = [
    refuse(400, 'INVALID_REQUEST', '订单已全额退款'),
    refuse(403, 'NOT_ENOUGH'),
    refuse(404, 'RESOURCE_NOT_EXISTS'),
  ]
  test.each(refusals)('an earlier call had worked %#', async (answer) => {
    expect(await world(answer, refund('SUCCESS')).createRefund(payee, wish)).toMatchObject({ outcome: 'done' })
    expect(await world(answer, refund('PROCESSING')).createRefund(payee, wish)).toMatchObject({ outcome: 'underway' })
    expect(await world(answer, refund('CLOSED')).createRefund(payee, wish)).toMatchObject({ next: 'closed' })
  })
  test.each(refusals)('and nobody can say what stands there: unknown %#', async (answer) =>
    expect(await world(answer, refuse(500, 'SYSTEM_ERROR')).createRefund(payee, wish)).toMatchObject({
      outcome: 'unknown',
    }),
  )
  test('with other parameters: a person must look', async () => {
    const other = refund('SUCCESS', { amount: { total: 1990, refund: 1 } })
    expect(await world(refuse(400, 'INVALID_REQUEST'), other).createRefund(payee, wish)).toMatchObject({
      outcome: 'differs',
    })
  })
})

describe('asking by the number', () => {
  test.each([
    ['not there', absent, { outcome: 'absent' }],
    ['not there, at 400', refuse(400, 'RESOURCE_NOT_EXISTS'), { outcome: 'absent' }],
    ['a 404 that says nothing', said({ status: 404, body: '' }), { outcome: 'unknown' }],
    ['no such mchid', refuse(404, 'MCH_NOT_EXISTS'), { outcome: 'unknown' }],
    ['no answer', new OutsideError('unknown', 'cut'), { outcome: 'unknown' }],
    ['nothing sent', new OutsideError('unreachable', 'x'), { outcome: 'unknown' }],
    ['429', refuse(429, 'FREQUENCY_LIMITED'), { outcome: 'unknown' }],
    [
      'signed by a stranger',
      said({ json: refund('SUCCESS'), how: { key: keys.stranger.privateKey } }),
      { outcome: 'unknown' },
    ],
    ['another number', refund('SUCCESS', { out_refund_no: 'rdother' }), { outcome: 'unknown' }],
  ])('%s', async (_, answer, outcome) =>
    expect(await world(absent, answer).queryRefund(payee, wish.number)).toMatchObject(outcome),
  )
  test('without the wish takes what stands there', async () => {
    const there = refund('SUCCESS', { amount: { total: 7, refund: 3 } })
    expect(await world(absent, there).queryRefund(payee, wish.number)).toMatchObject({
      outcome: 'done',
      refund: { amount: 3, total: 7 },
    })
  })
})

describe('a wish that would not be taken never leaves', () => {
  test.each([
    [{ number: 'rd1' }, '退款单号'],
    [{ number: 'x'.repeat(65) }, '退款单号'],
    [{ number: 'rd 123456' }, '退款单号'],
    [{ amount: fen(0) }, '大于 0'],
    [{ amount: fen(1991) }, '不超过'],
    [{ reason: '很'.repeat(27) }, '81 字节'],
    [{ reason: '谢谢😀' }, '字符'],
    [{ order: { transaction: '' } }, '订单号'],
    [{ order: { outTradeNo: '../x' } }, '订单号'],
  ])('%j: %s', async (over, words) => {
    const { createRefund, transport } = world(refund('SUCCESS'))
    expect(await createRefund(payee, { ...wish, ...over })).toMatchObject({
      outcome: 'failed',
      next: 'never',
      message: expect.stringContaining(words),
    })
    expect(transport.asked).toEqual([])
  })
  test('exactly the amounts from 1 to the total are taken', () => {
    const sums = fc.tuple(fc.nat(10_000), fc.nat(10_000))
    fc.assert(
      fc.property(sums, ([amount, total]) => {
        const fine = amount >= 1 && amount <= total
        expect(wrongWish({ ...wish, amount: fen(amount), total: fen(total) }) === undefined).toBe(fine)
      }),
    )
  })
  test('a blank reason is none', async () => {
    const { createRefund, transport } = world(refund('SUCCESS'))
    await createRefund(payee, { ...wish, reason: ' ' })
    expect(transport.asked[0]?.json()).not.toHaveProperty('reason')
  })
})

test('as a deed says it', async () => {
  const outcomes = await Promise.all(
    [
      refund('SUCCESS'),
      refund('ABNORMAL'),
      refund('CLOSED'),
      refuse(500, 'SYSTEM_ERROR'),
      new OutsideError('unreachable', 'x'),
    ].map(async (answer) => actedOf(await world(answer).createRefund(payee, wish))),
  )
  expect(outcomes).toMatchObject([
    { outcome: 'done', reference: '50000000382019052709732678859' },
    { outcome: 'underway' },
    { outcome: 'failed', again: false },
    { outcome: 'unknown' },
    { outcome: 'failed', again: true },
  ])
  expect(actedOf({ outcome: 'absent' })).toEqual({ outcome: 'absent' })
})

describe('orders', () => {
  const order = (over: object = {}) => ({
    transaction_id: transaction,
    out_trade_no: 'T1',
    trade_state: 'SUCCESS',
    success_time: '2026-11-20T10:00:00+08:00',
    amount: { total: 1990, payer_total: 1900, currency: 'CNY' },
    ...over,
  })
  const on = (answer: Answer, script: Script = () => answer) => platformOn(script)
  test('are asked for by either number', async () => {
    const { platform, transport } = on(order())
    expect(await platform.payments.queryOrder(payee, { transaction })).toEqual({
      transaction,
      outTradeNo: 'T1',
      state: 'SUCCESS',
      total: 1990,
      payerTotal: 1900,
      paidAt: '2026-11-20T02:00:00.000Z',
    })
    await platform.payments.queryOrder(payee, { outTradeNo: 'T1' })
    await platform.payments.queryOrder(payeeOf({ account: provider(), merchant }), { transaction })
    expect(transport.targets()).toEqual([
      `GET /v3/pay/transactions/id/${transaction}?mchid=${mchid}`,
      `GET /v3/pay/transactions/out-trade-no/T1?mchid=${mchid}`,
      `GET /v3/pay/partner/transactions/id/${transaction}?sp_mchid=${mchid}&sub_mchid=1600000001`,
    ])
  })
  test('tell what was paid, and whether something was given back, never how much', async () => {
    const seat = { account: account() }
    const states = { SUCCESS: 0, REFUND: 'unknown', NOTPAY: undefined, CLOSED: undefined, REVOKED: undefined } as const
    for (const [trade_state, refunded] of Object.entries(states)) {
      const found = await on(order({ trade_state })).platform.orders?.(seat, [transaction])
      expect(found).toEqual(
        refunded === undefined
          ? []
          : [{ number: transaction, paid: 1990, refunded, paidAt: '2026-11-20T02:00:00.000Z' }],
      )
    }
  })
  test('that are not there are none', async () => {
    for (const code of ['ORDER_NOT_EXIST', 'ORDERNOTEXIST', 'RESOURCE_NOT_EXISTS']) {
      const { platform } = on(refuse(404, code))
      expect(await platform.payments.queryOrder(payee, { transaction })).toBeUndefined()
      expect(await platform.orders?.({ account: account() }, [transaction])).toEqual([])
    }
  })
  test.each([
    ['another order', order({ transaction_id: '1' })],
    ['of another merchant', order({ mchid: '1999999999' })],
    ['paid, without an amount', order({ amount: undefined })],
    ['not signed', said({ json: order(), how: { drop: 'wechatpay-signature' } })],
    ['no permission', refuse(403, 'NO_AUTH')],
  ])('%s is an error, never an amount', async (_, answer) => {
    expect(await failureOf(on(answer).platform.payments.queryOrder(payee, { transaction }))).toBeInstanceOf(
      OutsideError,
    )
  })
  test('that were never paid have no amount', async () => {
    const { platform } = on(order({ trade_state: 'NOTPAY', amount: undefined, transaction_id: undefined }))
    expect(await platform.payments.queryOrder(payee, { outTradeNo: 'T1' })).toMatchObject({ state: 'NOTPAY', total: 0 })
  })
})
