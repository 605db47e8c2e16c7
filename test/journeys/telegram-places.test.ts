import { describe, expect, test } from 'vitest'
import type { Group } from '../../sandbox/telegram/index.ts'
import { tell } from '../../src/engine/tell.ts'
import { changeAccount } from '../../src/storage/accounts.ts'
import { createBindCode } from '../../src/storage/bind-codes.ts'
import { lockComplaint, openOfAccount } from '../../src/storage/complaints.ts'
import { listMembers } from '../../src/storage/members.ts'
import { createRoom, listRooms } from '../../src/storage/rooms.ts'
import { botName, card, cards, count, type Driver, drive, found } from '../support/telegram.ts'
import { type TelegramWorld, world } from '../support/world.ts'

const one = '#1 小店'
const minute = 60_000

async function personCode(w: TelegramWorld, handle: string): Promise<string> {
  const member = (await listMembers(w.storage.reads, w.tenant.id)).find((each) => each.handle === handle)
  if (!member) throw new Error(`no ${handle}`)
  const binding = { purpose: 'member', tenant: w.tenant.id, member: member.id } as const
  return (await w.storage.transaction((tx) => createBindCode(tx, binding))).code
}

async function groupCode(w: TelegramWorld, accounts?: TelegramWorld['account'][]): Promise<string> {
  const binding = {
    purpose: 'room',
    tenant: w.tenant.id,
    language: 'zh-CN',
    ...(accounts ? { accounts } : {}),
  } as const
  return (await w.storage.transaction((tx) => createBindCode(tx, binding))).code
}

const rooms = (w: TelegramWorld) => listRooms(w.storage.reads, w.tenant.id)

async function secondGroup(w: TelegramWorld, accounts?: TelegramWorld['account'][]): Promise<Group> {
  const { telegram, people } = w.played
  const other = telegram.group({ title: '另一个群', people: Object.values(people), bots: [botName] })
  const room = { tenant: w.tenant.id, bot: w.bot.id, chat: String(other.chat), topic: '', alone: false }
  await w.storage.transaction((tx) =>
    createRoom(tx, { ...room, title: '另一个群', language: 'zh-CN', ...(accounts ? { accounts } : {}) }),
  )
  return other
}

/** A world with a new complaint and its card. */
async function complained(
  options: Partial<Parameters<typeof world>[0]> = {},
): Promise<Driver & { w: TelegramWorld; id: number }> {
  const w = await world({ ...options, telegram: true })
  const driver = drive(w)
  const { id } = await w.complain({ text: '衣服破了一个洞' })
  await driver.calm()
  return { w, id, ...driver }
}

describe('binding', () => {
  test('a person by the deep link, the group by /bind in it; then cards come and buttons work', async () => {
    const w = await world({ telegram: 'unbound' })
    const { calm, say, press, answer } = drive(w)
    const { li } = w.played.people
    const alone = li.start(botName, await personCode(w, 'li'))
    await calm()
    expect(alone.last()?.text).toContain('小李')
    expect((await say(li, `/bind ${await groupCode(w)}`))[0]?.text).toContain('小店')
    expect(await rooms(w)).toMatchObject([{ chat: String(w.played.group.chat), title: '投诉处理群' }])
    await w.complain()
    await calm()
    await press(li, card(w.played.group, one), '同意和解')
    await answer(li, '马上处理')
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })

  test('a group by the link that adds the bot', async () => {
    const w = await world({ telegram: 'unbound' })
    const { calm } = drive(w)
    const fresh = w.played.telegram.group({ title: '新群', people: [w.played.people.chen] })
    fresh.addBot(botName, { by: w.played.people.chen, payload: await groupCode(w) })
    await calm()
    expect(await rooms(w)).toMatchObject([{ chat: String(fresh.chat) }])
  })

  test('a code works once, and not after a day', async () => {
    const w = await world({ telegram: 'unbound' })
    const { calm, say } = drive(w)
    const { li, chen } = w.played.people
    const code = await personCode(w, 'li')
    li.start(botName, code)
    await calm()
    const second = chen.start(botName, code)
    await calm()
    expect(second.last()?.text).toContain('绑定码')
    const late = await groupCode(w)
    w.clock.step(25 * 60 * minute)
    await say(li, `/bind ${late}`)
    expect((await rooms(w)).filter(({ alone }) => !alone)).toEqual([])
  })

  test('who is not bound is told how, in words and at the button', async () => {
    const { w, say, press } = await complained()
    const { stranger } = w.played.people
    expect((await say(stranger, '/agree 1 好的'))[0]?.text).toContain('你还没有绑定身份')
    expect(await press(stranger, card(w.played.group, one), '同意和解')).toMatchObject({
      alert: true,
      toast: expect.stringContaining('你还没有绑定身份'),
    })
    expect(await say(stranger, '你们好')).toEqual([])
    expect(w.effects()).toEqual([])
  })

  test('a viewer may look and not act', async () => {
    const { w, say, press } = await complained()
    const { wang } = w.played.people
    expect((await press(wang, card(w.played.group, one), '同意和解')).toast).toContain('你的角色')
    expect((await say(wang, '/refuse 1 不行'))[0]?.text).toContain('你的角色')
    expect((await say(wang, '/list'))[0]?.text).toContain('#1')
    expect(w.effects()).toEqual([])
  })
})

