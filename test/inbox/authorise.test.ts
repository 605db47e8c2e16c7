import { describe, expect, test } from 'vitest'
import { languageOf, pageHeaders, pageOf } from '../../src/inbox/authorised-page.ts'
import { createTries } from '../../src/inbox/tries.ts'
import { publicUrl } from '../support/public-url.ts'
import { group } from '../support/world.ts'
import { type Authorising, authorising, listening } from './merchants.ts'

const minute = 60_000
const token = 'alipay.open.auth.token.app'
const jobs = (w: Authorising, queue: string) =>
  w.storage.reads.db.selectFrom('job').select('key').where('queue', '=', queue).execute()
const said = (w: Authorising) => w.chat.texts(group)
const back = (w: Authorising, query: string) => `${publicUrl}/oauth/alipay/${w.isv.account}?${query}`

describe('a merchant that comes back from our link', () => {
  test.each(['browser', 'phone', 'plain'] as const)('by the %s link: it is ours, and is told so', async (form) => {
    const w = await authorising()
    w.withheld()
    const links = await w.invite()
    const page = await w.visit(await w.agree(links[form]))
    expect([page.status, page.title]).toEqual([200, '授权成功'])
    expect(page.text).toContain(w.shop.pid)
    expect(page.text).toContain('小店')
    const [merchant] = await w.merchants()
    const grant = w.alipay.sandbox.grants().at(-1)
    expect(merchant).toMatchObject({
      outsideId: w.shop.pid,
      authAppId: w.shop.appId,
      token: grant?.token,
      enabled: true,
    })
    await w.settle()
    expect(said(w)).toEqual([expect.stringContaining(`✅ 支付宝：商家「${w.shop.pid}」已授权`)])
    expect(w.exchanges()).toBe(1)
    expect(await w.counted('authorised')).toBe(1)
  })

  test('its complaints and its permissions are asked for at once', async () => {
    const w = await authorising()
    await w.authorised()
    expect(await jobs(w, 'poll')).toEqual([{ key: w.isv.account }])
    await w.settle()
    expect(w.queries()).toBeGreaterThan(0)
  })

  test('a second time: the token is replaced, names and switches stay', async () => {
    const w = await authorising()
    w.withheld()
    await w.authorised()
    const [first] = await w.merchants()
    const path = `/tenants/shop/accounts/${w.isv.account}/merchants/${first?.id}`
    await w.alipay.admin('PATCH', path, { name: '咖啡', company: '咖啡公司', autoRefund: true })
    const page = await w.authorised()
    expect(page.text).toContain('咖啡')
    const [again, ...more] = await w.merchants()
    expect(more).toEqual([])
    expect(again).toMatchObject({ id: first?.id, name: '咖啡', company: '咖啡公司', autoRefund: true, fence: 2 })
    expect(again?.token).not.toBe(first?.token)
    await w.settle()
    expect(said(w).at(-1)).toBe('✅ 支付宝：商家「咖啡」已重新授权')
  })

  test('of a disabled merchant nothing is posted', async () => {
    const w = await authorising()
    w.withheld()
    await w.authorised()
    await w.settle()
    const [{ id } = { id: '' }] = await w.merchants()
    await w.alipay.admin('PATCH', `/tenants/shop/accounts/${w.isv.account}/merchants/${id}`, { enabled: false })
    const before = said(w)
    expect((await w.authorised()).title).toBe('授权成功')
    await w.settle()
    expect(said(w)).toEqual(before)
  })

  test('in English for whoever wishes that', async () => {
    const w = await authorising()
    const { browser } = await w.invite()
    const page = await w.visit(await w.agree(browser), { headers: { 'accept-language': 'en-GB,en;q=0.9,zh;q=0.5' } })
    expect([page.title, page.text]).toEqual(['Authorised', expect.stringContaining('<html lang="en">')])
  })
})

