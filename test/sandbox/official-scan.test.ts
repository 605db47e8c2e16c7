import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { aesKey, appid, openWorld, type Received, start, token, type World } from './official-world.ts'

// A receiver is bound by a code with a scene: notifications.md §3.2; pushes as in wechat-miniprogram.md §3.
let w: World
afterEach(() => w.close())

const sha1 = (...values: string[]) => createHash('sha1').update(values.sort().join('')).digest('hex')
const signedWell = ({ query }: Received, ...more: string[]) =>
  sha1(token, query.get('timestamp') ?? '', query.get('nonce') ?? '', ...more)
const aes = Buffer.from(`${aesKey}=`, 'base64')

function decrypted(encrypted: string): { text: string; appid: string } {
  const decipher = createDecipheriv('aes-256-cbc', aes, aes.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()])
  const plain = padded.subarray(0, padded.length - (padded.at(-1) ?? 0))
  const end = 20 + plain.readUInt32BE(16)
  return { text: plain.subarray(20, end).toString(), appid: plain.subarray(end).toString() }
}

function encrypted(text: string, to = appid): string {
  const body = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const plain = Buffer.concat([Buffer.alloc(16, 'r'), length, body, Buffer.from(to)])
  const pad = 32 - (plain.length % 32)
  const cipher = createCipheriv('aes-256-cbc', aes, aes.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])), cipher.final()]).toString(
    'base64',
  )
}

const create = (action: object) => w.ask('/cgi-bin/qrcode/create', action)
const scene = (scene_str: unknown) => ({ action_info: { scene: { scene_str } } })

test('qrcode/create: what it answers, how long it is good, what it refuses', async () => {
  w = await openWorld()
  const kind = { action_name: 'QR_STR_SCENE' }
  expect(await create({ ...kind, expire_seconds: 600, ...scene('b_1') })).toEqual({
    ticket: expect.stringMatching(/^gQ[\w+/]+=*$/),
    expire_seconds: 600,
    url: expect.stringMatching(/^http:\/\/weixin\.qq\.com\/q\/02[\w-]+$/),
  })
  expect((await create({ ...kind, ...scene('b_2') })).expire_seconds).toBe(60)
  const permanent = await create({ action_name: 'QR_LIMIT_STR_SCENE', ...scene('b_3') })
  expect(Object.keys(permanent)).toEqual(['ticket', 'url'])
  const code = async (action: object) => (await create(action)).errcode
  expect(await code({ action_name: 'QR_OTHER', ...scene('x') })).toBe(40052)
  for (const wrong of ['', 'x'.repeat(65), 7]) expect(await code({ ...kind, ...scene(wrong) })).toBe(40053)
  expect(await code({ ...kind, ...scene('x'.repeat(64)) })).toBeUndefined()
  expect(await code({ ...kind, expire_seconds: 2_592_001, ...scene('x') })).toBe(40053)
  expect(await code({ ...kind, expire_seconds: 2_592_000, ...scene('x') })).toBeUndefined()
  expect(await code({ action_name: 'QR_SCENE', action_info: { scene: { scene_id: 0 } } })).toBe(40053)
  w.official.setRules({ permanentCodes: 1 })
  expect(await code({ action_name: 'QR_LIMIT_STR_SCENE', ...scene('b_4') })).toBe(45029)
})

test('an account that is not verified has no such codes', async () => {
  w = await openWorld({ verified: false })
  expect((await create({ action_name: 'QR_STR_SCENE', ...scene('x') })).errcode).toBe(48001)
})

test('somebody new scans: subscribe with qrscene_ and the ticket, plain XML, signed', async () => {
  w = await openWorld()
  const ticket = await w.code('b_secret')
  const { openid } = w.official.person(appid, '老板')
  expect(w.official.scan(openid, ticket)?.scene).toBe('b_secret')
  await w.official.idle()
  const [one] = w.received
  const gh = `gh_${createHash('sha1').update(appid).digest('hex').slice(0, 12)}`
  expect(one?.body).toBe(
    `<xml><ToUserName><![CDATA[${gh}]]></ToUserName><FromUserName><![CDATA[${openid}]]></FromUserName><CreateTime>${start / 1000}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_b_secret]]></EventKey><Ticket><![CDATA[${ticket}]]></Ticket></xml>`,
  )
  expect(one?.query.get('signature')).toBe(one && signedWell(one))
  expect([one?.query.get('openid'), one?.query.get('encrypt_type')]).toEqual([openid, null])
  expect(w.official.persons()[0]).toMatchObject({ following: true, since: start })
})

test('who follows already: SCAN with the bare scene, in JSON where the account is set so', async () => {
  w = await openWorld({ format: 'json' })
  const openid = await w.follower()
  const ticket = await w.code('b_2')
  const url = w.official.codes()[0]?.url ?? ''
  w.official.scan(openid, url)
  await w.official.idle()
  expect(w.received.map(({ body }) => JSON.parse(body))).toMatchObject([
    {
      FromUserName: openid,
      MsgType: 'event',
      Event: 'SCAN',
      EventKey: 'b_2',
      Ticket: ticket,
      CreateTime: start / 1000,
    },
  ])
})

test('a code without a scene is 0; a void one tells nobody anything; one of another account neither', async () => {
  w = await openWorld()
  const { openid } = w.official.person(appid, '老板')
  const { ticket } = await create({ action_name: 'QR_STR_SCENE', expire_seconds: 60, action_info: {} })
  w.clock.advance(59_999)
  expect(w.official.scan(openid, String(ticket))?.scene).toBe('0')
  await w.official.idle()
  expect(w.received[0]?.body).toContain('<EventKey><![CDATA[qrscene_0]]></EventKey>')
  w.clock.advance(1)
  expect(w.official.scan(openid, String(ticket))).toBeUndefined()
  const other = w.official.person('wxotherotherother', '老板').openid
  expect(w.official.scan(other, await w.code())).toBeUndefined()
  await w.official.idle()
  expect(w.received).toHaveLength(1)
  expect(w.official.ledger().filter(({ what }) => what === 'scan-expired')).toHaveLength(2)
})

