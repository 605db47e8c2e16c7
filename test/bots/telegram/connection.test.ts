import { createServer, connect as dial, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { telegramKind } from '../../../bots/telegram/index.ts'
import type { RawRequest } from '../../../src/core/http.ts'
import { silent } from '../../../src/core/logger.ts'
import { createReach } from '../../../src/core/reach.ts'
import { asId } from '../../../src/core/words.ts'
import { no, ok, token } from './fake.ts'
import { aWhile, group, li, until, type World, world } from './world.ts'

const open: World[] = []
const telegram = async (...args: Parameters<typeof world>) => {
  const w = await world(...args)
  open.push(w)
  return w
}
afterEach(async () => {
  for (const w of open.splice(0)) await w.close()
})

describe('polling', () => {
  test('takes a webhook away without losing what waits, then asks for what it handles only', async () => {
    const w = await telegram()
    await w.start()
    await until(() => w.telegram.of('getUpdates').length > 0)
    expect(w.telegram.calls.map(({ method }) => method)).toEqual(['getMe', 'deleteWebhook', 'getUpdates'])
    expect(w.telegram.of('deleteWebhook')[0]?.payload).toEqual({ drop_pending_updates: false })
    expect(w.telegram.of('getUpdates')[0]?.payload).toMatchObject({ timeout: 50 })
  })

  test('confirms an update when it has been handled, not before', async () => {
    const w = await telegram()
    let go = () => {}
    w.answer = () =>
      new Promise((resolve) => {
        go = () => resolve({})
      })
    await w.start()
    w.message({ text: 'x' })
    await until(() => w.heard.length === 1)
    await aWhile()
    expect(w.telegram.of('getUpdates')).toHaveLength(1)
    go()
    await until(() => w.telegram.of('getUpdates').length === 2)
    expect(w.telegram.of('getUpdates')[1]?.payload.offset).toBe(1002)
  })

  test('at the stop what was handled is confirmed, so that the next start does not hear it again', async () => {
    const w = await telegram()
    let go = () => {}
    w.answer = () =>
      new Promise((resolve) => {
        go = () => resolve({})
      })
    await w.start()
    w.message({ text: 'x' })
    await until(() => w.heard.length === 1)
    const stopping = w.bot.stop()
    await aWhile(30)
    go()
    await stopping
    expect(w.telegram.of('getUpdates').at(-1)?.payload).toEqual({ offset: 1002, limit: 1, timeout: 0 })
  })

  test('409 at a restart: asks again a little later, hears nothing twice', async () => {
    const w = await telegram()
    await w.start()
    w.message({ text: '1' })
    await until(() => w.heard.length === 1)
    w.telegram.script('getUpdates', no(409, 'Conflict: terminated by other getUpdates request'))
    w.message({ text: '2' })
    await until(() => w.log.some((line) => line.includes('one bot, one process')))
    w.clock.advance(1_200)
    w.message({ text: '3' })
    await until(() => w.heard.length === 3)
    expect(w.heard.map(({ text }) => text)).toEqual(['1', '2', '3'])
  })

  test('an update that comes twice is handled once', async () => {
    const w = await telegram()
    await w.start()
    const update = { update_id: 5, message: { message_id: 1, chat: group, from: li, text: 'x' } }
    w.telegram.script('getUpdates', ok([update]), ok([update]))
    w.message({ text: 'end' })
    await until(() => w.heard.some(({ text }) => text === 'end'))
    await aWhile(30)
    expect(w.heard.map(({ text }) => text).sort()).toEqual(['end', 'x'])
  })

  test('401 later on: keeps asking, rarely', async () => {
    const w = await telegram()
    await w.start()
    w.telegram.script('getUpdates', no(401, 'Unauthorized'))
    w.message({ text: 'wakes the first question' })
    await until(() => w.log.some((line) => line.includes('does not know this token')))
    const asked = w.telegram.of('getUpdates').length
    w.clock.advance(20_000)
    await aWhile(30)
    expect(w.telegram.of('getUpdates')).toHaveLength(asked)
    w.clock.advance(20_000)
    await until(() => w.telegram.of('getUpdates').length > asked)
  })

  test.each([
    ['429 waits as long as it says', no(429, 'Too Many Requests', { retry_after: 33 }), 33_000],
    ['a broken line waits a second', 'broken' as const, 1_100],
    ['a bad gateway waits a second', { status: 502, body: 'x' }, 1_100],
  ])('%s', async (_what, reply, wait) => {
    const w = await telegram()
    w.telegram.script('getUpdates', reply)
    await w.start()
    await until(() => w.log.some((line) => line.includes('broken; it is tried again')))
    await aWhile(30)
    expect(w.telegram.of('getUpdates')).toHaveLength(1)
    w.clock.advance(wait)
    await until(() => w.telegram.of('getUpdates').length === 2)
  })

  test('an update of a shape that nobody knows does not end anything', async () => {
    const w = await telegram()
    await w.start()
    w.telegram.update({ message: { text: 'of nobody, nowhere' } })
    w.telegram.update({ callback_query: { id: 7 } })
    w.telegram.update({ something_new: {} })
    w.message({ text: 'end' })
    await until(() => w.heard.length === 1)
  })

  test('neither token nor words are in the log', async () => {
    const w = await telegram()
    w.answer = async () => {
      throw new Error('boom')
    }
    w.telegram.script('getUpdates', { status: 200, body: '<html>' })
    w.telegram.script('sendMessage', 'broken')
    await w.start()
    await until(() => w.log.some((line) => line.includes('tried again')))
    w.clock.advance(1_200)
    w.message({ text: '我的手机号 13812345678' })
    await until(() => w.log.some((line) => line.includes('could not be shown')))
    expect(w.log.join('\n')).not.toContain(token.slice(3))
    expect(w.log.join('\n')).not.toContain('13812345678')
  })
})

describe('start and stop', () => {
  test('a token that Telegram does not know is a failed start', async () => {
    const w = await telegram()
    w.telegram.script('getMe', no(401, 'Unauthorized'))
    await expect(w.start()).rejects.toMatchObject({ name: 'OutsideError', trouble: 'forbidden' })
    await expect(w.bot.post({ chat: '1' }, { text: 'x' })).rejects.toMatchObject({ trouble: 'unreachable' })
    await w.start()
  })

  test('without a network it starts, and is there when the network is', async () => {
    const w = await telegram()
    w.telegram.script('getMe', 'broken', 'broken')
    let started = false
    const starting = w.start().then(() => {
      started = true
    })
    await until(() => w.log.some((line) => line.includes('tried again')))
    expect(started).toBe(false)
    w.clock.advance(5_000)
    await starting
    await aWhile(30)
    w.clock.advance(5_000)
    w.message({ text: 'x' })
    await until(() => w.heard.length === 1)
  })

  test('stops without ever having been connected, or started', async () => {
    const w = await telegram()
    await w.bot.stop()
    w.telegram.script('getMe', 'silence')
    const starting = w.start()
    await until(() => w.telegram.of('getMe').length === 1)
    w.clock.advance(5_000)
    await starting
    await w.bot.stop()
    await w.bot.stop()
  })

  test('a stop ends the long question at once, and waits for what is underway', async () => {
    const w = await telegram()
    let done = false
    w.answer = async () => {
      await aWhile(50)
      done = true
      return {}
    }
    await w.start()
    w.press()
    await until(() => w.heard.length === 1)
    await w.bot.stop()
    expect(done).toBe(true)
  })

  test('starts again after a stop', async () => {
    const w = await telegram()
    await w.start()
    await w.bot.stop()
    await w.start()
    w.message({ text: 'x' })
    await until(() => w.heard.length === 1)
  })
})

describe('the menu', () => {
  const entries = [
    { name: 'list', help: '查看投诉', en: 'list complaints' },
    { name: '列表', help: '没有这样的命令名' },
    { name: 'Show', help: '大写也没有' },
    { name: 'help', help: '怎'.repeat(300) },
  ]

  test('is set in each scope, Chinese for who reads it, and names that Telegram does not take are left out', async () => {
    const w = await telegram()
    await w.start()
    await w.bot.menu?.(entries)
    const set = w.telegram.of('setMyCommands').map(({ payload }) => payload)
    expect(set.map(({ scope, language_code }) => [scope, language_code])).toEqual(
      ['default', 'all_group_chats', 'all_private_chats'].flatMap((type) => [
        [{ type }, undefined],
        [{ type }, 'zh'],
      ]),
    )
    expect(set[0]?.commands).toMatchObject([{ command: 'list', description: 'list complaints' }, { command: 'help' }])
    expect(set[1]?.commands).toMatchObject([{ command: 'list', description: '查看投诉' }, { command: 'help' }])
    expect(JSON.stringify(set[1]?.commands)).toContain(`${'怎'.repeat(255)}…`)
  })

  test('that cannot be set keeps nothing from working, and is tried at the next connection', async () => {
    const w = await telegram()
    await w.start()
    w.telegram.script('setMyCommands', no(429, 'Too Many Requests', { retry_after: 5 }))
    await w.bot.menu?.(entries)
    expect(w.telegram.of('setMyCommands')).toHaveLength(1)
    w.telegram.script('getUpdates', 'broken')
    w.message({ text: 'x' })
    await until(() => w.log.some((line) => line.includes('tried again')))
    w.clock.advance(1_200)
    await until(() => w.telegram.of('setMyCommands').length === 7)
  })
})

describe('the webhook', () => {
  const settings = { mode: 'webhook', publicUrl: 'https://redress.example.com/base' }
  const started = async () => {
    const w = await telegram(settings)
    await w.start()
    await until(() => w.telegram.of('setWebhook').length === 1)
    const hook = w.telegram.of('setWebhook')[0]?.payload ?? {}
    const call = (more: Partial<RawRequest> = {}, secret: unknown = hook.secret_token) =>
      w.bot.answer?.({
        method: 'POST',
        path: '/bots/bot_1',
        query: '',
        headers: { 'x-telegram-bot-api-secret-token': String(secret) },
        body: Buffer.from(
          JSON.stringify({ update_id: 9, message: { message_id: 1, chat: group, from: li, text: 'x' } }),
        ),
        ...more,
      })
    return { w, hook, call }
  }

  test('is named to Telegram with a secret of its own, and nothing is asked', async () => {
    const { w, hook } = await started()
    expect(hook.url).toBe('https://redress.example.com/base/bots/bot_1')
    expect(hook.secret_token).toMatch(/^[\w-]{43}$/)
    expect(w.telegram.of('getUpdates')).toEqual([])
    expect(w.telegram.of('deleteWebhook')).toEqual([])
  })

  test('hears, and answers when it has heard', async () => {
    const { w, call } = await started()
    expect(await call()).toMatchObject({ status: 200 })
    expect(w.heard).toMatchObject([{ text: 'x' }])
    expect(await call()).toMatchObject({ status: 200 })
    expect(w.heard).toHaveLength(1)
  })

  test.each([
    ['a wrong secret', {}, 'wrong', 401],
    ['no secret', { headers: {} }, undefined, 401],
    ['another method', { method: 'GET' }, undefined, 405],
    ['no JSON', { body: Buffer.from('{') }, undefined, 400],
    ['no update', { body: Buffer.from('[]') }, undefined, 400],
  ])('%s → refused', async (_what, more, secret, status) => {
    const { w, call } = await started()
    expect(await call(more, ...(secret ? [secret] : []))).toMatchObject({ status })
    expect(w.heard).toEqual([])
  })

  test('before it knows who it is, and after the stop, it asks Telegram to come again', async () => {
    const { w, call } = await started()
    await w.bot.stop()
    expect(await call()).toMatchObject({ status: 503 })
  })

  test('that somebody took away is set again', async () => {
    const { w } = await started()
    await aWhile(30)
    w.clock.advance(600_000)
    await until(() => w.telegram.of('setWebhook').length === 2)
  })

  test('a polling bot has no door for it', async () => {
    const w = await telegram()
    expect(w.bot.answer).toBeUndefined()
  })
})

describe('settings', () => {
  const kind = telegramKind({
    clock: { now: () => 0, after: () => () => {} },
    random: () => Buffer.alloc(1),
    logger: silent,
    reach: createReach(['127.0.0.1:8081', '127.0.0.1', '10.0.0.1:3128']),
  })
  const check = (settings: Record<string, unknown>, secrets: Record<string, string> = { token }) => {
    try {
      kind.check(settings, secrets)
      return 'fine'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  test.each([
    [{}, undefined],
    [{ mode: 'webhook', publicUrl: 'https://a.example' }, undefined],
    [{ mode: 'webhook', publicUrl: 'https://a.example:8443/x/' }, undefined],
    [{ apiRoot: 'http://127.0.0.1:8081' }, undefined],
    [{ proxy: 'http://10.0.0.1:3128' }, undefined],
    [{}, { token, proxy: 'http://u:p@10.0.0.1:3128' }],
  ])('%j is fine', (settings, secrets) => {
    expect(check(settings, secrets)).toBe('fine')
  })

  test.each([
    [{}, {}, 'secrets.token: give the token'],
    [{}, { token: '42:short' }, 'secrets.token: the whole token'],
    [{}, { token: `${token} ` }, 'secrets.token: the whole token'],
    [{ mode: 'push' }, undefined, 'settings.mode: polling or webhook'],
    [{ mode: 'webhook' }, undefined, 'settings.publicUrl: webhook mode needs'],
    [{ mode: 'webhook', publicUrl: 'https://a.example:444' }, undefined, 'ports 443, 80, 88 and 8443'],
    [{ publicUrl: 'http://a.example' }, undefined, 'settings.publicUrl: the public address'],
    [{ apiRoot: 'http://10.0.0.1' }, undefined, 'settings.apiRoot: the address of the Bot API'],
    [{ apiRoot: 'https://u:p@a.example' }, undefined, 'settings.apiRoot: the address of the Bot API'],
    [{ proxy: 'socks5://10.0.0.1' }, undefined, 'settings.proxy: http://host:port'],
    [{ proxy: 'http://u:p@10.0.0.1' }, undefined, 'settings.proxy: with a password'],
    [
      { proxy: 'http://10.0.0.1:3128', apiRoot: 'http://127.0.0.1' },
      undefined,
      'settings.proxy: a Bot API on this machine',
    ],
    [{ tokn: 1 }, { token, key: 'x' }, 'settings.tokn: no such entry; take it out; secrets.key: no such entry'],
  ])('%j %j: %s', (settings, secrets, says) => {
    const said = check(settings, secrets)
    expect(said).toContain(says)
    expect(said).not.toContain(token)
  })
})

describe('the doctor', () => {
  test('is told of privacy, and that all is well', async () => {
    const w = await telegram()
    await w.start()
    const found = (await w.bot.inspect?.([])) ?? []
    expect(found.map(({ level, what }) => [level, what.en.slice(0, 20)])).toEqual([
      ['ok', 'connected as @Redres'],
      ['ok', 'privacy mode is on: '],
    ])
  })

  test.each([
    [
      'privacy is off',
      'getMe',
      { id: 42, username: 'b', can_read_all_group_messages: true },
      'warn',
      'privacy mode is off',
    ],
    ['it may not join groups', 'getMe', { id: 42, username: 'b', can_join_groups: false }, 'bad', 'may not join'],
    ['a webhook is in the way', 'getWebhookInfo', { url: 'https://x' }, 'bad', 'another service has set a webhook'],
    ['it was removed', 'getChatMember', { status: 'kicked' }, 'bad', 'not in the group "投诉处理群"'],
    ['it was silenced', 'getChatMember', { status: 'restricted', can_send_messages: false }, 'bad', 'may not write'],
  ])('%s', async (_what, method, result, level, words) => {
    const w = await telegram()
    await w.start()
    w.telegram.script('getChat', ok(group))
    w.telegram.script('getChatMember', ok({ status: 'administrator' }))
    w.telegram.script(method, ...(method === 'getChatMember' ? [] : [ok(result)]))
    if (method === 'getChatMember') {
      w.telegram.script('getChat', ok(group))
      await w.bot.inspect?.([{ chat: '-1001' }])
      w.telegram.script(method, ok(result))
    }
    const found = (await w.bot.inspect?.([{ chat: '-1001' }])) ?? []
    expect(found.filter((one) => one.level === level && one.what.en.includes(words))).toHaveLength(1)
    expect(found.find((one) => one.what.en.includes(words))?.fix).toBeDefined()
  })

  test('a token that is no longer good is the whole story', async () => {
    const w = await telegram()
    await w.start()
    w.telegram.script('getMe', no(401, 'Unauthorized'))
    expect(await w.bot.inspect?.([])).toMatchObject([
      { level: 'bad', fix: { en: expect.stringContaining('BotFather') } },
    ])
  })
})

test('through a proxy everything goes by CONNECT', async () => {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const proxy = createServer((socket) => {
    sockets.add(socket)
    socket.once('data', (data) => {
      asked.push(data.toString('latin1').split('\r\n')[0] ?? '')
      dial({ port: 1, host: '127.0.0.1' }).on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    })
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const w = await telegram({ apiRoot: 'https://telegram.invalid', proxy: `http://127.0.0.1:${port}` })
  const starting = w.start()
  await until(() => asked.length > 0)
  expect(asked[0]).toBe('CONNECT telegram.invalid:443 HTTP/1.1')
  await until(() => w.log.some((line) => line.includes('tried again')))
  w.clock.advance(5_000)
  await starting
  await w.bot.stop()
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => proxy.close(resolve))
})

test('two bots with the same token have the same secret, others another', async () => {
  const secrets = await Promise.all(
    (['bot_1', 'bot_1', 'bot_2'] as const).map(async (id) => {
      const w = await telegram({ mode: 'webhook', publicUrl: 'https://a.example' })
      const kind = telegramKind({
        clock: w.clock,
        random: () => Buffer.alloc(1),
        logger: silent,
        apiRoot: w.telegram.root,
      })
      const settings = { mode: 'webhook', publicUrl: 'https://a.example' }
      const bot = kind.make({ id: asId(id), name: 'x', settings, secrets: { token } })
      await bot.start(async () => ({}))
      await until(() => w.telegram.of('setWebhook').length === 1)
      await bot.stop()
      return w.telegram.of('setWebhook')[0]?.payload.secret_token
    }),
  )
  expect(secrets[0]).toBe(secrets[1])
  expect(secrets[0]).not.toBe(secrets[2])
})