describe('the page', () => {
  test('loads, runs, sends and keeps nothing, and tells nobody where it came from', async () => {
    const w = await authorising()
    const { headers, text } = await w.authorised()
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(text).not.toMatch(/<script|src=|href=|style="/)
    expect(text).toContain('width=device-width')
  })

  test('shows names as names', () => {
    const shown = { outcome: 'authorised', merchants: [{ name: '<b>"x"&\'', how: 'new' }] } as const
    const html = pageOf(shown, { language: 'zh', who: '<i>小店</i>' })
    expect(html).not.toMatch(/<b>|<i>/)
    expect(html).toContain('&#60;b&#62;&#34;x&#34;&#38;&#39;')
    expect(Object.values(pageHeaders).join()).not.toContain('unsafe')
  })

  test.each([
    [undefined, 'zh'],
    ['', 'zh'],
    ['fr-FR,fr;q=0.9', 'zh'],
    ['en-US', 'en'],
    ['en;q=0.3, zh-TW;q=0.8', 'zh'],
    ['en,zh', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['zh;q=0, en;q=0.1', 'en'],
    [';;;q=,,', 'zh'],
  ])('%s is read as %s', (wished, language) => {
    expect(languageOf(wished)).toBe(language)
  })
})

describe('a callback that is not believed', () => {
  const refused = async (
    w: Authorising,
    address: string,
    [status, title]: readonly [number, string],
    outcome: string,
  ) => {
    const before = { exchanges: w.exchanges(), counted: await w.counted(outcome) }
    const page = await w.visit(address)
    expect([page.status, page.title]).toEqual([status, title])
    expect(w.exchanges()).toBe(before.exchanges)
    expect(await w.counted(outcome)).toBe(before.counted + 1)
    await w.settle()
  }
  const stale = [410, '这个授权链接已失效'] as const
  const malformed = [400, '这里是授权后返回的页面'] as const

  test('a state that nobody gave out, or that is used, or too old: nobody is asked', async () => {
    const w = await authorising()
    w.withheld()
    const { browser } = await w.invite()
    const address = await w.agree(browser)
    const forged = new URL(address)
    forged.searchParams.set('state', Buffer.from('0'.repeat(48)).toString('base64'))
    await refused(w, forged.href, stale, 'stale')
    expect((await w.visit(address)).title).toBe('授权成功')
    await refused(w, address, stale, 'stale')
    const another = await w.agree((await w.invite()).browser, w.other)
    const reused = new URL(another)
    reused.searchParams.set('state', new URL(address).searchParams.get('state') ?? '')
    await refused(w, reused.href, stale, 'stale')
    w.clock.advance(15 * minute)
    await refused(w, another, stale, 'stale')
    expect(await w.merchants()).toHaveLength(1)
  })

  test.each(['the same business', 'another business'])('a state of another account of %s', async (whose) => {
    const w = await authorising()
    w.withheld()
    const tenant = whose === 'another business' ? await w.business('theirs') : w.tenant
    const app = await w.alipay.join(tenant, 'certificate', '另一个')
    const theirs = new URL(await w.agree((await w.invite(app)).browser))
    const ours = new URL(await w.agree((await w.invite()).browser))
    ours.searchParams.set('state', theirs.searchParams.get('state') ?? '')
    await refused(w, ours.href, stale, 'stale')
    // And what was meant for the other comes back here.
    await refused(w, back(w, theirs.search.slice(1)), malformed, 'malformed')
    expect([await w.merchants(), await w.merchants(app)]).toEqual([[], []])
  })

  test('what is none of it: cheaply, whatever it is', async () => {
    const w = await authorising()
    const app = `app_id=${w.isv.appId}`
    for (const query of [
      ...['', app, `${app}&app_auth_code=`, `app_id=1&app_auth_code=P1`, `${app}&app_auth_code=${'P'.repeat(65)}`],
      ...[
        `${app}&app_auth_code=P%00`,
        `${app}&app_auth_code=<script>`,
        '%E0%A4%A',
        `${app}&app_auth_code=P1&x=${'x'.repeat(3_000)}`,
      ],
    ])
      await refused(w, back(w, query), malformed, 'malformed')
    for (const state of ['x', '%00', 'é', "' or 1=1", 'A'.repeat(1_500)])
      await refused(w, back(w, `${app}&app_auth_code=P1&state=${encodeURIComponent(state)}`), stale, 'stale')
    expect((await w.visit(back(w, `x=${'x'.repeat(20_000)}`))).status).toBe(431)
    expect((await w.visit(back(w, app))).status).toBe(400)
  })

  test('at an address that is not there', async () => {
    const w = await authorising()
    const query = new URL(await w.agree((await w.invite()).browser)).search
    const { account } = w.isv
    for (const path of [
      ...['/oauth/alipay/acc_none', `/oauth/wechat-pay/${account}`, `/oauth/nobody/${account}`, '/oauth/alipay/'],
      ...[
        `/oauth/wechat-mini/${w.account}`,
        `/oauth/alipay/${'a'.repeat(300)}`,
        '/oauth/alipay/..%2f..%2fetc',
        '/oauth/__proto__/constructor',
      ],
    ])
      expect([path, (await w.visit(`${publicUrl}${path}${query}`)).status]).toEqual([path, 404])
    const broken = await w.visit(`${publicUrl}/oauth/alipay/%E0%A4%A${query}`)
    expect(broken.status).toBe(400)
    expect(broken.text).not.toContain('node_modules')
    expect(w.exchanges()).toBe(0)
  })

  test('whoever only looks changes nothing', async () => {
    const w = await authorising()
    w.withheld()
    const address = await w.agree((await w.invite()).browser)
    expect(await w.visit(address, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
    const looks: readonly Record<string, string>[] = [
      { 'user-agent': 'TelegramBot (like TwitterBot)' },
      { 'user-agent': 'Slackbot-LinkExpanding 1.0' },
      { 'sec-purpose': 'prefetch;prerender' },
      { purpose: 'prefetch' },
    ]
    for (const headers of looks) expect((await w.visit(address, { headers })).title).toBe('请在浏览器中打开')
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await w.visit(address, { method })).status).toBe(405)
    expect(w.exchanges()).toBe(0)
    expect(await w.merchants()).toEqual([])
    expect((await w.visit(address, { headers: { 'user-agent': 'AlipayClient/10.5 (CUBOT X18)' } })).title).toBe(
      '授权成功',
    )
  })

  test('a code that the platform does not know, or has seen', async () => {
    const w = await authorising()
    w.withheld()
    const first = new URL(await w.agree((await w.invite()).browser))
    await w.visit(first.href)
    const second = new URL(await w.agree((await w.invite()).browser))
    const good = second.searchParams.get('app_auth_code') ?? ''
    second.searchParams.set('app_auth_code', first.searchParams.get('app_auth_code') ?? '')
    expect(await w.visit(second.href)).toMatchObject({ status: 400, title: '授权没有完成' })
    // The link itself is as good as before.
    second.searchParams.set('app_auth_code', good)
    expect((await w.visit(second.href)).title).toBe('授权成功')
    expect(await w.merchants()).toHaveLength(1)
  })

  test('nobody makes us ask the platform without end', async () => {
    const w = await authorising()
    w.withheld()
    const junk = (n: number) => back(w, `app_id=${w.isv.appId}&app_auth_code=P${n}`)
    const titles = new Set<string>()
    for (let n = 0; n < 40; n++) titles.add((await w.visit(junk(n))).title)
    expect([...titles]).toEqual(['授权没有完成', '请稍等一会儿'])
    expect(w.exchanges()).toBe(30)
    // Whoever was invited is let in all the same; with one link, not for ever either.
    expect((await w.authorised()).title).toBe('授权成功')
    const address = new URL(await w.agree((await w.invite()).browser))
    for (let n = 0; n < 10; n++) {
      address.searchParams.set('app_auth_code', `P${n}`)
      await w.visit(address.href)
    }
    expect(w.exchanges()).toBe(36)
    w.clock.advance(10_000)
    expect((await w.visit(junk(1))).title).toBe('授权没有完成')
    expect((await w.visit(junk(2))).status).toBe(429)
  })

  test('one link, two codes at once: whoever is later waits for a claim, and is not lost', async () => {
    const w = await authorising()
    w.withheld()
    const address = await w.agree((await w.invite()).browser)
    const slow = w.alipay.sandbox.misbehave({ on: token, how: 'hang', effect: true })
    const later = new URL(await w.agree((await w.invite()).browser, w.other))
    later.searchParams.set('state', new URL(address).searchParams.get('state') ?? '')
    const hanging = w.visit(later.href)
    await expect.poll(() => slow.happened).toBe(1)
    expect((await w.visit(address)).title).toBe('授权成功')
    slow.release()
    const page = await hanging
    expect([page.title, page.text]).toEqual(['授权成功，还差一步', expect.stringContaining('认领码')])
    expect((await w.merchants()).map(({ outsideId }) => outsideId)).toEqual([w.shop.pid])
    expect(await w.waiting()).toMatchObject([{ outsideId: w.other.pid }])
  })
})

describe('the platform does not answer as it should', () => {
  test.each([
    ['lost-answer', 502, '授权结果还没有确认'],
    ['lost-request', 502, '授权结果还没有确认'],
    ['unknown-error', 502, '授权结果还没有确认'],
    ['unverifiable', 502, '授权结果还没有确认'],
    ['malformed', 502, '授权结果还没有确认'],
    ['call-limited', 503, '暂时连不上平台'],
  ] as const)('%s: it is said so, and the link is not used up', async (how, status, title) => {
    const w = await authorising()
    w.withheld()
    const { browser } = await w.invite()
    const address = await w.agree(browser)
    w.alipay.sandbox.misbehave({ on: token, how })
    expect(await w.visit(address)).toMatchObject({ status, title })
    expect(await w.merchants()).toEqual([])
    // The link opened once more: another code, the same state.
    expect((await w.visit(await w.agree(browser))).title).toBe('授权成功')
  })

  test('it hangs: the browser is answered in time', async () => {
    const w = await authorising()
    w.withheld()
    const { browser } = await w.invite()
    const address = await w.agree(browser)
    const silence = w.alipay.sandbox.misbehave({ on: token, how: 'hang', effect: true })
    const page = w.visit(address)
    await expect.poll(() => silence.happened).toBe(1)
    w.clock.advance(20_000)
    expect(await page).toMatchObject({ status: 502, title: '授权结果还没有确认' })
    silence.release()
    expect((await w.visit(await w.agree(browser))).title).toBe('授权成功')
  })

  test('it lets the app itself in no more: the merchant is told that it is not its fault', async () => {
    const { logger, said: logged } = listening()
    const w = await authorising({ logger })
    const address = await w.agree((await w.invite()).browser)
    w.alipay.sandbox.misbehave({ on: token, how: 'refused', code: '40002', subCode: 'isv.invalid-signature' })
    expect(await w.visit(address)).toMatchObject({ status: 502, title: '授权没有完成' })
    expect(logged.join()).toContain('invalid-signature')
    expect(logged.join()).not.toContain(new URL(address).searchParams.get('app_auth_code'))
  })
})

describe('a merchant that comes back without a state', () => {
  const come = async (w: Authorising, merchant = w.shop) =>
    w.visit((await w.alipay.sandbox.consentByInvitation(w.isv.appId, merchant.pid)).redirect)
  const codeOn = ({ text }: { readonly text: string }) => /<b>([A-Z2-9]{10})<\/b>/.exec(text)?.[1] ?? ''
  const claim = (w: Authorising, body: object, account = w.isv.account, tenant = 'shop') =>
    w.alipay.admin('POST', `/tenants/${tenant}/accounts/${account}/merchants/claim`, body)

  test('waits, and is told a code; the team is told without it', async () => {
    const w = await authorising()
    w.withheld()
    const page = await come(w)
    expect([page.status, page.title]).toEqual([200, '授权成功，还差一步'])
    const code = codeOn(page)
    expect(code).toMatch(/^[A-Z2-9]{10}$/)
    await w.settle()
    expect(said(w)).toEqual([expect.stringContaining(`支付宝：商家 ${w.shop.pid} 已授权，但不是通过我们的链接`)])
    expect(JSON.stringify(w.chat.posts)).not.toContain(code)
    expect(await w.waiting()).toMatchObject([{ outsideId: w.shop.pid, authAppId: w.shop.appId }])
    expect(await w.merchants()).toEqual([])

    expect(await claim(w, { code: code.toLowerCase() })).toMatchObject({ outsideId: w.shop.pid, authorised: true })
    expect(await w.waiting()).toEqual([])
    await expect(claim(w, { code })).rejects.toThrow('422')
    await w.settle()
    expect(said(w).at(-1)).toContain(`商家「${w.shop.pid}」已授权`)
    expect((await w.merchants())[0]?.token).toBe(w.alipay.sandbox.grants().at(-1)?.token)
  })

  test('comes twice: one waits, under its newer code, and the team is told once', async () => {
    const w = await authorising()
    w.withheld()
    const [first, second] = [codeOn(await come(w)), codeOn(await come(w))]
    await w.settle()
    expect(said(w)).toHaveLength(1)
    await expect(claim(w, { code: first })).rejects.toThrow('unknown, used or too old')
    expect(await claim(w, { code: second })).toMatchObject({ outsideId: w.shop.pid })
  })

  test('is known already: it has authorised anew', async () => {
    const w = await authorising()
    w.withheld()
    await w.authorised()
    const [before] = await w.merchants()
    expect((await come(w)).title).toBe('授权成功')
    const [after] = await w.merchants()
    expect(after).toMatchObject({ id: before?.id, fence: 2 })
    expect(after?.token).not.toBe(before?.token)
    expect(await w.waiting()).toEqual([])
  })

  test('is claimed by its PID; what was not said or is not there is refused by name', async () => {
    const w = await authorising()
    w.withheld()
    await come(w)
    await expect(claim(w, {})).rejects.toThrow('give code or outsideId, one of the two')
    await expect(claim(w, { code: 'AAAAAAAAAA', outsideId: w.shop.pid })).rejects.toThrow('one of the two')
    await expect(claim(w, { outsideId: w.other.pid })).rejects.toThrow('no such merchant waits')
    const second = await w.alipay.join(w.tenant, 'certificate', '第二个')
    await expect(claim(w, { outsideId: w.shop.pid }, second.account)).rejects.toThrow('no such merchant waits')
    expect(await claim(w, { outsideId: w.shop.pid })).toMatchObject({ outsideId: w.shop.pid, on: true })
  })

  test('the same merchant under an account of another business: two merchants, and neither sees the other', async () => {
    const w = await authorising()
    w.withheld()
    const theirs = await w.business('theirs')
    const app = await w.alipay.join(theirs, 'certificate', '别家的')
    await w.authorised()
    const page = await w.authorised(w.shop, app)
    expect([page.title, page.text]).toEqual(['授权成功', expect.stringContaining('别家')])
    const [[ours], [other]] = [await w.merchants(), await w.merchants(app)]
    expect([ours?.outsideId, other?.outsideId]).toEqual([w.shop.pid, w.shop.pid])
    expect([ours?.tenant, other?.tenant]).toEqual([w.tenant.id, theirs.id])
    expect(ours?.token).not.toBe(other?.token)
    await w.settle()
    expect(said(w)).toHaveLength(1)
    await expect(claim(w, { outsideId: w.shop.pid }, app.account)).rejects.toThrow('404')
  })
})

test('what may be tried is limited by name, and comes back with time', () => {
  let now = 0
  const may = createTries({ now: () => now }, { burst: 2, every: 1_000 })
  expect([may('a'), may('a'), may('a'), may('b')]).toEqual([true, true, false, true])
  now = 999
  expect(may('a')).toBe(false)
  now = 1_000
  expect([may('a'), may('a')]).toEqual([true, false])
  now = 1_000_000
  expect([may('a'), may('a'), may('a')]).toEqual([true, true, false])
  // A clock that is set back gives nothing away.
  now = 0
  expect(may('a')).toBe(false)
})