describe('where a card does not belong', () => {
  test('its button does nothing in another group, and its number names nothing in an unbound one', async () => {
    const { w, press, say } = await complained()
    const { li, chen } = w.played.people
    const other = await secondGroup(w)
    const token = card(w.played.group, one).keyboard[0]?.[0]?.callback_data ?? ''
    const [shown] = await say(li, '/list', { in: other })
    if (!shown) throw new Error('no list')
    const forged = li.press(other, shown.id, 'x', { forged: token })
    await w.settle()
    expect(forged.answer).toMatchObject({ alert: true, text: expect.stringContaining('另一个群') })
    const stranger = w.played.telegram.group({ title: '外面', people: [chen, li], bots: [botName] })
    expect((await say(li, '/agree 1 好的', { in: stranger }))[0]?.text).toContain('这个群还没有绑定')
    expect(w.effects()).toEqual([])
    expect((await press(li, card(w.played.group, one), '认领')).toast).toBe('#1 由你处理')
  })

  test('an answer to a card that was forwarded elsewhere is about nothing', async () => {
    const { w, say } = await complained()
    const { li } = w.played.people
    const other = await secondGroup(w)
    const copy = li.say(other, card(w.played.group, one).text)
    expect((await say(li, '/agree 好的', { in: other, replyTo: copy.id }))[0]?.text).toContain('要说明是哪一单')
    expect(w.effects()).toEqual([])
  })
})

test.each(['self', 'group-bot'] as const)(
  'an administrator without a name acts on nothing (%s)',
  async (anonymousPress) => {
    const { w, say, press } = await complained()
    const { li } = w.played.people
    w.played.telegram.setRules({ anonymousPress })
    w.played.group.promote(li, undefined, true)
    expect((await say(li, '/agree 1 好的'))[0]?.text).toContain('匿名管理员不能操作')
    const pressed = await press(li, card(w.played.group, one), '认领')
    expect(pressed.toast).toContain(anonymousPress === 'self' ? '由你处理' : '匿名管理员不能操作')
    expect(w.effects()).toEqual([])
  },
)

describe('a group that becomes a supergroup', () => {
  test.each([true, false])('takes its room along (told of it: %s)', async (told) => {
    const { w, id, calm, press, answer } = await complained({ chatKind: 'group' })
    const { li } = w.played.people
    if (!told) w.played.telegram.misbehave({ on: 'update', how: 'withheld', times: 2 })
    const grown = w.played.group.migrate()
    await calm()
    await w.wechat.move(id, { kind: 'message', content: '在吗' })
    await calm()
    await w.complain({ text: '第二件' })
    await calm()
    expect(await rooms(w)).toMatchObject([{ chat: String(grown.chat) }])
    expect(count(grown, '#1 用户：在吗')).toBe(1)
    expect(cards(grown, '#2 小店')).toBe(1)
    await press(li, card(grown, '#2 小店'), '拒绝和解', grown)
    const question = found(grown, '❓ #2')
    await drive(w).say(li, '按约定发货', { in: grown, replyTo: question.id })
    expect(w.effects()).toEqual(['respond refuse 按约定发货'])
    expect(answer).toBeDefined()
    // The old card is out of reach; a new one took its place.
    await drive(w).say(li, '/claim 1', { in: grown })
    expect(card(grown, one).text).toContain('处理人：小李')
  })
})

