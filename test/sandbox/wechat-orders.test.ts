import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, start, type World } from './wechat-world.ts'

// WeChat docs, 发货信息管理: get_order and get_order_list; quota/get and the limits.
let w: World
let token: string
const appid = 'wxba5fad812f8e6fb9'
const other = 'wx0000000000000002'
const now = start / 1000

beforeEach(async () => {
  w = await openWorld({ programs: [{ orderShipping: true, merchantId: '1900000001' }, { appid: other }] })
  token = await w.token()
})
afterEach(() => w.close())

type Row = { transaction_id: string; in_complaint: boolean; order_state: number; openid: string }
type Page = { errcode: number; order_list: Row[]; has_more: boolean; last_index: string }
const call = (name: string, body: unknown, by = token) => w.post(`/wxa/sec/order/${name}?access_token=${by}`, body)
const list = async (body: object = {}) => (await call('get_order_list', body)) as unknown as Page
const numbers = async (body: object = {}) => (await list(body)).order_list.map((row) => row.transaction_id.slice(-2))
const number = (index: number) => `42000012342026112100000000${String(index).padStart(2, '0')}`
const quiet = (index: number, more: object = {}) =>
  w.wechat.order({ appid, transactionId: number(index), paidAt: now - index * 3600, ...more })

test('the order of a complaint, whole; a withheld push does not hide it', async () => {
  w.wechat.misbehave({ on: 'push', how: 'withheld' })
  const said = { appid, transactionId: number(1), outTradeNo: 'M1', product: '茶具', amount: 23_800, openid: 'oUser_1' }
  const { id } = await w.wechat.complain({ ...said, paidAt: now - 3600 })
  await w.wechat.idle()
  expect(w.received).toEqual([])
  const order = {
    transaction_id: number(1),
    merchant_id: '1900000001',
    sub_merchant_id: '',
    merchant_trade_no: 'M1',
    description: '茶具',
    paid_amount: 23_800,
    openid: 'oUser_1',
    trade_create_time: now - 3608,
    pay_time: now - 3600,
    order_state: 2,
    in_complaint: true,
    shipping: {
      delivery_mode: 1,
      logistics_type: 1,
      finish_shipping: true,
      goods_desc: '茶具',
      finish_shipping_count: 1,
      shipping_list: [
        {
          tracking_no: expect.stringMatching(/^SF1\d{12}$/),
          express_company: 'SF',
          goods_desc: '茶具',
          upload_time: expect.any(Number),
          contact: { consignor_contact: expect.stringContaining('****'), receiver_contact: '' },
        },
      ],
    },
  }
  expect(await call('get_order', { transaction_id: number(1) })).toEqual({ errcode: 0, errmsg: 'ok', order })
  expect(await call('get_order', { merchant_id: '1900000001', merchant_trade_no: 'M1' })).toMatchObject({ order })
  expect(await list()).toEqual({
    errcode: 0,
    errmsg: 'ok',
    order_list: [order],
    has_more: false,
    last_index: expect.any(String),
  })
  await w.wechat.move(id, { kind: 'withdraw' })
  expect(await list()).toMatchObject({ order_list: [{ in_complaint: false }] })
})

test('a quiet order, not shipped; a complaint about it takes its facts; a second word changes it', async () => {
  await quiet(1, { state: 1, amount: 700, product: '杯子', openid: 'oUser_2', outTradeNo: 'M2' })
  const shown = async () => (await call('get_order', { transaction_id: number(1) })).order
  expect(await shown()).toMatchObject({ order_state: 1, in_complaint: false, paid_amount: 700 })
  expect(await shown()).not.toHaveProperty('shipping')
  const complaint = await w.wechat.complain({ appid, transactionId: number(1) })
  expect(complaint).toMatchObject({ amount: 700, product: '杯子', openid: 'oUser_2', outTradeNo: 'M2' })
  await quiet(1, { state: 5 })
  expect(await shown()).toMatchObject({ order_state: 5, in_complaint: true, paid_amount: 700 })
  expect(w.wechat.orders()).toHaveLength(1)
})

test('no such order 10060001: unknown, another merchant’s, another mini program’s', async () => {
  const elsewhere = await w.wechat.order({ appid: other })
  await quiet(1, { outTradeNo: 'M1' })
  for (const body of [
    {},
    { transaction_id: number(9) },
    { transaction_id: elsewhere.transactionId },
    { merchant_id: '1900000002', merchant_trade_no: 'M1' },
    { merchant_id: '1900000001', sub_merchant_id: '16', merchant_trade_no: 'M1' },
  ])
    expect((await call('get_order', body)).errcode).toBe(10060001)
})

test('without order shipping: 48001', async () => {
  const foreign = await w.token(other)
  expect((await call('get_order', { transaction_id: number(1) }, foreign)).errcode).toBe(48001)
  expect((await call('get_order_list', {}, foreign)).errcode).toBe(48001)
})

