import { expect, test } from 'vitest'
import { netCheck, standingCheck } from '../../src/admin/checks/watch.ts'
import { examine } from '../../src/admin/doctor.ts'
import { silent } from '../../src/core/logger.ts'
import { importNow } from '../../src/inbox/import.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createWechatMini } from '../../src/platforms/wechat-mini/index.ts'
import { findAccount } from '../../src/storage/accounts.ts'
import { openAlarms } from '../../src/storage/alarms.ts'
import { findRunning, listComplaints } from '../../src/storage/complaints.ts'
import { findWatch } from '../../src/storage/watch.ts'
import { alone } from '../support/chat.ts'
import { group, people, type World, world } from '../support/world.ts'

const { chen, li } = people
const hour = 3_600_000
const day = 24 * hour

const paidLately = (w: World) => ({ paidAt: Math.floor(w.clock.now() / 1000) - 3600 })
/** A complaint whose pushes never come. */
async function unheard(w: World, more: object = {}) {
  w.wechat.misbehave({ on: 'push', how: 'withheld', times: 99 })
  return w.complain({
    text: '没有发货',
    outTradeNo: 'T20260301001',
    product: '保温杯',
    amount: 1990,
    ...paidLately(w),
    ...more,
  })
}
/** Time passes while a call waits before it is made again. */
async function waited(w: World, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    w.clock.advance(1_000)
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  await w.settle()
}
const alarms = (w: World) => openAlarms(w.storage.reads, w.tenant.id, 10)
const lines = (w: World, chat = group) => w.chat.texts(chat).filter((text) => text.includes('没有收到通知'))
const doctor = (w: World) =>
  examine([netCheck, standingCheck], {
    storage: w.storage,
    platforms: registry([{ ...createWechatMini({ ...mini(w) }) }]),
  })
const mini = (w: World) => ({
  transport: { send: () => Promise.reject(new Error('not asked here')) },
  clock: w.clock,
  random: w.storage.reads.random,
  tokens: { read: async () => undefined, write: () => Promise.reject(new Error('not asked here')) },
  logger: silent,
})
const calls = (w: World) => w.wechat.calls().filter(({ on }) => on === 'orders').length

test('a push that never came: the order in dispute is said once, the complaint is imported, and the alarm is closed', async () => {
  const w = await world({ orderShipping: true })
  await w.chat.say(chen, alone(chen), '/whoami')
  await w.chat.say(chen, alone(chen), '/list')
  await w.chat.say(li, alone(li), '/list')
  const { id } = await unheard(w)
  await w.pass(2 * hour, 5 * 60_000)
  expect(w.chat.cards(group)).toEqual([])
  const said =
    /^小店：订单 T20260301001 · 保温杯 · ¥19\.90 · \d\d-\d\d \d\d:\d\d 付款 在平台上有投诉，但我们没有收到通知。.*发送 \/import 小店 投诉单号$/
  expect(lines(w)).toEqual([expect.stringMatching(said)])
  // To the admins who have spoken to the bot alone, and to nobody else.
  expect([lines(w, alone(chen)).length, lines(w, alone(li)).length]).toEqual([1, 0])
  expect((await alarms(w)).length).toBe(1)
  expect((await doctor(w)).findings.slice(0, 1)).toMatchObject([
    { level: 'bad', what: { zh: expect.stringContaining('T20260301001') } },
  ])
  await w.pass(2 * day, hour)
  expect(lines(w).length).toBe(1)

  expect((await w.chat.say(chen, group, `/import 小店 ${id}`)).text).toBe(
    `正在读取 小店 的投诉单 ${id}，读到后会出现卡片`,
  )
  await w.settle()
  expect(w.chat.card(group, '#1').card.quote).toBe('没有发货')
  expect(await alarms(w)).toEqual([])
  expect((await doctor(w)).findings.map(({ level }) => level)).toEqual(['ok'])
  await w.pass(2 * day, hour)
  expect(lines(w).length).toBe(1)
})

test('a late push closes the alarm like any other answer', async () => {
  const w = await world({ orderShipping: true })
  const trouble = w.wechat.misbehave({ on: 'push', how: 'withheld', times: 99 })
  const { id } = await w.complain(paidLately(w))
  await w.pass(2 * hour, 5 * 60_000)
  expect((await alarms(w)).length).toBe(1)
  trouble.stop()
  await w.wechat.move(id, { kind: 'message', content: '还在吗' })
  await w.settle()
  expect(w.chat.card(group, '#1').card.title).toContain('待处理')
  expect(await alarms(w)).toEqual([])
})

test('a complaint that is here raises nothing, and one that comes within minutes of the sweep neither', async () => {
  const w = await world({ orderShipping: true })
  await w.complain(paidLately(w))
  await w.pass(3 * hour, 5 * 60_000)
  expect(calls(w)).toBeGreaterThan(0)
  const trouble = w.wechat.misbehave({ on: 'push', how: 'withheld', times: 1 })
  const { id } = await w.complain(paidLately(w))
  await w.pass(hour, 60_000)
  trouble.stop()
  expect(lines(w).length).toBe(1)
  // Seen by the sweep of :40, pushed before its five minutes are over.
  w.wechat.misbehave({ on: 'push', how: 'withheld', times: 1 })
  const late = await w.complain(paidLately(w))
  const toSweep = hour - (w.clock.now() % hour) + 40 * 60_000
  await w.pass(toSweep % hour, 60_000)
  await w.pass(60_000)
  await w.wechat.move(late.id, { kind: 'message', content: '快点' })
  await w.pass(hour - 5 * 60_000, 60_000)
  expect(lines(w).length).toBe(1)
  expect(id).not.toBe(late.id)
})

