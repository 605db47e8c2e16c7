import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bookshop, cafe, isv, openWorld, otherIsv, ownApp, type World } from './alipay-world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const redirect = 'https://redress.example/alipay/callback'
const state = Buffer.from('isp1.n0nce.hmac').toString('base64')
const biz = (more: object = {}) =>
  JSON.stringify({
    platformCode: 'O',
    taskType: 'INTERFACE_AUTH',
    agentOpParam: { redirectUri: redirect, appTypes: ['BASEAPP', 'TINYAPP'], isvAppId: isv, state, ...more },
  })
const onComputer = (more: object = {}) =>
  `https://b.alipay.com/page/message/tasksDetail?bizData=${encodeURIComponent(biz(more))}`
const onPhone = () =>
  `alipays://platformapi/startapp?appId=2021003130652097&page=pages%2Fauthorize%2Findex%3FbizData%3D${encodeURIComponent(biz())}`
const plainly = () =>
  `https://openauth.alipay.com/oauth2/appToAppAuth.htm?app_id=${isv}&redirect_uri=${encodeURIComponent(redirect)}&state=${encodeURIComponent(state)}`

const exchange = (code: string, as = isv) =>
  world.exec('alipay.open.auth.token.app', { as, biz: { grant_type: 'authorization_code', code } })
const refresh = (token: unknown, as = isv) =>
  world.exec('alipay.open.auth.token.app', { as, biz: { grant_type: 'refresh_token', refresh_token: token } })
const lookUp = (token: unknown, as = isv) =>
  world.exec('alipay.open.auth.token.app.query', { as, biz: { app_auth_token: token } })
const list = async (token: string) =>
  (await world.exec('alipay.security.risk.complaint.info.batchquery', { token, biz: {} })).inner

describe('a consent', () => {
  test.each([
    ['on a computer', onComputer],
    ['on a phone', onPhone],
    ['to the plain link', plainly],
  ])('%s leads back with a code and the state', async (_, link) => {
    const { redirect: back, code } = await world.alipay.consent(link(), cafe.pid)
    const url = new URL(back)
    expect(`${url.origin}${url.pathname}`).toBe(redirect)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      app_id: isv,
      source: 'alipay_app_auth',
      app_auth_code: code,
      state,
    })
  })

  test('by the console’s own link has no state', async () => {
    const { redirect: back } = await world.alipay.consentByInvitation(isv, cafe.pid)
    expect(new URL(back).searchParams.has('state')).toBe(false)
  })

  test.each([
    [{ state: 'x'.repeat(104) }, '超过 100'],
    [{ state: 'not-base64!' }, '不是 base64'],
    [{ state: 'url_safe-' }, '不是 base64'],
    [{ redirectUri: `${redirect}/` }, '回调地址'],
    [{ isvAppId: ownApp }, '第三方应用不存在'],
    [{ appTypes: [] }, '授权链接不正确'],
    [{ appTypes: ['ROBOT'] }, '授权链接不正确'],
  ])('to a link with %j is turned away', async (more, why) => {
    await expect(world.alipay.consent(onComputer(more), cafe.pid)).rejects.toThrow(why)
    expect(world.alipay.grants()).toEqual([])
  })

  test('is given in a browser by choosing a merchant', async () => {
    const path = onComputer().replace('https://b.alipay.com', world.url)
    const page = await (await fetch(path)).text()
    expect(page).toContain('街角咖啡')
    const href = /href="([^"]+agree=2088000000000011[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const answer = await fetch(`${world.url}${href}`, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    const back = new URL(answer.headers.get('location') ?? '')
    expect(back.searchParams.get('state')).toBe(state)
    expect((await exchange(back.searchParams.get('app_auth_code') ?? '')).inner.user_id).toBe(cafe.pid)
    const phone = onPhone().replace('alipays://', `${world.url}/`)
    expect(await (await fetch(phone)).text()).toContain('街角咖啡')
    expect((await fetch(`${world.url}/oauth2/appToAppAuth.htm?app_id=1&agree=${cafe.pid}`)).status).toBe(400)
  })
})

