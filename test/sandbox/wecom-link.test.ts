import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bot, event, markdown, message, openWorld, other, settled, until, type World } from './wecom-world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const mine = { bot_id: bot.botId, secret: bot.secret }

describe('a link (chat.md §1.1)', () => {
  test('subscribes first; its answers carry the req_id and no cmd', async () => {
    const link = await world.dial()
    expect(world.wecom.connected(bot.botId)).toBe(false)
    link.raw(JSON.stringify({ cmd: 'aibot_subscribe', headers: { req_id: 'aibot_subscribe_1_x' }, body: mine }))
    await until(() => link.frames.length === 1)
    expect(link.frames[0]).toEqual({ headers: { req_id: 'aibot_subscribe_1_x' }, errcode: 0, errmsg: 'ok' })
    expect(world.wecom.connected(bot.botId)).toBe(true)
    expect(world.wecom.connected(other.botId)).toBe(false)
  })

  test.each([
    { bot_id: bot.botId, secret: 'wrong' },
    { bot_id: 'nobody', secret: bot.secret },
    { bot_id: bot.botId, secret: other.secret },
    { bot_id: 'nobody' },
    {},
  ])('is told 853000 for wrong credentials: %j', async (body) => {
    const link = await world.dial()
    expect(await link.ask('aibot_subscribe', body)).toMatchObject({ errcode: 853000 })
    expect(world.wecom.connected(bot.botId)).toBe(false)
    expect(await link.ask('aibot_subscribe', mine)).toMatchObject({ errcode: 0 })
  })

  test('may do nothing before, not even ping', async () => {
    world.li.say(world.group, 'hello', { to: bot.botId })
    const link = await world.dial()
    expect(await link.ask('ping')).toMatchObject({ errcode: 846609 })
    const push = { chatid: world.group.chatid, ...markdown('x') }
    expect(await link.ask('aibot_send_msg', push)).toMatchObject({ errcode: 846609 })
    expect(world.group.seenBy(world.li)).toHaveLength(1)
  })

  test('subscribes once', async () => {
    const link = await world.subscribed()
    expect(await link.ask('aibot_subscribe', mine)).toMatchObject({ errcode: 45009 })
    expect(await link.ask('ping')).toMatchObject({ errcode: 0 })
  })

  test('a second one of the same bot throws out the first, which is told and closed', async () => {
    const first = await world.subscribed()
    const stranger = await world.subscribed(other.botId)
    const second = await world.subscribed()
    const told = await first.heard(event)
    expect(told.body).toMatchObject({
      aibotid: bot.botId,
      msgtype: 'event',
      event: { eventtype: 'disconnected_event' },
    })
    await first.over()
    world.li.say(world.group, 'hello', { to: bot.botId })
    await second.heard(message)
    expect(first.frames.filter(({ cmd }) => cmd === message)).toHaveLength(0)
    expect([second.closed, stranger.closed]).toEqual([false, false])
    expect(await stranger.ask('ping')).toMatchObject({ errcode: 0 })
  })

  test('that is silent is dropped; a ping is enough to stay', async () => {
    world.wecom.setRules({ pingMs: 90_000 })
    const [loud, quiet] = [await world.subscribed(), await world.dial()]
    await world.pass(60_000)
    expect(await loud.ask('ping')).toMatchObject({ errcode: 0 })
    await world.pass(30_000)
    await quiet.over()
    expect(loud.closed).toBe(false)
    await world.pass(60_000)
    await loud.over()
    expect(world.wecom.connected(bot.botId)).toBe(false)
  })

  test.each([
    'no json',
    '[]',
    '{"cmd":"ping"}',
    '{"headers":{"req_id":"x"}}',
    '{"cmd":"ping","headers":{"req_id":""}}',
  ])('is told when a frame is none: %s', async (text) => {
    const link = await world.subscribed()
    link.raw(text)
    await until(() => link.frames.at(-1)?.errcode === 47001)
    expect(await link.ask('ping')).toMatchObject({ errcode: 0 })
  })

  test('is refused for a command that does not exist', async () => {
    const link = await world.subscribed()
    expect(await link.ask('aibot_dance')).toMatchObject({ errcode: 40058 })
  })

  test('exists at / only', async () => {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(`${world.wecom.wsUrl}/elsewhere`)
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
    expect(error.message).toContain('404')
  })
})

describe('callbacks without a link', () => {
  test('are lost, and nobody sends them again', async () => {
    world.li.say(world.group, 'one', { to: bot.botId })
    expect(world.wecom.missed()).toMatchObject([{ botId: bot.botId, body: { msgtype: 'text' } }])
    const link = await world.subscribed()
    world.li.say(world.group, 'two', { to: bot.botId })
    await link.heard(message)
    await settled()
    expect(link.frames.filter(({ cmd }) => cmd === message).map(({ body }) => body.text?.content)).toEqual([
      `@${bot.name} two`,
    ])
  })
})

test('calls are written down, without secrets', async () => {
  const link = await world.subscribed()
  await link.ask('aibot_send_msg', { chatid: 'nowhere', ...markdown('x') })
  const calls = world.wecom.calls()
  expect(calls.map(({ cmd, botId, errcode }) => [cmd, botId, errcode])).toEqual([
    ['aibot_subscribe', bot.botId, 0],
    ['aibot_send_msg', bot.botId, 93006],
  ])
  expect(JSON.stringify(calls)).not.toContain(bot.secret)
})
