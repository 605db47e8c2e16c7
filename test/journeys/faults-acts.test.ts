import { expect, test } from 'vitest'
import { changeAccount } from '../../src/storage/accounts.ts'
import { group, people, type World, world } from '../support/world.ts'

const minute = 60_000
const words = '抱歉，马上为您处理'
const done = `respond agree ${words}`
const calls = (w: World, on: string) => w.wechat.calls().filter((call) => call.on === on)
const note = (w: World) => w.chat.card(group, '#1').card.note ?? ''

async function agrees(w: World): Promise<void> {
  await w.chat.pressLabel(people.li, group, '#1', '同意和解')
  await w.chat.say(people.li, group, words)
  await w.settle()
}

test('an answer of the platform that got lost: the card says so, then that it is done, and it was done once', async () => {
  const w = await world()
  await w.complain()
  w.wechat.misbehave({ on: 'respond', how: 'lost-answer' })
  await agrees(w)
  expect(note(w)).toContain('平台未答复')
  expect(w.chat.card(group, '#1').card.buttons.map(({ label }) => label)).not.toContain('同意和解')
  await w.pass(5_000, 1_000)
  expect(note(w)).toContain('同意和解已提交 · 小李')
  await w.pass(10 * minute, minute)
  expect(w.effects()).toEqual([done])
  expect(calls(w, 'respond')).toHaveLength(1)
  expect(w.chat.texts(group).filter((text) => text.includes('已提交'))).toEqual(['#1 同意和解已提交 · 小李'])
})

test('a request that got lost is made again, after a minute of looking in vain', async () => {
  const w = await world()
  await w.complain()
  w.wechat.misbehave({ on: 'respond', how: 'lost-request' })
  await agrees(w)
  await w.pass(50_000, 5_000)
  expect(calls(w, 'respond')).toHaveLength(1)
  expect(w.effects()).toEqual([])
  await w.pass(20_000, 5_000)
  expect(w.effects()).toEqual([done])
  expect(calls(w, 'respond')).toHaveLength(2)
  expect(note(w)).toContain('同意和解已提交')
})

test.each([
  ['before the second try', 30_000, 1],
  ['after the second try', 90_000, 2],
])('an effect that comes late, %s, is the only one', async (_, ms, tries) => {
  const w = await world()
  await w.complain()
  w.wechat.misbehave({ on: 'respond', how: 'late-effect', ms })
  await agrees(w)
  await w.pass(4 * minute, 5_000)
  expect(w.effects()).toEqual([done])
  expect(calls(w, 'respond')).toHaveLength(tries)
  expect(note(w)).toContain('同意和解已提交')
})

