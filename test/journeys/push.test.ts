import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import type { Misbehaviour } from '../../sandbox/wechat/index.ts'
import { tell } from '../../src/engine/tell.ts'
import { changeAccount } from '../../src/storage/accounts.ts'
import { lockComplaint, openOfAccount } from '../../src/storage/complaints.ts'
import { group, type World, world } from '../support/world.ts'

const sha1 = (...parts: readonly string[]) =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

/** An address as WeChat would call it in plain mode; `wrong` replaces parts of it. */
function signed(w: World, wrong: Readonly<Record<string, string>> = {}): string {
  const [timestamp, nonce] = ['1772366400', '42']
  const query = { signature: sha1(w.program.token, timestamp, nonce), timestamp, nonce, ...wrong }
  return `${w.url}/hooks/${w.account}?${new URLSearchParams(query)}`
}

async function post(url: string, body: string | Buffer, method = 'POST') {
  const answer = await fetch(url, { method, body: new Uint8Array(Buffer.from(body)) })
  return { status: answer.status, text: await answer.text() }
}

const success = { status: 200, text: 'success' }

const event = (more: object = {}) => ({
  ToUserName: 'gh_1',
  FromUserName: 'o1',
  CreateTime: 1772366400,
  MsgType: 'event',
  Event: 'complaint_callback',
  ...more,
})

const callbacks = (w: World) => w.storage.reads.db.selectFrom('callback').select(['state', 'event']).execute()
const answers = (w: World) =>
  w.wechat.ledger().flatMap(({ what, answer, how }) => (what === 'push' ? [`${how ?? ''} ${answer}`.trim()] : []))

async function counted(w: World, outcome: string, platform = 'wechat-mini'): Promise<number> {
  const line = `redress_callbacks_total{platform="${platform}",outcome="${outcome}"} `
  const found = (await w.metrics.text()).split('\n').find((one) => one.startsWith(line))
  return Number(found?.slice(line.length) ?? 0)
}

const modes = ['plain', 'compatible', 'safe'] as const
const formats = ['json', 'xml'] as const

test.each(modes.flatMap((mode) => formats.map((format) => [mode, format] as const)))(
  'a push in %s mode as %s becomes a card, and the console accepts the address',
  async (mode, format) => {
    const w = await world({ mode, format })
    expect(await w.wechat.verifyUrl(w.program.appid)).toBe(true)
    expect(await counted(w, 'handshake')).toBe(1)
    await w.complain({ text: '<b>坏了</b> & "碎了"' })
    expect(answers(w)).toEqual(['200 success'])
    expect(w.chat.cards(group).map((card) => card.quote)).toEqual(['<b>坏了</b> & "碎了"'])
    expect(await counted(w, 'new')).toBe(1)
    expect(await callbacks(w)).toEqual([{ state: 'drained', event: 'complaint_callback' }])
  },
)

const shapes = ['event-space', 'wrapped-json', 'history-array', 'numbers', 'content-in-json'] as const

test.each(shapes)('a push of the shape %s becomes a card all the same', async (shape) => {
  const w = await world()
  w.wechat.misbehave({ on: 'push', how: 'shape', shape })
  await w.complain({ text: '坏了' })
  expect(w.chat.cards(group)).toHaveLength(1)
})

const forgeries: readonly (readonly [trouble: Misbehaviour, why: string])[] = [
  [{ on: 'push', how: 'bad-signature' }, 'signature'],
  [{ on: 'push', how: 'wrong-appid' }, 'wrong-account'],
  [{ on: 'push', how: 'damaged' }, 'ciphertext'],
  [{ on: 'push', how: 'plain' }, 'wrong-mode'],
  [{ on: 'push', how: 'shape', shape: 'doctype' }, 'doctype'],
]

test.each(forgeries)('a push with %j is refused, every time, and leaves nothing behind', async (trouble, why) => {
  const w = await world({ format: 'xml' })
  w.wechat.misbehave(trouble)
  await w.complain()
  await w.pass(60_000)
  expect(answers(w)).toHaveLength(3)
  expect(answers(w).every((answer) => answer.endsWith('403 refused'))).toBe(true)
  expect(await counted(w, why)).toBe(3)
  expect(await callbacks(w)).toEqual([])
  expect(w.chat.posts).toEqual([])
})

