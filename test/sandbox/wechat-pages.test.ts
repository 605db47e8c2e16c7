import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorld, type World } from './wechat-world.ts'

// The sandbox's own page and control API, for people at the demo and for tests in other processes.
let w: World
const appid = 'wxba5fad812f8e6fb9'
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const read = async (path: string) => (await w.get(path)).json() as Promise<never>
const cards = async (lang = 'zh') =>
  (await read(`/sandbox/cards?lang=${lang}`)) as { cards: { id: number; html: string }[] }

test('the page, in both languages, frameable by this machine only, without inline script', async () => {
  const zh = await w.get('/sandbox/')
  const text = await zh.text()
  expect(text).toContain('让一位顾客投诉')
  expect(zh.headers.get('content-security-policy')).toMatch(
    /script-src 'self'.*frame-ancestors http:\/\/127\.0\.0\.1:\*/,
  )
  expect(text).not.toMatch(/<script>|\son\w+=|\sstyle=/)
  expect(await (await w.get('/sandbox/?lang=en')).text()).toContain('Let a customer complain')
  for (const file of ['page.js', 'page.css']) expect((await w.get(`/sandbox/${file}`)).status).toBe(200)
})

test('complain, move and read by JSON; the card shows state, words, pictures and the next moves', async () => {
  const made = await w.post('/sandbox/api/complaints', {
    appid,
    type: 642,
    text: '碎了 <img src=x onerror=1>',
    amount: 990,
    photos: 2,
  })
  const id = Number(made.id)
  await w.wechat.idle()
  const [card] = (await cards()).cards
  expect(card?.html).toContain('碎了 &lt;img src=x onerror=1&gt;')
  expect(card?.html).toContain('待商家处理')
  expect(card?.html).toContain('data-move="withdraw"')
  const [picture = ''] = /\/sandbox\/pictures\/[0-9a-f]{64}/.exec(card?.html ?? '') ?? []
  const bytes = Buffer.from(await (await w.get(picture)).arrayBuffer())
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  expect(await w.post(`/sandbox/api/complaints/${id}/set`, { status: 203 })).toMatchObject({ status: 203 })
  expect(await w.post(`/sandbox/api/complaints/${id}/ask-platform`, { content: '请介入' })).toMatchObject({
    status: 101,
  })
  expect(await w.post(`/sandbox/api/complaints/${id}/judge%3Aliable`, {})).toMatchObject({ status: 206 })
  expect(await w.post(`/sandbox/api/complaints/${id}/accept`, {})).toEqual({ error: 'accept is not possible at 206/0' })
  expect((await cards('en')).cards[0]?.html).toContain('Merchant liable: proof due')
  const ledger = (await read('/sandbox/api/ledger')) as { what: string }[]
  expect(ledger.filter(({ what }) => what !== 'push').map(({ what }) => what)).toEqual([
    'complaint',
    'set',
    'ask-platform',
    'judge:liable',
  ])
  expect(await read('/sandbox/api/state')).toMatchObject({ complaints: [{ id, status: 206, liable: true }] })
})

test('a misbehaviour by JSON is counted', async () => {
  expect(await w.post('/sandbox/api/misbehave', { on: 'token', how: 'errcode', errcode: -1 })).toEqual({ id: 1 })
  expect((await w.post('/cgi-bin/stable_token', {})).errcode).toBe(-1)
  expect(await read('/sandbox/api/misbehave')).toMatchObject([{ id: 1, happened: 1, waiting: 0 }])
  const error = async (body: object) => (await w.post('/sandbox/api/misbehave', body)).error
  expect(await error({ on: 'nowhere', how: 'slow' })).toContain('nowhere is none of')
  expect(await error({ on: 'push', how: 'malformed' })).toContain('malformed is none of')
  expect(await error({ on: 'detail', how: 'slow' })).toBe('slow needs the number ms')
})

test('quirks, the address check and the time by JSON', async () => {
  w.answering = ({ url }) => ({ status: 200, body: url.searchParams.get('echostr') ?? 'success' })
  expect(await w.post('/sandbox/api/verify-url', { appid })).toEqual({ verified: true })
  const { id } = await w.wechat.complain({ appid })
  expect(await w.post('/sandbox/api/quirks', { cost: 'number' })).toEqual({ done: true })
  const path = `/wxaapi/minishop/complaintOrderDetail?access_token=${await w.token()}&complaintOrderId=${id}`
  expect(await read(path)).toMatchObject({ complaintOrder: { totalCost: 1990 } })
  await w.post('/sandbox/api/advance', { now: w.clock.now() + 48 * 3_600_000 })
  expect(w.wechat.complaint(id)?.status).toBe(202)
})

test('bad wishes are answered with a reason', async () => {
  const complain = async (body: object) => (await w.post('/sandbox/api/complaints', body)).error
  expect(await complain({ appid: 'wx404' })).toBe('no mini program wx404')
  expect(await complain({ appid, amount: '9' })).toBe('amount: must be a number')
  expect(await complain({ appid, colour: 'red' })).toBe('colour: not known')
  expect((await w.post('/sandbox/api/complaints/1/fly', {})).error).toBe('no move fly')
  expect((await w.get('/sandbox/nothing')).status).toBe(404)
})

