import { expect, test } from 'vitest'
import { channelWorld } from '../support/channels.ts'
import { group, people, type World, world } from '../support/world.ts'

const minute = 60_000
const hour = 60 * minute
const hours = (w: World, count: number) => w.pass(count * hour, 20 * minute)
const ratings = (w: World) =>
  w.chat.posts.flatMap(({ chat, say }) => (chat === group && say.text?.startsWith('⚠') ? [say.text] : []))
const asked = (w: World) => w.wechat.calls().filter(({ on }) => on === 'penalty').length

test('a score that fell, what for and because of which complaint: told on the day, once, here and through the channels', async () => {
  const w = await channelWorld()
  await w.add('email', { to: ['li@example.com'], wants: ['notice'] })
  const { id } = await w.complain()
  await hours(w, 1)
  expect([asked(w), ratings(w)]).toEqual([1, []])
  await w.wechat.deduct({ appid: w.program.appid, wording: '商责投诉', points: 3, complaint: id })
  await hours(w, 22)
  expect(ratings(w)).toEqual([])
  await hours(w, 2)
  expect(ratings(w)).toEqual([
    expect.stringMatching(
      /^⚠ 小店：平台评级有变化\n交易体验分：100 → 97\n.* −3 · 商责投诉 · 扣分审批通过 · 投诉单 \d+ · #1$/,
    ),
  ])
  expect(w.outside.mail.mails().map(({ text }) => text)).toEqual([expect.stringContaining('100 → 97')])
  await hours(w, 25)
  expect(ratings(w)).toHaveLength(1)
  expect(asked(w)).toBe(3)
})

test('asked for by hand it is told just the same, and not again at night', async () => {
  const w = await world()
  await hours(w, 1)
  await w.wechat.deduct({ appid: w.program.appid, wording: '发货超时', points: 1 })
  await w.chat.say(people.li, group, '/score')
  await w.settle()
  expect(ratings(w)).toHaveLength(1)
  await hours(w, 25)
  expect(ratings(w)).toHaveLength(1)
})

test('what cannot be read for a day is said once; when it can be again, it is told what happened meanwhile', async () => {
  const w = await world()
  await hours(w, 1)
  const trouble = w.wechat.misbehave({ on: 'penalty', how: 'http', status: 502, times: 10_000 })
  await w.wechat.deduct({ appid: w.program.appid, wording: '发货超时', points: 1 })
  await hours(w, 46)
  expect(ratings(w)).toEqual([])
  await hours(w, 3)
  expect(ratings(w)).toEqual([expect.stringMatching(/^⚠ 小店：从 03-02 20:\d\d 起读不到平台的交易体验分和扣分记录：/)])
  await hours(w, 48)
  expect(ratings(w)).toHaveLength(1)
  trouble.stop()
  await hours(w, 25)
  expect(ratings(w).slice(1)).toEqual([expect.stringContaining('100 → 99')])
})
