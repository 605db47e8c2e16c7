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
