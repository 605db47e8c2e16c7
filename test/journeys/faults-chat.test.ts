import { expect, test } from 'vitest'
import { OutsideError } from '../../src/core/errors.ts'
import { enableBot } from '../../src/storage/bots.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import type { TestChat } from '../support/chat.ts'
import { group, people, type World, world } from '../support/world.ts'

const down = new OutsideError('unreachable', 'the chat is down')
const minute = 60_000
const quotes = (w: World, chat: string) => w.chat.cards(chat).map((card) => card.quote)

const secondRoom = (w: World) =>
  w.storage.transaction((tx) =>
    createRoom(tx, {
      tenant: w.tenant.id,
      bot: w.bot.id,
      chat: 'other',
      topic: '',
      alone: false,
      title: '另一个群',
      language: 'en',
    }),
  )

/** Takes the first line, then fails three times. */
function failsAfterALine(chat: TestChat): void {
  let left = 3
  chat.failing = {
    error: down,
    get times() {
      return chat.texts(group).length > 0 && left-- > 0 ? 1 : 0
    },
    set times(_) {},
  }
}

test('while the chat is down nothing is lost: the cards come when it is back, in their order', async () => {
  const w = await world()
  w.chat.failing = { times: 5, error: down }
  await w.complain({ text: '第一' })
  await w.complain({ text: '第二' })
  expect(w.chat.posts).toEqual([])
  await w.pass(2 * minute, 5_000)
  expect(quotes(w, group)).toEqual(['第一', '第二'])
  expect(await w.metrics.text()).toContain('redress_deliveries_total{channel="room",outcome="failed"} 5')
})

test('a room whose message fails holds no other room back', async () => {
  const w = await world()
  await secondRoom(w)
  w.chat.failing = { times: 1, error: down }
  await w.complain({ text: '第一' })
  const rooms = [...new Set(w.chat.posts.map((post) => post.chat))]
  expect(rooms).toHaveLength(1)
  await w.pass(10_000, 1_000)
  expect(quotes(w, group)).toEqual(['第一'])
  expect(quotes(w, 'other')).toEqual(['第一'])
})

test('a chat that asks for a pause gets it', async () => {
  const w = await world()
  w.chat.failing = { times: 1, error: new OutsideError('busy', 'too many messages', { wait: 40_000 }) }
  await w.complain({ text: '第一' })
  await w.pass(39_000, 1_000)
  expect(w.chat.posts).toEqual([])
  // News about the same complaint do not cut the pause short.
  expect(w.chat.failing?.times).toBe(0)
  await w.pass(3_000, 1_000)
  expect(quotes(w, group)).toEqual(['第一'])
})

test('news that come during a pause wait for its end', async () => {
  const w = await world()
  w.chat.failing = { times: 1, error: new OutsideError('busy', 'too many messages', { wait: 40_000 }) }
  const { id } = await w.complain({ text: '第一' })
  await w.wechat.move(id, { kind: 'message', content: '快一点' })
  await w.pass(30_000, 1_000)
  expect(w.chat.posts).toEqual([])
  await w.pass(12_000, 1_000)
  expect(quotes(w, group)).toEqual(['第一'])
  expect(w.chat.texts(group)).toEqual(['#1 用户：快一点'])
})

test('what was said before one message failed is not said again', async () => {
  const w = await world()
  const { id } = await w.complain({ text: '第一' })
  w.wechat.misbehave({ on: 'push', how: 'withheld' })
  await w.wechat.move(id, { kind: 'message', content: '甲' })
  w.clock.advance(2_000)
  failsAfterALine(w.chat)
  await w.wechat.move(id, { kind: 'message', content: '乙' })
  await w.pass(minute, 1_000)
  expect(w.chat.texts(group)).toEqual(['#1 用户：甲', '#1 用户：乙'])
})

test('a card that somebody deleted is posted anew, and its buttons work', async () => {
  const w = await world()
  const { id } = await w.complain({ text: '第一' })
  w.chat.posts.splice(0)
  await w.wechat.move(id, { kind: 'withdraw' })
  await w.settle()
  expect(w.chat.cards(group).map((card) => card.title)).toEqual(['#1 小店 · 用户取消申请'])
  expect((await w.chat.pressLabel(people.li, group, '#1', '详情')).card?.title).toContain('#1')
})

test('what comes while the bot is switched off is posted when it is on again', async () => {
  const w = await world()
  const enable = async (on: boolean) => {
    await w.storage.transaction((tx) => enableBot(tx, w.tenant.id, w.bot.id, on))
    await w.app.bots.refresh()
  }
  await enable(false)
  await w.complain({ text: '第一' })
  await w.complain({ text: '第二' })
  await w.pass(10 * minute, minute)
  expect(w.chat.posts).toEqual([])
  await enable(true)
  await w.pass(31_000)
  expect(quotes(w, group)).toEqual(['第一', '第二'])
})