test('found by search: subscribe with an empty key; leaving: unsubscribe', async () => {
  w = await openWorld({ format: 'json' })
  const { openid } = w.official.person(appid, '老板')
  w.official.follow(openid)
  w.official.unfollow(openid)
  await w.official.idle()
  const told = w.received.map(({ body }) => JSON.parse(body))
  expect(told.map(({ Event, EventKey, Ticket }) => [Event, EventKey, Ticket])).toEqual([
    ['subscribe', '', undefined],
    ['unsubscribe', '', undefined],
  ])
  expect(() => w.official.unfollow(openid)).toThrow('does not follow')
})

test.each(['safe', 'compatible'] as const)(
  '%s mode: sealed for the account, signed over what is sealed',
  async (mode) => {
    w = await openWorld({ mode, format: 'json' })
    const { openid } = w.official.person(appid, '老板')
    w.official.scan(openid, await w.code('b_9'))
    await w.official.idle()
    const [one] = w.received
    const { Encrypt, EventKey } = JSON.parse(one?.body ?? '{}')
    expect(EventKey).toBe(mode === 'safe' ? undefined : 'qrscene_b_9')
    expect(one?.query.get('encrypt_type')).toBe('aes')
    expect(one?.query.get('msg_signature')).toBe(one && signedWell(one, Encrypt))
    const { text, appid: to } = decrypted(Encrypt)
    expect([to, JSON.parse(text).EventKey]).toEqual([appid, 'qrscene_b_9'])
  },
)

test('no answer, and a bad one: three tries in all, the same second in each', async () => {
  w = await openWorld()
  const { openid } = w.official.person(appid, '老板')
  w.answering = () => ({ status: 500, body: '' })
  w.official.follow(openid)
  await w.official.idle()
  await w.pass(1000)
  w.answering = () => 'silence'
  await w.official.advance()
  await expect.poll(() => w.received.length).toBe(3)
  w.clock.advance(5000)
  await w.official.idle()
  await w.pass(60_000)
  expect(w.received).toHaveLength(3)
  const seconds = w.received.map(({ body }) => /<CreateTime>(\d+)/.exec(body)?.[1])
  expect(new Set(seconds)).toEqual(new Set([String(start / 1000)]))
  expect(w.official.ledger().map(({ what }) => what)).toEqual(['follow', 'push', 'push', 'push', 'push-given-up'])
})

const passive = (to: string, more: { from?: string; text?: string } = {}) => {
  const gh = more.from ?? `gh_${createHash('sha1').update(appid).digest('hex').slice(0, 12)}`
  return `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${gh}]]></FromUserName><CreateTime>${start / 1000}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${more.text ?? '绑定成功：老板'}]]></Content></xml>`
}

test('a passive text is read by the follower; one that is wrongly addressed shows that the account is out of order', async () => {
  w = await openWorld()
  const { openid } = w.official.person(appid, '老板')
  w.answering = () => ({ status: 200, body: passive(openid) })
  w.official.follow(openid)
  await w.official.idle()
  w.answering = () => ({ status: 200, body: passive(openid, { from: 'gh_other' }) })
  w.official.unfollow(openid)
  await w.official.idle()
  expect(w.official.shown(openid).map(({ kind, lines }) => [kind, lines[0]?.[1]])).toEqual([
    ['reply', '绑定成功：老板'],
    ['fault', '该公众号提供的服务出现故障，请稍后再试'],
  ])
  expect(w.received).toHaveLength(2)
})

test('in safe mode a passive text must be sealed for this account and signed', async () => {
  w = await openWorld({ mode: 'safe' })
  const { openid } = w.official.person(appid, '老板')
  const whole = encrypted(passive(openid))
  const astray = encrypted(passive(openid), 'wxotherotherother')
  const envelope = (signature: string, sealed = whole) => ({
    status: 200,
    body: `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature><TimeStamp>1713424427</TimeStamp><Nonce><![CDATA[415670741]]></Nonce></xml>`,
  })
  const ticket = await w.code()
  const answers = [
    envelope(sha1(token, '1713424427', '415670741', whole)),
    envelope(sha1(token, '1713424427', '415670741', astray), astray),
    envelope(sha1(token, '1713424427', '415670741')),
    { status: 200, body: passive(openid) },
    { status: 200, body: 'success' },
  ]
  for (const answer of answers) {
    w.answering = () => answer
    w.official.scan(openid, ticket)
    await w.official.idle()
  }
  expect(w.official.shown(openid).map(({ kind }) => kind)).toEqual(['reply', 'fault', 'fault', 'fault'])
})

test('the console’s check of the address', async () => {
  w = await openWorld({ mode: 'safe' })
  w.answering = (one) => ({ status: 200, body: one.query.get('echostr') ?? '' })
  expect(await w.official.verifyUrl(appid)).toBe(true)
  expect(w.received[0]?.method).toBe('GET')
  expect(w.received[0]?.query.get('signature')).toBe(w.received[0] && signedWell(w.received[0]))
  w.answering = () => ({ status: 200, body: 'other' })
  expect(await w.official.verifyUrl(appid)).toBe(false)
})

test('the picture of a good code; of a void one none', async () => {
  w = await openWorld()
  const ticket = await w.code()
  const picture = await w.get(`/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`)
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  w.clock.advance(600_000)
  expect((await w.get(`/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`)).status).toBe(404)
})
