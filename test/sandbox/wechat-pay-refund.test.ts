import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Order } from '../../sandbox/wechat-pay/index.ts'
import { opened, openWorld, other, provider, shop, start, type World } from './wechat-pay-world.ts'

// Facts, 2 Refunds. By literal HTTP; what really happened is read from the ledger.
let w: World
let order: Order
beforeEach(async () => {
  w = await openWorld()
  order = await w.pay.order({ mchid: shop.mchid, total: 1000 })
})
afterEach(() => w.close())

const path = '/v3/refund/domestic/refunds'
const wish = (more: object = {}) => ({
  transaction_id: order.transactionId,
  out_refund_no: 'rd-000001',
  reason: '商品破损',
  notify_url: `${w.hears}/refunds`,
  amount: { refund: 1000, total: 1000, currency: 'CNY' },
  ...more,
})
const part = (refund: number, number: string, more: object = {}) =>
  wish({ out_refund_no: number, amount: { refund, total: 1000, currency: 'CNY' }, ...more })
const refund = (body: unknown) => w.ask('POST', path, body)
const query = (number: string) => w.ask('GET', `${path}/${number}`)
const money = () => w.pay.money().find((one) => one.transactionId === order.transactionId)

test('accepted, then done: PROCESSING at once, SUCCESS after the settling time, and money moves once', async () => {
  const before = w.pay.balance(shop.mchid)
  const answer = await refund(wish())
  expect(answer.status).toBe(200)
  expect(w.genuine(answer.headers, answer.text)).toBe(true)
  expect(answer.json).toMatchObject({
    out_refund_no: 'rd-000001',
    transaction_id: order.transactionId,
    out_trade_no: order.outTradeNo,
    status: 'PROCESSING',
    channel: 'ORIGINAL',
    create_time: '2026-11-21T10:00:00+08:00',
    amount: { total: 1000, refund: 1000, currency: 'CNY' },
  })
  expect(answer.json.success_time).toBeUndefined()
  expect([w.pay.balance(shop.mchid), money()?.promised, money()?.returned]).toEqual([before - 1000, 1000, 0])
  await w.pass(2999)
  expect((await query('rd-000001')).json.status).toBe('PROCESSING')
  await w.pass(1)
  expect((await query('rd-000001')).json).toMatchObject({
    status: 'SUCCESS',
    success_time: '2026-11-21T10:00:03+08:00',
  })
  expect(money()).toMatchObject({ paid: 1000, promised: 1000, returned: 1000 })
  expect(w.pay.ledger().map(({ what, amount }) => [what, amount])).toEqual([
    ['paid', 1000],
    ['refund', 1000],
    ['refund-success', 1000],
    ['push', undefined],
  ])
})

test('2.2 Idempotency: the same number and parameters give the one refund; other parameters are refused', async () => {
  const first = await refund(wish())
  expect((await refund(wish())).json).toEqual(first.json)
  await w.pass(3000)
  expect((await refund(wish())).json).toMatchObject({ refund_id: first.json.refund_id, status: 'SUCCESS' })
  expect(w.pay.refunds()).toHaveLength(1)
  for (const changed of [part(999, 'rd-000001'), wish({ reason: '别的原因' })]) {
    expect(await refund(changed)).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } })
  }
  expect(money()?.promised).toBe(1000)
})

test('only order and amounts need to agree, when the rules say so', async () => {
  await w.close()
  w = await openWorld({ rules: { sameParameters: 'money' } })
  order = await w.pay.order({ mchid: shop.mchid, total: 1000 })
  const first = await refund(wish())
  expect((await refund(wish({ reason: '别的原因' }))).json).toEqual(first.json)
})

