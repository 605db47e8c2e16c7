import { expect, test } from 'vitest'
import { showOpen } from '../../src/notify/show-open.ts'
import { changeAccount } from '../../src/storage/accounts.ts'
import { setDuty } from '../../src/storage/duty.ts'
import { listMembers } from '../../src/storage/members.ts'
import { channelWorld } from '../support/channels.ts'
import { alone } from '../support/chat.ts'
import { found } from '../support/telegram.ts'
import { group, people, type World, world } from '../support/world.ts'

// It is eight in the evening in Shanghai when a world begins, and a mini program's complaint is due in 48 hours.
const { li, chen } = people
const minute = 60_000
const hour = 60 * minute

/** In long steps. */
const hours = (w: World, count: number) => w.pass(count * hour, 20 * minute)
const minutes = (w: World, count: number) => w.pass(count * minute, minute)
const texts = (w: World, chat = group) =>
  w.chat.posts.flatMap(({ chat: where, say }) => (where === chat ? (say.text ?? []) : []))
/** What was said of deadlines. */
const reminders = (w: World, chat = group) =>
  texts(w, chat).flatMap((text) => text.split('\n').filter((line) => line.startsWith('⏰')))
const clockOf = (w: World) => new Date(w.clock.now() + 8 * hour).toISOString().slice(5, 16)

/** 小李 by day, 阿陈 by night. */
async function onDuty(w: World): Promise<void> {
  const members = await listMembers(w.storage.reads, w.tenant.id)
  const idOf = (handle: string) => members.find((one) => one.handle === handle)?.id ?? members[0]?.id
  const [day, night] = [idOf('li'), idOf('chen')]
  if (!day || !night) throw new Error('nobody')
  await w.storage.transaction((tx) =>
    setDuty(tx, w.tenant.id, [
      { member: day, from: 9 * 60, to: 21 * 60 },
      { member: night, from: 21 * 60, to: 9 * 60 },
    ]),
  )
}

