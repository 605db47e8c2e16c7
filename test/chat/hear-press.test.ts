import { describe, expect, test } from 'vitest'
import { armFailpoints } from '../../src/core/failpoint.ts'
import { asButtonToken } from '../../src/core/words.ts'
import { actionsOf } from '../../src/storage/actions.ts'
import { listComplaints } from '../../src/storage/complaints.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { group, type World } from '../support/world.ts'
import { cardId, chen, li, readAgain, withComplaint, words } from './people.ts'

const accepted = '已收到，正在提交平台：#1 同意和解'
const changed = '刚刚有变化，请再看一次'

const tokenOf = (w: World, label: string) => {
  const token = w.chat.card(group, '#1').card.buttons.find((button) => button.label === label)?.token
  if (!token) throw new Error(`no button ${label}`)
  return token
}

async function actions(w: World) {
  const [complaint] = await listComplaints(w.storage.reads, { tenant: w.tenant.id, which: 'all', limit: 1 })
  return complaint ? actionsOf(w.storage.reads, complaint.id, 10) : []
}

describe('agree', () => {
  test('asks for the words with what the platform takes, and offers some', async () => {
    const w = await withComplaint()
    const { ask } = await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect(ask).toMatchObject({
      prompt: '#1 同意和解：请写给用户的说明（不超过 500 字，可附图）',
      ttl: 600_000,
      pictures: true,
    })
    expect(ask?.suggest?.length).toBe(2)
  })
  test('pressed twice is asked twice and done once', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect((await w.chat.pressLabel(li, group, '#1', '同意和解')).ask).toBeDefined()
    expect((await w.chat.say(li, group, '马上处理')).text).toBe(accepted)
    expect(await w.chat.say(li, group, '马上处理')).toEqual({})
    await w.settle()
    expect([w.effects(), (await actions(w)).length]).toEqual([['respond agree 马上处理'], 1])
  })
  test('by two people at once is done once; the second reads by whom', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    await w.chat.pressLabel(chen, group, '#1', '同意和解')
    const [a, b] = await Promise.all([w.chat.say(li, group, '小李说'), w.chat.say(chen, group, '阿陈说')])
    expect([words(a), words(b)].sort()).toEqual(
      [accepted, expect.stringMatching(/^处理中：同意和解由 .+ 提交，请等结果$/)].sort(),
    )
    await w.settle()
    expect([w.effects().length, (await actions(w)).length]).toEqual([1, 1])
  })
  test('while one is on its way says so, and asks for no words', async () => {
    const w = await withComplaint()
    const [old, post] = [tokenOf(w, '拒绝和解'), cardId(w)]
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    await w.chat.say(li, group, '马上处理')
    const answer = await w.chat.press(chen, group, post, old)
    expect(answer).toMatchObject({ toast: '处理中：同意和解由 小李 提交，请等结果', alert: true })
    expect(answer.fresh?.buttons.map(({ label }) => label)).toEqual(['认领', '详情'])
  })
  test('by command while another’s answer is on its way is not done; it is said whose', async () => {
    const w = await withComplaint()
    expect(words(await w.chat.say(li, group, '/同意 1 马上处理'))).toBe(accepted)
    for (const said of ['/拒绝 1 已签收', '/同意 1 好的'])
      expect(words(await w.chat.say(chen, group, said))).toBe('处理中：同意和解由 小李 提交，请等结果')
    await w.settle()
    expect([w.effects(), (await actions(w)).length]).toEqual([['respond agree 马上处理'], 1])
  })
  test('the words of a command, sent twice, are one wish; a second wish finds the door closed', async () => {
    const w = await withComplaint()
    const once = await w.chat.say(li, group, '/同意 1 马上处理', { id: 'same' })
    const again = await w.chat.say(li, group, '/同意 1 马上处理', { id: 'same' })
    expect([words(once), words(again)]).toEqual([accepted, '处理中：同意和解由 小李 提交，请等结果'])
    await w.settle()
    expect(words(await w.chat.say(li, group, '/同意 1 马上处理', { id: 'same' }))).toBe('已经提交过了：同意和解 · 小李')
    expect(words(await w.chat.say(li, group, '/同意 1 马上处理', { id: 'other' }))).toContain('#1 现在不能做这一步（')
    expect([w.effects(), (await actions(w)).length]).toEqual([['respond agree 马上处理'], 1])
  })
})