test('2.3 Errors and retryability: what is refused, with status, code and numeric cause', async () => {
  const refused = async (body: unknown, status: number, code: string, cause = 0) => {
    const answer = await refund(body)
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect(answer.headers.get('request-id')).toMatch(new RegExp(`-${cause}$`))
    expect(w.genuine(answer.headers, answer.text)).toBe(true)
  }
  const amount = (more: object) => ({ amount: { refund: 1, total: 1000, currency: 'CNY', ...more } })
  await refused(wish({ transaction_id: '4200000000000000000000000000' }), 404, 'RESOURCE_NOT_EXISTS')
  await refused(wish(amount({ total: 999 })), 400, 'INVALID_REQUEST', 268892183)
  await refused(wish(amount({ refund: 1001 })), 400, 'INVALID_REQUEST', 268449311)
  await refused(wish(amount({ refund: 0 })), 400, 'PARAM_ERROR')
  await refused(wish(amount({ refund: 1.5 })), 400, 'PARAM_ERROR')
  await refused(wish(amount({ refund: '1' })), 400, 'PARAM_ERROR')
  await refused(wish(amount({ currency: 'USD' })), 400, 'PARAM_ERROR')
  await refused(wish({ out_trade_no: order.outTradeNo }), 400, 'PARAM_ERROR')
  await refused(wish({ transaction_id: undefined }), 400, 'PARAM_ERROR')
  await refused(wish({ out_refund_no: 'a b c d' }), 400, 'PARAM_ERROR')
  await refused(wish({ out_refund_no: 'rd001' }), 400, 'PARAM_ERROR')
  await refused(wish({ out_refund_no: 'r'.repeat(65) }), 400, 'PARAM_ERROR')
  await refused(wish({ reason: '退'.repeat(27) }), 400, 'PARAM_ERROR')
  await refused(wish({ reason: '坏了😡' }), 400, 'PARAM_ERROR')
  await refused(wish({ notify_url: `${w.hears}/refunds?a=1` }), 400, 'PARAM_ERROR')
  await refused(wish({ colour: 'red' }), 400, 'PARAM_ERROR', 270924358)
  await refused(wish({ sub_mchid: '1600000001' }), 400, 'PARAM_ERROR')
  w.pay.setBalance(shop.mchid, 999)
  await refused(wish(), 403, 'NOT_ENOUGH', 268892709)
  await w.pay.order({ mchid: shop.mchid, transactionId: order.transactionId, payerAbnormal: true })
  await refused(wish(), 403, 'USER_ACCOUNT_ABNORMAL')
  expect(w.pay.refunds()).toEqual([])
  expect(await query('rd-000001')).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } })
})

test('a detail names the field by its JSON pointer', async () => {
  const answer = await refund(wish({ amount: { refund: 1, total: 1000 } }))
  expect(answer.json.detail).toEqual({ field: '/amount/currency', issue: '必填', location: 'body' })
})

test('after a top-up the same number and parameters go through', async () => {
  w.pay.setBalance(shop.mchid, 0)
  expect((await refund(wish())).json.code).toBe('NOT_ENOUGH')
  w.pay.setBalance(shop.mchid, 1000)
  expect((await refund(wish())).status).toBe(200)
})

test('2.2 Rules: partial refunds a minute apart, never more than was paid', async () => {
  expect((await refund(part(400, 'rd-000001'))).status).toBe(200)
  expect(await refund(part(400, 'rd-000002'))).toMatchObject({ status: 429, json: { code: 'FREQUENCY_LIMITED' } })
  await w.pass(60_000)
  expect((await refund(part(400, 'rd-000002'))).status).toBe(200)
  await w.pass(60_000)
  expect((await refund(part(201, 'rd-000003'))).json.code).toBe('INVALID_REQUEST')
  expect((await refund(part(200, 'rd-000003'))).status).toBe(200)
  await w.pass(60_000)
  const full = await refund(part(1, 'rd-000004'))
  expect([full.json.code, full.headers.get('request-id')]).toEqual([
    'INVALID_REQUEST',
    expect.stringMatching(/-268892177$/),
  ])
  expect(money()).toMatchObject({ promised: 1000, returned: 1000 })
})