const mutants: readonly (readonly [name: string, body: string | Buffer, why: string])[] = [
  ['no JSON', 'hello', 'malformed'],
  ['an empty body', '', 'malformed'],
  ['half a JSON', '{"Event":"complaint_callback"', 'malformed'],
  ['XML that is never closed', '<xml><Event>complaint_callback</xml>', 'malformed'],
  ['a thousand levels', `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`, 'too-deep'],
  ['a thousand elements in each other', `${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`, 'too-deep'],
  ['entities', '<!DOCTYPE x [<!ENTITY a "aa">]><xml><Event>&a;</Event></xml>', 'doctype'],
  ['bytes that are no UTF-8', Buffer.from('7b2261223a22fffe227d', 'hex'), 'encoding'],
  [
    'the name of another mini program',
    JSON.stringify(event({ appid: 'wxother', complaint_order_id: '1' })),
    'wrong-account',
  ],
]

test.each(mutants)('a signed push with %s is refused', async (_, body, why) => {
  const w = await world({ mode: 'plain' })
  expect(await post(signed(w), body)).toEqual({ status: 403, text: 'refused' })
  expect(await counted(w, why)).toBe(1)
  expect(await callbacks(w)).toEqual([])
})

test.each([
  ['a wrong signature', { signature: sha1('x') }],
  ['an empty signature', { signature: '' }],
  ['another nonce', { nonce: '43' }],
  ['no timestamp', { timestamp: '' }],
])('a push with %s is refused', async (_, wrong) => {
  const w = await world({ mode: 'plain' })
  const { id } = await w.complain()
  const body = JSON.stringify(event({ complaint_order_id: String(id), status: '201', more: 1 }))
  expect(await post(signed(w, wrong), body)).toEqual({ status: 403, text: 'refused' })
  expect(await post(`${w.url}/hooks/${w.account}`, body)).toEqual({ status: 403, text: 'refused' })
  expect(await counted(w, 'signature')).toBe(2)
  expect(await callbacks(w)).toHaveLength(1)
})

