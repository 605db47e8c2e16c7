import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Complaint, Misbehaviour, Order } from '../../sandbox/wechat-pay/index.ts'
import { decrypted, opened, openWorld, other, shop, type World } from './wechat-pay-world.ts'

// Each misbehaviour is seen to happen; what really happened is read from the ledger.
let w: World
let order: Order
beforeEach(async () => {
  w = await openWorld()
  order = await w.pay.order({ mchid: shop.mchid, total: 1000 })
})
afterEach(() => w.close())

const path = '/v3/refund/domestic/refunds'
const refund = (number = 'rd-000001', amount = 1000) =>
  w.ask('POST', path, {
    transaction_id: order.transactionId,
    out_refund_no: number,
    notify_url: `${w.hears}/refunds`,
    amount: { refund: amount, total: 1000, currency: 'CNY' },
  })
const query = (number = 'rd-000001') => w.ask('GET', `${path}/${number}`)
const promised = () => w.pay.money()[0]?.promised
const misbehave = (how: object, on = 'refund') => w.pay.misbehave({ on, ...how } as Misbehaviour)

test('lost-answer: the socket is closed, the money moves; the same number gives the same refund', async () => {
  const handle = misbehave({ how: 'lost-answer' })
  await expect(refund()).rejects.toThrow('fetch failed')
  expect([handle.happened, promised()]).toEqual([1, 1000])
  expect(w.pay.calls().at(-1)).toMatchObject({ on: 'refund', refund: 'rd-000001', outcome: 'lost', ran: 'yes' })
  expect((await refund()).json.status).toBe('PROCESSING')
  expect(promised()).toBe(1000)
})

test('lost-request: nothing moves; without sockets it is a rejection named SandboxLost', async () => {
  misbehave({ how: 'lost-request', times: 2 })
  await expect(refund()).rejects.toThrow('fetch failed')
  expect(promised()).toBe(0)
  expect((await query()).json.code).toBe('RESOURCE_NOT_EXISTS')
})

test('late-effect: not found when asked, and the money moves by itself later', async () => {
  misbehave({ how: 'late-effect', ms: 90_000 })
  await expect(refund()).rejects.toThrow('fetch failed')
  await w.pass(89_000)
  expect((await query()).json.code).toBe('RESOURCE_NOT_EXISTS')
  await w.pass(1000)
  expect((await query()).json.status).toBe('PROCESSING')
  expect(w.pay.calls().filter(({ how }) => how === 'late')).toMatchObject([{ status: 200, ran: 'yes' }])
})

test('late-effect: asked again with the same number it is one refund, with a new number two', async () => {
  await w.close()
  w = await openWorld({ rules: { partialGapMs: 0 } })
  order = await w.pay.order({ mchid: shop.mchid, total: 1000 })
  misbehave({ how: 'late-effect', ms: 5000 })
  await expect(refund('rd-000001', 300)).rejects.toThrow()
  await refund('rd-000001', 300)
  await w.pass(5000)
  expect(promised()).toBe(300)
  misbehave({ how: 'late-effect', ms: 5000 })
  await expect(refund('rd-000002', 300)).rejects.toThrow()
  await refund('rd-000003', 300)
  await w.pass(5000)
  expect(promised()).toBe(900)
})

test.each([
  [{ how: 'http', status: 502 }, 502, undefined, 0],
  [{ how: 'http', status: 500, code: 'SYSTEM_ERROR', effect: true }, 500, 'SYSTEM_ERROR', 1000],
  [{ how: 'http', status: 403, code: 'USER_ACCOUNT_ABNORMAL' }, 403, 'USER_ACCOUNT_ABNORMAL', 0],
  [{ how: 'frequency-limited' }, 429, 'FREQUENCY_LIMITED', 0],
  [{ how: 'frequency-limited', effect: true }, 429, 'FREQUENCY_LIMITED', 1000],
])('%o', async (how, status, code, moved) => {
  misbehave(how)
  const answer = await refund()
  expect([answer.status, answer.json.code, promised()]).toEqual([status, code, moved])
  expect(answer.headers.has('wechatpay-signature')).toBe(code !== undefined)
})

