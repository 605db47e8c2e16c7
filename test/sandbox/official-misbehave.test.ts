import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Misbehaviour } from '../../sandbox/official/index.ts'
import { appid, good, openWorld, secret, templateId, token, type World } from './official-world.ts'

// Each misbehaviour is seen to happen; what the follower read is the effect (codes: wechat-miniprogram.md §5.2, §6.3; pushes: §3).
let w: World
let openid: string
beforeEach(async () => {
  w = await openWorld({ format: 'json' })
  openid = await w.follower()
})
afterEach(() => w.close())

const read = () => w.official.shown(openid).filter(({ kind }) => kind === 'template').length
const last = () => w.official.calls().at(-1)

test('lost-answer, lost-request, late-effect', async () => {
  w.official.misbehave({ on: 'send', how: 'lost-answer' })
  await expect(w.send(openid)).rejects.toThrow('fetch failed')
  expect([read(), last()?.ran, last()?.outcome]).toEqual([1, 'yes', 'lost'])
  w.official.misbehave({ on: 'send', how: 'lost-request' })
  await expect(w.send(openid)).rejects.toThrow('fetch failed')
  expect([read(), last()?.ran]).toEqual([1, 'no'])
  w.official.misbehave({ on: 'send', how: 'late-effect', ms: 20_000 })
  await expect(w.send(openid)).rejects.toThrow('fetch failed')
  await w.pass(19_999)
  expect(read()).toBe(1)
  await w.pass(1)
  expect(read()).toBe(2)
})

test.each([
  [500, false, 0],
  [502, true, 1],
])('http %i, effect %s', async (status, effect, count) => {
  w.official.misbehave({ on: 'send', how: 'http', status, effect })
  await expect(w.send(openid)).rejects.toThrow(/JSON/)
  expect(read()).toBe(count)
})

test('hang, slow, malformed', async () => {
  const hanging = w.official.misbehave({ on: 'send', how: 'hang' })
  const answer = w.send(openid)
  await vi.waitFor(() => expect([hanging.waiting, read()]).toEqual([1, 0]))
  hanging.release()
  expect((await answer).errcode).toBe(0)
  const slow = w.official.misbehave({ on: 'send', how: 'slow', ms: 4000 })
  const late = w.send(openid)
  await vi.waitFor(() => expect(slow.happened).toBe(1))
  w.clock.advance(4000)
  expect((await late).errcode).toBe(0)
  w.official.misbehave({ on: 'send', how: 'malformed' })
  await expect(w.send(openid)).rejects.toThrow(/JSON/)
  expect(read()).toBe(3)
})

test.each([
  [-1, false, 0],
  [45009, false, 0],
  [43004, false, 0],
  [-1, true, 1],
])('errcode %i, effect %s, once', async (errcode, effect, count) => {
  w.official.misbehave({ on: 'send', how: 'errcode', errcode, effect })
  expect(await w.send(openid)).toEqual({ errcode, errmsg: expect.stringMatching(/ rid: /) })
  expect(read()).toBe(count)
  expect((await w.send(openid)).errcode).toBe(0)
})

test.each([40001, 42001, 40014] as const)('token: taken back with %i until a new one is fetched', async (errcode) => {
  const access = await w.token()
  w.official.misbehave({ on: 'send', how: 'token', errcode })
  const use = async (its: string) => {
    const wish = { touser: openid, template_id: templateId, data: good }
    return (await w.post(`/cgi-bin/message/template/send?access_token=${its}`, wish)).errcode
  }
  expect([await use(access), await use(access)]).toEqual([errcode, errcode])
  const fresh = await w.token()
  expect(fresh).not.toBe(access)
  expect(await use(fresh)).toBe(0)
})

test('token, sticky: normal mode goes on giving the dead one, a forced refresh helps', async () => {
  const access = await w.token()
  w.official.misbehave({ on: 'send', how: 'token', errcode: 40001, sticky: true })
  expect((await w.send(openid)).errcode).toBe(40001)
  expect(await w.token()).toBe(access)
  const wish = { grant_type: 'client_credential', appid, secret, force_refresh: true }
  expect((await w.post('/cgi-bin/stable_token', wish)).access_token).not.toBe(access)
  expect((await w.send(openid)).errcode).toBe(0)
})

test('the code of the whitelist at the token, a code of the QR call, all calls of one account', async () => {
  w.official.misbehave({ on: 'token', how: 'errcode', errcode: 40164, errmsg: '198.51.100.9' })
  const wish = { grant_type: 'client_credential', appid, secret }
  expect((await w.post('/cgi-bin/stable_token', wish)).errmsg).toContain('invalid ip 198.51.100.9')
  w.official.misbehave({ on: 'qrcode', how: 'errcode', errcode: 48001 })
  expect(await w.code()).toBe('undefined')
  w.official.misbehave({ on: 'any', how: 'lost-request', appid: 'wxotherotherother' })
  expect((await w.send(openid)).errcode).toBe(0)
})

