import { createDecipheriv, createHash } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { decrypt, encrypt, signature } from '../../sandbox/wechat/crypto.ts'
import type { PushTrouble } from '../../sandbox/wechat/misbehave.ts'
import { aesKey, openWorld, type Received, start, tinyPng, type World } from './wechat-world.ts'

// WeChat docs, message push: signatures, envelope, retries; and the event complaint_callback.
let w: World | undefined
afterEach(async () => {
  await w?.close()
  w = undefined
})

const appid = 'wxba5fad812f8e6fb9'
const now = start / 1000
const said = {
  appid,
  type: 643,
  text: '苹果烂了 <六个> ]]> & 不赔',
  amount: 5000,
  product: '苹果',
  openid: 'oUser_1',
  phone: '13800138000',
  nickname: '山里人家',
  transactionId: '4200001234202611210000000001',
  outTradeNo: 'M20261118000001',
  paidAt: now - 3600,
}

async function open(more: Parameters<typeof openWorld>[0] = {}): Promise<World> {
  w = await openWorld(more)
  return w
}
const first = ({ received }: World): Received => {
  if (!received[0]) throw new Error('nothing was pushed')
  return received[0]
}
const sha1 = (...parts: string[]) => createHash('sha1').update(parts.sort().join('')).digest('hex')
const query = ({ url }: Received, name: string) => url.searchParams.get(name) ?? ''
const goodSignature = (one: Received) =>
  sha1('AAAAA', query(one, 'timestamp'), query(one, 'nonce')) === query(one, 'signature')
const goodMessageSignature = (one: Received, encrypted: string) =>
  sha1('AAAAA', query(one, 'timestamp'), query(one, 'nonce'), encrypted) === query(one, 'msg_signature')

/** By the letter of the docs: IV = the key's first 16 bytes, padding up to 32. */
function opened(encrypted: string): { text: string; appid: string } {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const all = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
  const plain = all.subarray(0, all.length - (all[all.length - 1] ?? 0))
  const length = plain.readUInt32BE(16)
  return { text: plain.subarray(20, 20 + length).toString(), appid: plain.subarray(20 + length).toString() }
}

test('the official vectors: signature of a check and of a plain push', () => {
  expect(signature('AAAAA', '1714036504', '1514711492')).toBe('f464b24fc39322e44b38aa78f5edd27bd1441696')
  expect(signature('AAAAA', '1714037059', '486452656')).toBe('899cf89e464efb63f54ddac96b0a0a235f53aa78')
})

test('the official vectors: a debug push is opened, a reply is closed', () => {
  const pushed =
    '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04='
  expect(signature('AAAAA', '1714112445', '415670741', pushed)).toBe('046e02f8204d34f8ba5fa3b1db94908f3df2e9b3')
  const plain = decrypt(aesKey, pushed)
  expect(plain).toMatchObject({ random: Buffer.from('a8eedb185eb2fecf'), appid })
  expect(JSON.parse(plain.text)).toMatchObject({ Event: 'debug_demo', debug_str: 'hello world' })
  const answer = encrypt(aesKey, { random: Buffer.from('707722b803182950'), text: '{"demo_resp":"good luck"}', appid })
  expect(answer).toBe('ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==')
  expect(signature('AAAAA', '1713424427', '415670741', answer)).toBe('1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1')
})

test('plain JSON, as seen: flat, numbers as texts, no customer_material_content, one history entry as an object', async () => {
  const { wechat } = await open()
  const { id } = await wechat.complain({ ...said, photos: [tinyPng, tinyPng] })
  await wechat.idle()
  const one = first(w as World)
  expect(one.method).toBe('POST')
  expect(goodSignature(one)).toBe(true)
  expect([...one.url.searchParams.keys()]).toEqual(['signature', 'timestamp', 'nonce', 'openid'])
  expect(query(one, 'timestamp')).toBe(String(now))
  const picture = expect.stringMatching(/^http.*[/]cdn[/]/)
  expect(JSON.parse(one.body)).toEqual({
    ToUserName: expect.stringMatching(/^gh_[0-9a-f]{12}$/),
    FromUserName: 'oUser_1',
    CreateTime: now,
    MsgType: 'event',
    Event: 'complaint_callback',
    appid,
    option_type: '1',
    complaint_order_id: String(id),
    status: '201',
    create_time: String(now),
    expire_time: String(now + 48 * 3600),
    type: '643',
    order_id: 'payorder@_4200001234202611210000000001',
    out_trade_no: 'M20261118000001',
    phone_number: '13800138000',
    open_id: 'oUser_1',
    customer_material_media_id_list: expect.stringMatching(/^http[^,]+,http[^,]+$/),
    pay_time: String(now - 3600),
    total_cost: '5000',
    product_name: '苹果',
    history: { time: String(now), content: said.text, media_id_list: [picture, picture] },
  })
})

