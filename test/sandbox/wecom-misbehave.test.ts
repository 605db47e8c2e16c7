import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Json, Misbehaviour } from '../../sandbox/wecom/index.ts'
import {
  bot,
  card,
  cardMessage,
  event,
  type Link,
  markdown,
  message,
  openWorld,
  picture,
  settled,
  until,
  type World,
} from './wecom-world.ts'

let world: World
let link: Link
beforeEach(async () => {
  world = await openWorld()
  link = await world.subscribed()
  world.li.say(world.group, 'hello', { to: bot.botId })
  await link.heard(message)
})
afterEach(() => world.close())

const push = (body: Json) => link.ask('aibot_send_msg', { chatid: world.group.chatid, ...body })
const sendOnly = (body: Json) => link.send('aibot_send_msg', { chatid: world.group.chatid, ...body })
const wrong = (how: Misbehaviour['how'], on = 'aibot_send_msg', more: Partial<Misbehaviour> = {}) =>
  world.wecom.misbehave({ on, how, ...more })
const texts = () => world.group.seenBy(world.wang).map(({ text }) => text)
const answered = (reqId: string) => link.frames.some(({ headers }) => headers.req_id === reqId)

describe('of an answer', () => {
  test('an error instead of the deed, so often, after so many', async () => {
    wrong({ errcode: 45009, errmsg: 'slow down' }, 'aibot_send_msg', { skip: 1, times: 2 })
    const codes: unknown[] = []
    for (const content of ['a', 'b', 'c', 'd']) codes.push((await push(markdown(content))).errcode)
    expect(codes).toEqual([0, 45009, 45009, 0])
    expect(texts().slice(1)).toEqual(['a', 'd'])
  })

  test('only of the command that it names', async () => {
    wrong({ errcode: -1 }, 'aibot_respond_msg')
    expect(await push(markdown('a'))).toMatchObject({ errcode: 0 })
    expect(await link.ask('ping')).toMatchObject({ errcode: 0 })
  })

  test('done, and the answer never comes', async () => {
    wrong({ lost: 'answer' })
    const reqId = sendOnly(markdown('a'))
    expect(await link.ask('ping')).toMatchObject({ errcode: 0 })
    await settled()
    expect([answered(reqId), texts().at(-1)]).toEqual([false, 'a'])
  })

  test('never arrived', async () => {
    wrong({ lost: 'request' })
    const reqId = sendOnly(markdown('a'))
    expect(await link.ask('ping')).toMatchObject({ errcode: 0 })
    await settled()
    expect([answered(reqId), texts()]).toEqual([false, [`@${bot.name} hello`]])
    expect(world.wecom.calls().filter(({ cmd }) => cmd === 'aibot_send_msg')).toEqual([])
  })

  test.each([
    ['before', [`@${bot.name} hello`]],
    ['after', [`@${bot.name} hello`, 'a']],
  ] as const)('the link breaks, %s it was done', async (cut, seen) => {
    wrong({ cut })
    const reqId = sendOnly(markdown('a'))
    await link.over()
    expect([answered(reqId), texts()]).toEqual([false, seen])
    expect(world.wecom.connected(bot.botId)).toBe(false)
    link = await world.subscribed()
    expect(await push(markdown('b'))).toMatchObject({ errcode: 0 })
  })

  test('done at once, answered late', async () => {
    wrong({ lateMs: 8000 })
    const reqId = sendOnly(markdown('a'))
    await until(() => texts().at(-1) === 'a')
    await world.pass(7999)
    await settled()
    expect(answered(reqId)).toBe(false)
    await world.pass(1)
    await until(() => answered(reqId))
  })

  test('of a ping, and of the subscription', async () => {
    wrong({ lost: 'answer' }, 'ping')
    const reqId = link.send('ping')
    await link.ask('ping')
    expect(answered(reqId)).toBe(false)
    wrong({ errcode: -1, errmsg: 'system error' }, 'aibot_subscribe')
    await expect(world.subscribed()).rejects.toThrow('subscribe: -1')
    expect(link.closed).toBe(false)
  })
})

