import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CallMisbehaviour, CallTrouble, Misbehaviour } from '../../sandbox/wechat/misbehave.ts'
import { openWorld, tinyPng, type World } from './wechat-world.ts'

// Each misbehaviour of a call is seen to happen; what really happened is read from the ledger.
let w: World
let token: string
let id: number
const appid = 'wxba5fad812f8e6fb9'

beforeEach(async () => {
  w = await openWorld()
  token = await w.token()
  id = (await w.wechat.complain({ appid, photos: [tinyPng] })).id
})
afterEach(() => w.close())

const respond = () =>
  w.post(`/wxaapi/minishop/bussiRespondComplaint?access_token=${token}`, {
    complaintOrderId: id,
    bussiHandle: 1,
    content: '同意退款',
  })
const askDetail = () => w.get(`/wxaapi/minishop/complaintOrderDetail?access_token=${token}&complaintOrderId=${id}`)
const detail = async () => (await (await askDetail()).json()) as Record<string, unknown>
const effects = () => w.wechat.ledger().filter(({ what }) => what === 'respond').length

test('lost-answer: the socket is closed, the effect is there', async () => {
  const handle = w.wechat.misbehave({ on: 'respond', how: 'lost-answer' })
  await expect(respond()).rejects.toThrow('fetch failed')
  expect([handle.happened, effects()]).toEqual([1, 1])
  expect(w.wechat.calls().at(-1)).toMatchObject({ outcome: 'lost', ran: 'yes', how: 'lost-answer' })
  expect((await respond()).errcode).toBe(309)
})

test('lost-request: no effect; without sockets the same is a rejection named SandboxLost', async () => {
  w.wechat.misbehave({ on: 'respond', how: 'lost-request' })
  await expect(respond()).rejects.toThrow('fetch failed')
  expect(effects()).toBe(0)
  w.wechat.misbehave({ on: 'detail', how: 'lost-request' })
  const url = `/wxaapi/minishop/complaintOrderDetail?access_token=${token}&complaintOrderId=${id}`
  const request = { method: 'GET', url, headers: {}, body: Buffer.alloc(0) }
  await expect(w.wechat.handle(request)).rejects.toMatchObject({ name: 'SandboxLost' })
})

test('late-effect: nothing at first, the effect some seconds later by itself', async () => {
  w.wechat.misbehave({ on: 'respond', how: 'late-effect', ms: 90_000 })
  await expect(respond()).rejects.toThrow('fetch failed')
  await w.pass(89_000)
  expect([effects(), w.wechat.complaint(id)?.status]).toEqual([0, 201])
  await w.pass(1000)
  expect([effects(), w.wechat.complaint(id)?.status]).toEqual([1, 203])
})