test('2.2 Rules: at most fifty refunds of an order, within a year', async () => {
  for (let count = 1; count <= 50; count++) {
    expect((await refund(part(1, `rd-0000${count + 10}`))).status).toBe(200)
    await w.pass(60_000)
  }
  expect((await refund(part(1, 'rd-000099'))).json.code).toBe('INVALID_REQUEST')
  const old = await w.pay.order({ mchid: shop.mchid, total: 5, paidAt: start - 366 * 86_400_000 })
  const late = wish({
    transaction_id: old.transactionId,
    out_refund_no: 'rd-000100',
    amount: { refund: 5, total: 5, currency: 'CNY' },
  })
  expect((await refund(late)).json).toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringContaining('期限') })
})

test('2.5 States: an abnormal refund can still succeed; a closed one gives the money back and needs a new number', async () => {
  await w.pay.order({ mchid: shop.mchid, transactionId: order.transactionId, refundEnds: 'ABNORMAL' })
  const before = w.pay.balance(shop.mchid)
  await refund(wish())
  await w.pass(3000)
  expect((await query('rd-000001')).json).toMatchObject({ status: 'ABNORMAL' })
  expect(money()).toMatchObject({ promised: 1000, returned: 0 })
  await w.pay.endRefund(shop.mchid, 'rd-000001', 'CLOSED')
  expect([w.pay.balance(shop.mchid), money()?.promised]).toEqual([before, 0])
  await expect(w.pay.endRefund(shop.mchid, 'rd-000001', 'SUCCESS')).rejects.toThrow('CLOSED cannot become SUCCESS')
  await w.pass(60_000)
  expect((await refund(wish())).json.status).toBe('CLOSED')
  expect((await refund(wish({ out_refund_no: 'rd-000002' }))).json.status).toBe('PROCESSING')
  await w.pay.endRefund(shop.mchid, 'rd-000002', 'SUCCESS')
  expect(money()).toMatchObject({ promised: 1000, returned: 1000 })
})

test('a refund that never ends stays underway', async () => {
  await w.pay.order({ mchid: shop.mchid, transactionId: order.transactionId, refundEnds: 'never' })
  await refund(wish())
  await w.pass(30 * 86_400_000)
  expect((await query('rd-000001')).json.status).toBe('PROCESSING')
})

test('2.7 Refund notice: sealed, signed, to the address of the refund', async () => {
  await refund(wish())
  await w.pass(3000)
  const [notice] = w.received
  expect(notice?.path).toBe('/refunds')
  expect(w.genuine(notice?.headers ?? {}, notice?.body ?? '')).toBe(true)
  const body = JSON.parse(notice?.body ?? '') as Record<string, unknown>
  expect(body).toMatchObject({
    event_type: 'REFUND.SUCCESS',
    resource_type: 'encrypt-resource',
    summary: '退款成功',
    resource: { algorithm: 'AEAD_AES_256_GCM', original_type: 'refund', associated_data: 'refund' },
  })
  expect(opened(body.resource)).toMatchObject({
    mchid: shop.mchid,
    out_refund_no: 'rd-000001',
    refund_status: 'SUCCESS',
    success_time: '2026-11-21T10:00:03+08:00',
    amount: { total: 1000, refund: 1000, payer_total: 1000, payer_refund: 1000 },
  })
})

test('2.7 Refund notice: repeated by the table until it is taken, then never again', async () => {
  w.answering = () => ({ status: 500, body: '{"code":"FAIL","message":"later"}' })
  await refund(wish())
  await w.pass(3000)
  const minutes = [0.25, 0.25, 0.5, 3, 10, 20, 30, 30, 30, 60, 180, 180, 180, 360, 360]
  for (const [index, minute] of minutes.entries()) {
    await w.pass(minute * 60_000 - 1)
    expect(w.received).toHaveLength(index + 1)
    await w.pass(1)
  }
  await w.pass(7 * 86_400_000)
  expect(w.received).toHaveLength(16)
  const ids = new Set(w.received.map(({ body }) => (JSON.parse(body) as { id: string }).id))
  const signatures = new Set(w.received.map(({ headers }) => headers['wechatpay-signature']))
  expect([ids.size, signatures.size]).toEqual([1, 16])
  expect(w.received.every(({ headers, body }) => w.genuine(headers, body))).toBe(true)
  expect(w.pay.ledger().at(-1)).toMatchObject({ what: 'push-given-up', outRefundNo: 'rd-000001' })
})