test('somebody answered in the console meanwhile: the group is told, and the card shows the new state', async () => {
  const w = await world()
  const { id, items } = await w.complain()
  const time = Math.floor(w.clock.now() / 1000)
  const theirs = { type: 109, time, content: '后台已经回复' }
  await w.wechat.set(id, { status: 204, items: [...items, theirs], push: false })
  await agrees(w)
  expect(w.effects()).toEqual([])
  expect(w.chat.texts(group).join()).toMatch(/#1 同意和解未成功 · 小李：投诉已变为「已回应，待用户确认」/)
  expect(w.chat.card(group, '#1').card.title).toBe('#1 小店 · 已回应，待用户确认')
  expect(w.chat.card(group, '#1').card.buttons.map(({ label }) => label)).toEqual(['认领', '详情'])
})

test.each([40001, 40014, 42001] as const)(
  'a token that is refused with %i is renewed, and it is done once',
  async (errcode) => {
    const w = await world()
    await w.complain()
    w.wechat.misbehave({ on: 'respond', how: 'token', errcode })
    await agrees(w)
    expect(w.effects()).toEqual([done])
    expect(calls(w, 'respond').map((call) => call.errcode)).toEqual([errcode, 0])
    expect(note(w)).toContain('同意和解已提交')
  },
)

test('a token that is refused again is not asked for a third time', async () => {
  const w = await world()
  await w.complain()
  w.wechat.misbehave({ on: 'respond', how: 'token', errcode: 40001, times: 2 })
  await agrees(w)
  expect(w.effects()).toEqual([])
  expect(calls(w, 'respond')).toHaveLength(2)
  expect(note(w)).toContain('同意和解未成功')
})

test('the platform is busy for a while: it is done when it has time, and nobody was told of a call that is under way', async () => {
  const w = await world()
  await w.complain()
  w.wechat.misbehave({ on: 'respond', how: 'errcode', errcode: 45011, times: 3 })
  await agrees(w)
  expect(note(w)).toContain('处理中：同意和解 · 小李')
  await w.pass(3 * minute, 5_000)
  expect(w.effects()).toEqual([done])
  expect(calls(w, 'respond')).toHaveLength(4)
})

test('the platform cannot be reached for more than an hour: a person is told that nothing was sent', async () => {
  const w = await world()
  await w.complain()
  w.wechat.misbehave({ on: 'respond', how: 'token', errcode: 40001 })
  w.wechat.misbehave({ on: 'token', how: 'http', status: 503, times: 1_000_000 })
  await agrees(w)
  await w.pass(70 * minute, minute)
  expect(w.effects()).toEqual([])
  expect(note(w)).toContain('一小时内一直连不上平台，没有提交')
  expect(w.chat.texts(group).filter((text) => text.includes('同意和解未成功'))).toHaveLength(1)
  // Not a storm of tries.
  expect(calls(w, 'token').length).toBeLessThan(60)
})

test('the platform cannot be asked whether a lost call arrived: it is asked in ever longer pauses, and nothing is done twice', async () => {
  const w = await world()
  await w.complain()
  w.wechat.misbehave({ on: 'respond', how: 'lost-answer' })
  const blind = w.wechat.misbehave({ on: 'detail', how: 'http', status: 500, times: 1_000_000 })
  await agrees(w)
  await w.pass(60 * minute, 15_000)
  expect(calls(w, 'respond')).toHaveLength(1)
  expect(note(w)).toContain('正在核实，请勿重复操作')
  expect(blind.happened).toBeLessThan(120)
  blind.stop()
  await w.pass(6 * minute, 15_000)
  expect(note(w)).toContain('同意和解已提交')
  expect(w.effects()).toEqual([done])
})

test('two people answer at once, one yes and one no: one of them counts, the other is told whose', async () => {
  const w = await world()
  await w.complain()
  await w.chat.pressLabel(people.li, group, '#1', '同意和解')
  await w.chat.pressLabel(people.chen, group, '#1', '拒绝和解')
  const [li, chen] = await Promise.all([
    w.chat.say(people.li, group, words),
    w.chat.say(people.chen, group, '已按约定发货'),
  ])
  await w.settle()
  expect(w.effects()).toHaveLength(1)
  const [winner, loser, said] = w.effects()[0] === done ? ['小李', chen, '同意和解'] : ['阿陈', li, '拒绝和解']
  expect(loser?.text).toBe(`处理中：${said}由 ${winner} 提交，请等结果`)
  expect(calls(w, 'respond')).toHaveLength(1)
})

test('the customer writes while somebody writes an answer: it does not go out unread', async () => {
  const w = await world()
  const { id } = await w.complain()
  await w.chat.pressLabel(people.li, group, '#1', '同意和解')
  w.clock.advance(5_000)
  await w.wechat.move(id, { kind: 'message', content: '不用了，我要退货' })
  await w.settle()
  const said = await w.chat.say(people.li, group, words)
  expect(said.text).toBe('刚刚有变化，请再看一次')
  await w.settle()
  expect(w.effects()).toEqual([])
  await agrees(w)
  expect(w.effects()).toEqual([done])
})

test('thirty-two presses of one button and as many words: one answer', async () => {
  const w = await world()
  await w.complain()
  const presses = Array.from({ length: 32 }, () => w.chat.pressLabel(people.li, group, '#1', '同意和解'))
  expect((await Promise.all(presses)).every((answer) => answer.ask)).toBe(true)
  await Promise.all(Array.from({ length: 32 }, () => w.chat.say(people.li, group, words)))
  await w.settle()
  expect(w.effects()).toEqual([done])
  expect(calls(w, 'respond')).toHaveLength(1)
})

test('a command that the chat delivers twice is one wish', async () => {
  const w = await world()
  await w.complain()
  const said = { id: 'same' }
  await w.chat.say(people.li, group, `/agree 1 ${words}`, said)
  const again = await w.chat.say(people.li, group, `/agree 1 ${words}`, said)
  expect(again.text).toContain('处理中')
  await w.settle()
  expect((await w.chat.say(people.li, group, `/agree 1 ${words}`, said)).text).toBe('已经提交过了：同意和解 · 小李')
  await w.settle()
  expect(w.effects()).toEqual([done])
})

test('an account that is disabled takes no answer, and one that waited for the platform is given up aloud', async () => {
  const w = await world()
  await w.complain()
  const busy = w.wechat.misbehave({ on: 'respond', how: 'errcode', errcode: 45011, times: 1_000_000 })
  await agrees(w)
  await w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, w.account, { enabled: false }))
  busy.stop()
  await w.pass(10 * minute, 15_000)
  expect(w.effects()).toEqual([])
  const [action] = await w.storage.reads.db.selectFrom('action').select('state').execute()
  expect(action?.state).toBe('failed')
  const said = await w.chat.say(people.li, group, '/agree 1 好的')
  expect(said.text).toContain('#1 现在不能做这一步')
  await w.pass(minute)
  expect(w.effects()).toEqual([])
})

test('a second try that reaches nobody does not hide that the first may still arrive: it is looked for, not made again', async () => {
  const w = await world()
  await w.complain()
  const late = w.wechat.misbehave({ on: 'respond', how: 'late-effect', ms: 100_000 })
  await agrees(w)
  expect(late.happened).toBe(1)
  w.wechat.misbehave({ on: 'respond', how: 'errcode', errcode: 45011, times: 1_000_000 })
  await w.pass(70_000, 2_000)
  expect(calls(w, 'respond')).toHaveLength(2)
  expect(note(w)).toContain('正在核实，请勿重复操作')
  await w.pass(3 * minute, 2_000)
  expect(w.effects()).toEqual([done])
  expect(calls(w, 'respond')).toHaveLength(2)
  expect(note(w)).toContain('同意和解已提交')
})

test('tries that reached nobody are no calls: the platform is not asked whether they arrived', async () => {
  const w = await world()
  await w.complain()
  w.wechat.misbehave({ on: 'respond', how: 'errcode', errcode: 45011, times: 3 })
  await agrees(w)
  await w.pass(3 * minute, 5_000)
  expect(w.effects()).toEqual([done])
  const [action] = await w.storage.reads.db.selectFrom('action').select(['sent_at', 'called_at']).execute()
  expect(action?.sent_at).toBe(action?.called_at)
})
