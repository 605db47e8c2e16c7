import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { inChromium, launch, noChromium, openPage } from '../support/chromium.ts'
import { openWorld, shop, type World } from './wechat-pay-world.ts'

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
  (await read(`/sandbox/cards?lang=${lang}`)) as { cards: { html: string }[]; merchants: string; orders: string }
const refund = (transactionId: string, amount: number) =>
  w.ask('POST', '/v3/refund/domestic/refunds', {
    transaction_id: transactionId,
    out_refund_no: 'rd-000001',
    amount: { refund: amount, total: amount, currency: 'CNY' },
  })

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

test('complain, move, refund and read by JSON; the card shows words, pictures, money and the next moves', async () => {
  const said = { mchid: shop.mchid, type: 'REFUND', text: '碎了 <img src=x onerror=1>', amount: 990, photos: 2 }
  const made = await post('complaints', said)
  const { transactionId } = (made.orders as { transactionId: string }[])[0] ?? { transactionId: '' }
  await refund(transactionId, 990)
  await w.pay.idle()
  const [card] = (await told()).cards
  expect(card?.html).toContain('碎了 &lt;img src=x onerror=1&gt;')
  expect(card?.html).toMatch(/待处理.*退款处理中.*¥9\.90.*rd-000001/s)
  expect(card?.html).toContain(`data-path="refunds/${shop.mchid}/rd-000001/success"`)
  const [picture = ''] = /\/sandbox\/pictures\/[0-9a-f]{64}/.exec(card?.html ?? '') ?? []
  const bytes = Buffer.from(await (await fetch(w.url + picture)).arrayBuffer())
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  expect(await post(`refunds/${shop.mchid}/rd-000001/success`, {})).toMatchObject({ status: 'SUCCESS' })
  expect(await post(`complaints/${made.id}/ask-platform`, { text: '请介入' })).toMatchObject({
    inPlatformService: true,
  })
  expect((await post(`complaints/${made.id}/continue`, {})).error).toBe('continue is not possible at PENDING')
  expect(await post(`complaints/${made.id}/set`, { state: 'PROCESSED' })).toMatchObject({ state: 'PROCESSED' })
  expect((await told('en')).cards[0]?.html).toMatch(/Processed.*Platform helps.*data-move="continue"/s)
  expect(await read('/sandbox/api/money')).toMatchObject([{ paid: 990, promised: 990, returned: 990 }])
  const ledger = (await read('/sandbox/api/ledger')) as { by: string; what: string }[]
  expect(ledger.filter(({ by }) => by !== 'push').map(({ what }) => what)).toEqual([
    'paid',
    'complaint',
    'refund',
    'refund-success',
    'fully-refunded',
    'refund-received',
    'ask-platform',
    'set',
  ])
})

test('orders, balance, the state without secrets, certificates, limits and quirks by JSON', async () => {
  const made = await post('orders', { mchid: shop.mchid, total: 5, refundEnds: 'never' })
  expect(await read('/sandbox/api/orders')).toMatchObject([{ transactionId: made.transactionId, total: 5 }])
  expect(await post('balance', { mchid: shop.mchid, fen: 7 })).toEqual({ done: true })
  const state = await read('/sandbox/api/state')
  expect(state).toMatchObject({
    merchants: [{ mchid: shop.mchid, payees: [{ balance: 7 }], publicKey: w.pay.publicKey(shop.mchid) }, {}, {}],
  })
  expect(JSON.stringify(state)).not.toMatch(/apiV3Key|PRIVATE KEY|a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb/)
  await post('certificates', {})
  expect((await read('/sandbox/api/state')) as object).toMatchObject({ certificates: [{}, {}] })
  expect(await post('limits', { 'refund-query': { perSecond: 0 } })).toEqual({ done: true })
  expect((await w.ask('GET', '/v3/refund/domestic/refunds/rd-000001')).status).toBe(429)
  expect(await post('quirks', { mchid: 'number' })).toEqual({ done: true })
  expect(await post('advance', {})).toEqual({ done: true })
})

