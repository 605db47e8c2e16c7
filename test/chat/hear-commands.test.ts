import { describe, expect, test } from 'vitest'
import { listComplaints } from '../../src/storage/complaints.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { alone, type Person } from '../support/chat.ts'
import { group, type World, world } from '../support/world.ts'
import { cardId, chen, li, wang, withComplaint, words } from './people.ts'

const rows = async (w: World, said: string, who: Person = li) => {
  const { card, text } = await w.chat.say(who, group, said)
  return card ? card.lines.map(({ label }) => label).join(' ') : text
}

describe('/list', () => {
  test('shows what is open, what has a due time, what is mine, or all', async () => {
    const w = await world()
    for (const nickname of ['甲', '乙', '丙']) await w.complain({ nickname })
    const [first, second] = w.wechat.complaints()
    await w.wechat.move(first?.id ?? 0, { kind: 'withdraw' })
    await w.wechat.set(second?.id ?? 0, { status: 101 })
    await w.pass(16 * 60_000, 60_000)
    await w.chat.say(li, group, '/认领 3')
    expect(await rows(w, '/list')).toBe('#3 #2')
    expect(await rows(w, '/列表 open')).toBe('#3 #2')
    expect(await rows(w, '/ls 未结')).toBe('#3 #2')
    expect(await rows(w, '／ｌｉｓｔ　时限')).toBe('#3')
    expect(await rows(w, '/list mine')).toBe('#3')
    expect(await rows(w, '/list 我的', chen)).toBe('没有投诉')
    expect(await rows(w, '/list ALL')).toBe('#3 #2 #1')
    expect(await rows(w, '/list everything')).toBe('用法：/list open · due · mine · all')
  })
  test('says state, amount, reason and time left of each', async () => {
    const w = await withComplaint()
    const { card } = await w.chat.say(li, group, '/list')
    expect(card?.lines[0]?.text).toMatch(/^待处理 · ¥19\.90 · .+ · 剩 1 天 23 小时$/)
  })
  test('shows at most twenty and says so', async () => {
    const w = await world()
    for (let count = 0; count < 21; count++) await w.wechat.complain({ appid: w.program.appid })
    await w.settle()
    const { card } = await w.chat.say(li, group, '/list')
    expect([card?.lines.length, card?.note]).toEqual([20, '只显示前 20 条'])
  })
})

describe('which complaint is meant', () => {
  test('by its number in any spelling', async () => {
    const w = await withComplaint()
    for (const said of ['/show 1', '/详情 #1', '/show１', '/查看＃１', '@Redress ／详情　１'])
      expect(words(await w.chat.say(li, group, said)), said).toBe('#1 小店 · 待处理')
    expect(words(await w.chat.say(li, group, '/show'))).toBe('要说明是哪一单：/show 128，或回复那张卡片')
    expect(words(await w.chat.say(li, group, '/show 2'))).toBe('没有找到投诉 #2；发送 /list 查看现有投诉')
    expect(words(await w.chat.say(li, group, '/show abc'))).toContain('要说明是哪一单')
    expect(words(await w.chat.say(li, group, '/show 99999999999'))).toContain('要说明是哪一单')
  })
  test('by answering its card', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/认领', { replyTo: cardId(w) }))).toBe('#1 由你处理')
    expect(words(await w.chat.say(li, group, '/同意 马上处理', { replyTo: cardId(w) }))).toBe(
      '已收到，正在提交平台：#1 同意和解',
    )
    await w.settle()
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })
  test('by both, when they agree: the number is no part of the text', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/同意 1 马上处理', { replyTo: cardId(w) })
    await w.settle()
    expect(w.effects()).toEqual(['respond agree 马上处理'])
  })
  test('by both, when they do not agree: nothing is done until it is said which', async () => {
    const w = await withComplaint()
    await w.complain()
    for (const said of ['/同意 2 好的', '/show 2', '/认领 2'])
      expect(words(await w.chat.say(li, group, said, { replyTo: cardId(w) }))).toBe(
        '你回复的是 #1，又写了 2；请写 #2 或 #1 说明是哪一单',
      )
    await w.settle()
    expect(w.effects()).toEqual([])
    expect(words(await w.chat.say(li, group, '/show #2', { replyTo: cardId(w) }))).toContain('#2')
  })
  test('a number that names no complaint is part of the text in an answer to a card', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/拒绝 3 次联系未果', { replyTo: cardId(w) })
    await w.settle()
    expect(w.effects()).toEqual(['respond refuse 3 次联系未果'])
  })
  test('an answer to a line about it is about it; an answer to anything else is about nothing', async () => {
    const w = await withComplaint()
    await w.chat.say(li, group, '/备注 1 已电话联系')
    await w.settle()
    const line = w.chat.posts.findLast(({ say }) => say.text?.includes('已电话联系'))
    expect(words(await w.chat.say(li, group, '/认领', line ? { replyTo: line.id } : {}))).toBe('#1 由你处理')
    expect(words(await w.chat.say(li, group, '/认领', { replyTo: 'p999' as never }))).toContain('要说明是哪一单')
  })
})

