import { afterEach, beforeEach, expect, test } from 'vitest'
import { appid, openWorld, type World } from './official-world.ts'

let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const view = async (lang = 'zh') =>
  ((await (await w.get(`/sandbox/view?lang=${lang}`)).json()) as { html: string }).html

/** What the buttons on the page send, by their labels. */
function buttons(html: string): Map<string, { path: string; body: object }> {
  const found = html.matchAll(/<button data-path="([^"]+)" data-body="([^"]+)">([^<]*)/g)
  return new Map(
    [...found].map(([, path = '', body = '', label = '']) => [
      label,
      { path, body: JSON.parse(body.replaceAll('&quot;', '"')) },
    ]),
  )
}

async function press(label: string) {
  const button = buttons(await view()).get(label)
  if (!button) throw new Error(`no button ${label}`)
  const told = await w.post(`/sandbox/api/${button.path}`, button.body)
  await w.official.idle()
  return told
}

test('a code is on the page with its picture; somebody new scans it, then scans again; then it is void', async () => {
  const ticket = await w.code('b_7')
  const html = await view()
  const [, picture = ''] = /<img src="([^"]+)"/.exec(html) ?? []
  expect((await w.get(picture)).headers.get('content-type')).toBe('image/png')
  expect(await press('一位没关注的人扫码并关注')).toEqual({ scanned: 'b_7' })
  expect(await press('顾客1 扫码')).toEqual({ scanned: 'b_7' })
  const events = w.received.map(({ body }) => /<Event><!\[CDATA\[(\w+)/.exec(body)?.[1])
  expect(events).toEqual(['subscribe', 'SCAN'])
  w.clock.advance(600_000)
  expect([...buttons(await view()).keys()]).toEqual(['顾客1: 取消关注'])
  expect(await w.post('/sandbox/api/scan', { appid, name: '顾客1', code: ticket })).toHaveProperty('says')
})

test('a follower leaves and comes back; messages and what happened are shown, escaped', async () => {
  const openid = await w.follower('<b>老板</b>')
  await w.send(openid, { url: 'https://example.com/<x>' })
  await w.official.idle()
  const html = await view()
  expect(html).toContain('<dt>投诉原因</dt><dd>商品破损</dd>')
  expect(html).toContain('→ &lt;b&gt;老板&lt;/b&gt;')
  expect(html).toContain('https://example.com/&lt;x&gt;')
  expect(html).toContain('TEMPLATESENDJOBFINISH')
  await press('&lt;b&gt;老板&lt;/b&gt;: 取消关注')
  expect((await w.send(openid)).errcode).toBe(43004)
  await press('&lt;b&gt;老板&lt;/b&gt;: 重新关注（搜索进入）')
  expect((await w.send(openid)).errcode).toBe(0)
  expect(await view('en')).toContain('template message')
})

test('the page in both languages, without inline script; the lists by JSON, without secrets', async () => {
  const page = await (await w.get('/sandbox/')).text()
  expect(page).toContain('服务号（扮演微信）')
  expect(page).not.toMatch(/<script>|\son\w+=|\sstyle=/)
  expect(await (await w.get('/sandbox/?lang=en')).text()).toContain('Official account')
  await w.token()
  for (const list of ['shown', 'ledger', 'calls', 'people']) {
    const answer = await w.get(`/sandbox/api/${list}`)
    expect([list, answer.status]).toEqual([list, 200])
    expect(await answer.text()).not.toContain('c0ffee')
  }
  expect((await w.get('/sandbox/api/nothing')).status).toBe(404)
})

test('wishes by JSON', async () => {
  const { openid } = await w.post('/sandbox/api/person', { appid, name: '店长' })
  expect(await w.post('/sandbox/api/follow', { openid })).toEqual({ done: true })
  expect(await w.post('/sandbox/api/mark', { openid, blacklisted: true })).toEqual({ done: true })
  expect((await w.send(String(openid))).errcode).toBe(43019)
  expect(await w.post('/sandbox/api/rules', { notFollowing: 40003 })).toEqual({ done: true })
  expect((await w.post('/sandbox/api/rules', { fly: 1 })).error).toContain('fly is none of')
  w.answering = (one) => ({ status: 200, body: one.query.get('echostr') ?? 'success' })
  expect(await w.post('/sandbox/api/verify-url', { appid })).toEqual({ verified: true })
  expect((await w.post('/sandbox/api/person', { appid: 'wx404', name: 'x' })).error).toBe('no account wx404')
  expect((await w.post('/sandbox/api/follow', { openid: 'oNobody' })).error).toBe('nobody is oNobody')
  expect((await w.post('/sandbox/api/fly', {})).error).toBe('not found')
})
