import { expect, test } from 'vitest'
import { OutsideError } from '../../src/core/errors.ts'
import { showOpen } from '../../src/notify/show-open.ts'
import { changeAccount } from '../../src/storage/accounts.ts'
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
  w.wechat.misbehave({ on: 'push', how: 'withheld', times: 3 })
  failsAfterALine(w.chat)
  // Too much for one message.
  const said = ['甲', '乙', '丙', '丁'].map((word) => word.repeat(480))
  for (const content of said) {
    w.clock.advance(2_000)
    await w.wechat.move(id, { kind: 'message', content })
  }
  await w.pass(minute, 1_000)
  expect(w.chat.texts(group)).toEqual(said.map((content) => `#1 用户：${content}`))
  expect(w.chat.posts.filter((post) => post.say.text)).toHaveLength(2)
  expect(w.chat.failing?.times).toBe(0)
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

test('a card that the chat refuses for good silences nobody: others go on, and a plain line stands for it', async () => {
  const w = await world()
  w.chat.refuses = ({ card }) => card?.quote === '第一'
  const { id } = await w.complain({ text: '第一' })
  await w.complain({ text: '第二' })
  expect(quotes(w, group)).toEqual(['第二'])
  // What comes about it meanwhile waits its turn behind the card.
  await w.wechat.move(id, { kind: 'message', content: '快一点' })
  await w.pass(2 * minute, 1_000)
  expect(w.chat.texts(group)).toEqual(['#1 有更新，但消息发不到这里；请发送 /show 1 查看'])
  expect(await w.metrics.text()).toContain('redress_deliveries_total{channel="room",outcome="plain"} 1')
  const waiting = await w.storage.reads.db.selectFrom('delivery').select('id').where('state', '=', 'waiting').execute()
  expect(waiting).toEqual([])
})

test('what cannot even be said plainly is dropped aloud, and the next news are tried anew', async () => {
  const w = await world()
  w.chat.refuses = ({ card, text }) => card?.quote === '第一' || text !== undefined
  const { id } = await w.complain({ text: '第一' })
  await w.pass(2 * minute, 1_000)
  expect(w.chat.posts).toEqual([])
  expect(await w.metrics.text()).toContain('redress_deliveries_total{channel="room",outcome="dropped"} 1')
  w.chat.refuses = () => false
  await w.wechat.move(id, { kind: 'message', content: '快一点' })
  await w.settle()
  expect(quotes(w, group)).toEqual(['第一'])
  expect(w.chat.texts(group)).toEqual(['#1 用户：快一点'])
})

test('a mistake of ours in one card holds back nothing else', async () => {
  const w = await world()
  w.chat.refuses = ({ card }) => {
    if (card?.quote === '第一') throw new TypeError('a mistake')
    return false
  }
  await w.complain({ text: '第一' })
  await w.complain({ text: '第二' })
  expect(quotes(w, group)).toEqual(['第二'])
})

test('what waits when its account is disabled is dropped; when it is enabled again, what is open is shown', async () => {
  const w = await world()
  w.chat.failing = { times: 3, error: down }
  await w.complain({ text: '第一' })
  await w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, w.account, { enabled: false }))
  await w.pass(2 * minute, 5_000)
  expect(w.chat.posts).toEqual([])
  w.chat.failing = undefined
  await w.storage.transaction(async (tx) => {
    await changeAccount(tx, w.tenant.id, w.account, { enabled: true })
    await showOpen(w.engine, tx, w.account)
  })
  await w.settle()
  expect(quotes(w, group)).toEqual(['第一'])
})

test('a step that vanishes from the platform’s history and comes back is told once', async () => {
  const w = await world()
  const { id } = await w.complain({ text: '第一' })
  w.clock.advance(2_000)
  await w.wechat.move(id, { kind: 'message', content: '快一点' })
  await w.settle()
  const items = w.wechat.complaint(id)?.items ?? []
  await w.wechat.set(id, { items: items.slice(0, 1), push: false })
  await w.pass(16 * minute, minute)
  await w.wechat.set(id, { items, push: false })
  await w.pass(16 * minute, minute)
  expect(w.chat.texts(group)).toEqual(['#1 用户：快一点'])
})