test('finish: taken, not arrived, and the push says so; a follower who refuses messages', async () => {
  w.official.misbehave({ on: 'finish', how: 'status', status: 'failed: system failed' })
  expect((await w.send(openid)).errcode).toBe(0)
  w.official.mark(openid, { refuses: true })
  await w.send(openid)
  await w.official.idle()
  const told = w.received.map(({ body }) => JSON.parse(body))
  expect(told.map(({ Event, Status }) => [Event, Status])).toEqual([
    ['TEMPLATESENDJOBFINISH', 'failed: system failed'],
    ['TEMPLATESENDJOBFINISH', 'failed:user block'],
  ])
  expect(w.received[0]?.body).toMatch(/"MsgID":\d{19},/)
  expect(read()).toBe(0)
})

/** A scan by somebody who follows, spoiled. */
async function scanned(script: Misbehaviour) {
  const handle = w.official.misbehave(script)
  w.official.scan(openid, await w.code('b_7'))
  await w.official.idle()
  expect(handle.happened).toBe(1)
  return w.received.map(({ body }) => body)
}

test('push: twice, withheld, late, and the very same bytes again', async () => {
  expect(await scanned({ on: 'push', how: 'duplicate' })).toHaveLength(2)
  w.received.length = 0
  expect(await scanned({ on: 'push', how: 'withheld', event: 'SCAN' })).toEqual([])
  expect(await scanned({ on: 'push', how: 'slow', ms: 3000 })).toEqual([])
  await w.pass(3000)
  expect(w.received).toHaveLength(1)
  w.received.length = 0
  await scanned({ on: 'push', how: 'replay', ms: 60_000 })
  await w.pass(60_000)
  const [first, again] = w.received
  expect(again).toEqual(first)
})

test('push: only of the event that is meant', async () => {
  w.official.misbehave({ on: 'push', how: 'withheld', event: 'subscribe' })
  w.official.scan(openid, await w.code())
  await w.official.idle()
  expect(w.received).toHaveLength(1)
})

test('push: a wrong signature, another event, the name in other letters, a body cut off', async () => {
  await scanned({ on: 'push', how: 'bad-signature' })
  const query = w.received[0]?.query
  const values = [token, query?.get('timestamp') ?? '', query?.get('nonce') ?? '']
  expect(query?.get('signature')).not.toBe(createHash('sha1').update(values.sort().join('')).digest('hex'))
  w.received.length = 0
  expect(JSON.parse((await scanned({ on: 'push', how: 'other-event' }))[0] ?? '')).toMatchObject({ Event: 'VIEW' })
  w.received.length = 0
  expect(JSON.parse((await scanned({ on: 'push', how: 'case' }))[0] ?? '')).toMatchObject({
    Event: 'scan',
    EventKey: 'b_7',
  })
  w.received.length = 0
  const [cut = ''] = await scanned({ on: 'push', how: 'damaged' })
  expect(() => JSON.parse(cut)).toThrow()
})

test('push in safe mode: plain although it should be sealed, for another account, damaged inside; XML with a DOCTYPE', async () => {
  await w.close()
  w = await openWorld({ mode: 'safe', format: 'xml' })
  openid = await w.follower()
  expect((await scanned({ on: 'push', how: 'plain' }))[0]).toContain('<EventKey><![CDATA[b_7]]></EventKey>')
  w.received.length = 0
  const stranger = `gh_${createHash('sha1').update('wx00000000000000ff').digest('hex').slice(0, 12)}`
  expect((await scanned({ on: 'push', how: 'wrong-appid' }))[0]).toContain(stranger)
  w.received.length = 0
  const [broken = ''] = await scanned({ on: 'push', how: 'damaged' })
  const sealed = /<Encrypt><!\[CDATA\[([^\]]+)/.exec(broken)?.[1] ?? ''
  const query = w.received[0]?.query
  const values = [token, query?.get('timestamp') ?? '', query?.get('nonce') ?? '', sealed]
  expect(query?.get('msg_signature')).toBe(createHash('sha1').update(values.sort().join('')).digest('hex'))
  await w.close()
  w = await openWorld({ format: 'xml' })
  openid = await w.follower()
  expect((await scanned({ on: 'push', how: 'doctype' }))[0]).toMatch(/^<!DOCTYPE xml \[<!ENTITY/)
})

test('by JSON: set, listed, stopped; nonsense is refused with a reason', async () => {
  expect(await w.post('/sandbox/api/misbehave', { on: 'send', how: 'errcode', errcode: -1, times: 9 })).toEqual({
    id: 1,
  })
  expect((await w.send(openid)).errcode).toBe(-1)
  await w.post('/sandbox/api/misbehave/1/stop', {})
  expect((await w.send(openid)).errcode).toBe(0)
  expect(await (await w.get('/sandbox/api/misbehave')).json()).toMatchObject([{ happened: 1, left: 0 }])
  const why = async (body: object) => (await w.post('/sandbox/api/misbehave', body)).error
  expect(await why({ on: 'nowhere', how: 'hang' })).toContain('nowhere is none of')
  expect(await why({ on: 'send', how: 'duplicate' })).toContain('duplicate is none of')
  expect(await why({ on: 'push', how: 'malformed' })).toContain('malformed is none of')
  expect(await why({ on: 'send', how: 'errcode' })).toBe('errcode needs the number errcode')
  expect(await why({ on: 'finish', how: 'status' })).toBe('status needs the text status')
})