describe('/claim and /release', () => {
  test('one person at a time; another is told who', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/claim 1'))).toBe('#1 由你处理')
    expect(words(await w.chat.say(li, group, '/claim 1'))).toBe('#1 由你处理')
    expect(words(await w.chat.say(chen, group, '/claim 1'))).toBe('#1 已由 小李 认领；需要时请对方先放回')
    await w.settle()
    expect(w.chat.card(group, '#1').card.lines).toContainEqual({ label: '处理人', text: '小李' })
    expect((await facts(w)).filter((kind) => kind === 'claimed').length).toBe(1)
  })
  test('given back by whoever has it, or by an admin; nobody else', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/release 1'))).toBe('#1 没有人认领')
    await w.chat.say(chen, group, '/claim 1')
    expect(words(await w.chat.say(li, group, '/放回 1'))).toBe('#1 已由 阿陈 认领；需要时请对方先放回')
    expect(words(await w.chat.say(chen, group, '/放回 1'))).toBe('#1 已放回，大家都可以认领')
    await w.chat.say(li, group, '/claim 1')
    expect(words(await w.chat.say(chen, group, '/release 1'))).toBe('#1 已放回，大家都可以认领')
    await w.settle()
    expect(w.chat.card(group, '#1').card.buttons.map(({ label }) => label)).toContain('认领')
  })
  test('by button, the card follows', async () => {
    const w = await withComplaint()
    const answer = await w.chat.pressLabel(li, group, '#1', '认领')
    expect([answer.toast, answer.fresh?.buttons.map(({ label }) => label)]).toEqual([
      '#1 由你处理',
      ['同意和解', '拒绝和解', '放回', '详情'],
    ])
    await w.settle()
    expect((await w.chat.pressLabel(li, group, '#1', '放回')).toast).toBe('#1 已放回，大家都可以认领')
  })
})

describe('/note', () => {
  test('is kept with its author, told to the group, in the detail, and never to the platform', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/备注 1 第一行\n第二行'))).toBe('#1 备注已记下')
    await w.settle()
    expect(w.chat.texts(group)).toContain('#1 备注 · 小李：第一行\n第二行')
    const { card, onlyFor } = await w.chat.pressLabel(wang, group, '#1', '详情')
    expect(card?.lines.some(({ text }) => text.includes('第一行'))).toBe(true)
    expect(onlyFor).toEqual([wang.id])
    expect(w.effects()).toEqual([])
  })
  test('without words says how', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/note 1'))).toBe('用法：/note 128 …')
  })
})

describe('a command that is none', () => {
  test.each([
    ['/agre 1 好的', '没有「agre」这个命令；你是不是想用 /agree 128 …'],
    ['/同义 1', '没有「同义」这个命令；你是不是想用 /agree 128 …'],
    ['/zzzzzz', '没有「zzzzzz」这个命令；发送 /help 查看全部命令'],
  ])('%s: %s', async (said, answer) => {
    const w = await withComplaint()
    expect(await w.chat.say(li, group, said)).toEqual({ text: answer, onlyFor: [li.id] })
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('talk in the group is nobody’s command', async () => {
    const w = await withComplaint()
    for (const said of ['同意', '1', '@阿陈 你发 /同意 1 好的', '好的'])
      expect(await w.chat.say(li, group, said)).toEqual({})
    expect(await w.chat.say(li, alone(li), '你好')).toEqual({})
    await w.settle()
    expect(w.effects()).toEqual([])
  })
})

async function facts(w: World) {
  const [complaint] = await listComplaints(w.storage.reads, { tenant: w.tenant.id, which: 'all', limit: 1 })
  return complaint ? (await factsOf(w.storage.reads, complaint.id, 50)).map(({ fact }) => fact.kind) : []
}