test.each([
  [{ how: 'unverifiable' }],
  [{ how: 'unverifiable', fault: 'serial' }],
  [{ how: 'unverifiable', fault: 'missing' }],
  [{ how: 'probe' }],
])('%o: a 2xx that cannot be verified, and the money has moved', async (how) => {
  misbehave(how)
  const answer = await refund()
  expect([answer.status, w.genuine(answer.headers, answer.text), promised()]).toEqual([200, false, 1000])
  expect(answer.headers.get('wechatpay-signature')?.startsWith('WECHATPAY/SIGNTEST/') ?? false).toBe(
    how.how === 'probe',
  )
  const again = await refund()
  expect(w.genuine(again.headers, again.text)).toBe(true)
})

test('stale-timestamp: well signed, ten minutes ago', async () => {
  misbehave({ how: 'stale-timestamp' })
  const answer = await refund()
  expect(w.genuine(answer.headers, answer.text)).toBe(true)
  expect(Number(answer.headers.get('wechatpay-timestamp'))).toBe(Math.floor(w.clock.now() / 1000) - 600)
})

test('malformed: well signed, cut off', async () => {
  misbehave({ how: 'malformed' })
  const answer = await refund()
  expect([w.genuine(answer.headers, answer.text), promised()]).toEqual([true, 1000])
  expect(() => JSON.parse(answer.text)).toThrow()
})

test('wrong-mchid: the answer names another merchant', async () => {
  misbehave({ how: 'wrong-mchid' }, 'order')
  const ask = () => w.ask('GET', `/v3/pay/transactions/id/${order.transactionId}?mchid=${shop.mchid}`)
  expect((await ask()).json.mchid).toBe('1999999999')
  expect((await ask()).json.mchid).toBe(shop.mchid)
})

test('bad-tag: certificates that nobody can open', async () => {
  misbehave({ how: 'bad-tag' }, 'certificates')
  const answer = await w.ask('GET', '/v3/certificates', undefined, { as: other })
  const [one] = answer.json.data as { encrypt_certificate: unknown }[]
  expect(w.genuine(answer.headers, answer.text)).toBe(true)
  expect(() => decrypted(one?.encrypt_certificate)).toThrow()
})

test('hang until released, slow until the time has passed', async () => {
  const handle = misbehave({ how: 'hang', effect: true })
  const hanging = refund()
  await vi.waitFor(() => expect(handle.waiting).toBe(1))
  expect(promised()).toBe(1000)
  handle.release()
  expect((await hanging).status).toBe(200)
  misbehave({ how: 'slow', ms: 5000 }, 'refund-query')
  const slow = query()
  await vi.waitFor(() => expect(w.pay.misbehaviours()[1]?.happened).toBe(1))
  await w.pass(5000)
  expect((await slow).status).toBe(200)
})

test('shape: one answer in another shape', async () => {
  const c = await w.pay.complain({ mchid: shop.mchid })
  misbehave({ how: 'shape', quirks: { mchid: 'number' } }, 'detail')
  const ask = () => w.ask('GET', `/v3/merchant-service/complaints-v2/${c.id}`)
  expect((await ask()).json.complainted_mchid).toBe(Number(shop.mchid))
  expect((await ask()).json.complainted_mchid).toBe(shop.mchid)
})

test('only where it is meant: another merchant, another refund, another complaint stay untouched', async () => {
  misbehave({ how: 'http', status: 500, mchid: other.mchid })
  misbehave({ how: 'http', status: 500, refund: 'rd-000002' })
  misbehave({ how: 'http', status: 500, complaint: 'x' }, 'any')
  expect((await refund()).status).toBe(200)
  misbehave({ how: 'http', status: 503 }, 'any')
  expect((await query()).status).toBe(503)
})

// Notices.
const told = () =>
  w.received.map(({ body, headers }) => ({ json: JSON.parse(body) as Record<string, unknown>, body, headers }))
const spoiled = async (how: object, on = 'complaint-push'): Promise<Complaint> => {
  const handle = misbehave(how, on)
  const c = await w.pay.complain({ mchid: shop.mchid, transactionId: order.transactionId })
  await w.pay.idle()
  expect(handle.happened).toBe(1)
  return c
}

test('duplicate: at once, the same id', async () => {
  await spoiled({ how: 'duplicate' })
  expect([w.received.length, new Set(told().map(({ json }) => json.id)).size]).toEqual([2, 1])
})

test('reorder: the newer one arrives first', async () => {
  const c = await spoiled({ how: 'reorder' })
  expect(w.received).toHaveLength(0)
  await w.pay.move(c.id, { kind: 'message', text: '在吗' })
  await w.pay.idle()
  expect(told().map(({ json }) => opened(json.resource).action_type)).toEqual(['USER_RESPONSE', 'CREATE_COMPLAINT'])
})