test('the night looks back a month, the hour two days', async () => {
  const w = await world({ orderShipping: true })
  const paidAt = Math.floor(w.clock.now() / 1000) - 20 * 86_400
  await unheard(w, { paidAt })
  await w.pass(6 * hour, 30 * 60_000)
  expect(lines(w)).toEqual([])
  await w.pass(day, hour)
  expect(lines(w).length).toBe(1)
})

test('an account that may not list orders is left alone until the next night, and doctor says so', async () => {
  const w = await world()
  await w.pass(2 * hour, 10 * 60_000)
  const once = calls(w)
  expect(once).toBe(1)
  await w.pass(2 * hour, 10 * 60_000)
  expect(calls(w)).toBe(once)
  expect((await findWatch(w.storage.reads, w.account, 'orders'))?.off).toContain('48001')
  expect((await doctor(w)).findings.slice(0, 1)).toMatchObject([
    { level: 'warn', what: { zh: expect.stringContaining('48001') } },
  ])
  await w.pass(day, hour)
  expect(calls(w)).toBe(once + 1)
  expect(w.chat.texts(group)).toEqual([])
})

test('a disabled account is neither watched nor imported from in the chat', async () => {
  const w = await world({ orderShipping: true, enabled: false })
  await w.pass(2 * hour, 10 * 60_000)
  expect(calls(w)).toBe(0)
  expect((await w.chat.say(chen, group, '/import 2157001')).text).toContain('没有可以导入的账号')
})

test('a judged complaint of which nobody was told is fetched by the number in the penalty list; old ones are not', async () => {
  const w = await world()
  const { id } = await unheard(w)
  await w.wechat.set(id, { status: 101 })
  await w.wechat.move(id, { kind: 'judge', verdict: 'liable' })
  await w.wechat.deduct({ complaint: id, points: 5 })
  await w.wechat.deduct({ appid: w.program.appid, points: 2 })
  await w.pass(day, hour)
  expect(w.chat.card(group, '#1').card.title).toBe('#1 小店 · 平台已判定为商责，待上传处理凭证')
  expect((await listComplaints(w.storage.reads, { tenant: w.tenant.id, which: 'all', limit: 9 })).length).toBe(1)
  expect((await doctor(w)).findings.map(({ what }) => what.zh)).toContain('shop：小店：交易体验分 93，扣分记录 2 条')

  const old = await world()
  const { id: before } = await unheard(old)
  await old.wechat.deduct({ complaint: before, points: 5 })
  old.clock.advance(40 * day)
  await old.wechat.advance()
  await old.settle()
  await old.pass(day, hour)
  expect(old.chat.cards(group)).toEqual([])
})

test('a listed complaint that cannot be read is tried for an hour, said once, and tried again every night', async () => {
  const w = await world()
  const { id } = await unheard(w)
  await w.wechat.deduct({ complaint: id })
  const trouble = w.wechat.misbehave({ on: 'detail', how: 'http', status: 502, times: 1000 })
  await w.pass(3 * day, hour)
  expect(w.chat.texts(group)).toEqual([expect.stringMatching(new RegExp(`^小店 投诉单 ${id} 读取不到：`))])
  trouble.stop()
  await w.pass(day, hour)
  expect(w.chat.card(group, '#1').card.title).toContain('#1 小店')
})

test.each([
  ['/import', '用法：/import shop 2157'],
  ['/import 小店', '用法：/import shop 2157'],
  ['/import 别家 2157', '没有「别家」这个账号；可选：小店'],
])('%s: %s', async (said, answer) => {
  const w = await world()
  expect((await w.chat.say(chen, group, said)).text).toBe(answer)
})

test('only an admin imports', async () => {
  const w = await world()
  expect((await w.chat.say(li, group, '/import 2157001')).text).toContain('管理员')
})

test.each([
  ['999', /^小店 投诉单 999 读取不到：-1 .*核对投诉单号（不是订单号）/],
  ['M1772366400123456', /^小店 投诉单 M1772366400123456 读取不到：投诉单号 .*不是小程序的投诉单号/],
])('what is no complaint number is said where it was asked: %s', async (number, said) => {
  const w = await world()
  await w.chat.say(chen, group, `/导入 ${number}`)
  await waited(w, 30)
  expect(w.chat.texts(group)).toEqual([expect.stringMatching(said)])
  expect(w.chat.cards(group)).toEqual([])
})

test('what is here already is named', async () => {
  const w = await world()
  const { id } = await w.complain()
  await w.chat.say(chen, group, `/import ${w.program.appid} #${id}`)
  await w.settle()
  expect(w.chat.texts(group)).toEqual([`小店 投诉单 ${id} 已经在这里：#1，已重新读取`])
  await w.chat.say(chen, group, `/import ${id}`)
  await w.settle()
  expect(w.chat.texts(group).length).toBe(2)
})

test('an import and the push of the same complaint make one complaint', async () => {
  const w = await world()
  const trouble = w.wechat.misbehave({ on: 'push', how: 'withheld', times: 1 })
  const { id } = await w.complain()
  trouble.stop()
  await w.chat.say(chen, group, `/import ${id}`)
  await w.wechat.move(id, { kind: 'message', content: '在吗' })
  await w.settle()
  expect((await listComplaints(w.storage.reads, { tenant: w.tenant.id, which: 'all', limit: 9 })).length).toBe(1)
  expect(await findRunning(w.storage.reads, w.tenant.id, 1)).toMatchObject({ number: String(id) })
})

test('a number of nobody leaves nothing behind', async () => {
  const w = await world()
  const account = await findAccount(w.storage.reads, w.account)
  if (!account) throw new Error('no account')
  const parts = { storage: w.storage, engine: w.engine, logger: silent, platforms: registry([]) }
  expect(await importNow(parts, { account, number: '1' })).toMatchObject({ outcome: 'refused' })
})
