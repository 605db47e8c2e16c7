import { expect, test } from 'vitest'
import type { Misbehaviour } from '../../sandbox/wechat/index.ts'
import { group, people, type World, world } from '../support/world.ts'

const minute = 60_000
const always = 1_000_000
const labels = (w: World, title: string) => w.chat.card(group, title).card.buttons.map((button) => button.label)

/** Time passes although calls hang: nothing is waited for. */
async function timePasses(w: World, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    w.clock.advance(1_000)
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
}

const troubles: readonly (readonly [name: string, trouble: Misbehaviour, says: string])[] = [
  ['an IP that is not on the list', { on: 'detail', how: 'errcode', errcode: 40164 }, '203.0.113.7'],
  ['a permission that is missing', { on: 'detail', how: 'errcode', errcode: 48001 }, '请确认已开通交易保障'],
  ['a used-up quota', { on: 'detail', how: 'errcode', errcode: 45009 }, '已达到当日调用上限'],
  ['an error of the server', { on: 'detail', how: 'http', status: 500 }, 'HTTP 500'],
  ['an answer that is cut off', { on: 'detail', how: 'malformed' }, '没有可用的回答'],
  ['an answer that gets lost', { on: 'detail', how: 'lost-answer' }, '没有可用的回答'],
  ['a token that is not given', { on: 'token', how: 'http', status: 502 }, 'HTTP 502'],
]

test.each(troubles)('%s for an hour: a makeshift card says why, and becomes the real one', async (_, trouble, says) => {
  const w = await world({ format: 'xml' })
  const script = w.wechat.misbehave({ ...trouble, times: always })
  await w.complain({ text: '衣服破了一个洞', nickname: '张三' })
  await w.pass(55_000, 5_000)
  expect(script.happened).toBeGreaterThan(5)
  expect(w.chat.cards(group)).toEqual([])

  await w.pass(10_000, 5_000)
  const makeshift = w.chat.card(group, '#1')
  expect(makeshift.card.note).toContain('未能读取详情')
  expect(makeshift.card.note).toContain(says)
  expect(makeshift.card.quote).toBe('衣服破了一个洞')
  expect(labels(w, '#1')).toEqual(['再读一次', '认领', '详情'])
  const told = await w.chat.say(people.li, group, '/agree 1 好的')
  expect(told.text).toContain('#1 现在不能做这一步')

  const before = script.happened
  await w.pass(60 * minute, minute)
  // Asked for ever, but with ever longer pauses.
  expect(script.happened - before).toBeGreaterThan(5)
  expect(script.happened - before).toBeLessThan(60)
  expect(w.chat.cards(group)).toHaveLength(1)

  script.stop()
  await w.pass(16 * minute, minute)
  const real = w.chat.card(group, '#1')
  expect(real.id).toBe(makeshift.id)
  expect(w.chat.cards(group)).toHaveLength(1)
  expect(real.card.note).toBeUndefined()
  expect(labels(w, '#1')).toEqual(['同意和解', '拒绝和解', '认领', '详情'])
})

test('a detail that never answers does not keep the complaint from the group', async () => {
  const w = await world({ format: 'xml' })
  const script = w.wechat.misbehave({ on: 'detail', how: 'hang', times: always })
  await w.wechat.complain({ appid: w.program.appid, text: '没有回音' })
  await timePasses(w, 80_000)
  expect(script.happened).toBeGreaterThan(2)
  expect(w.chat.card(group, '#1').card.quote).toBe('没有回音')
  script.stop()
  script.release()
  await timePasses(w, 2 * minute)
  expect(labels(w, '#1')).toContain('同意和解')
  expect(w.chat.cards(group)).toHaveLength(1)
})

test('"read again" on a makeshift card reads at once', async () => {
  const w = await world()
  const script = w.wechat.misbehave({ on: 'detail', how: 'errcode', errcode: 40164, times: always })
  await w.complain()
  await w.pass(65_000, 5_000)
  const said = await w.chat.pressLabel(people.li, group, '#1', '再读一次')
  expect(said.toast).toBe('正在重新读取 #1')
  await w.settle()
  expect(labels(w, '#1')).toContain('再读一次')

  script.stop()
  await w.chat.pressLabel(people.li, group, '#1', '再读一次')
  await w.settle()
  expect(labels(w, '#1')).toEqual(['同意和解', '拒绝和解', '认领', '详情'])
})

test('a withdrawal that was never pushed is seen within a quarter of an hour', async () => {
  const w = await world()
  const { id } = await w.complain({ text: '不想要了' })
  w.wechat.misbehave({ on: 'push', how: 'withheld' })
  await w.wechat.move(id, { kind: 'withdraw' })
  await w.settle()
  expect(w.chat.card(group, '#1').card.title).toBe('#1 小店 · 待处理')
  await w.pass(16 * minute, minute)
  const card = w.chat.card(group, '#1').card
  expect(card.tone).toBe('settled')
  expect(card.buttons.map((button) => button.label)).toEqual(['详情'])
  expect(w.chat.texts(group).filter((text) => text.startsWith('#1 已结束'))).toHaveLength(1)
})

test('a case that the platform closes is settled on its card, and is asked about no more', async () => {
  const w = await world()
  const { id } = await w.complain()
  await w.wechat.set(id, { status: 205 })
  await w.settle()
  expect(w.chat.card(group, '#1').card.tone).toBe('settled')
  const asked = w.wechat.calls().filter(({ on }) => on === 'detail').length
  await w.pass(60 * minute, minute)
  expect(w.wechat.calls().filter(({ on }) => on === 'detail')).toHaveLength(asked)
})