test('replay: the very same bytes later', async () => {
  await spoiled({ how: 'replay', ms: 600_000 })
  await w.pass(600_000)
  const [first, second] = w.received
  expect(second?.headers['wechatpay-timestamp']).toBe(first?.headers['wechatpay-timestamp'])
  expect([second?.body, w.received.length]).toEqual([first?.body, 2])
})

test('slow and withheld', async () => {
  await spoiled({ how: 'slow', ms: 60_000 })
  expect(w.received).toHaveLength(0)
  await w.pass(60_000)
  expect(w.received).toHaveLength(1)
  await spoiled({ how: 'withheld' })
  await w.pass(86_400_000)
  expect(w.received).toHaveLength(1)
  expect(w.pay.ledger().at(-1)).toMatchObject({ what: 'push-withheld' })
})

test.each([
  [{ how: 'unverifiable' }],
  [{ how: 'unverifiable', fault: 'serial' }],
  [{ how: 'unverifiable', fault: 'missing' }],
  [{ how: 'probe' }],
])('%o: the first try fails verification, the retry is signed anew', async (how) => {
  w.answering = ({ headers, body }) => ({ status: w.genuine(headers, body) ? 204 : 401, body: '' })
  await spoiled(how)
  await w.pass(15_000)
  expect(w.received.map(({ headers, body }) => w.genuine(headers, body))).toEqual([false, true])
  expect(w.pay.waitingNotices()).toBe(0)
})

test('stale-timestamp of a notice: the first try is ten minutes old', async () => {
  w.answering = () => ({ status: 500, body: '' })
  await spoiled({ how: 'stale-timestamp' })
  await w.pass(15_000)
  const times = w.received.map(({ headers }) => Number(headers['wechatpay-timestamp']))
  expect(times).toEqual([Math.floor(w.clock.now() / 1000) - 615, Math.floor(w.clock.now() / 1000)])
})

test('bad-tag and malformed: well signed, not to be opened', async () => {
  await spoiled({ how: 'bad-tag' })
  const [tag] = told()
  expect(w.genuine(tag?.headers ?? {}, tag?.body ?? '')).toBe(true)
  expect(() => opened(tag?.json.resource)).toThrow()
  await spoiled({ how: 'malformed' })
  const cut = w.received[1]
  expect(w.genuine(cut?.headers ?? {}, cut?.body ?? '')).toBe(true)
  expect(() => JSON.parse(cut?.body ?? '')).toThrow()
})

test('wrong-mchid: a refund of another merchant, a complaint that nobody has', async () => {
  await spoiled({ how: 'wrong-mchid' })
  const told1 = opened(told()[0]?.json.resource)
  expect(w.pay.complaint(String(told1.complaint_id))).toBeUndefined()
  misbehave({ how: 'wrong-mchid' }, 'refund-push')
  await refund()
  await w.pass(3000)
  expect(opened(told().find(({ json }) => json.event_type === 'REFUND.SUCCESS')?.json.resource).mchid).toBe(
    '1999999999',
  )
})

test.each([
  ['unknown-event', { event_type: 'COMPLAINT.SOMETHING_NEW' }, { action_type: 'CREATE_COMPLAINT' }],
  ['unknown-action', {}, { action_type: 'SOMETHING_NEW' }],
  ['misspelt', {}, { action_type: 'USER_APPLY_PLATFORM_SERIVCE' }],
  ['version-1', {}, { amount: 3, complaint_handle_state: 'PENDING' }],
  ['no-associated-data', {}, { action_type: 'CREATE_COMPLAINT' }],
])('the shape %s', async (shape, outside, inside) => {
  await spoiled({ how: 'shape', shape })
  expect(told()[0]?.json).toMatchObject(outside)
  expect(opened(told()[0]?.json.resource)).toMatchObject(inside)
  const resource = told()[0]?.json.resource ?? {}
  expect('associated_data' in (resource as object)).toBe(shape !== 'no-associated-data')
})

test('no answer within five seconds is no answer', async () => {
  w.answering = () => 'silence'
  await w.pay.complain({ mchid: shop.mchid })
  await vi.waitFor(() => expect(w.received).toHaveLength(1))
  w.clock.advance(5000)
  await w.pay.idle()
  expect(w.pay.ledger().at(-1)).toMatchObject({ what: 'push', answer: 'no answer in time' })
  w.answering = () => ({ status: 204, body: '' })
  await w.pass(15_000)
  expect(w.received).toHaveLength(2)
})