test('names that mean something to JavaScript mean nothing in a push', async () => {
  const w = await world({ mode: 'plain' })
  const { id } = await w.complain({ text: '坏了' })
  const body = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},${JSON.stringify(event({ complaint_order_id: String(id) })).slice(1)}`
  await post(signed(w), body)
  await w.settle()
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('a body over the cap is refused before it is read, told or untold how long it is', async () => {
  const w = await world({ mode: 'plain' })
  const big = Buffer.alloc(300 * 1024, 0x20)
  expect(await post(signed(w), big)).toEqual({ status: 413, text: 'too large' })
  expect(await chunked(signed(w), big)).toBe(413)
  expect(await counted(w, 'too-large', 'none')).toBe(2)
  expect(await callbacks(w)).toEqual([])
})

/** Without a content-length. */
const chunked = (url: string, body: Buffer): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST' }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    sent.on('error', reject)
    sent.write(body.subarray(0, 280 * 1024))
  })

test('an address that nobody has, and a method that nobody uses', async () => {
  const w = await world({ mode: 'plain' })
  const body = JSON.stringify(event())
  expect((await post(signed(w).replace(w.account, 'acc_unknown'), body)).status).toBe(404)
  expect((await post(signed(w), body, 'PUT')).status).toBe(405)
  expect((await post(signed(w), body, 'DELETE')).status).toBe(405)
  expect(await counted(w, 'unknown-address', 'none')).toBe(1)
})

test('a wrong handshake gets no echo', async () => {
  const w = await world()
  const answer = await fetch(signed(w, { signature: sha1('x'), echostr: '12345' }))
  expect(answer.status).toBe(403)
  expect(await answer.text()).not.toContain('12345')
})

test.each([
  ['at once', { on: 'push', how: 'duplicate' }, 0],
  ['a week later', { on: 'push', how: 'replay', ms: 7 * 86_400_000 }, 7 * 86_400_000],
] as const)('the same push again %s is answered, counted, and nothing else', async (_, trouble, later) => {
  const w = await world()
  w.wechat.misbehave(trouble)
  await w.complain()
  if (later > 0) {
    w.clock.step(later)
    await w.wechat.advance()
  }
  await w.settle()
  expect(answers(w).filter((answer) => answer.endsWith('200 success')).length).toBeGreaterThanOrEqual(2)
  expect(await counted(w, 'duplicate')).toBe(1)
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('thirty-two copies of one push at once: all are answered, one is kept', async () => {
  const w = await world({ mode: 'plain' })
  const { id } = await w.complain()
  const body = JSON.stringify(event({ complaint_order_id: String(id), status: '201', CreateTime: 7 }))
  const copies = await Promise.all(Array.from({ length: 32 }, () => post(signed(w), body)))
  expect(copies.every(({ status, text }) => status === 200 && text === 'success')).toBe(true)
  await w.settle()
  expect(await callbacks(w)).toHaveLength(2)
  expect(await counted(w, 'duplicate')).toBe(31)
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('a push that comes days late is taken', async () => {
  const w = await world()
  w.wechat.misbehave({ on: 'push', how: 'slow', ms: 3 * 86_400_000 })
  await w.complain({ text: '很久以前' })
  expect(w.chat.posts).toEqual([])
  w.clock.step(2 * 86_400_000)
  await w.pass(86_400_000 + 60_000, 6 * 3_600_000)
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('pushes that overtake each other end in the picture that the platform has now', async () => {
  const w = await world()
  w.wechat.misbehave({ on: 'push', how: 'reorder' })
  const { id } = await w.complain({ text: '顺序' })
  expect(w.chat.posts).toEqual([])
  await w.wechat.move(id, { kind: 'withdraw' })
  await w.settle()
  expect(answers(w)).toEqual(['200 success', 'reorder 200 success'])
  expect(w.chat.cards(group).map((card) => card.title)).toEqual(['#1 小店 · 用户取消申请'])
})

test('an event that is not about complaints is answered and kept, and nobody is bothered', async () => {
  const w = await world()
  w.wechat.misbehave({ on: 'push', how: 'other-event' })
  await w.complain()
  expect(answers(w)).toEqual(['other-event 200 success'])
  expect(await callbacks(w)).toEqual([{ state: 'ignored', event: 'wxa_comment_bad_score' }])
  expect(await counted(w, 'ignored')).toBe(1)
  expect(w.chat.posts).toEqual([])
})

test('a state that no table knows is shown as it is, with a warning and without an act', async () => {
  const w = await world()
  const { id } = await w.complain()
  await w.wechat.set(id, { status: 399 })
  await w.settle()
  const { card } = w.chat.card(group, '#1')
  expect(card.title).toContain('399')
  expect(card.note).toContain('不认识的状态 399')
  expect(card.buttons.map(({ label }) => label)).toEqual(['认领', '详情'])
})

test('what cannot be written down is not answered with success, and is taken when it can', async () => {
  const w = await world({ mode: 'plain' })
  w.wechat.misbehave({ on: 'push', how: 'withheld' })
  const { id } = await w.complain({ text: '磁盘满了' })
  const body = JSON.stringify(event({ complaint_order_id: String(id), status: '201' }))
  await w.storage.bare(async (db) => {
    await db.schema.alterTable('callback').renameTo('callback_away').execute()
  })
  expect((await post(signed(w), body)).status).toBe(503)
  expect(await counted(w, 'failed')).toBe(1)
  await w.storage.bare(async (db) => {
    await db.schema.alterTable('callback_away').renameTo('callback').execute()
  })
  expect(await post(signed(w), body)).toEqual(success)
  await w.settle()
  expect(w.chat.cards(group).map((card) => card.quote)).toEqual(['磁盘满了'])
})

test('a disabled account: pushes are answered and kept, nothing is said in the group until it is on', async () => {
  const w = await world({ enabled: false })
  const { id } = await w.complain({ text: '停用时' })
  await w.wechat.move(id, { kind: 'message', content: '有人吗' })
  await w.settle()
  await w.pass(300_000)
  expect(answers(w)).toEqual(['200 success', '200 success'])
  expect(await callbacks(w)).toHaveLength(2)
  expect((await callbacks(w)).every(({ state }) => state === 'drained')).toBe(true)
  expect(w.chat.posts).toEqual([])

  await w.storage.transaction(async (tx) => {
    await changeAccount(tx, w.tenant.id, w.account, { enabled: true })
    for (const complaint of await openOfAccount(tx, w.account)) {
      await lockComplaint(tx, complaint.tenant, complaint.id)
      await tell(w.engine, tx, complaint, [{ kind: 'shown' }])
    }
  })
  await w.settle()
  expect(w.chat.cards(group).map((card) => card.quote)).toEqual(['停用时'])
  expect(w.chat.card(group, '#1').card.buttons.map(({ label }) => label)).toContain('同意和解')
})
