import { expect, test } from 'vitest'
import { changeAccount } from '../../src/storage/accounts.ts'
import { changeReminding } from '../../src/storage/reminding.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { channelWorld } from '../support/channels.ts'
import { alone } from '../support/chat.ts'
import { group, people, type World, world } from '../support/world.ts'

// It is eight in the evening in Shanghai when a world begins.
const { li, chen } = people
const minute = 60_000
const hour = 60 * minute

const hours = (w: World, count: number) => w.pass(count * hour, 20 * minute)
const digests = (w: World, chat = group) =>
  w.chat.posts.flatMap(({ chat: where, say }) => (where === chat && say.text?.startsWith('📋') ? [say.text] : []))

test('at ten each morning: by what is owed, what is at stake, what happened; once, through a restart too', async () => {
  const w = await world()
  for (const who of [li, chen]) await w.chat.say(who, alone(who), '/list')
  await w.complain({ amount: 1990 })
  await w.complain({ amount: 500 })
  const { id } = await w.complain({ amount: 100 })
  await w.chat.say(li, group, '/agree 3 好的，今天退')
  await w.settle()
  await w.wechat.move(id, { kind: 'accept' })
  await hours(w, 13.5)
  expect(digests(w)).toEqual([])
  await hours(w, 1)
  const [first] = digests(w)
  expect(first?.split('\n')).toEqual([
    '📋 今日待办',
    '待处理 2',
    expect.stringMatching(/^未结 \d 件，已超时 0 件，待办的投诉所示金额合计 ¥24\.90$/),
    expect.stringMatching(/^过去一天：新增 3 件，处理 1 次，结束 \d 件$/),
  ])
  await w.restart()
  await hours(w, 6)
  expect([digests(w).length, digests(w, alone(chen)).length, digests(w, alone(li)).length]).toEqual([1, 0, 0])
  await hours(w, 18)
  expect(digests(w)).toHaveLength(2)
})

test('no word on a day with nothing to tell, none of those who are off, none where it is not wanted', async () => {
  const w = await world()
  await hours(w, 15)
  expect(digests(w)).toEqual([])
  // Nor an hour later, for what comes then.
  await w.complain()
  await hours(w, 2)
  expect(digests(w)).toEqual([])
  await w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, w.account, { enabled: false }))
  await hours(w, 24)
  expect(digests(w)).toEqual([])
  await w.storage.transaction(async (tx) => {
    await changeAccount(tx, w.tenant.id, w.account, { enabled: true })
    await changeReminding(tx, w.tenant.id, { digest: null })
  })
  await hours(w, 24)
  expect(digests(w)).toEqual([])
})

test('each room and each channel is told of its accounts; recipients who want it get it as a letter', async () => {
  const w = await channelWorld({ others: ['小满零食'] })
  const [other] = w.others
  if (!other) throw new Error('no other')
  const { bot, tenant } = w
  await w.storage.transaction(async (tx) => {
    await changeReminding(tx, tenant.id, { digest: 21 })
    await createRoom(tx, {
      ...{ tenant: tenant.id, bot: bot.id, chat: 'snacks', topic: '', alone: false, title: '' },
      ...{ language: 'en', accounts: [other.account] },
    })
  })
  await w.add('email', { to: ['li@example.com'], wants: ['digest'] })
  await w.add('email', { to: ['chen@example.com'], wants: ['notice'], name: 'other' })
  await w.complain({ amount: 1990 })
  await w.complain({ amount: 500, appid: other.program.appid })
  await hours(w, 1.5)
  await w.pass(5 * minute, minute)
  expect(digests(w)[0]).toContain('待处理 2')
  expect(digests(w, 'snacks')).toEqual([expect.stringMatching(/^📋 Today\n1 to answer\n1 open, .*¥5\.00/)])
  const mails = w.outside.mail.mails()
  expect(mails.map(({ receivers }) => receivers)).toEqual([['li@example.com']])
  expect(mails[0]?.text).toMatch(/待处理 2\s*\n.*未结 2 件/)
})
