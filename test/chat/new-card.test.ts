import { afterEach, describe, expect, test } from 'vitest'
import { armFailpoints } from '../../src/core/failpoint.ts'
import { asId } from '../../src/core/words.ts'
import { showOpen } from '../../src/notify/show-open.ts'
import { changeAccount } from '../../src/storage/accounts.ts'
import { createBot } from '../../src/storage/bots.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { currentPost } from '../../src/storage/posts.ts'
import { createRoom, roomAt } from '../../src/storage/rooms.ts'
import { onPress } from '../support/chat.ts'
import { group, type World, world } from '../support/world.ts'
import { withOrder, zhou } from './pay-people.ts'
import { chen, li, pressOn, withComplaint } from './people.ts'

const still = { can: onPress }
const id = (w: World) => w.wechat.complaints()[0]?.id ?? 0
const titles = (w: World, where = group) => w.chat.cards(where).map(({ title }) => title)
const edits = (w: World) => w.chat.sent.filter(({ what }) => what === 'edit')
const [waits, wanted] = ['#1 小店 · 待处理', '#1 小店 · 待商家补充凭证']

/** The platform says so, and tells us. */
async function turn(w: World, status: number): Promise<void> {
  w.clock.advance(2_000)
  await w.wechat.set(id(w), { status, push: true })
  await w.settle()
}

async function current(w: World): Promise<string | undefined> {
  const room = await roomAt(w.storage.reads, w.bot.id, { chat: group })
  const complaint = await findRunning(w.storage.reads, w.tenant.id, 1)
  return room && complaint && (await currentPost(w.storage.reads, room.id, complaint.id))?.post
}

async function enable(w: World, enabled: boolean): Promise<void> {
  await w.storage.transaction(async (tx) => {
    await changeAccount(tx, w.tenant.id, w.account, { enabled })
    if (enabled) await showOpen(w.engine, tx, w.account)
  })
  await w.settle()
}

afterEach(() => armFailpoints(undefined))

