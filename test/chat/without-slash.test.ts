import { describe, expect, test } from 'vitest'
import { createBindCode } from '../../src/storage/bind-codes.ts'
import { alone, onPress } from '../support/chat.ts'
import { group } from '../support/world.ts'
import { arrive, paidBack, withOrder, zhou } from './pay-people.ts'
import { li, picture, pressOn, stranger, wang, withComplaint, words } from './people.ts'

const addressed = { can: onPress }
const noQuestion = '我没有在等你的回答；请发命令，例如 /show 128，或发 /help 看全部命令'

describe('spoken to by name, a command needs no slash', () => {
  test.each(['退款 1 全额', ' refund 1 all', '退款1 全额', 'Refund #1 all', '退钱　１　全额'])('%s', async (said) => {
    const w = await withOrder({}, addressed)
    const { card } = await w.chat.say(zhou, group, said)
    expect(card?.title).toBe('#1 退款 ¥19.90：请核对')
    expect(paidBack(w)).toEqual([])
    await pressOn(w, zhou, card, '确认退款 ¥19.90')
    await arrive(w)
    expect(paidBack(w)).toEqual([1990])
  })
  test.each(['详情 1', 'show 1'])('%s', async (said) => {
    const w = await withComplaint('answer', addressed)
    expect((await w.chat.say(wang, group, said)).card?.title).toBe('#1 小店 · 待处理')
  })
  test('help and who one is, too', async () => {
    const w = await withComplaint('answer', addressed)
    expect(words(await w.chat.say(li, group, '帮助 退款'))).toMatch(/^\/refund 128/)
    expect(words(await w.chat.say(li, group, 'help')).split('\n').length).toBeGreaterThan(20)
    expect(words(await w.chat.say(li, group, '我是谁'))).toContain('@li')
  })
  test('somebody who is not bound, and a group that is not, may ask for help and bind; else they get the pointer', async () => {
    const w = await withComplaint('answer', addressed)
    expect(words(await w.chat.say(stranger, group, '帮助'))).toContain('/bind ABCDE23456')
    for (const said of ['详情 1', '这是什么'])
      expect(words(await w.chat.say(stranger, group, said))).toContain('你还没有绑定身份')
    expect(words(await w.chat.say(li, 'new', '详情 1'))).toContain('这个群还没有绑定')
    const binding = { purpose: 'room', tenant: w.tenant.id, language: 'zh-CN' } as const
    const { code } = await w.storage.transaction((tx) => createBindCode(tx, binding))
    expect(words(await w.chat.say(li, 'new', `绑定 ${code}`))).toContain('本群已绑定「小店」')
  })
  test('a word that only begins like one is none; nor is a slip: a slash is for guesses', async () => {
    const w = await withComplaint('answer', addressed)
    for (const said of ['同意你的看法', 'claims 1', '认领这单的是谁', '1', '/']) {
      const answer = words(await w.chat.say(li, group, said))
      expect([said, answer === noQuestion || answer.startsWith('没有「')]).toEqual([said, true])
    }
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('where everything is heard it takes one: people talk to each other there', async () => {
    const w = await withComplaint()
    for (const said of ['同意 1 好的', '认领 1', '帮助']) expect(await w.chat.say(li, group, said)).toEqual({})
    await w.settle()
    expect([w.effects(), w.chat.texts(group)]).toEqual([[], []])
  })
})

describe('words that answer nothing', () => {
  test('are told so, to whoever said them', async () => {
    const w = await withComplaint('answer', addressed)
    for (const where of [group, alone(li)])
      expect(await w.chat.say(li, where, '好的')).toEqual({ text: noQuestion, onlyFor: [li.id] })
  })
  test('an open question takes them first, also where they look like a command; then it is over', async () => {
    const w = await withComplaint('answer', addressed)
    await w.chat.pressLabel(li, group, '#1', '拒绝和解')
    expect(words(await w.chat.say(wang, group, '已按约发货'))).toBe(noQuestion)
    expect(words(await w.chat.say(li, group, '退款 1 全额不合理，已按约发货'))).toContain('已收到，正在提交平台')
    expect(words(await w.chat.say(li, group, '还有一句'))).toBe(noQuestion)
    await w.settle()
    expect(w.effects()).toEqual(['respond refuse 退款 1 全额不合理，已按约发货'])
  })
  test('a question waits ten minutes, and for that room alone', async () => {
    const w = await withComplaint('answer', addressed)
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect(words(await w.chat.say(li, alone(li), '好的'))).toBe(noQuestion)
    w.clock.step(10 * 60_000)
    expect(words(await w.chat.say(li, group, '好的'))).toBe(noQuestion)
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('a command with a slash is no answer to it; the question stays', async () => {
    const w = await withComplaint('answer', addressed)
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect((await w.chat.say(li, group, '/show 1')).card?.title).toBe('#1 小店 · 待处理')
    expect(words(await w.chat.say(li, group, '马上补发'))).toContain('已收到')
    await w.settle()
    expect(w.effects()).toEqual(['respond agree 马上补发'])
  })
})

describe('pictures that come one by one', () => {
  const later = async (w: Awaited<ReturnType<typeof withComplaint>>, shade: number, where = alone(li)) => {
    w.clock.advance(1_000)
    const { id, spot } = { id: `pic${shade}`, spot: where }
    return w.chat.say(li, spot, '', { id, pictures: [await picture('png', shade)] })
  }
  const count = (answer: Awaited<ReturnType<typeof later>>) => answer.card?.lines.at(-1)?.text ?? words(answer)

  test('go with the words that were asked for, when those came without', async () => {
    const w = await withComplaint('evidence', addressed)
    await w.complain({ text: '另一单' })
    const shown = await w.chat.say(li, alone(li), '/show 1')
    await pressOn(w, li, shown.card, '补充凭证', alone(li))
    expect(count(await w.chat.say(li, alone(li), '签收记录'))).toBe('0 张（最多 4 张）')
    expect(count(await later(w, 40))).toBe('1 张（最多 4 张）')
  })
  test('go to where the first of the last ten minutes went', async () => {
    const w = await withComplaint('evidence', addressed)
    await w.complain({ text: '另一单' })
    const first = await w.chat.say(li, alone(li), '补凭证 1 签收记录', { pictures: [await picture('png', 1)] })
    expect(count(first)).toBe('1 张（最多 4 张）')
    expect(count(await later(w, 40))).toBe('2 张（最多 4 张）')
    w.clock.step(9 * 60_000)
    const third = await later(w, 80)
    expect(count(third)).toBe('3 张（最多 4 张）')
    await pressOn(w, li, third.card, '确认提交', alone(li))
    await w.settle()
    expect(
      w.wechat
        .ledger()
        .filter(({ by }) => by === 'merchant')
        .map(({ media }) => media?.length),
    ).toEqual([3])
  })
  test('an open question takes them first', async () => {
    const w = await withComplaint('answer', addressed)
    await w.chat.say(li, group, '/同意 1', { pictures: [await picture('png', 1)] })
    await w.complain({ text: '另一单' })
    await w.chat.pressLabel(li, group, '#2', '拒绝和解')
    const answer = await later(w, 40, group)
    expect([answer.ask?.prompt, answer.card?.title]).toEqual([
      expect.stringContaining('#2 拒绝和解'),
      expect.stringContaining('#2 已收 1 张图片'),
    ])
  })
  test('in answer to a question they wait for its words, and go with them', async () => {
    const w = await withComplaint('answer', addressed)
    await w.chat.pressLabel(li, group, '#1', '拒绝和解')
    for (const [at, shade] of [1, 40].entries()) {
      const answer = await later(w, shade, group)
      expect([answer.card?.title, answer.ask?.prompt]).toEqual([
        `#1 已收 ${at + 1} 张图片；同意或拒绝时会一并提交`,
        expect.stringContaining('#1 拒绝和解'),
      ])
    }
    const broken = { type: 'image/png', bytes: Buffer.from('no picture') } as const
    const bad = await w.chat.say(li, group, '', { pictures: [broken] })
    expect([bad.ask?.prompt, JSON.stringify(bad)]).toEqual([
      expect.stringContaining('#1 拒绝和解'),
      expect.stringContaining('有图片用不了'),
    ])
    await w.settle()
    expect(w.effects()).toEqual([])
    expect(words(await w.chat.say(li, group, '签收记录见图'))).toBe('已收到，正在提交平台：#1 拒绝和解（附图 2 张）')
    await w.settle()
    expect(w.effects()).toEqual(['respond refuse 签收记录见图'])
  })
  test('after ten minutes, or with none before, it is asked where they belong', async () => {
    const w = await withComplaint('answer', addressed)
    const which = '要说明是哪一单：/evidence 128，或回复那张卡片'
    expect(words(await later(w, 1))).toBe(which)
    await w.chat.say(li, alone(li), '/agree 1', { pictures: [await picture('png', 1)] })
    w.clock.step(10 * 60_000)
    expect(words(await later(w, 40))).toBe(which)
  })
  test('those of somebody else, or of another chat, begin none', async () => {
    const w = await withComplaint('evidence', addressed)
    await w.chat.say(li, group, '/补凭证 1 x', { pictures: [await picture('png', 1)] })
    expect(words(await later(w, 40))).toContain('要说明是哪一单')
    expect(words(await w.chat.say(wang, group, '', { pictures: [await picture('png', 80)] }))).toContain(
      '要说明是哪一单',
    )
  })
})