test('half of the time names those on duty, four fifths the admins too, the end everybody; each also where they are alone with us', async () => {
  const w = await world()
  await onDuty(w)
  for (const who of [li, chen]) await w.chat.say(who, alone(who), '/list')
  await w.complain({ amount: 1990 })
  await hours(w, 23.5)
  expect(reminders(w)).toEqual([])
  await minutes(w, 32)
  const half = '⏰ #1 要回应，截止 03-03 20:00，剩 23 小时 59 分钟 @小李'
  expect([reminders(w), reminders(w, alone(li)), reminders(w, alone(chen))]).toEqual([[half], [half], []])
  expect(w.chat.cards(alone(li))[0]?.title).toMatch(/^#1 /)
  await hours(w, 15)
  expect(reminders(w).slice(1)).toEqual([expect.stringMatching(/^⏰ #1 要回应，截止 20:00，.* @小李 @阿陈$/)])
  expect(reminders(w, alone(chen))).toHaveLength(1)
  await hours(w, 8)
  // 95 % and two hours before the end.
  expect(reminders(w).length).toBe(4)
  await hours(w, 2)
  expect(reminders(w).slice(4)).toEqual([expect.stringMatching(/^⏰ #1 已过截止时间 .*@/)])
  expect(new Set(reminders(w)).size).toBe(5)
  await hours(w, 10)
  expect(reminders(w).length).toBe(5)
})

test('what is done needs no word: not before the platform was read again, and not afterwards', async () => {
  const w = await world()
  await w.complain()
  await hours(w, 23)
  w.wechat.misbehave({ on: 'detail', how: 'http', status: 502, times: 10_000 })
  await w.chat.say(li, group, '/agree 1 好的，今天退')
  await w.settle()
  expect(w.effects()).toHaveLength(1)
  await hours(w, 26)
  expect(reminders(w)).toEqual([])
})

test('heard of late, it is said at once, to everybody and through every channel; and at its end', async () => {
  const w = await channelWorld()
  await w.add('email', { to: ['li@example.com'], wants: ['deadline'] })
  w.wechat.misbehave({ on: 'push', how: 'withheld', times: 99 })
  const { id } = await w.complain()
  await hours(w, 47)
  await w.chat.say(chen, group, `/import 小店 ${id}`)
  await minutes(w, 4)
  expect(reminders(w)).toEqual([expect.stringMatching(/^⏰ #1 要回应，截止 20:00，剩 \d+ 分钟 @阿陈 @小李$/)])
  expect(w.outside.mail.mails().map(({ text }) => text)).toEqual([expect.stringContaining('⏰ #1 要回应')])
  await hours(w, 2)
  expect(reminders(w)).toHaveLength(2)
})

test('a snooze silences what its own people are told until it ends, and is taken back', async () => {
  const w = await world()
  await w.complain()
  await hours(w, 23)
  expect((await w.chat.say(li, group, '/snooze 1 3天')).text).toContain('最长 24 小时')
  expect((await w.chat.say(li, group, '/静音 1 2小时')).text).toMatch(/#1 静音到 21:0\d/)
  await hours(w, 1.5)
  expect(reminders(w)).toEqual([])
  await minutes(w, 35)
  expect(reminders(w)).toHaveLength(1)
  expect(texts(w).at(-1)).toContain('（这条提醒迟了 1 小时')
  await w.chat.say(li, group, '/snooze 1 24h')
  // What admins are to know is not theirs to silence.
  await hours(w, 14)
  expect(reminders(w)).toHaveLength(2)
  expect((await w.chat.say(li, group, '/snooze 1 off')).text).toBe('#1 恢复提醒')
  expect((await w.chat.say(people.wang, group, '/snooze 1 2h')).text).toContain('客服')
})

test('a claim comes back after two hours of silence, and late in the time it was claimed for', async () => {
  const w = await world()
  await w.complain()
  await w.chat.say(li, group, '/claim 1')
  await hours(w, 1)
  await w.chat.say(li, group, '/note 1 在查')
  await hours(w, 1.5)
  expect(texts(w).filter((text) => text.includes('收回'))).toEqual([])
  await hours(w, 1)
  expect(texts(w).filter((text) => text.includes('收回'))).toEqual([
    expect.stringContaining('#1 认领后一直没有动作，已从 小李'),
  ])
  await hours(w, 34)
  await w.chat.say(li, group, '/claim 1')
  expect(clockOf(w)).toBe('03-03T09:30')
  await hours(w, 1)
  expect(reminders(w).at(-1)).toMatch(/@阿陈 @小李$/)
  expect(texts(w).filter((text) => text.includes('收回'))).toHaveLength(2)
})

test('at night nobody is woken for half of the time, nor by a start in the night', async () => {
  const w = await world()
  await hours(w, 5)
  await w.complain()
  await hours(w, 21)
  expect([clockOf(w), reminders(w)]).toEqual(['03-02T22:00', []])
  await hours(w, 5)
  await w.restart()
  await hours(w, 4.5)
  expect([clockOf(w), reminders(w)]).toEqual(['03-03T07:30', []])
  await minutes(w, 32)
  expect(reminders(w)).toEqual([expect.stringMatching(/^⏰ #1 要回应/)])
  expect(texts(w).at(-1)).not.toContain('迟了')
})

test('who is on duty at night is named at night', async () => {
  const w = await world()
  expect((await w.chat.say(li, group, '/duty @li 09:00-21:00')).text).toContain('管理员')
  expect((await w.chat.say(chen, group, '/duty @nobody 9-5')).text).toContain('看不懂「@nobody」')
  expect((await w.chat.say(chen, group, '/duty @阿陈 09:00-21:00 @li 21:00-9:00')).text).toBe(
    '值班：\n09:00–21:00 阿陈\n21:00–09:00 小李',
  )
  w.wechat.misbehave({ on: 'push', how: 'withheld', times: 99 })
  await hours(w, 2)
  const { id } = await w.complain()
  await hours(w, 47)
  await w.chat.say(chen, group, `/import 小店 ${id}`)
  await minutes(w, 3)
  expect(clockOf(w)).toMatch(/^03-03T21:0/)
  expect(reminders(w)).toEqual([expect.stringMatching(/@小李 @阿陈$/)])
})

test('/due: the late ones first, how many, and what is at stake; only of those who are on', async () => {
  const w = await world()
  await w.complain({ amount: 1990 })
  await hours(w, 47)
  await w.complain({ amount: 500 })
  // What the platform makes of it cannot be read.
  w.wechat.misbehave({ on: 'detail', how: 'http', status: 502, times: 10_000 })
  await hours(w, 2)
  const { card } = await w.chat.say(li, group, '/due')
  expect(card?.title).toBe('待办 2 件，已超时 1 件，投诉所示金额合计 ¥24.90')
  expect(card?.lines?.map(({ label }) => label)).toEqual(['#1', '#2'])
  await w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, w.account, { enabled: false }))
  expect((await w.chat.say(li, group, '/due')).text).toBe('没有带截止时间的待办')
})

test('of what cannot be read nothing is known to be due, until it can be', async () => {
  const w = await world()
  const trouble = w.wechat.misbehave({ on: 'detail', how: 'http', status: 502, times: 10_000 })
  await w.complain()
  await hours(w, 25)
  expect([w.chat.cards(group).length, reminders(w)]).toEqual([1, []])
  trouble.stop()
  await hours(w, 1)
  expect(reminders(w)).toEqual([])
  // 80 % of the 22 hours that are left of it.
  await hours(w, 20)
  expect(reminders(w).length).toBeGreaterThanOrEqual(3)
})

test('what is over is not reminded of', async () => {
  const w = await world()
  const { id } = await w.complain()
  await hours(w, 23)
  await w.wechat.move(id, { kind: 'withdraw' })
  await hours(w, 26)
  expect(reminders(w)).toEqual([])
})

test('what was over and goes on is owed anew, from then on', async () => {
  const w = await world({ pay: ['青禾优选'] })
  const { id } = await w.pay.complain({ text: '少发一件' })
  await hours(w, 1)
  await w.pay.sandbox.set(id, { state: 'PROCESSED', incomingUserResponse: false })
  await hours(w, 72)
  expect(reminders(w)).toEqual([])
  await w.pay.sandbox.move(id, { kind: 'continue', text: '没有解决' })
  await hours(w, 11.5)
  expect(reminders(w)).toEqual([])
  await hours(w, 1)
  expect(reminders(w)).toEqual([expect.stringMatching(/^⏰ #1 要回应，截止 21:00/)])
})

test('switched off, nothing counts; switched on again, what passed is one word that says how late it is', async () => {
  const w = await world()
  await w.complain()
  const turn = (enabled: boolean) =>
    w.storage.transaction(async (tx) => {
      await changeAccount(tx, w.tenant.id, w.account, { enabled })
      if (enabled) await showOpen(w.engine, tx, w.account)
    })
  await hours(w, 1)
  await turn(false)
  await hours(w, 41)
  expect(reminders(w)).toEqual([])
  await turn(true)
  await minutes(w, 12)
  expect(reminders(w)).toHaveLength(1)
  expect(texts(w).at(-1)).toMatch(/迟了 3 小时/)
})

test('one that cannot be reckoned keeps no other waiting', async () => {
  const w = await world()
  await w.complain()
  await w.complain()
  const { db } = w.storage.reads
  const [first] = await db.selectFrom('complaint').select('id').orderBy('running').execute()
  await w.storage.transaction((tx) =>
    tx.db
      .updateTable('deadline')
      .set({ known_at: '1999-xx' })
      .where('complaint', '=', first?.id ?? '')
      .execute(),
  )
  await hours(w, 25)
  expect(reminders(w)).toEqual([expect.stringMatching(/^⏰ #2 /)])
})

test('in Telegram the group reads who is meant', async () => {
  const w = await world({ telegram: true })
  await onDuty(w)
  await w.complain()
  await hours(w, 23.5)
  await minutes(w, 33)
  expect(found(w.played.group, /⏰ #1 要回应，截止 03-03 20:00.* @小李/).text).toContain('@小李')
})