test('progress is pushed too: another option_type, several history entries as an array', async () => {
  const { wechat, received } = await open()
  const { id } = await wechat.complain(said)
  await wechat.move(id, { kind: 'message', content: '在吗' })
  await wechat.idle()
  expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({
    option_type: '2',
    history: [{ content: said.text }, { content: '在吗', media_id_list: [] }],
  })
})

test('XML, as documented: the wrapper BussiCallBackInfo, repeated history and media_id_list, CDATA that cannot be left', async () => {
  const { wechat } = await open({ programs: [{ format: 'xml' }] })
  const { id } = await wechat.complain({ ...said, photos: [tinyPng, tinyPng] })
  await wechat.move(id, { kind: 'withdraw' })
  await wechat.idle()
  const { body, headers } = first(w as World)
  expect(headers['content-type']).toBe('text/xml')
  expect(body).toMatch(
    /^<xml><ToUserName><!\[CDATA\[gh_[0-9a-f]{12}\]\]><\/ToUserName>.*<CreateTime>\d+<\/CreateTime>.*<Event><!\[CDATA\[complaint_callback\]\]><\/Event><BussiCallBackInfo>.*<\/BussiCallBackInfo><\/xml>$/s,
  )
  expect(body).toContain(`<complaint_order_id>${id}</complaint_order_id>`)
  expect(body).toContain('<order_id><![CDATA[payorder@_4200001234202611210000000001]]></order_id>')
  expect(body).toContain(
    '<customer_material_content><![CDATA[苹果烂了 <六个> ]]]]><![CDATA[> & 不赔]]></customer_material_content>',
  )
  expect(body.match(/<media_id_list>/g)).toHaveLength(2)
  expect(w?.received[1]?.body.match(/<history>/g)).toHaveLength(2)
})

test('safe mode: the receiver and Encrypt only, signed over it; compatible mode: plain fields beside it', async () => {
  const { wechat, received } = await open({
    programs: [{ mode: 'safe' }, { mode: 'compatible', appid: 'wx0000000000000002' }],
  })
  await wechat.complain(said)
  await wechat.idle()
  await wechat.complain({ ...said, appid: 'wx0000000000000002' })
  await wechat.idle()
  const [safe, compatible] = received.map((one) => ({ one, body: JSON.parse(one.body) as Record<string, string> }))
  expect(Object.keys(safe?.body ?? {})).toEqual(['ToUserName', 'Encrypt'])
  expect(Object.keys(compatible?.body ?? {})).toEqual(
    expect.arrayContaining(['complaint_order_id', 'history', 'Encrypt']),
  )
  for (const each of [safe, compatible]) {
    if (!each) throw new Error('two pushes were expected')
    expect(query(each.one, 'encrypt_type')).toBe('aes')
    expect(goodSignature(each.one)).toBe(true)
    expect(goodMessageSignature(each.one, each.body.Encrypt ?? '')).toBe(true)
    const inside = opened(each.body.Encrypt ?? '')
    expect(JSON.parse(inside.text)).toMatchObject({ Event: 'complaint_callback', appid: inside.appid })
  }
})

test('safe mode in XML', async () => {
  const { wechat } = await open({ programs: [{ mode: 'safe', format: 'xml' }] })
  await wechat.complain(said)
  await wechat.idle()
  const match =
    /^<xml><ToUserName><!\[CDATA\[gh_\w+\]\]><\/ToUserName><Encrypt><!\[CDATA\[([^\]]+)\]\]><\/Encrypt><\/xml>$/
  const [, encrypted = ''] = match.exec(first(w as World).body) ?? []
  expect(opened(encrypted).text).toContain('<BussiCallBackInfo>')
})

test('the check of the push address wants echostr back, word by word', async () => {
  const world = await open()
  world.answering = (one) => ({ status: 200, body: query(one, 'echostr') })
  expect(await world.wechat.verifyUrl(appid)).toBe(true)
  expect(first(world).method).toBe('GET')
  expect(goodSignature(first(world))).toBe(true)
  world.answering = (one) => ({ status: 200, body: ` ${query(one, 'echostr')}` })
  expect(await world.wechat.verifyUrl(appid)).toBe(false)
})

test.each([
  ['success', 200, 'success', 1],
  ['an empty answer', 200, '', 1],
  ['other words', 200, 'ok', 3],
  ['a server error', 500, '', 3],
])('answered with %s (%i %j): sent %i times in all', async (_, status, body, tries) => {
  const world = await open()
  world.answering = () => ({ status, body })
  await world.wechat.complain(said)
  await world.wechat.idle()
  for (let i = 0; i < 4; i++) await world.pass(1000)
  expect(world.received).toHaveLength(tries)
  expect(new Set(world.received.map((one) => JSON.parse(one.body).CreateTime)).size).toBe(1)
  expect(world.wechat.ledger().filter(({ what }) => what === 'push-given-up')).toHaveLength(tries === 3 ? 1 : 0)
})