describe('of a link', () => {
  test('connecting fails', async () => {
    wrong({ cut: 'before' }, 'connect')
    const socket = new WebSocket(world.wecom.wsUrl)
    const code = await new Promise((resolve) => socket.once('close', resolve))
    expect(code).toBe(1006)
    const again = await world.dial()
    expect(await again.ask('aibot_subscribe', { bot_id: bot.botId, secret: bot.secret })).toMatchObject({ errcode: 0 })
  })

  test('it is cut by hand, without disconnected_event', async () => {
    world.wecom.cut(bot.botId)
    await link.over()
    expect(link.frames.filter(({ cmd }) => cmd === event)).toEqual([])
    world.wecom.cut(bot.botId)
  })

  test('it breaks in the middle of an upload, which then goes on (chat.md §1.6)', async () => {
    const bytes = Buffer.alloc(600_000, 1)
    const size = { total_size: bytes.length, total_chunks: 2 }
    const { body } = await link.ask('aibot_upload_media_init', { type: 'file', filename: 'a', ...size })
    const { upload_id } = body as unknown as Json
    const chunk = (chunk_index: number, base64_data: string): Json => ({ upload_id, chunk_index, base64_data })
    const [first, second] = [bytes.subarray(0, 524_288).toString('base64'), bytes.subarray(524_288).toString('base64')]
    wrong({ cut: 'before' }, 'aibot_upload_media_chunk', { skip: 1 })
    expect(await link.ask('aibot_upload_media_chunk', chunk(0, first))).toMatchObject({ errcode: 0 })
    link.send('aibot_upload_media_chunk', chunk(1, second))
    await link.over()
    link = await world.subscribed()
    expect(await link.ask('aibot_upload_media_finish', { upload_id })).toMatchObject({ errcode: 40058 })
    expect(await link.ask('aibot_upload_media_chunk', chunk(1, second))).toMatchObject({ errcode: 0 })
    expect(await link.ask('aibot_upload_media_finish', { upload_id })).toMatchObject({ errcode: 0 })
  })

  test('it breaks in the middle of a press: with the event told, or during the update', async () => {
    await push(cardMessage(card('t1')))
    wrong({ cut: 'after' }, event)
    const first = world.li.press(world.group, world.last(), '退款')
    await link.over()
    const { headers } = await link.heard(event)
    link = await world.subscribed()
    wrong({ cut: 'after' }, 'aibot_respond_update_msg')
    const face = card('t1', { main_title: { title: '已退款' } })
    link.send(
      'aibot_respond_update_msg',
      { response_type: 'update_template_card', template_card: face },
      headers.req_id,
    )
    await link.over()
    expect([first.state, world.last().text]).toEqual(['updated', '已退款'])
    link = await world.subscribed()
    wrong({ cut: 'before' }, 'aibot_respond_update_msg')
    const second = world.li.press(world.group, world.last(), '退款')
    const next = await link.heard(event)
    link.send(
      'aibot_respond_update_msg',
      { response_type: 'update_template_card', template_card: card('t1') },
      next.headers.req_id,
    )
    await link.over()
    expect([second.state, world.last().text]).toEqual(['open', '已退款'])
  })
})

describe('of a callback', () => {
  const heard = () => link.frames.filter(({ cmd }) => cmd === message).slice(1)

  test('twice, with the same msgid', async () => {
    wrong({ twice: true }, message)
    world.li.say(world.group, 'one', { to: bot.botId })
    world.li.say(world.group, 'two', { to: bot.botId })
    await until(() => heard().length === 3)
    const ids = heard().map(({ body }) => body.msgid)
    expect(ids[0]).toBe(ids[1])
    expect(ids[1]).not.toBe(ids[2])
    expect(heard()[0]?.headers.req_id).not.toBe(heard()[1]?.headers.req_id)
    expect(await link.ask('aibot_respond_msg', markdown('x'), heard()[1]?.headers.req_id)).toMatchObject({ errcode: 0 })
  })

  test('a press twice is still updated once', async () => {
    await push(cardMessage(card('t1')))
    wrong({ twice: true }, event)
    world.li.press(world.group, world.last(), '退款')
    const [first, second] = [await link.heard(event), await link.heard(event, 1)]
    const body = { response_type: 'update_template_card', template_card: card('t1') }
    expect(await link.ask('aibot_respond_update_msg', body, second.headers.req_id)).toMatchObject({ errcode: 0 })
    expect(await link.ask('aibot_respond_update_msg', body, first.headers.req_id)).toMatchObject({ errcode: 846605 })
  })

  test('never, late, or with the link breaking', async () => {
    wrong({ lost: 'request' }, message)
    world.li.say(world.group, 'lost', { to: bot.botId })
    wrong({ lateMs: 2000 }, message)
    world.li.say(world.group, 'late', { to: bot.botId })
    world.li.say(world.group, 'now', { to: bot.botId })
    await until(() => heard().length === 1)
    const idle = world.wecom.idle()
    await world.pass(2000)
    await idle
    await until(() => heard().length === 2)
    expect(heard().map(({ body }) => body.text?.content)).toEqual([`@${bot.name} now`, `@${bot.name} late`])
    wrong({ cut: 'before' }, message)
    world.li.say(world.group, 'never', { to: bot.botId })
    await link.over()
    expect(heard()).toHaveLength(2)
  })

  test('a press that comes late has so much less time', async () => {
    await push(cardMessage(card('t1')))
    wrong({ lateMs: 5001 }, event)
    const press = world.li.press(world.group, world.last(), '退款')
    await world.pass(5001)
    const { headers } = await link.heard(event)
    const body = { response_type: 'update_template_card', template_card: card('t1') }
    expect(await link.ask('aibot_respond_update_msg', body, headers.req_id)).toMatchObject({ errcode: 846605 })
    expect(press.state).toBe('late')
  })
})

test('of a download: an HTTP error, no answer, a slow one', async () => {
  world.li.mixed(world.group, ['a', picture(4, 4)], { to: bot.botId })
  const { body } = await link.heard(message, 1)
  const url = body.mixed?.msg_item[1]?.image?.url ?? ''
  wrong({ errcode: 500 }, 'media')
  expect((await fetch(url)).status).toBe(500)
  wrong({ lost: 'answer' }, 'media')
  await expect(fetch(url)).rejects.toThrow()
  wrong({ lateMs: 5 * 60_000 }, 'media')
  const late = fetch(url)
  await settled()
  await world.pass(5 * 60_000)
  expect((await late).status).toBe(403)
})