test('topics of a forum are rooms of their own', async () => {
  const w = await world({ telegram: 'unbound', chatKind: 'forum', others: ['小满零食'] })
  const { calm, say, press } = drive(w)
  const { li } = w.played.people
  li.start(botName, await personCode(w, 'li'))
  const [other] = w.others
  if (!other) throw new Error('no second program')
  const [tea, snacks] = [w.played.group.topic('茶具'), w.played.group.topic('零食')]
  await say(li, `/bind ${await groupCode(w, [w.account])}`, { in: tea })
  await say(li, `/bind ${await groupCode(w, [other.account])}`, { in: snacks })
  await w.complain({ text: '杯子碎了' })
  await w.wechat.complain({ appid: other.program.appid, text: '过期了' })
  await calm()
  expect(cards(tea, '#1 小店')).toBe(1)
  expect(cards(snacks, '#2 小满零食')).toBe(1)
  expect([cards(tea, '#2'), cards(snacks, '#1')]).toEqual([0, 0])
  expect((await say(li, '/show 1', { in: snacks }))[0]?.text).toContain('没有找到投诉 #1')
  await press(li, card(snacks, '#2 小满零食'), '同意和解', snacks)
  const question = found(snacks, '❓ #2')
  expect(question.thread).toBe(snacks.thread)
  await say(li, '马上处理', { in: snacks, replyTo: question.id })
  expect(w.effects()).toEqual(['respond agree 马上处理'])
})

test('a bot that was removed: what waits for that group waits, others go on, and it comes when it is back', async () => {
  const { w, calm } = await complained()
  const other = await secondGroup(w)
  w.played.group.kick(botName)
  await w.complain({ text: '第二件' })
  await calm()
  expect(cards(other, '#2 小店')).toBe(1)
  expect(cards(w.played.group, '#2 小店')).toBe(0)
  w.played.group.join(botName)
  await w.pass(6 * minute, 5_000)
  expect(cards(w.played.group, '#2 小店')).toBe(1)
  expect(cards(other, '#2 小店')).toBe(1)
})

describe('a Telegram that asks for patience', () => {
  test('gets it for cards: nothing is sent before the time is over', async () => {
    const w = await world({ telegram: true })
    w.played.telegram.misbehave({ on: 'sendMessage', how: 'flood', retryAfter: 40 })
    const began = w.clock.now()
    await w.complain()
    await w.pass(60_000, 1_000)
    const calls = w.played.telegram.calls().filter(({ method }) => method === 'sendMessage')
    expect(calls.map(({ code }) => code)).toEqual([429, 200])
    expect((calls[1]?.at ?? 0) - began).toBeGreaterThanOrEqual(40_000)
    expect(cards(w.played.group, one)).toBe(1)
  })

  test('and for answers to people', async () => {
    const { w, calm } = await complained()
    w.played.telegram.misbehave({ on: 'sendMessage', how: 'flood', retryAfter: 20 })
    w.played.people.li.say(w.played.group, '/whoami')
    await w.pass(10_000, 1_000)
    expect(count(w.played.group, '你是 小李')).toBe(0)
    await w.pass(15_000, 1_000)
    await calm()
    expect(count(w.played.group, '你是 小李')).toBe(1)
  })
})

test('two that ask with one token: it asks again until it is alone', async () => {
  const { w, press } = await complained()
  const trouble = w.played.telegram.misbehave({ on: 'getUpdates', how: 'conflict', times: 3 })
  await w.restart()
  await w.pass(30_000, 1_000)
  expect(trouble.happened).toBe(3)
  expect((await press(w.played.people.li, card(w.played.group, one), '认领')).toast).toBe('#1 由你处理')
})