test.each([
  [500, false, 0],
  [502, true, 1],
])('http %i, effect %s', async (status, effect, count) => {
  w.wechat.misbehave({ on: 'respond', how: 'http', status, effect })
  const answer = await fetch(`${w.url}/wxaapi/minishop/bussiRespondComplaint?access_token=${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ complaintOrderId: id, bussiHandle: 1, content: '同意' }),
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html'])
  expect(effects()).toBe(count)
})

test.each([-1, 309, 48_001, 45_009, 45_011, 10_001])('errcode %i, without the effect', async (errcode) => {
  w.wechat.misbehave({ on: 'respond', how: 'errcode', errcode })
  expect(await respond()).toEqual({ errcode, errmsg: expect.stringMatching(/ rid: /) })
  expect(effects()).toBe(0)
  expect((await respond()).errcode).toBe(0)
})

test('errcode -1 although it happened', async () => {
  w.wechat.misbehave({ on: 'respond', how: 'errcode', errcode: -1, effect: true })
  expect((await respond()).errcode).toBe(-1)
  expect(effects()).toBe(1)
})

test('the whitelist: 40164 names the caller’s address', async () => {
  w.wechat.misbehave({ on: 'token', how: 'errcode', errcode: 40164, errmsg: '198.51.100.9' })
  const wish = { grant_type: 'client_credential', appid, secret: 'c0ffee00c0ffee00c0ffee00c0ffee00' }
  expect(await w.post('/cgi-bin/stable_token', wish)).toMatchObject({
    errcode: 40164,
    errmsg: expect.stringContaining('invalid ip 198.51.100.9 ipv6 ::ffff:198.51.100.9, not in whitelist'),
  })
})

test.each([40001, 42001, 40014] as const)('token: taken back with %i until a new one is fetched', async (errcode) => {
  w.wechat.misbehave({ on: 'respond', how: 'token', errcode })
  expect((await respond()).errcode).toBe(errcode)
  expect((await respond()).errcode).toBe(errcode)
  const before = token
  token = await w.token()
  expect(token).not.toBe(before)
  expect((await respond()).errcode).toBe(0)
})

test('token, sticky: normal mode goes on giving the dead one, a forced refresh helps', async () => {
  w.wechat.misbehave({ on: 'respond', how: 'token', errcode: 40001, sticky: true })
  expect((await respond()).errcode).toBe(40001)
  expect(await w.token()).toBe(token)
  const wish = {
    grant_type: 'client_credential',
    appid,
    secret: 'c0ffee00c0ffee00c0ffee00c0ffee00',
    force_refresh: true,
  }
  token = String((await w.post('/cgi-bin/stable_token', wish)).access_token)
  expect((await respond()).errcode).toBe(0)
})

test.each([
  [false, 0],
  [true, 1],
])('hang, effect at once %s: no answer until released', async (effect, before) => {
  const handle = w.wechat.misbehave({ on: 'respond', how: 'hang', effect })
  const answer = respond()
  await vi.waitFor(() => expect(handle.waiting).toBe(1))
  expect(effects()).toBe(before)
  handle.release()
  expect((await answer).errcode).toBe(0)
  expect([effects(), handle.waiting]).toEqual([1, 0])
})

test('slow: the answer comes after its time', async () => {
  const handle = w.wechat.misbehave({ on: 'detail', how: 'slow', ms: 20_000 })
  let answered = false
  const answer = detail().then((told) => {
    answered = true
    return told
  })
  await vi.waitFor(() => expect(handle.happened).toBe(1))
  w.clock.advance(19_999)
  expect(answered).toBe(false)
  w.clock.advance(1)
  expect((await answer).errcode).toBe(0)
})

test('malformed: JSON that ends too early', async () => {
  w.wechat.misbehave({ on: 'detail', how: 'malformed' })
  await expect(detail()).rejects.toThrow(SyntaxError)
})

test('status: one that no table knows; shape: one answer in another form', async () => {
  w.wechat.misbehave({ on: 'detail', how: 'status', status: 399 })
  expect(await detail()).toMatchObject({ complaintOrder: { status: 399 } })
  w.wechat.misbehave({ on: 'detail', how: 'shape', quirks: { item: 'object', cost: 'number' } })
  expect(await detail()).toMatchObject({ item: { itemType: 1 }, complaintOrder: { totalCost: 1990 } })
  expect(await detail()).toMatchObject({
    item: [{ itemType: 1 }],
    complaintOrder: { status: 201, totalCostStr: '¥19.90' },
  })
})

test('a misbehaviour is counted, and meets only the call, the mini program and the complaint that it names', async () => {
  const handle = w.wechat.misbehave({ on: 'any', times: 2, complaint: id, how: 'errcode', errcode: -1 })
  const elsewhere: Misbehaviour[] = [
    { on: 'detail', appid: 'wx404', how: 'malformed' },
    { on: 'detail', complaint: 1, how: 'malformed' },
    { on: 'upload', how: 'malformed' },
  ]
  const others = elsewhere.map((one) => w.wechat.misbehave(one))
  expect([(await detail()).errcode, (await respond()).errcode, (await detail()).errcode]).toEqual([-1, -1, 0])
  expect([handle.happened, ...others.map(({ happened }) => happened)]).toEqual([2, 0, 0, 0])
  const stopped = w.wechat.misbehave({ on: 'detail', times: 9, how: 'errcode', errcode: -1 })
  stopped.stop()
  expect((await detail()).errcode).toBe(0)
})

test.each(['upload', 'media', 'cdn'] as const)('also on %s', async (on) => {
  const handle = w.wechat.misbehave({ on, how: 'http', status: 502 } satisfies CallMisbehaviour)
  const form = new FormData()
  form.set('media', new Blob([new Uint8Array(tinyPng)], { type: 'image/png' }), 'a.png')
  const shown = (await detail()) as { complaintOrder: { customerMaterial: { mediaIdList: string[] } } }
  const calls = {
    upload: () =>
      fetch(`${w.url}/cgi-bin/media/upload?access_token=${token}&type=image`, { method: 'POST', body: form }),
    media: () => w.get(`/cgi-bin/media/get?access_token=${token}&media_id=x`),
    cdn: () => fetch(shown.complaintOrder.customerMaterial.mediaIdList[0] ?? ''),
  }
  expect((await calls[on]()).status).toBe(502)
  expect(handle.happened).toBe(1)
})

const trade = {
  penalty: () => w.get(`/wxaapi/wxamptrade/get_penalty_list?access_token=${token}&offset=0&limit=1`),
  guarantee: () => w.get(`/wxaapi/wxamptrade/get_guarantee_status?access_token=${token}`),
  orders: () =>
    fetch(`${w.url}/wxa/sec/order/get_order_list?access_token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    }),
}

