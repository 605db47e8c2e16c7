import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { button, openServer, openWorld, type Server, until, type WireUpdate, type World } from './telegram-world.ts'

// facts/chat.md §3.2 (getUpdates and webhook exclude each other, the secret) and §3.3 (409, webhook).
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const poll = (body: Readonly<Record<string, unknown>> = {}) => w.call<WireUpdate[]>('getUpdates', body)
const texts = (updates: readonly WireUpdate[]) => updates.map(({ message }) => message?.text)

describe('getUpdates', () => {
  test('an update stays until a higher offset confirms it; limit counts', async () => {
    for (const text of ['/a', '/b', '/c']) w.li.say(w.group, text)
    const { result } = await poll({ limit: 2 })
    expect(texts(result)).toEqual(['/a', '/b'])
    expect(texts((await poll()).result)).toEqual(['/a', '/b', '/c'])
    const [, second] = result
    expect(texts((await poll({ offset: (second?.update_id ?? 0) + 1 })).result)).toEqual(['/c'])
    expect(texts((await poll()).result)).toEqual(['/c'])
  })

  test('a negative offset forgets all but the last', async () => {
    for (const text of ['/a', '/b', '/c']) w.li.say(w.group, text)
    expect(texts((await poll({ offset: -1 })).result)).toEqual(['/c'])
    expect(w.telegram.pending('redress_bot')).toBe(1)
  })

  test('a long poll ends with the first update, or by the clock with none', async () => {
    const first = poll({ timeout: 50 })
    await until(() => w.telegram.polled('redress_bot'))
    w.li.say(w.group, '/list')
    expect(texts((await first).result)).toEqual(['/list'])
    const [update] = (await poll()).result
    const second = poll({ offset: (update?.update_id ?? 0) + 1, timeout: 30 })
    await until(() => w.telegram.polled('redress_bot'))
    w.clock.advance(30_000)
    expect((await second).result).toEqual([])
  })

  test('a second poller throws the first one out: 409', async () => {
    const first = poll({ timeout: 50 })
    await until(() => w.telegram.polled('redress_bot'))
    const second = poll({ timeout: 0 })
    expect(await first).toEqual({
      ok: false,
      error_code: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    })
    expect((await second).ok).toBe(true)
    w.telegram.setRules({ conflictHits: 'later' })
    const third = poll({ timeout: 1 })
    await until(() => w.telegram.polled('redress_bot'))
    expect((await poll()).error_code).toBe(409)
    w.clock.advance(1000)
    expect((await third).ok).toBe(true)
  })

  test('allowed_updates are remembered; chat_member comes only when asked for', async () => {
    w.group.promote('redress_bot')
    await w.updates()
    await poll({ allowed_updates: ['callback_query', 'chat_member'] })
    w.li.say(w.group, '/list')
    w.group.kick(w.wang)
    const id = await w.send('a', { reply_markup: button('x', 'x') })
    w.li.press(w.group, id, 'x')
    expect((await poll()).result.flatMap((one) => Object.keys(one))).toEqual([
      'update_id',
      'chat_member',
      'update_id',
      'callback_query',
    ])
  })

  test('updates are kept for 24 hours', async () => {
    w.li.say(w.group, '/list')
    await w.pass(24 * 3_600_000)
    expect(w.telegram.pending('redress_bot')).toBe(1)
    await w.pass(1)
    expect((await poll()).result).toEqual([])
  })
})