describe('a restart', () => {
  test('while updates wait: none is lost and none counts twice', async () => {
    const { w, calm } = await complained()
    const { li, chen } = w.played.people
    const shown = card(w.played.group, one)
    await w.restart(async () => {
      li.say(w.played.group, '/note 1 甲')
      li.press(w.played.group, shown.id, '认领')
      chen.say(w.played.group, '/note 1 乙')
      li.say(w.played.group, '/refuse 1 按约定发货')
      w.played.telegram.misbehave({ on: 'update', how: 'duplicate' })
      li.say(w.played.group, '/note 1 丙')
    })
    await calm()
    expect(w.effects()).toEqual(['respond refuse 按约定发货'])
    for (const word of ['甲', '乙']) expect(count(w.played.group, `：${word}`)).toBe(1)
    expect(card(w.played.group, one).text).toContain('处理人：小李')
  })

  describe('before Telegram learned what was handled', () => {
    /** What confirms it gets lost, and so does the last word of the end: Telegram tells it again. */
    async function toldAgain(said: string) {
      const { w, say, calm } = await complained()
      const trouble = w.played.telegram.misbehave({ on: 'getUpdates', how: 'lost-request', times: 9 })
      w.played.people.li.say(w.played.group, said)
      await w.pass(1_000, 250)
      await w.restart(async () => trouble.stop())
      await calm()
      await say(w.played.people.chen, '/list')
      return w
    }

    test('an answer comes again, and is the same wish', async () => {
      const w = await toldAgain('/agree 1 马上处理')
      expect(w.effects()).toEqual(['respond agree 马上处理'])
      expect(count(w.played.group, '已经提交过了')).toBe(1)
    })

    test('a note comes again, and is kept once', async () => {
      const w = await toldAgain('/note 1 已补发')
      expect(count(w.played.group, '#1 备注 · 小李：已补发')).toBe(1)
    })
  })
})

test('a disabled mini program: nothing is said or done until it is on again', async () => {
  const { w, id, calm, press, say } = await complained()
  const { li } = w.played.people
  const enable = (enabled: boolean) =>
    w.storage.transaction(async (tx) => {
      await changeAccount(tx, w.tenant.id, w.account, { enabled })
      if (!enabled) return
      for (const complaint of await openOfAccount(tx, w.account)) {
        await lockComplaint(tx, complaint.tenant, complaint.id)
        await tell(w.engine, tx, complaint, [{ kind: 'shown' }])
      }
    })
  await enable(false)
  await w.wechat.move(id, { kind: 'message', content: '在吗' })
  await w.complain({ text: '停用时' })
  await calm()
  expect(cards(w.played.group, '#2 小店')).toBe(0)
  expect(count(w.played.group, '在吗')).toBe(0)
  await say(li, '/agree 1 好的')
  await press(li, card(w.played.group, one), '详情')
  expect(w.effects()).toEqual([])
  await enable(true)
  await calm()
  expect(cards(w.played.group, '#2 小店')).toBe(1)
  await say(li, '/agree 1 好的')
  expect(w.effects()).toEqual(['respond agree 好的'])
})

test('several mini programs in one group, and a group that is limited to one of them', async () => {
  const w = await world({ telegram: true, others: ['小满零食'] })
  const { calm, say, press } = drive(w)
  const { li } = w.played.people
  const [snacks] = w.others
  if (!snacks) throw new Error('no second program')
  const limited = await secondGroup(w, [snacks.account])
  await w.complain({ text: '杯子碎了' })
  const { id } = await w.wechat.complain({ appid: snacks.program.appid, text: '过期了' })
  await calm()
  expect([cards(w.played.group, '#1 小店'), cards(w.played.group, '#2 小满零食')]).toEqual([1, 1])
  expect([cards(limited, '#1'), cards(limited, '#2 小满零食')]).toEqual([0, 1])
  expect((await say(li, '/list', { in: limited }))[0]?.text).not.toContain('#1')
  expect((await say(li, '/refuse 1 不行', { in: limited }))[0]?.text).toContain('没有找到投诉 #1')
  await press(li, card(limited, '#2 小满零食'), '同意和解', limited)
  await say(li, '马上处理', { in: limited, replyTo: found(limited, '❓ #2').id })
  expect(w.wechat.complaint(id)?.status).toBe(w.wechat.rules.agreed)
  // Both rooms see what became of it.
  for (const room of [w.played.group, limited]) expect(card(room, '#2 小满零食').text).toContain('已回应，待用户确认')
})