test.each(['penalty', 'guarantee', 'orders'] as const)('each call trouble also on %s', async (on) => {
  await w.close()
  w = await openWorld({ programs: [{ orderShipping: true }] })
  token = await w.token()
  const ask = trade[on]
  const told = async () => (await (await ask()).json()) as { errcode: number }
  const script = (how: CallTrouble) => w.wechat.misbehave({ on, ...how })
  script({ how: 'errcode', errcode: 48_001 })
  expect((await told()).errcode).toBe(48_001)
  script({ how: 'http', status: 502 })
  expect((await ask()).status).toBe(502)
  for (const how of ['lost-answer', 'lost-request'] as const) {
    script({ how })
    await expect(ask()).rejects.toThrow('fetch failed')
  }
  script({ how: 'late-effect', ms: 1000 })
  await expect(ask()).rejects.toThrow('fetch failed')
  script({ how: 'malformed' })
  await expect(told()).rejects.toThrow(SyntaxError)
  const hanging = script({ how: 'hang' })
  const answer = told()
  await vi.waitFor(() => expect(hanging.waiting).toBe(1))
  hanging.release()
  expect((await answer).errcode).toBe(0)
  const slow = script({ how: 'slow', ms: 5000 })
  const late = told()
  await vi.waitFor(() => expect(slow.happened).toBe(1))
  w.clock.advance(5000)
  expect((await late).errcode).toBe(0)
  script({ how: 'token', errcode: 42001 })
  expect((await told()).errcode).toBe(42001)
  token = await w.token()
  expect((await told()).errcode).toBe(0)
  expect(w.wechat.misbehaviours().map(({ happened, left }) => [happened, left])).toEqual(Array(9).fill([1, 0]))
})

test('shape, for one answer: numbers instead of texts among the deductions', async () => {
  const { id: penalty } = await w.wechat.deduct({ complaint: id })
  w.wechat.misbehave({ on: 'penalty', how: 'shape', quirks: { penaltyIds: 'number' } })
  const row = async () => (await (await trade.penalty()).json()) as object
  expect(await row()).toMatchObject({ appealList: [{ illegalOrderId: penalty }] })
  expect(await row()).toMatchObject({ appealList: [{ illegalOrderId: String(penalty) }] })
})