describe('a button of an older card', () => {
  test('does nothing after the case has changed; the card is drawn anew', async () => {
    const w = await withComplaint()
    const old = tokenOf(w, '同意和解')
    const [complaint] = w.wechat.complaints()
    await w.wechat.move(complaint?.id ?? 0, { kind: 'message', content: '还要赔偿' })
    await readAgain(w)
    const answer = await w.chat.press(li, group, cardId(w), old)
    expect(answer).toMatchObject({ toast: changed, alert: true })
    expect([answer.ask, answer.fresh?.title]).toEqual([undefined, '#1 小店 · 待处理'])
    expect(answer.fresh?.buttons[0]?.token).not.toBe(old)
    expect((await w.chat.pressLabel(li, group, '#1', '同意和解')).ask).toBeDefined()
  })
  test('words that were asked for before the change do nothing either', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    const [complaint] = w.wechat.complaints()
    await w.wechat.move(complaint?.id ?? 0, { kind: 'message', content: '还要赔偿' })
    await w.settle()
    expect(words(await w.chat.say(li, group, '好的'))).toBe(changed)
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('of a claim still claims: claims change nobody’s card', async () => {
    const w = await withComplaint()
    const [old, agree] = [tokenOf(w, '认领'), tokenOf(w, '同意和解')]
    expect(words(await w.chat.press(li, group, cardId(w), old))).toBe('#1 由你处理')
    await w.settle()
    expect((await w.chat.press(chen, group, cardId(w), agree)).ask).toBeDefined()
  })
})

describe('a button that is not of this place', () => {
  test('a card forwarded to another bound group does nothing there', async () => {
    const w = await withComplaint()
    await w.storage.transaction((tx) =>
      createRoom(tx, {
        tenant: w.tenant.id,
        bot: w.bot.id,
        chat: 'second',
        topic: '',
        alone: false,
        title: '',
        language: 'zh-CN',
      }),
    )
    for (const label of ['同意和解', '认领', '详情']) {
      const answer = await w.chat.press(li, 'second', cardId(w), tokenOf(w, label))
      expect(answer).toEqual({ toast: '这张卡片属于另一个群，不能在这里操作；请到原群操作', alert: true })
    }
    expect((await w.chat.say(li, 'second', '/show 1')).card?.title).toBe('#1 小店 · 待处理')
  })
  test('a token that nobody gave out does nothing', async () => {
    const w = await withComplaint()
    for (const token of ['x', '', 'A'.repeat(24)])
      expect((await w.chat.press(li, group, cardId(w), asButtonToken(token))).toast).toContain('这个按钮已失效')
  })
  test('a group limited to other accounts neither lists, shows nor acts', async () => {
    const w = await withComplaint()
    await w.storage.transaction((tx) =>
      createRoom(tx, {
        tenant: w.tenant.id,
        bot: w.bot.id,
        chat: 'narrow',
        topic: '',
        alone: false,
        title: '',
        language: 'zh-CN',
        accounts: [],
      }),
    )
    expect((await w.chat.say(li, 'narrow', '/list all')).text).toBe('没有投诉')
    for (const said of ['/show 1', '/同意 1 好的', '/claim 1', '/note 1 x'])
      expect((await w.chat.say(li, 'narrow', said)).text).toBe('没有找到投诉 #1；发送 /list 查看现有投诉')
    await w.settle()
    expect(w.effects()).toEqual([])
  })
})

describe('the words to a question', () => {
  test('come from whoever was asked, in the room where they were asked', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect(await w.chat.say(chen, group, '不是我问的')).toEqual({})
    expect(await w.chat.say(li, group, '说给别人听', { aside: true })).toEqual({})
    await w.settle()
    expect(w.effects()).toEqual([])
    expect(words(await w.chat.say(li, group, '  马上处理\n请放心 '))).toBe(accepted)
    await w.settle()
    expect(w.effects()).toEqual(['respond agree 马上处理\n请放心'])
  })
  test('are no answer when they begin with a slash, of any width', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    for (const said of ['/', '/ 1', '/128', '／没有这个'])
      expect(words(await w.chat.say(li, group, said))).toContain('这个命令')
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('are no answer after ten minutes', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    w.clock.step(600_000)
    expect(await w.chat.say(li, group, '太晚了')).toEqual({})
    await w.settle()
    expect(w.effects()).toEqual([])
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    w.clock.step(599_000)
    expect(words(await w.chat.say(li, group, '还来得及'))).toBe(accepted)
  })
  test('answer the newest question', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    await w.chat.pressLabel(li, group, '#1', '拒绝和解')
    expect(words(await w.chat.say(li, group, '已签收'))).toBe('已收到，正在提交平台：#1 拒绝和解')
    await w.settle()
    expect(w.effects()).toEqual(['respond refuse 已签收'])
  })
  test('too long: refused with both lengths, nothing sent', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect(words(await w.chat.say(li, group, '字'.repeat(501)))).toBe('太长了：501 字，最多 500 字；请删短后重发')
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('exactly 500 characters, emoji among them, go through', async () => {
    const w = await withComplaint()
    const text = `${'字'.repeat(498)}😀😀`
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect(words(await w.chat.say(li, group, text))).toBe(accepted)
    await w.settle()
    expect(w.effects()).toEqual([`respond agree ${text}`])
  })
  test('too long, then shortened as asked: taken', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '同意和解')
    await w.chat.say(li, group, '字'.repeat(501))
    const post = cardId(w)
    // The bot still shows the question, so what is said next answers it.
    const again = await w.chat.say(li, group, '好的', { replyTo: post, answering: true } as never)
    expect(words(again)).toBe(accepted)
  })
  test('too long: the question comes again, with its way out', async () => {
    const w = await withComplaint()
    const first = await w.chat.pressLabel(li, group, '#1', '同意和解')
    const again = await w.chat.say(li, group, '字'.repeat(501))
    expect([again.ask?.prompt, again.ask?.cancel]).toEqual([first.ask?.prompt, first.ask?.cancel])
    const cancel = again.ask?.cancel ?? asButtonToken('')
    expect(words(await w.chat.press(li, group, cardId(w), cancel))).toBe('已取消')
    expect(await w.chat.say(li, group, '好的')).toEqual({})
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('empty, then with words: taken', async () => {
    const w = await withComplaint()
    await w.chat.pressLabel(li, group, '#1', '拒绝和解')
    expect((await w.chat.say(li, group, '  ')).ask).toBeDefined()
    expect(words(await w.chat.say(li, group, '已签收'))).toContain('正在提交平台')
  })
  test('heard when we died, and heard again: one wish, and its author reads what became of it', async () => {
    for (const point of ['hear.acted', 'hear.prompt-answered']) {
      const w = await withComplaint()
      await w.chat.pressLabel(li, group, '#1', '同意和解')
      armFailpoints((reached) => {
        if (reached === point) throw new Error('died')
      })
      const said = { id: 'same', answering: true } as never
      expect(words(await w.chat.say(li, group, '马上处理', said))).toContain('出了点问题')
      armFailpoints(undefined)
      expect(words(await w.chat.say(li, group, '马上处理', said))).toContain('处理中：同意和解由 小李 提交')
      await w.settle()
      expect(words(await w.chat.say(li, group, '马上处理', said))).toBe('已经提交过了：同意和解 · 小李')
      expect([w.effects(), (await actions(w)).length]).toEqual([['respond agree 马上处理'], 1])
    }
  })
})
