import { afterEach, expect, test } from 'vitest'
import { openWorld, secret, type World } from './wechat-world.ts'

// WeChat docs, access_token: /cgi-bin/token and /cgi-bin/stable_token.
let w: World
afterEach(() => w.close())

const appid = 'wxba5fad812f8e6fb9'
const stable = (more: object = {}) =>
  w.post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret, ...more })
const plain = async (query: string) =>
  (await (await w.get(`/cgi-bin/token?${query}`)).json()) as Record<string, unknown>
const good = `grant_type=client_credential&appid=${appid}&secret=${secret}`
const use = async (token: unknown) => {
  const answer = await w.get(`/cgi-bin/media/get?access_token=${token}&media_id=x`)
  return ((await answer.json()) as { errcode: number }).errcode
}
// A token that passes the door meets the next check: no such media.
const taken = 40007

test('stable_token gives the same token until five minutes before its end, and both work in the overlap', async () => {
  w = await openWorld()
  const first = await stable()
  expect(first).toEqual({ access_token: expect.stringMatching(/^81_[\w-]{100,}$/), expires_in: 7200 })
  w.clock.advance(6_900_000)
  expect(await stable()).toEqual({ access_token: first.access_token, expires_in: 300 })
  w.clock.advance(1000)
  const second = await stable()
  expect(second.access_token).not.toBe(first.access_token)
  expect(second.expires_in).toBe(7200)
  expect([await use(first.access_token), await use(second.access_token)]).toEqual([taken, taken])
  w.clock.advance(299_000)
  expect([await use(first.access_token), await use(second.access_token)]).toEqual([42001, taken])
})

test('a forced refresh kills the old token, 30 s apart, 20 a day', async () => {
  w = await openWorld()
  const first = await stable()
  const second = await stable({ force_refresh: true })
  expect([await use(first.access_token), await use(second.access_token)]).toEqual([40001, taken])
  expect((await stable({ force_refresh: true })).errcode).toBe(45011)
  for (let count = 2; count <= 20; count++) {
    w.clock.advance(30_000)
    expect(await stable({ force_refresh: true })).toHaveProperty('access_token')
  }
  w.clock.advance(30_000)
  expect((await stable({ force_refresh: true })).errcode).toBe(45009)
  w.clock.advance(86_400_000)
  expect(await stable({ force_refresh: true })).toHaveProperty('access_token')
})

test('/cgi-bin/token gives a new one each time, the one before lives five minutes on, and stable tokens are untouched', async () => {
  w = await openWorld()
  const apart = await stable()
  const first = await plain(good)
  const second = await plain(good)
  expect(second.access_token).not.toBe(first.access_token)
  expect(await use(first.access_token)).toBe(taken)
  w.clock.advance(300_000)
  expect([await use(first.access_token), await use(second.access_token)]).toEqual([40001, taken])
  expect(await use(apart.access_token)).toBe(taken)
})

test.each([
  ['wrong secret', { secret: 'wrong' }, 40125],
  ['unknown appid', { appid: 'wx404' }, 40013],
  ['wrong grant type', { grant_type: 'password' }, 40002],
  ['no appid', { appid: '' }, 41002],
  ['no secret', { secret: '' }, 41004],
])('both calls refuse: %s', async (_, wrong, errcode) => {
  w = await openWorld()
  expect((await stable(wrong)).errcode).toBe(errcode)
  const wish = { grant_type: 'client_credential', appid, secret, ...wrong }
  expect((await plain(new URLSearchParams(wish).toString())).errcode).toBe(errcode)
})

test('stable_token wants a POST with a body that is JSON; the errmsg ends with a rid', async () => {
  w = await openWorld()
  const answer = (await (await w.get('/cgi-bin/stable_token')).json()) as Record<string, unknown>
  expect(answer).toEqual({
    errcode: 43002,
    errmsg: expect.stringMatching(/^require POST method rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
  })
  const send = async (body: string) => (await fetch(`${w.url}/cgi-bin/stable_token`, { method: 'POST', body })).json()
  expect(await send('')).toMatchObject({ errcode: 44002 })
  expect(await send('{"grant_type":')).toMatchObject({ errcode: 47001 })
})

test('business calls: token missing 41001, not a token 40014, never given 40001, expired 42001', async () => {
  w = await openWorld()
  const { access_token: token } = await stable()
  expect(await use('')).toBe(41001)
  expect(await use('short')).toBe(40014)
  expect(await use(`81_${'x'.repeat(140)}`)).toBe(40001)
  w.clock.advance(7_200_000)
  expect(await use(token)).toBe(42001)
})
