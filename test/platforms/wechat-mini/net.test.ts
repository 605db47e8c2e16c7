import { describe, expect, test } from 'vitest'
import type { Disputed } from '../../../src/complaints/notice.ts'
import { instant } from '../../../src/core/words.ts'
import { type Asked, account, platformOn, type Script, start } from './support.ts'

const seat = { account: account() }
const day = 86_400
const now = start / 1000
const listPath = '/wxa/sec/order/get_order_list'
const penaltyPath = '/wxaapi/wxamptrade/get_penalty_list'
const guaranteePath = '/wxaapi/wxamptrade/get_guarantee_status'

const order = (n: number, more: object = {}) => ({
  transaction_id: `42000021792024${n}`,
  merchant_trade_no: `T${n}`,
  description: '保温杯',
  paid_amount: 1990,
  pay_time: now - 3600,
  in_complaint: true,
  ...more,
})

async function swept(script: Script, days = 2, calls = 20) {
  const { platform, transport } = platformOn((asked) => (asked.path === listPath ? script(asked) : undefined))
  const found: Disputed[] = []
  const within = { from: instant(start - days * day * 1000), to: instant(start), calls }
  for await (const one of platform.disputed?.(seat, within) ?? []) found.push(one)
  const asked = transport.asked.filter(({ path }) => path === listPath)
  return { found, bodies: asked.map(({ body }) => JSON.parse(body.toString())) }
}
const bodyOf = ({ body }: Asked) => JSON.parse(body.toString())
const page = (rows: object[], more: object = {}) => ({
  errcode: 0,
  errmsg: 'ok',
  order_list: rows,
  has_more: false,
  ...more,
})

describe('orders in dispute', () => {
  test('are asked for a day at a time, the newest first', async () => {
    const { bodies, found } = await swept(() => page([]))
    expect(bodies).toEqual([
      { pay_time_range: { begin_time: now - day, end_time: now }, page_size: 100 },
      { pay_time_range: { begin_time: now - 2 * day, end_time: now - day }, page_size: 100 },
    ])
    expect(found).toEqual([])
  })
  test('are those that say so, with what a person needs to find them', async () => {
    const rows = [
      order(1),
      order(2, { in_complaint: false }),
      order(3, { in_complaint: undefined }),
      order(4, { transaction_id: undefined, description: '', paid_amount: -1, pay_time: 0 }),
      order(5, { transaction_id: '', merchant_trade_no: '' }),
      'nonsense',
    ]
    expect((await swept(() => page(rows as object[]), 1)).found).toEqual([
      {
        order: '420000217920241',
        outTradeNo: 'T1',
        product: '保温杯',
        paid: 1990,
        paidAt: instant(start - 3_600_000),
      },
      { outTradeNo: 'T4' },
    ])
  })
  test('of a day with many are read page by page', async () => {
    const { found, bodies } = await swept(
      (asked) =>
        page(
          [order(bodyOf(asked).last_index ? 2 : 1)],
          bodyOf(asked).last_index ? {} : { has_more: true, last_index: 'A' },
        ),
      1,
    )
    expect(found.map(({ outTradeNo }) => outTradeNo)).toEqual(['T1', 'T2'])
    expect(bodies.map((body) => body.last_index)).toEqual([undefined, 'A'])
  })
  test('never cost more calls than allowed', async () => {
    let count = 0
    const { bodies } = await swept(() => page([], { has_more: true, last_index: `i${++count}` }), 30, 7)
    expect(bodies.length).toBe(7)
    expect((await swept(() => page([]), 30, 200)).bodies.length).toBe(30)
  })
  test('a page that leads to itself ends the day', async () => {
    const { bodies } = await swept(() => page([], { has_more: true, last_index: 'A' }), 1)
    expect(bodies.length).toBe(2)
  })
  test('without the permission nobody is told of orders', async () => {
    await expect(swept(() => ({ errcode: 48001, errmsg: 'api unauthorized' }))).rejects.toMatchObject({
      trouble: 'forbidden',
      code: '48001',
    })
  })
})

describe('the rating', () => {
  const row = (n: number, more: object = {}) => ({
    illegalOrderId: String(n),
    complaintOrderId: 2157 + n,
    illegalWording: '未按约定时间发货',
    status: 2,
    minusScore: 5,
    orderId: 'payorder@42000021',
    illegalTime: now - day,
    updateTime: now,
    ...more,
  })
  const standing = (list: Script, guarantee: object) => {
    const made = platformOn((asked) =>
      asked.path === penaltyPath ? list(asked) : asked.path === guaranteePath ? guarantee : undefined,
    )
    return { ...made, read: () => made.platform.standing?.(seat) }
  }
  const good = { errcode: 0, errmsg: 'ok', isActived: true, msg: '', reasons: [] }

  test('is score, violations and guarantee, in our words', async () => {
    const rows = [row(1), row(2, { complaintOrderId: '0', orderId: '', status: 9, minusScore: '2.5', updateTime: 0 })]
    const { read } = standing(() => ({ errcode: 0, appealList: rows, currentScore: 92.5, totalNum: 2 }), {
      errcode: 0,
      isActived: false,
      msg: '未开通',
      reasons: ['类目不符', 7],
    })
    expect(await read()).toEqual({
      score: 92.5,
      penalties: [
        {
          number: '1',
          complaint: '2158',
          wording: '未按约定时间发货',
          label: '扣分审批通过',
          minus: 5,
          order: '42000021',
          at: instant(start - day * 1000),
          changedAt: instant(start),
        },
        {
          number: '2',
          wording: '未按约定时间发货',
          label: '扣分状态 9（未知）',
          minus: 2.5,
          at: instant(start - day * 1000),
        },
      ],
      guarantee: { active: false, message: '未开通', reasons: ['类目不符'] },
    })
  })
  test('reads all pages and stops', async () => {
    const { read, transport } = standing((asked) => {
      const offset = Number(asked.query.get('offset'))
      const rows = Array.from({ length: Math.min(100, 230 - offset) }, (_, n) => row(offset + n))
      return { errcode: 0, appealList: rows, currentScore: 100, totalNum: 230 }
    }, good)
    const said = await read()
    expect(new Set(said?.penalties.map(({ number }) => number)).size).toBe(230)
    const asked = transport.asked.filter(({ path }) => path === penaltyPath)
    expect(asked.map(({ query }) => [query.get('offset'), query.get('limit')])).toEqual([
      ['0', '100'],
      ['100', '100'],
      ['200', '100'],
    ])
  })
  test('that never ends is left after two thousand', async () => {
    const { read, transport } = standing(
      () => ({ errcode: 0, appealList: [row(1)], currentScore: 1, totalNum: 1e9 }),
      good,
    )
    await read()
    expect(transport.asked.filter(({ path }) => path === penaltyPath).length).toBe(20)
  })
  test('is worth having without the guarantee, for which another permission is needed', async () => {
    const { read } = standing(() => ({ errcode: 0, appealList: [], currentScore: 100, totalNum: 0 }), {
      errcode: 48001,
      errmsg: 'x',
    })
    expect(await read()).toEqual({ score: 100, penalties: [] })
  })
})
