import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openServer, openWorld, token, until, type WireUpdate, type World } from './telegram-world.ts'

// Each misbehaviour is seen to happen; what really happened is read from the chat and the log.
// facts/chat.md §3.3 (429, 5xx, 401, 409 and what clients do with them).
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const send = (text = 'a', chat = w.group.chat) => w.call('sendMessage', { chat_id: chat, text })
const texts = () => w.group.messages().map(({ text }) => text)
const lastCall = () => w.telegram.calls().at(-1)

describe('calls', () => {
  test('flood: 429 with retry_after, as often as asked, of one chat', async () => {
    const other = w.telegram.group({ title: '另一群', people: [w.li], bots: ['redress_bot'] })
    const handle = w.telegram.misbehave({
      on: 'sendMessage',
      how: 'flood',
      retryAfter: 7,
      times: 2,
      chat: w.group.chat,
    })
    expect((await send('b', other.chat)).ok).toBe(true)
    const answer = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 7',
      parameters: { retry_after: 7 },
    }
    expect([await send(), await send(), (await send()).ok, handle.happened]).toEqual([answer, answer, true, 2])
    expect(texts()).toEqual(['a'])
  })

  test('conflict: 409 on getUpdates', async () => {
    w.telegram.misbehave({ on: 'getUpdates', how: 'conflict' })
    expect(await w.call('getUpdates')).toMatchObject({ ok: false, error_code: 409 })
    expect((await w.call('getUpdates')).ok).toBe(true)
  })

  test('unauthorized: 401 everywhere but in getUpdates', async () => {
    w.telegram.misbehave({ on: 'any', how: 'unauthorized' })
    expect((await w.call('getUpdates')).ok).toBe(true)
    expect(await w.call('getMe')).toEqual({ ok: false, error_code: 401, description: 'Unauthorized' })
  })

  test.each([
    [false, 0],
    [true, 1],
  ])('http 502, effect %s', async (effect, count) => {
    w.telegram.misbehave({ on: 'sendMessage', how: 'http', status: 502, effect })
    expect(await send()).toEqual({ ok: false, error_code: 502, description: 'Bad Gateway' })
    expect(texts()).toHaveLength(count)
    expect(lastCall()).toMatchObject({ ran: effect ? 'yes' : 'no', code: 502, how: 'http' })
  })

  test('http with a page instead of JSON', async () => {
    w.telegram.misbehave({ on: 'getMe', how: 'http', status: 504, html: true })
    const answer = await fetch(`${w.url}/bot${token}/getMe`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([504, 'text/html'])
  })

  test('refuse: any error in Telegram’s shape', async () => {
    w.telegram.misbehave({
      on: 'sendMessage',
      how: 'refuse',
      code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: -1001 },
    })
    expect(await send()).toMatchObject({ error_code: 400, parameters: { migrate_to_chat_id: -1001 } })
  })

  test('lost-answer: the socket is closed, the message is there', async () => {
    w.telegram.misbehave({ on: 'sendMessage', how: 'lost-answer' })
    await expect(send()).rejects.toThrow('fetch failed')
    expect(texts()).toEqual(['a'])
    expect(lastCall()).toMatchObject({ outcome: 'lost', ran: 'yes', messages: [2] })
  })

  test('lost-request: the socket is closed, nothing is there; without sockets it is a rejection', async () => {
    w.telegram.misbehave({ on: 'sendMessage', how: 'lost-request', times: 2 })
    await expect(send()).rejects.toThrow('fetch failed')
    const request = { method: 'GET', url: `/bot${token}/sendMessage`, headers: {}, body: Buffer.alloc(0) }
    await expect(w.telegram.handle(request)).rejects.toMatchObject({ name: 'SandboxLost' })
    expect([texts(), lastCall()?.ran]).toEqual([[], 'no'])
  })

  test.each([
    [false, []],
    [true, ['a']],
  ])('hang until released, effect at once: %s', async (effect, before) => {
    const handle = w.telegram.misbehave({ on: 'sendMessage', how: 'hang', effect })
    const answer = send()
    await until(() => handle.waiting === 1)
    expect(texts()).toEqual(before)
    handle.release()
    expect((await answer).ok).toBe(true)
    expect(texts()).toEqual(['a'])
  })

  test('slow: by the clock', async () => {
    const handle = w.telegram.misbehave({ on: 'sendMessage', how: 'slow', ms: 3000 })
    const answer = send()
    await until(() => handle.happened === 1)
    w.clock.advance(2999)
    expect(texts()).toEqual([])
    w.clock.advance(1)
    expect((await answer).ok).toBe(true)
  })

  test('malformed: the JSON is cut off, the message is there', async () => {
    w.telegram.misbehave({ on: 'sendMessage', how: 'malformed' })
    await expect(send()).rejects.toThrow(SyntaxError)
    expect(texts()).toEqual(['a'])
  })

  test('a file can fail like a call', async () => {
    w.li.photo(w.group, undefined, { caption: '/evidence' })
    const id = (await w.updates()).at(-1)?.message?.photo.at(-1)?.file_id
    const { result } = await w.call('getFile', { file_id: id })
    w.telegram.misbehave({ on: 'file', how: 'http', status: 500 })
    const load = () => fetch(`${w.url}/file/bot${token}/${result.file_path}`)
    expect([(await load()).status, (await load()).status]).toEqual([500, 200])
  })

  test('stop ends it; a misbehaviour of another bot is none of this one', async () => {
    const handle = w.telegram.misbehave({ on: 'any', how: 'unauthorized', times: 9 })
    handle.stop()
    w.telegram.misbehave({ on: 'any', how: 'unauthorized', times: 9, bot: 'other_bot' })
    expect((await send()).ok).toBe(true)
  })
})