test('the filters: time with both ends, state, openid', async () => {
  for (let index = 1; index <= 5; index++) await quiet(index, { state: index, openid: `oUser_${index % 2}` })
  expect(await numbers()).toEqual(['01', '02', '03', '04', '05'])
  const range = { begin_time: now - 4 * 3600, end_time: now - 2 * 3600 }
  expect(await numbers({ pay_time_range: range })).toEqual(['02', '03', '04'])
  expect(await numbers({ pay_time_range: { end_time: now - 4 * 3600 } })).toEqual(['04', '05'])
  expect(await numbers({ order_state: 3 })).toEqual(['03'])
  expect(await numbers({ openid: 'oUser_0', pay_time_range: range })).toEqual(['02', '04'])
  w.wechat.setQuirks({ orderRows: 'oldest-first' })
  expect(await numbers()).toEqual(['05', '04', '03', '02', '01'])
})

test.each(['newest-first', 'oldest-first'] as const)(
  'pages by last_index, %s, whole while new ones come in',
  async (orderRows) => {
    w.wechat.setQuirks({ orderRows })
    // Two paid in the same second.
    for (const [index, at] of [1, 2, 3, 3, 5].entries()) await quiet(index + 1, { paidAt: now - at * 3600 })
    const first = await list({ page_size: 2 })
    await quiet(6, { paidAt: orderRows === 'newest-first' ? now : now - 9 * 3600 })
    const second = await list({ page_size: 2, last_index: first.last_index })
    const third = await list({ page_size: 2, last_index: second.last_index })
    expect([first, second, third].map((one) => one.has_more)).toEqual([true, true, false])
    const seen = [first, second, third].flatMap((one) => one.order_list.map((row) => row.transaction_id.slice(-2)))
    expect(seen.sort()).toEqual(['01', '02', '03', '04', '05'])
    expect(await list({ last_index: third.last_index })).toMatchObject({
      order_list: [],
      has_more: false,
      last_index: '',
    })
  },
)

test('a page holds 100 when nothing is said, and no more', async () => {
  for (let index = 0; index < 101; index++) await w.wechat.order({ appid })
  for (const body of [{}, { page_size: 500 }]) {
    const { order_list, has_more } = await list(body)
    expect([order_list.length, has_more]).toEqual([100, true])
  }
})

test.each([
  { pay_time_range: { begin_time: 'yesterday' } },
  { order_state: 7 },
  { openid: 5 },
  { page_size: 0 },
  { last_index: 'abc' },
])('%o is refused with 10060014', async (body) => {
  expect((await list(body)).errcode).toBe(10060014)
})

test('both calls want POST, JSON and a body', async () => {
  for (const name of ['get_order', 'get_order_list']) {
    const path = `/wxa/sec/order/${name}?access_token=${token}`
    expect(await (await w.get(path)).json()).toMatchObject({ errcode: 43002 })
    expect(await (await fetch(w.url + path, { method: 'POST' })).json()).toMatchObject({ errcode: 44002 })
  }
})

test('a sweep runs into the minute’s limit, then the day’s; each mini program and each call has its own', async () => {
  w.wechat.setLimits({ orders: { perMinute: 2, daily: 3 } })
  const sweep = async () => (await list()).errcode
  expect([await sweep(), await sweep(), await sweep()]).toEqual([0, 0, 45011])
  expect(w.wechat.calls().at(-1)).toMatchObject({ on: 'orders', errcode: 45011, ran: 'no', how: 'limit' })
  expect((await call('get_order_list', {}, await w.token(other))).errcode).toBe(48001)
  const score = `/wxaapi/wxamptrade/get_penalty_list?access_token=${token}&offset=0&limit=1`
  expect(await (await w.get(score)).json()).toMatchObject({ errcode: 0 })
  w.clock.advance(60_000)
  expect([await sweep(), await sweep()]).toEqual([0, 45009])
  const quota = (cgi_path: string) => w.post(`/cgi-bin/openapi/quota/get?access_token=${token}`, { cgi_path })
  expect(await quota('/wxa/sec/order/get_order_list')).toEqual({
    errcode: 0,
    errmsg: 'ok',
    quota: { daily_limit: 3, used: 3, remain: 0 },
    rate_limit: { call_count: 2, refresh_second: 60 },
  })
  expect((await quota('/nowhere')).errcode).toBe(76021)
  // Until midnight in Beijing.
  w.clock.advance(14 * 3_600_000)
  token = await w.token()
  expect(await sweep()).toBe(0)
  w.wechat.setLimits({ orders: {} })
  expect([await sweep(), await sweep(), await sweep(), await sweep()]).toEqual([0, 0, 0, 0])
})