test('a misbehaviour by JSON is counted; bad wishes are answered with a reason', async () => {
  expect(await post('misbehave', { on: 'refund-query', how: 'http', status: 500 })).toEqual({ id: 1 })
  expect((await w.ask('GET', '/v3/refund/domestic/refunds/rd-000001')).status).toBe(500)
  expect(await read('/sandbox/api/misbehave')).toMatchObject([{ id: 1, happened: 1, waiting: 0 }])
  const error = async (path: string, body: object) => (await post(path, body)).error
  expect(await error('misbehave', { on: 'nowhere', how: 'slow' })).toContain('nowhere is none of')
  expect(await error('misbehave', { on: 'push', how: 'hang' })).toContain('hang is none of')
  expect(await error('misbehave', { on: 'refund', how: 'late-effect' })).toBe('late-effect needs the number ms')
  expect(await error('complaints', { mchid: '404' })).toBe('no merchant 404')
  expect(await error('complaints', { mchid: shop.mchid, amount: '9' })).toBe('amount: must be a number')
  expect(await error('orders', { mchid: shop.mchid, refundEnds: 'soon' })).toContain('soon is none of')
  expect(await error('limits', { nowhere: {} })).toContain('nowhere is none of')
  expect(await error('refunds/1/2/fly', {})).toContain('FLY is none of')
  expect(await error('complaints/1/fly', {})).toContain('fly is none of')
})

test('the switch for the next notice', async () => {
  expect((await told()).merchants).toContain('aria-pressed="false"')
  await post('misbehave', { on: 'push', how: 'withheld' })
  expect((await told()).merchants).toMatch(/data-path="misbehave[/]1[/]stop" aria-pressed="true"/)
  await post('complaints', { mchid: shop.mchid })
  await w.pay.idle()
  expect([w.received.length, (await told()).merchants.includes('aria-pressed="false"')]).toEqual([0, true])
})

test('another site’s page and another host name are refused', async () => {
  const knock = async (method: string, headers: Record<string, string>) => {
    const url = method === 'GET' ? '/sandbox/api/state' : '/sandbox/api/orders'
    const body = Buffer.from(JSON.stringify({ mchid: shop.mchid }))
    return (await w.pay.handle({ method, url, headers, body })).status
  }
  const host = '127.0.0.1:8100'
  expect(await knock('GET', { host: 'evil.test' })).toBe(403)
  expect(await knock('POST', { host, origin: 'https://evil.test' })).toBe(403)
  expect(await knock('POST', { host, 'content-type': 'text/plain' })).toBe(403)
  expect(await knock('POST', { host, origin: `http://${host}` })).toBe(201)
})

test('the samples are whole', async () => {
  const samples = (await read('/sandbox/samples')) as { text: string; amount: number; photos: number }[]
  for (const one of samples) {
    expect(one.text.length).toBeGreaterThan(10)
    expect(Number.isInteger(one.amount) && one.photos <= 3).toBe(true)
  }
})

let browser: Browser | undefined
beforeAll(async () => {
  if (!noChromium) browser = await launch()
})
afterAll(() => browser?.close())

test.skipIf(noChromium)(
  inChromium('on a phone: complain, press, end a refund; nothing runs over the edge'),
  async () => {
    if (!browser) return
    const page = await openPage(browser, `${w.url}/sandbox/`, { viewport: { width: 380, height: 780 } })
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.click('button.main')
    await page.waitForSelector('article')
    const [complaint] = w.pay.complaints()
    expect(complaint).toMatchObject({ type: 'REFUND', applied: 19_900 })
    await refund(complaint?.orders[0]?.transactionId ?? '', 19_900)
    await page.click('article button[data-path$="/abnormal"]')
    await page.waitForSelector('article .refund .badge.merchant')
    expect(w.pay.refunds()).toMatchObject([{ status: 'ABNORMAL' }])
    await page.fill('article [name=words]', '还没到账')
    await page.click('button[data-move=message]')
    await page.waitForSelector('blockquote:has-text("还没到账")')
    await page.click('#orders summary')
    await page.selectOption('select[data-order]', 'never')
    await expect.poll(() => w.pay.orders()[0]?.refundEnds).toBe('never')
    const width = await page.evaluate('document.documentElement.scrollWidth')
    expect([width, errors]).toEqual([380, []])
  },
)