describe('updates', () => {
  const heard = (updates: readonly WireUpdate[]) => updates.map(({ message }) => message?.text)

  test('duplicate: the same update_id once more after it was confirmed', async () => {
    w.telegram.misbehave({ on: 'update', how: 'duplicate' })
    w.li.say(w.group, '/a')
    w.li.say(w.group, '/b')
    const told = await w.updates()
    expect(heard(told)).toEqual(['/a', '/b', '/a'])
    expect(told[0]?.update_id).toBe(told[2]?.update_id)
  })

  test('duplicate over the webhook', async () => {
    const server = await openServer()
    await w.call('setWebhook', { url: server.url })
    w.telegram.misbehave({ on: 'update', how: 'duplicate' })
    w.li.say(w.group, '/a')
    await w.telegram.idle()
    expect(new Set(server.received.map(({ body }) => body.update_id)).size).toBe(1)
    expect(server.received).toHaveLength(2)
    await server.close()
  })

  test('reorder: the next one goes first', async () => {
    w.telegram.misbehave({ on: 'update', how: 'reorder' })
    w.li.say(w.group, '/a')
    expect(await w.updates()).toEqual([])
    w.li.say(w.group, '/b')
    expect(heard(await w.updates())).toEqual(['/b', '/a'])
  })

  test('slow: some seconds later, by advance; it wakes a poll that waits', async () => {
    w.telegram.misbehave({ on: 'update', how: 'slow', ms: 2000 })
    w.li.say(w.group, '/a')
    const poll = w.call<WireUpdate[]>('getUpdates', { timeout: 50 })
    await until(() => w.telegram.polled('redress_bot'))
    await w.pass(2000)
    expect(heard((await poll).result)).toEqual(['/a'])
  })

  test('withheld: never, although it stands in the chat', async () => {
    w.telegram.misbehave({ on: 'update', how: 'withheld' })
    w.li.say(w.group, '/a')
    w.li.say(w.group, '/b')
    expect(heard(await w.updates())).toEqual(['/b'])
    expect(texts()).toEqual(['/a', '/b'])
  })
})