test('no answer within five seconds: dropped and sent again, three tries in all', async () => {
  const world = await open()
  world.answering = () => 'silence'
  await world.wechat.complain(said)
  for (let tries = 1; tries <= 3; tries++) {
    await vi.waitFor(() => expect(world.received).toHaveLength(tries))
    world.clock.advance(4999)
    await world.wechat.advance()
    expect(world.received).toHaveLength(tries)
    world.clock.advance(1)
    await world.wechat.idle()
    await world.wechat.advance()
  }
  expect(
    world.wechat
      .ledger()
      .filter(({ by }) => by === 'push')
      .map(({ what }) => what),
  ).toEqual(['push', 'push', 'push', 'push-given-up'])
})

// Each misbehaviour of a push is seen to happen.
async function spoiled(script: PushTrouble, more: Parameters<typeof openWorld>[0] = {}) {
  const world = await open({ programs: [{ mode: 'safe' }], ...more })
  const handle = world.wechat.misbehave({ on: 'push', ...script })
  const { id } = await world.wechat.complain(said)
  await world.wechat.idle()
  expect(handle.happened).toBe(1)
  return { world, id, ...world }
}
const encryptOf = (one: Received | undefined) => (JSON.parse(one?.body ?? '{}') as { Encrypt?: string }).Encrypt ?? ''
const textOf = (one: Received | undefined) => JSON.parse(opened(encryptOf(one)).text) as Record<string, unknown>

test('misbehaving: duplicate', async () => {
  const { received } = await spoiled({ how: 'duplicate' })
  expect(received).toHaveLength(2)
  expect(textOf(received[0])).toEqual(textOf(received[1]))
})

test('misbehaving: reorder, the newer state arrives first', async () => {
  const { received, wechat, id } = await spoiled({ how: 'reorder' })
  expect(received).toHaveLength(0)
  await wechat.move(id, { kind: 'withdraw' })
  await wechat.idle()
  expect(received.map((one) => textOf(one).status)).toEqual(['102', '201'])
})

test('misbehaving: replay, the very same request later', async () => {
  const { received, world } = await spoiled({ how: 'replay', ms: 600_000 })
  await world.pass(599_000)
  expect(received).toHaveLength(1)
  await world.pass(1000)
  expect(received).toHaveLength(2)
  expect([received[1]?.url.href, received[1]?.body]).toEqual([received[0]?.url.href, received[0]?.body])
})

test('misbehaving: slow and withheld', async () => {
  const { received, world } = await spoiled({ how: 'slow', ms: 60_000 })
  expect(received).toHaveLength(0)
  await world.pass(60_000)
  expect(received).toHaveLength(1)
  const handle = world.wechat.misbehave({ on: 'push', how: 'withheld' })
  await world.wechat.complain(said)
  await world.pass(60_000)
  expect([received.length, handle.happened]).toEqual([1, 1])
  expect(world.wechat.ledger().at(-1)).toMatchObject({ what: 'push-withheld' })
})

test('misbehaving: bad-signature', async () => {
  const { received } = await spoiled({ how: 'bad-signature' })
  const one = first({ received } as World)
  expect([goodSignature(one), goodMessageSignature(one, encryptOf(one))]).toEqual([false, false])
})

test('misbehaving: wrong-appid, well signed', async () => {
  const { received } = await spoiled({ how: 'wrong-appid' })
  const one = first({ received } as World)
  expect(goodMessageSignature(one, encryptOf(one))).toBe(true)
  expect(opened(encryptOf(one)).appid).toBe('wx00000000000000ff')
})

test('misbehaving: damaged, well signed', async () => {
  const { received } = await spoiled({ how: 'damaged' })
  const one = first({ received } as World)
  expect(goodMessageSignature(one, encryptOf(one))).toBe(true)
  expect(() => textOf(one)).toThrow()
})

test('misbehaving: other-event, plain', async () => {
  const { received, world } = await spoiled({ how: 'other-event' })
  expect(textOf(received[0])).toMatchObject({
    Event: 'wxa_comment_bad_score',
    result: { comment_id: expect.any(String) },
  })
  world.wechat.misbehave({ on: 'push', how: 'plain' })
  await world.wechat.complain(said)
  await world.wechat.idle()
  expect(received[1]?.url.searchParams.has('msg_signature')).toBe(false)
  expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({ Event: 'complaint_callback' })
})

test.each([
  ['event-space', { Event: 'complaint callback' }],
  ['wrapped-json', { BussiCallBackInfo: { status: '201', history: { content: said.text } } }],
  ['history-array', { history: [{ content: said.text }] }],
  ['numbers', { status: 201, total_cost: 5000, phone_number: 13_800_138_000 }],
  ['content-in-json', { customer_material_content: said.text }],
] as const)('misbehaving: the shape %s', async (shape, expected) => {
  const { received } = await spoiled({ how: 'shape', shape }, { programs: [{}] })
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject(expected)
})

test('misbehaving: the shape doctype', async () => {
  const { received } = await spoiled({ how: 'shape', shape: 'doctype' }, { programs: [{ format: 'xml' }] })
  expect(received[0]?.body).toMatch(/^<!DOCTYPE xml \[<!ENTITY/)
})