test('2.8 Order look-up: by both numbers; a refund turns the state', async () => {
  const mine = `?mchid=${shop.mchid}`
  const byNumber = await w.ask('GET', `/v3/pay/transactions/id/${order.transactionId}${mine}`)
  expect(byNumber.json).toMatchObject({
    trade_state: 'SUCCESS',
    amount: { total: 1000 },
    payer: { openid: order.openid },
  })
  expect((await w.ask('GET', `/v3/pay/transactions/out-trade-no/${order.outTradeNo}${mine}`)).json).toEqual(
    byNumber.json,
  )
  await refund(part(1, 'rd-000001'))
  expect((await w.ask('GET', `/v3/pay/transactions/id/${order.transactionId}${mine}`)).json.trade_state).toBe('REFUND')
  const unpaid = await w.pay.order({ mchid: shop.mchid, state: 'NOTPAY' })
  expect((await w.ask('GET', `/v3/pay/transactions/id/${unpaid.transactionId}${mine}`)).json.trade_state).toBe('NOTPAY')
  expect((await refund(wish({ transaction_id: unpaid.transactionId, out_refund_no: 'rd-000009' }))).json.code).toBe(
    'INVALID_REQUEST',
  )
  expect((await w.ask('GET', `/v3/pay/transactions/id/4200${mine}`)).status).toBe(404)
  expect((await w.ask('GET', `/v3/pay/transactions/id/${order.transactionId}`)).json.code).toBe('PARAM_ERROR')
  const stranger = `?mchid=${other.mchid}`
  const asOther = await w.ask('GET', `/v3/pay/transactions/id/${order.transactionId}${stranger}`, undefined, {
    as: other,
  })
  expect(asOther.status).toBe(404)
})

test('3.5 Service-provider mode: the sub-merchant is named, has authorised refunds, and pays', async () => {
  const sub = await w.pay.order({ mchid: '1600000001', total: 500 })
  const body = {
    transaction_id: sub.transactionId,
    out_refund_no: 'sp-000001',
    amount: { refund: 500, total: 500, currency: 'CNY' },
  }
  const as = { as: provider }
  expect((await w.ask('POST', path, body, as)).json.code).toBe('PARAM_ERROR')
  expect((await w.ask('POST', path, { ...body, sub_mchid: '1600000009' }, as)).json.code).toBe('NO_AUTH')
  const notify = { sub_mchid: '1600000001', notify_url: `${w.hears}/refunds` }
  expect((await w.ask('POST', path, { ...body, ...notify }, as)).status).toBe(200)
  expect((await w.ask('GET', `${path}/sp-000001?sub_mchid=1600000001`, undefined, as)).json.status).toBe('PROCESSING')
  expect((await w.ask('GET', `${path}/sp-000001`, undefined, as)).json.code).toBe('PARAM_ERROR')
  await w.pass(3000)
  const notice = JSON.parse(w.received[0]?.body ?? '') as { resource: unknown }
  expect(opened(notice.resource)).toMatchObject({ sp_mchid: provider.mchid, sub_mchid: '1600000001' })
  const partner = `/v3/pay/partner/transactions/id/${sub.transactionId}?sp_mchid=${provider.mchid}&sub_mchid=1600000001`
  expect((await w.ask('GET', partner, undefined, as)).json).toMatchObject({
    trade_state: 'REFUND',
    sub_mchid: '1600000001',
  })
  const second = await w.pay.order({ mchid: '1600000002', total: 500 })
  const denied = { ...body, transaction_id: second.transactionId, out_refund_no: 'sp-000002', sub_mchid: '1600000002' }
  expect((await w.ask('POST', path, denied, as)).json.code).toBe('NO_AUTH')
})