test('another site’s page and another host name are refused', async () => {
  const knock = async (method: string, headers: Record<string, string>) => {
    const url = method === 'GET' ? '/sandbox/api/state' : '/sandbox/api/complaints'
    return (await w.wechat.handle({ method, url, headers, body: Buffer.from(JSON.stringify({ appid })) })).status
  }
  const host = '127.0.0.1:8100'
  expect(await knock('GET', { host: 'evil.test' })).toBe(403)
  expect(await knock('POST', { host: 'evil.test' })).toBe(403)
  expect(await knock('POST', { host, origin: 'https://evil.test' })).toBe(403)
  expect(await knock('POST', { host, origin: 'null' })).toBe(403)
  expect(await knock('POST', { host, 'content-type': 'text/plain' })).toBe(403)
  expect(await knock('POST', { host, origin: `http://${host}` })).toBe(201)
  expect(await knock('POST', { host: 'localhost:8100' })).toBe(201)
})

test('the samples are whole: a known type, words, an amount, at most three photos', async () => {
  const samples = (await read('/sandbox/samples')) as { type: number; text: string; amount: number; photos: number }[]
  expect(samples.length).toBeGreaterThanOrEqual(12)
  for (const one of samples) {
    expect(one.text.length).toBeGreaterThan(10)
    expect(Number.isInteger(one.amount) && one.photos <= 3).toBe(true)
  }
})

test('deductions, their appeal and the score by JSON and on the page', async () => {
  const { id } = await w.wechat.complain({ appid })
  const offered = async () => {
    const found = ((await cards()).cards[0]?.html ?? '').matchAll(/data-path="([^"]+)"/g)
    return [...found].map((one) => one[1])
  }
  expect(await offered()).toEqual([])
  await w.wechat.set(id, { status: 206, liable: true })
  expect(await offered()).toEqual(['penalties'])
  const made = await w.post('/sandbox/api/penalties', { complaint: id, points: 5, wording: '逾期' })
  expect(await read('/sandbox/cards')).toMatchObject({ programs: expect.stringContaining('<b>95</b>') })
  expect((await cards()).cards[0]?.html).toContain('<em>5 分</em>')
  expect(await offered()).toEqual([`penalties/${made.id}/appeal`])
  await w.post(`/sandbox/api/penalties/${made.id}/appeal`, {})
  expect(await offered()).toEqual([`penalties/${made.id}/reject`, `penalties/${made.id}/succeed`])
  expect(await w.post(`/sandbox/api/penalties/${made.id}/succeed`, {})).toMatchObject({ status: 6 })
  expect(await offered()).toEqual([])
  expect(await read('/sandbox/api/penalties')).toMatchObject([{ id: made.id, status: 6 }])
  expect(await read('/sandbox/api/state')).toMatchObject({ programs: [{ score: 100 }] })
  expect((await w.post(`/sandbox/api/penalties/${made.id}/fly`, {})).error).toContain('fly is none of')
  expect((await w.post('/sandbox/api/penalties', { complaint: '1' })).error).toBe('complaint: must be a number')
})

test('the switch for the next push, and the fold with the orders', async () => {
  type Told = { programs: string; orders?: string }
  const told = async (query = '') => (await read(`/sandbox/cards?lang=en${query}`)) as Told
  expect((await told()).programs).toContain('aria-pressed="false"')
  await w.post('/sandbox/api/misbehave', { on: 'push', how: 'withheld' })
  expect((await told()).programs).toMatch(/data-path="misbehave[/]1[/]stop" aria-pressed="true"/)
  await w.wechat.complain({ appid, product: '茶具 & 杯' })
  await w.wechat.idle()
  expect([w.received.length, (await told()).programs.includes('aria-pressed="false"')]).toEqual([0, true])
  expect((await told()).orders).toBeUndefined()
  expect((await told('&orders=1')).orders).toMatch(/茶具 &amp; 杯.*In complaint.*answer 48001: 青禾优选/s)
})

test('orders, limits and the guarantee by JSON', async () => {
  const order = { appid, transactionId: '4200001234202611210000000001', state: 1, amount: 5 }
  expect(await w.post('/sandbox/api/orders', order)).toMatchObject({ amount: 5, waybill: '' })
  expect(await read('/sandbox/api/orders')).toMatchObject([order])
  expect((await w.post('/sandbox/api/orders', { ...order, amount: '5' })).error).toBe('amount: must be a number')
  const off = { appid, isActived: false, reasons: ['未设置客服'] }
  expect(await w.post('/sandbox/api/guarantee', off)).toEqual({ done: true })
  const path = `/wxaapi/wxamptrade/get_guarantee_status?access_token=${await w.token()}`
  expect(await read(path)).toMatchObject({ isActived: false, reasons: ['未设置客服'] })
  expect(await w.post('/sandbox/api/limits', { guarantee: { perMinute: 1 } })).toEqual({ done: true })
  expect(await read(path)).toMatchObject({ errcode: 45011 })
  expect((await w.post('/sandbox/api/limits', { nowhere: {} })).error).toContain('nowhere is none of')
  expect((await w.post('/sandbox/api/limits', { orders: { weekly: 1 } })).error).toBe('weekly: not known')
})
