import { afterEach, beforeEach, expect, test } from 'vitest'
import { bookshop, cafe, isv, openWorld, type World } from './alipay-world.ts'

// The sandbox's own page and control API, for people at the demo and for tests in other processes.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const read = async (path: string) => (await (await fetch(w.url + path)).json()) as never
const post = async (path: string, body: object) => {
  const answer = await fetch(`${w.url}/sandbox/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as Record<string, unknown>
}
const told = async (lang = 'zh') =>
  (await read(`/sandbox/cards?lang=${lang}`)) as { cards: { html: string }[]; merchants: string }

test('the page, in both languages, frameable by this machine only, without inline script', async () => {
  const zh = await fetch(`${w.url}/sandbox/`)
  const text = await zh.text()
  expect(text).toContain('让一位顾客投诉')
  expect(zh.headers.get('content-security-policy')).toMatch(/script-src 'self'.*frame-ancestors http:\/\/127/)
  expect(text).not.toMatch(/<script>|\son\w+=|\sstyle=/)
  expect(await (await fetch(`${w.url}/sandbox/?lang=en`)).text()).toContain('Let a customer complain')
  for (const file of ['page.js', 'page.css']) expect((await fetch(`${w.url}/sandbox/${file}`)).status).toBe(200)
  expect((await fetch(`${w.url}/sandbox/nothing`)).status).toBe(404)
})

test('a stranger reaches nothing', async () => {
  const headers = { origin: 'http://elsewhere.example', 'content-type': 'application/json' }
  const answer = await fetch(`${w.url}/sandbox/api/risk`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ pid: cafe.pid }),
  })
  expect(answer.status).toBe(403)
  expect(w.alipay.riskComplaints()).toEqual([])
})

test('complain at both desks, move and read by JSON; the card shows words, pictures, money and the next moves', async () => {
  const { token } = await w.alipay.authorise(isv, cafe.pid)
  const risk = await post('risk', { pid: cafe.pid, text: '碎了 <img src=x onerror=1>', amount: 990, photos: 2 })
  w.clock.advance(1000)
  const trade = await post('trade', { pid: cafe.pid, text: '没发货', amount: 500, photos: 0 })
  const [row] = risk.trades as { tradeNo: string }[]
  const biz = { trade_no: row?.tradeNo, refund_amount: '9.90', out_request_no: 'rd-1' }
  await w.exec('alipay.trade.refund', { token, biz })
  const [newest, oldest] = (await told()).cards
  expect(newest?.html).toMatch(/待商家处理.*没发货/s)
  expect(oldest?.html).toContain('碎了 &lt;img src=x onerror=1&gt;')
  expect(oldest?.html).toMatch(/处理中.*退款处理中.*¥9\.90.*rd-1.*data-move="withdraw"/s)
  const [picture = ''] = /\/sandbox\/pictures\/[0-9a-f]{64}/.exec(oldest?.html ?? '') ?? []
  expect(
    Buffer.from(await (await fetch(w.url + picture)).arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  expect(await post(`trade/${trade.id}/ask-platform`, {})).toMatchObject({ status: 'PLATFORM_PROCESSING' })
  expect((await post(`trade/${trade.id}/confirm`, {})).error).toBe('confirm is not possible at PLATFORM_PROCESSING')
  expect(await post(`trade/${trade.id}/set`, { status: 'CLOSED' })).toMatchObject({ status: 'CLOSED' })
  expect(await post(`risk/${risk.id}/upgrade`, { text: '没人理' })).toMatchObject({ labels: ['升级投诉'] })
  expect(await post(`risk/${risk.id}/withdraw`, {})).toMatchObject({ status: 'DROP_COMPLAIN' })
  expect((await told('en')).cards[0]?.html).toMatch(/Closed.*Asks the platform/s)
  expect(await read('/sandbox/api/money')).toMatchObject([
    { paid: 990, returned: 990 },
    { paid: 500, returned: 0 },
  ])
  const ledger = (await read('/sandbox/api/ledger')) as { by: string; what: string }[]
  expect(ledger.filter(({ by }) => by !== 'push').map(({ what }) => what)).toEqual([
    'consent',
    'paid',
    'complaint',
    'paid',
    'complaint',
    'refund',
    'refund-success',
    'refunding',
    'ask-platform',
    'set',
    'upgrade',
    'withdraw',
  ])
})

test('trades, balance, consents, rules, limits, quirks and troubles by JSON; the state holds no token', async () => {
  const made = await post('trades', { pid: cafe.pid, total: 5, refundEnds: 'never' })
  expect(await read('/sandbox/api/trades')).toMatchObject([{ tradeNo: made.tradeNo, total: 5 }])
  expect(await post('balance', { pid: cafe.pid, fen: 7 })).toEqual({ done: true })
  expect(String((await post('consents', { appId: isv, pid: bookshop.pid })).redirect)).toContain('app_auth_code=P')
  const state = (await read('/sandbox/api/state')) as { merchants: { balance: number }[]; grants: object[] }
  expect(state.merchants[0]?.balance).toBe(7)
  expect(state.grants).toMatchObject([{ isvAppId: isv, pid: bookshop.pid, state: 'valid' }])
  expect(JSON.stringify(state)).not.toContain(w.alipay.grants()[0]?.token)
  expect(JSON.stringify(state)).not.toContain('PRIVATE KEY')
  expect(await post('revoke', { appId: isv, pid: bookshop.pid })).toEqual({ done: true })
  expect(await post('quirks', { emptyList: 'empty' })).toEqual({ done: true })
  expect(await post('rules', { refundTurns: false })).toEqual({ done: true })
  expect(w.alipay.rules.refundTurns).toBe(false)
  expect((await post('rules', { nothing: 1 })).error).toContain('nothing is none of')
  expect(await post('limits', { 'alipay.trade.refund': { perMinute: 1 } })).toEqual({ done: true })
  const { id } = await post('misbehave', { on: 'any', how: 'slow', ms: 5 })
  expect(await post(`misbehave/${id}/stop`, {})).toEqual({ done: true })
  expect(await read('/sandbox/api/misbehave')).toMatchObject([{ id, left: 0 }])
  expect((await post('misbehave', { on: 'any', how: 'html' })).error).toBe('html needs the number status')
  expect(await post('constructor', {})).toEqual({ error: 'not found' })
})