describe('a code', () => {
  test('is exchanged once, for a token that names the merchant', async () => {
    const { code } = await world.alipay.consent(onComputer(), cafe.pid)
    const { inner, genuine } = await exchange(code)
    expect(genuine).toBe(true)
    expect(inner).toMatchObject({
      code: '10000',
      user_id: cafe.pid,
      auth_app_id: cafe.appId,
      expires_in: 31_536_000,
      re_expires_in: 32_140_800,
      tokens: [{ user_id: cafe.pid }],
    })
    expect(String(inner.app_auth_token).length).toBeLessThanOrEqual(40)
    expect((await list(String(inner.app_auth_token))).code).toBe('10000')
    expect((await exchange(code)).inner).toMatchObject({ code: '40004', sub_code: 'AUTH_CODE_NOT_VALID' })
  })

  test('lives a day, and for its app only', async () => {
    const { code } = await world.alipay.consent(onComputer(), cafe.pid)
    expect((await exchange(code, otherIsv)).inner.sub_code).toBe('APP_ID_NOT_CONSISTENT')
    expect((await exchange(code, ownApp)).inner.sub_code).toBe('APP_NOT_ISV')
    expect((await exchange('P1')).inner.sub_code).toBe('AUTH_CODE_NOT_EXIST')
    world.clock.advance(86_400_000)
    expect((await exchange(code)).inner.sub_code).toBe('AUTH_CODE_NOT_VALID')
  })

  test('is exchanged without a token, and by the two documented ways only', async () => {
    const { token } = await world.alipay.authorise(isv, bookshop.pid)
    const asked = { grant_type: 'authorization_code', code: 'P1' }
    const with_ = await world.exec('alipay.open.auth.token.app', { token, biz: asked })
    expect(with_.inner.sub_code).toBe('isv.not-support-app-auth')
    const wrong = await world.exec('alipay.open.auth.token.app', { biz: { ...asked, grant_type: 'code' } })
    expect(wrong.inner.sub_code).toBe('GRANT_TYPE_INVALID')
  })

  test('v3 exchanges and looks up too', async () => {
    const { code } = await world.alipay.consent(onComputer(), cafe.pid)
    const asked = { grant_type: 'authorization_code', code }
    const { json } = await world.v3('POST', '/v3/alipay/open/auth/token/app', { biz: asked })
    expect(json.user_id).toBe(cafe.pid)
    const path = `/v3/alipay/open/auth/token/app/query?app_auth_token=${json.app_auth_token}`
    expect((await world.v3('GET', path)).json).toMatchObject({ status: 'valid', user_id: cafe.pid })
  })
})

describe('a token', () => {
  test('is looked up with what it may do', async () => {
    world.alipay.setApp(isv, { methods: ['alipay.trade.query'] })
    const { token } = await world.alipay.authorise(isv, cafe.pid)
    expect((await lookUp(token)).inner).toMatchObject({
      user_id: cafe.pid,
      auth_app_id: cafe.appId,
      auth_methods: ['alipay.trade.query'],
      auth_start: '2026-11-21 10:00:00',
      status: 'valid',
    })
    expect(await list(token)).toMatchObject({ code: '40006', sub_code: 'isv.insufficient-isv-permissions' })
    world.alipay.setApp(isv, { methods: ['alipay.trade.query', 'alipay.security.risk.complaint.info.batchquery'] })
    expect((await list(token)).code).toBe('40006')
    expect((await list((await world.alipay.authorise(isv, cafe.pid)).token)).code).toBe('10000')
    expect((await lookUp(token, otherIsv)).inner.sub_code).toBe('AUTH_TOKEN_NOT_CONSISTENT')
    expect((await lookUp('202611BB')).inner.sub_code).toBe('AUTH_TOKEN_NOT_EXISTED')
  })

  test('changes with a refresh and with a new consent; the old one dies after a while', async () => {
    const first = await world.alipay.authorise(isv, cafe.pid)
    const { inner } = await refresh(first.refreshToken)
    const second = String(inner.app_auth_token)
    expect(second).not.toBe(first.token)
    expect((await list(first.token)).code).toBe('10000')
    world.clock.advance(600_000)
    expect((await list(first.token)).code).toBe('20001')
    expect((await lookUp(first.token)).inner.status).toBe('invalid')
    expect((await list(second)).code).toBe('10000')
    expect((await refresh(first.refreshToken)).inner.sub_code).toBe('REFRESH_TOKEN_NOT_VALID')
    expect((await refresh('x')).inner.sub_code).toBe('REFRESH_TOKEN_NOT_EXIST')
    await world.alipay.authorise(isv, cafe.pid)
    world.clock.advance(600_000)
    expect((await list(second)).code).toBe('20001')
  })

  test('is dead at once when the merchant takes its consent back', async () => {
    const { token, refreshToken } = await world.alipay.authorise(isv, cafe.pid)
    await world.alipay.revoke(isv, cafe.pid)
    expect(await list(token)).toMatchObject({ code: '20001', sub_code: 'aop.invalid-app-auth-token' })
    expect((await lookUp(token)).inner.status).toBe('invalid')
    expect((await refresh(refreshToken)).inner.sub_code).toBe('REFRESH_TOKEN_NOT_VALID')
    await expect(world.alipay.revoke(isv, cafe.pid)).rejects.toThrow('no consent')
  })

  test('is not needed by a merchant’s own app, nor by a third-party app where the rules let it see all', async () => {
    await world.alipay.complainRisk({ pid: cafe.pid })
    await world.alipay.complainRisk({ pid: bookshop.pid })
    const name = 'alipay.security.risk.complaint.info.batchquery'
    expect((await world.exec(name, { as: ownApp, biz: {} })).inner.total_size).toBe(1)
    await world.alipay.authorise(isv, cafe.pid)
    world.alipay.setRules({ withoutToken: 'all' })
    expect((await world.exec(name, { biz: {} })).inner.total_size).toBe(1)
    await world.alipay.authorise(isv, bookshop.pid)
    expect((await world.exec(name, { biz: {} })).inner.total_size).toBe(2)
  })
})