describe('where a card changes only while it is pressed', () => {
  test('a card of yesterday is posted anew when others are to take care of it; before that a line is enough', async () => {
    const w = await withComplaint('answer', still)
    const passed = async (hours: number) => {
      await w.pass(hours * 3_600_000, 1_200_000)
      const said = w.chat.texts(group).filter((text) => text.startsWith('⏰'))
      return [titles(w).length, said.length]
    }
    expect(await passed(24.5)).toEqual([1, 1])
    expect(await passed(15)).toEqual([2, 2])
    // The new one is not old yet.
    expect(await passed(7)).toEqual([2, 4])
  })

  test('it is posted once and never edited; lines say what came of it', async () => {
    const w = await withComplaint('answer', still)
    expect(titles(w)).toEqual([waits])
    await w.chat.say(chen, group, '/agree 1 马上补发')
    await w.settle()
    await w.pass(60_000)
    w.clock.advance(2_000)
    await w.wechat.move(id(w), { kind: 'message', content: '好的谢谢' })
    await w.settle()
    await turn(w, 205)
    expect([titles(w), edits(w)]).toEqual([[waits], []])
    expect(w.chat.texts(group)).toEqual([
      '#1 同意和解已提交 · 阿陈',
      '#1 待用户：已回应，待用户确认',
      '#1 用户：好的谢谢',
      '#1 已结束：投诉已完结',
    ])
  })
  test('claims, notes and progress say nothing; given to somebody it does', async () => {
    const w = await withComplaint('answer', still)
    for (const said of ['/claim 1', '/note 1 已联系', '/undo 1', '/release 1', '/claim 1']) {
      await w.chat.say(chen, group, said)
      await w.settle()
    }
    expect([titles(w), edits(w), w.chat.texts(group)]).toEqual([[waits], [], []])
    await w.chat.say(chen, group, '/assign 1 @li')
    await w.settle()
    expect([titles(w), w.chat.texts(group)]).toEqual([[waits], ['#1 由 阿陈 指派给 小李']])
  })
  test('it stands anew when it is our turn again, and then says so itself: no line beside it', async () => {
    const w = await withComplaint('answer', still)
    await turn(w, 101)
    const [theirs] = w.chat.texts(group)
    expect([titles(w), theirs]).toEqual([[waits], expect.stringMatching(/^#1 .+：.+/)])
    await turn(w, 106)
    expect([titles(w), w.chat.texts(group), edits(w)]).toEqual([[waits, wanted], [theirs], []])
    expect(await current(w)).toBe(w.chat.card(group, '#1').id)
    // Read again, nothing is new.
    await w.pass(40 * 60_000, 60_000)
    expect(titles(w)).toEqual([waits, wanted])
    await turn(w, 206)
    expect([titles(w).length, w.chat.texts(group)]).toEqual([3, [theirs]])
    expect(w.chat.card(group, '#1').card.buttons[0]?.label).toBe('退款凭证')
  })
  test('an end that is owed all along, and our own answer, bring no card; money back is told in a line', async () => {
    const w = await withOrder({}, still)
    await w.chat.say(zhou, group, '/reply 1 今天补发')
    await w.pass(60_000)
    await w.pay.sandbox.move(w.pay.sandbox.complaints()[0]?.id ?? '', { kind: 'message', text: '好的' })
    await w.settle()
    const { card } = await w.chat.say(zhou, group, '/refund 1 5')
    await pressOn(w, zhou, card, '确认退款 ¥5.00')
    await w.pass(5 * 60_000)
    expect([titles(w), edits(w)]).toEqual([['#1 青禾优选 · 待处理'], []])
    expect(w.chat.texts(group)).toEqual([
      '#1 回复已提交 · 老周',
      '#1 用户：好的',
      expect.stringMatching(/^#1 已退款 ¥5\.00 到账 \d\d:\d\d · 老周$/),
    ])
  })
  test('what turned and turned back before we could speak is one card', async () => {
    const w = await withComplaint('answer', still)
    w.chat.failing = { times: 1, error: new TypeError('a mistake') }
    await turn(w, 101)
    await turn(w, 106)
    await w.pass(60_000)
    expect(titles(w)).toEqual([waits, wanted])
  })
  test('the lines go on below the newest card', async () => {
    const w = await withComplaint('answer', still)
    await turn(w, 101)
    await turn(w, 106)
    w.clock.advance(2_000)
    await w.wechat.move(id(w), { kind: 'message', content: '在吗' })
    await w.settle()
    expect(w.chat.posts.at(-1)?.say).toEqual({ text: '#1 用户：在吗', about: w.chat.card(group, '#1').id })
  })
  test.each(['group.before-settle', 'group.line-posted'])('killed at %s, it stands there once', async (point) => {
    const w = await withComplaint('answer', still)
    await turn(w, 101)
    let died = 0
    armFailpoints((name) => {
      if (name !== point) return
      died += 1
      armFailpoints(undefined)
      throw new Error('dies')
    })
    if (point === 'group.line-posted') {
      w.clock.advance(2_000)
      await w.wechat.set(id(w), { status: 106 })
      await w.wechat.move(id(w), { kind: 'message', content: '在吗' })
    }
    await turn(w, 106)
    await w.restart()
    await w.pass(60_000)
    expect([died, titles(w)]).toEqual([1, [waits, wanted]])
    await w.chat.say(li, group, '/claim 1')
    await w.pass(60_000)
    expect(titles(w)).toEqual([waits, wanted])
  })
  test('killed before anybody knew that it hangs there, it is posted once more and not again', async () => {
    const w = await withComplaint('answer', still)
    await turn(w, 101)
    armFailpoints((name) => {
      if (name !== 'group.posted') return
      armFailpoints(undefined)
      throw new Error('dies')
    })
    await turn(w, 106)
    await w.restart()
    await w.pass(60_000)
    expect([titles(w), await current(w)]).toEqual([[waits, wanted, wanted], w.chat.card(group, '#1').id])
  })
  test('the card that somebody asked for is the one from then on', async () => {
    const w = await withComplaint('answer', still)
    const shown = await w.chat.say(li, group, '/show 1')
    const post = await w.chat.hang(w.bot.id, group, shown)
    expect([shown.current, await current(w)]).toEqual([true, post])
    await w.chat.say(li, group, '/claim 1')
    w.clock.advance(2_000)
    await w.wechat.move(id(w), { kind: 'message', content: '在吗' })
    await w.settle()
    expect([titles(w), w.chat.posts.at(-1)?.say.about]).toEqual([[waits, waits], post])
    await turn(w, 101)
    await turn(w, 106)
    expect(await current(w)).toBe(w.chat.card(group, wanted).id)
  })
  test('an account that is on again has what changed meanwhile posted anew, and what came meanwhile', async () => {
    const w = await withComplaint('answer', still)
    await w.complain({ text: '没有变' })
    await enable(w, false)
    await turn(w, 106)
    await w.complain({ text: '停用时' })
    await w.pass(3 * 3_600_000, 600_000)
    expect(titles(w)).toEqual([waits, '#2 小店 · 待处理'])
    await enable(w, true)
    expect(titles(w).slice(2).sort()).toEqual([wanted, '#3 小店 · 待处理'])
    expect(edits(w)).toEqual([])
  })
})

test('where cards can be edited, a turn is an edit, and nothing is posted anew', async () => {
  const w = await withComplaint()
  await turn(w, 101)
  await turn(w, 106)
  expect([titles(w), edits(w).length > 0]).toEqual([[wanted], true])
  // There everything is a press away, and an older card leads nowhere else.
  const post = await w.chat.hang(w.bot.id, group, await w.chat.say(li, group, '/show 1'))
  expect(await current(w)).not.toBe(post)
})

describe('when another process has taken a bot', () => {
  test('the rooms of the business’s other bots are told; nobody else’s', async () => {
    const w = await world()
    const other = await w.storage.transaction(async (tx) => {
      const of = { tenant: w.tenant.id, enabled: true, settings: {}, secrets: {} }
      const bot = await createBot(tx, { ...of, kind: 'browser', name: '备用' })
      if (!bot) throw new Error('no bot')
      const room = { tenant: w.tenant.id, bot: bot.id, topic: '', alone: false, language: 'zh-CN' } as const
      await createRoom(tx, { ...room, chat: 'second', title: '备用群' })
      return bot
    })
    await w.app.bots.refresh()
    await w.chat.events(w.bot.id).taken?.()
    await w.settle()
    expect(w.chat.texts('second')).toEqual([
      expect.stringMatching(/^⚠ 机器人「Redress」的连接被另一个程序占用，已停止收发；.*redress bot disable/u),
    ])
    expect(other.id).not.toBe(asId(w.bot.id))
  })
})