describe('the webhook', () => {
  let server: Server
  beforeEach(async () => {
    server = await openServer()
  })
  afterEach(() => server.close())

  test('updates come by POST with the secret; getUpdates is 409 until it is gone', async () => {
    w.li.say(w.group, '/before')
    expect((await w.call('setWebhook', { url: server.url, secret_token: 'S3cret_-' })).result).toBe(true)
    w.li.say(w.group, '/list')
    await w.telegram.idle()
    expect(texts(server.received.map(({ body }) => body))).toEqual(['/before', '/list'])
    expect(server.received[0]?.headers).toMatchObject({
      'x-telegram-bot-api-secret-token': 'S3cret_-',
      'content-type': 'application/json',
    })
    expect(await poll()).toMatchObject({ error_code: 409, description: expect.stringContaining('webhook is active') })
    expect((await w.call('getWebhookInfo')).result).toMatchObject({ url: server.url, pending_update_count: 0 })
    expect((await w.call('deleteWebhook')).result).toBe(true)
    expect((await poll()).ok).toBe(true)
    expect(JSON.stringify(w.telegram.calls())).not.toContain('S3cret_-')
  })

  test('what is not taken comes again, later and later, one chat holding up no other', async () => {
    server.answering = ({ body }) => ({ status: body.message?.text === '/bad' ? 500 : 200 })
    await w.call('setWebhook', { url: server.url })
    w.li.say(w.group, '/bad')
    w.li.say(w.group, '/behind')
    w.li.say(w.li.start('redress_bot'), '/other')
    await w.telegram.idle()
    await w.pass(999)
    expect(texts(server.received.map(({ body }) => body))).toEqual(['/bad', '/start', '/other'])
    expect((await w.call('getWebhookInfo')).result).toMatchObject({
      pending_update_count: 2,
      last_error_message: 'Wrong response from the webhook: 500',
    })
    await w.pass(1)
    await w.pass(1000)
    expect(server.received).toHaveLength(4)
    server.answering = () => ({ status: 200 })
    await w.pass(1000)
    const last = server.received.slice(-2).map(({ body }) => body)
    expect(texts(last)).toEqual(['/bad', '/behind'])
    expect(last[0]?.update_id).toBe(server.received[0]?.body.update_id)
  })

  test('no answer at all counts as a failure after the time limit', async () => {
    server.answering = () => 'silence'
    await w.call('setWebhook', { url: server.url })
    w.li.say(w.group, '/list')
    await until(() => server.received.length === 1)
    await w.pass(w.telegram.rules.webhookTimeoutMs)
    expect((await w.call('getWebhookInfo')).result).toMatchObject({ last_error_message: 'Read timeout expired' })
  })

  test('a call in the answer is made', async () => {
    const body = JSON.stringify({ method: 'sendMessage', chat_id: w.group.chat, text: 'by the answer' })
    server.answering = () => ({ status: 200, body })
    await w.call('setWebhook', { url: server.url })
    w.li.say(w.group, '/list')
    await w.telegram.idle()
    expect(w.group.last()?.text).toBe('by the answer')
  })

  test('a poll that waits ends when a webhook is set; what waits can be dropped', async () => {
    const waiting = poll({ timeout: 50 })
    await until(() => w.telegram.polled('redress_bot'))
    await w.call('setWebhook', { url: server.url })
    expect((await waiting).description).toBe('Conflict: terminated by setWebhook request')
    await w.call('deleteWebhook')
    w.li.say(w.group, '/old')
    await w.call('setWebhook', { url: server.url, drop_pending_updates: true })
    await w.telegram.idle()
    expect(server.received).toEqual([])
  })

  test.each([
    [{ url: 'http://bot.example.com/tg' }, 'bad webhook: An HTTPS URL must be provided for webhook'],
    [
      { url: 'https://bot.example.com:8080/tg' },
      'bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443',
    ],
    [{ url: 'https://bot.example.com/tg', secret_token: 'a b' }, 'secret token contains unallowed characters'],
  ])('setWebhook %j', async (body, why) => {
    expect((await w.call('setWebhook', body)).description).toBe(`Bad Request: ${why}`)
    w.telegram.setRules({ webhookStrict: true })
    expect((await w.call('setWebhook', { url: server.url })).ok).toBe(false)
  })
})

describe('menus', () => {
  const set = (description: string, more: object = {}) =>
    w.call('setMyCommands', { commands: [{ command: 'list', description }], ...more })
  const seen = (who = w.li) => w.telegram.menu(w.group, who, 'redress_bot').map(({ description }) => description)

  test('the narrowest scope first, in each the person’s language first', async () => {
    expect(seen()).toEqual([])
    await set('default')
    expect(seen()).toEqual(['default'])
    await set('all groups', { scope: { type: 'all_group_chats' } })
    await set('所有群', { scope: { type: 'all_group_chats' }, language_code: 'zh' })
    expect([seen(), seen(w.wang)]).toEqual([['所有群'], ['all groups']])
    const chat = { scope: JSON.stringify({ type: 'chat', chat_id: w.group.chat }) }
    await set('本群', chat)
    expect(seen()).toEqual(['本群'])
    await set('me', { scope: { type: 'chat_member', chat_id: w.group.chat, user_id: w.wang.user.id } })
    await set('admins', { scope: { type: 'chat_administrators', chat_id: w.group.chat } })
    expect([seen(), seen(w.wang)]).toEqual([['admins'], ['me']])
    expect((await w.call('getMyCommands', chat)).result).toEqual([{ command: 'list', description: '本群' }])
    expect((await w.call('deleteMyCommands', chat)).result).toBe(true)
    expect((await w.call('getMyCommands', chat)).result).toEqual([])
  })

  test.each([
    ['列表', '查看', 'BOT_COMMAND_INVALID'],
    ['List', 'x', 'BOT_COMMAND_INVALID'],
    ['list', '', 'BOT_COMMAND_DESCRIPTION_INVALID'],
    ['list', 'x'.repeat(257), 'BOT_COMMAND_DESCRIPTION_INVALID'],
  ])('no menu with %s', async (command, description, why) => {
    expect((await w.call('setMyCommands', { commands: [{ command, description }] })).description).toBe(
      `Bad Request: ${why}`,
    )
  })
})

describe('the chat itself', () => {
  const about = { user_id: 0 }
  test('getChat, members, admins, pins', async () => {
    const chat_id = w.group.chat
    expect((await w.call('getChat', { chat_id })).result).toMatchObject({ title: '客诉群', type: 'supergroup' })
    const of = (user_id: number) => w.call('getChatMember', { ...about, chat_id, user_id })
    expect((await of(w.li.user.id)).result.status).toBe('creator')
    expect((await of(w.telegram.person({ name: '外人' }).user.id)).result.status).toBe('left')
    expect((await of(7)).description).toBe('Bad Request: user not found')
    expect((await w.call<unknown[]>('getChatAdministrators', { chat_id })).result).toHaveLength(1)
    expect((await w.call('getChatMemberCount', { chat_id })).result).toBe(3)
    expect((await w.call('sendChatAction', { chat_id, action: 'typing' })).result).toBe(true)
    const message_id = await w.send('看这里')
    const pin = () => w.call('pinChatMessage', { chat_id, message_id })
    expect((await pin()).description).toContain('not enough rights to manage pinned messages')
    w.group.promote('redress_bot')
    expect((await pin()).result).toBe(true)
    expect((await w.call('getChat', { chat_id })).result).toMatchObject({ pinned_message: { text: '看这里' } })
    expect(w.group.last()?.service).toBe(true)
  })
})
