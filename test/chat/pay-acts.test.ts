import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/chat/chat.ts'
import { fen } from '../../src/core/words.ts'
import { group, type PayWorld, world } from '../support/world.ts'
import { arrive, changed, li, paidBack, withOrder, zhou } from './pay-people.ts'
import { cardId, picture, pressOn, wang, words } from './people.ts'

const labels = (card: Card | undefined) => card?.buttons.map(({ label }) => label)
const line = (card: Card | undefined, label: string) => card?.lines.find((one) => one.label === label)?.text
const did = (w: PayWorld, what: string) => w.pay.did(what).map(({ text }) => text)
const [approved, rejected] = ['approve', 'reject']
const id = (w: PayWorld) => w.pay.sandbox.complaints()[0]?.id ?? ''

describe('a complaint of WeChat Pay', () => {
  test('offers what can be done, what is owed first', async () => {
    const w = await withOrder({ type: 'REFUND' })
    expect(w.chat.card(group, '#1').card.buttons.map(({ label, weight }) => `${label} ${weight}`)).toEqual([
      '回复 main',
      '完结 plain',
      '同意退款 plain',
      '拒绝退款 plain',
      '退款 danger',
      '认领 plain',
      '详情 plain',
    ])
  })
})

describe('/reply', () => {
  test.each(['/reply 1 今天补发', '／回复　１　今天补发'])('%s goes to the user', async (said) => {
    const w = await withOrder()
    expect(words(await w.chat.say(li, group, said))).toBe('已收到，正在提交平台：#1 回复')
    await w.settle()
    expect(did(w, 'reply')).toEqual(['今天补发'])
    expect(w.chat.texts(group)).toContain('#1 回复已提交 · 小李')
  })
  test('without words is asked for them, and too many are refused', async () => {
    const w = await withOrder()
    expect(words(await w.chat.say(li, group, '/reply 1'))).toBe('还缺文字；请写清楚后重发')
    expect(words(await w.chat.say(li, group, `/reply 1 ${'字'.repeat(201)}`))).toBe(
      '太长了：201 字，最多 200 字；请删短后重发',
    )
    expect(words(await w.chat.say(li, group, '/reply 1 抱歉😀，今天补发🙏'))).toBe(
      '平台不接受这些字符：😀 🙏；可以改发：抱歉，今天补发',
    )
    expect(words(await w.chat.say(li, group, '/reply 1 😀'))).toBe('平台不接受这些字符：😀；请改成普通文字后重发')
    await w.settle()
    expect(did(w, 'reply')).toEqual([])
  })
  test('pictures in answer to the card go with it', async () => {
    const w = await withOrder()
    const kept = await w.chat.say(li, group, '面单', { pictures: [await picture()], replyTo: cardId(w) })
    expect(kept.card?.title).toBe('#1 已收 1 张图片；回复时会一并提交')
    expect(kept.card?.note).toContain('/reply 1 …')
    expect(words(await w.chat.say(li, group, '/reply 1 见图'))).toBe('已收到，正在提交平台：#1 回复（附图 1 张）')
  })
})

describe('a word of the other platform is answered with the one to use', () => {
  test.each([
    ['/同意 1 好的', '#1 没有「同意和解」这一步；请用 /回复 1 … · /同意退款 1'],
    ['/拒绝 1 已发货', '#1 没有「拒绝和解」这一步；请用 /回复 1 … · /拒绝退款 1 …'],
  ])('%s', async (said, answer) => {
    const w = await withOrder({ type: 'REFUND' })
    expect(words(await w.chat.say(li, group, said))).toBe(answer)
    await arrive(w)
    expect([did(w, 'reply'), did(w, approved), did(w, rejected), paidBack(w)]).toEqual([[], [], [], []])
  })
  test('where the user asks for no money, only with the reply', async () => {
    const w = await withOrder()
    expect(words(await w.chat.say(li, group, '/agree 1 好的'))).toBe('#1 没有「同意和解」这一步；请用 /回复 1 …')
    expect(words(await w.chat.say(li, group, '/approve 1'))).toBe('#1 没有「同意退款」这一步；请用 /回复 1 …')
  })
  test.each([
    ['/reply 1 好的', '#1 没有「回复」这一步；请用 /同意 1 … · /拒绝 1 …'],
    ['/approve 1', '#1 没有「同意退款」这一步；请用 /同意 1 …'],
    ['/驳回退款 1 已发货', '#1 没有「拒绝退款」这一步；请用 /拒绝 1 …'],
    ['/finish 1', '#1 现在不能做这一步（待处理）；请看最新卡片上的按钮'],
  ])('on a mini program: %s', async (said, answer) => {
    const w = await world()
    await w.complain()
    expect(words(await w.chat.say(li, group, said))).toBe(answer)
    await w.settle()
    expect(w.effects()).toEqual([])
  })
})

describe('同意退款', () => {
  test.each([
    ['/approve 1 3天 换货后退', 3, '换货后退'],
    ['/同意退款 1 ５个工作日', 5, undefined],
    ['/approve 1 2 days', 2, undefined],
    ['/approve 1 3 件都退', 0, '3 件都退'],
  ])('%s: promises %d working days, and the money goes later', async (said, day, remark) => {
    const w = await withOrder({ type: 'REFUND' })
    const { card } = await w.chat.say(zhou, group, said)
    expect((labels(card) ?? []).some((label) => label.includes('并全额退'))).toBe(day === 0)
    expect(card?.note).toContain(day === 0 ? '当天退款' : `${day} 个工作日内退款`)
    await pressOn(w, zhou, card, '只同意，钱稍后再退')
    await w.settle()
    const [sent] = w.pay.sandbox.calls().filter(({ on }) => on === 'decide')
    expect(sent?.body).toMatchObject({ action: 'APPROVE', launch_refund_day: day })
    expect(sent?.body?.remark).toBe(remark)
    expect(paidBack(w)).toEqual([])
  })
  test('a promise of more than a year is refused, with an example', async () => {
    const w = await withOrder({ type: 'REFUND' })
    expect(words(await w.chat.say(zhou, group, '/approve 1 366天'))).toContain(
      '最多 365 个工作日，例如 /同意退款 1 3天',
    )
    expect(did(w, 'approve')).toEqual([])
  })
  test('with the money: the approval, then all that is left, by one press', async () => {
    const w = await withOrder({ type: 'REFUND' })
    const { card, onlyFor } = await w.chat.pressLabel(zhou, group, '#1', '同意退款')
    expect(onlyFor).toEqual([zhou.id])
    expect(card?.note).toContain('同意本身不会退钱')
    expect(card?.buttons.map(({ label, weight }) => `${label} ${weight}`)).toEqual([
      '同意并全额退 ¥19.90 danger',
      '只同意，钱稍后再退 main',
      '取消 plain',
    ])
    expect(did(w, approved)).toEqual([])
    expect(words(await pressOn(w, zhou, card, '同意并全额退 ¥19.90'))).toBe('已收到，正在提交平台：#1 同意退款')
    await arrive(w)
    expect([did(w, approved).length, paidBack(w)]).toEqual([1, [1990]])
    expect(w.chat.texts(group)).toContain('#1 同意退款已提交 · 老周')
    expect(w.chat.texts(group).join()).toMatch(/#1 已退款 ¥19\.90 到账 \d\d:\d\d · 老周/)
  })
  test('without the money for now', async () => {
    const w = await withOrder({ type: 'REFUND' })
    const { card } = await w.chat.say(zhou, group, '/同意退款 1 会员已取消')
    expect(line(card, '备注（平台客服可见）')).toBe('会员已取消')
    await pressOn(w, zhou, card, '只同意，钱稍后再退')
    await arrive(w)
    expect([did(w, approved).length, paidBack(w)]).toEqual([1, []])
    expect(labels(w.chat.card(group, '#1').card)).not.toContain('同意退款')
  })
  test('is no offer of money to somebody who may not refund, nor above one’s limit, nor where it takes two', async () => {
    const w = await withOrder({ type: 'REFUND', amount: 20_000 })
    const plain = ['只同意，钱稍后再退', '取消']
    expect(labels((await w.chat.say(li, group, '/approve 1')).card)).toEqual(plain)
    const second = await w.chat.say(zhou, group, '/approve 1')
    expect([labels(second.card), second.card?.note]).toEqual([
      plain,
      expect.stringContaining('从 ¥200.00 起需要第二人批准'),
    ])
    await changed(w, 'zhou', { refundEach: fen(100) })
    const capped = await w.chat.say(zhou, group, '/approve 1')
    expect([labels(capped.card), capped.card?.note]).toEqual([plain, expect.stringContaining('超过你的单笔上限')])
  })
  test('while the account cannot be asked about the money can still be said', async () => {
    const w = await withOrder({ type: 'REFUND' })
    w.pay.sandbox.misbehave({ on: 'order', how: 'http', status: 403, code: 'NO_AUTH', times: 9 })
    const { card } = await w.chat.say(zhou, group, '/approve 1')
    expect([labels(card), card?.note]).toEqual([
      ['只同意，钱稍后再退', '取消'],
      expect.stringContaining('现在问不到付款的账号'),
    ])
  })
  test('is no use after two minutes', async () => {
    const w = await withOrder({ type: 'REFUND' })
    const { card } = await w.chat.say(zhou, group, '/approve 1')
    w.clock.step(120_000)
    expect(words(await pressOn(w, zhou, card, '同意并全额退 ¥19.90'))).toContain('已过期')
    await arrive(w)
    expect([did(w, approved), paidBack(w)]).toEqual([[], []])
  })
})

describe('拒绝退款', () => {
  test('asks why, shows it, and sends it once', async () => {
    const w = await withOrder({ type: 'REFUND' })
    const asked = await w.chat.pressLabel(li, group, '#1', '拒绝退款')
    expect(asked.ask?.prompt).toBe('#1 拒绝退款：请写原因，用户看得到（不超过 200 字，可附图）')
    const draft = await w.chat.say(li, group, '商品已签收三个月', { pictures: [await picture()] })
    expect([draft.card?.title, line(draft.card, '操作'), line(draft.card, '说明'), line(draft.card, '图片')]).toEqual([
      '#1 提交前请核对',
      '拒绝退款',
      '商品已签收三个月',
      '1 张（最多 4 张）',
    ])
    expect(did(w, rejected)).toEqual([])
    expect(words(await pressOn(w, li, draft.card, '确认提交'))).toBe('已收到，正在提交平台：#1 拒绝退款（附图 1 张）')
    await w.settle()
    expect(did(w, rejected)).toEqual(['商品已签收三个月'])
    expect(w.chat.texts(group)).toContain('#1 拒绝退款已提交 · 小李')
  })
  test.each(['/reject 1 已签收', '/拒绝退款 1 已签收', '／驳回退款 1 已签收'])('%s is shown first', async (said) => {
    const w = await withOrder({ type: 'REFUND' })
    const { card } = await w.chat.say(li, group, said)
    expect([line(card, '操作'), line(card, '说明')]).toEqual(['拒绝退款', '已签收'])
    await w.settle()
    expect(did(w, rejected)).toEqual([])
  })
  test('without a reason is asked for it again', async () => {
    const w = await withOrder({ type: 'REFUND' })
    expect(words(await w.chat.say(li, group, '/reject 1'))).toBe('还缺文字；请写清楚后重发')
    await w.chat.pressLabel(li, group, '#1', '拒绝退款')
    const blank = await w.chat.say(li, group, ' ', { pictures: [await picture()] })
    expect([blank.text, blank.ask?.prompt]).toEqual([
      '还缺文字；请写清楚后重发',
      expect.stringContaining('#1 拒绝退款'),
    ])
    expect((await w.chat.say(li, group, '已签收')).card?.title).toBe('#1 提交前请核对')
  })
})

describe('完结', () => {
  const finished = (w: PayWorld) => w.pay.sandbox.complaint(id(w))?.state
  test('warns when nobody ever answered', async () => {
    const w = await withOrder()
    const { card, onlyFor } = await w.chat.pressLabel(li, group, '#1', '完结')
    expect([card?.title, card?.tone, onlyFor]).toEqual(['#1 完结：请核对', 'urgent', [li.id]])
    expect(card?.note).toContain('还没有回复过用户')
    expect(labels(card)).toEqual(['确认完结', '取消'])
    expect(finished(w)).toBe('PENDING')
  })
  test('warns when the user spoke last, with what was said; an answer later it goes', async () => {
    const w = await withOrder()
    await w.chat.say(li, group, '/reply 1 今天补发')
    await w.pass(60_000)
    await w.pay.sandbox.move(id(w), { kind: 'message', text: '怎么还没到' })
    await w.settle()
    const warned = await w.chat.say(li, group, '/完结 1')
    expect(warned.card?.note).toContain('注意：用户在我方之后又说：怎么还没到')
    await w.pass(60_000)
    await w.chat.say(li, group, '/reply 1 已签收，请查收')
    await w.pass(60_000)
    const { card } = await w.chat.say(li, group, '/finish 1')
    expect([card?.note?.includes('注意'), card?.tone, card?.buttons[0]?.weight]).toEqual([false, 'calm', 'main'])
    await pressOn(w, li, card, '确认完结')
    await w.pass(60_000)
    expect(finished(w)).toBe('PROCESSED')
    expect(w.chat.texts(group).join()).toContain('#1 完结已提交 · 小李')
  })
  test('what was looked at before the user spoke does nothing', async () => {
    const w = await withOrder()
    const { card } = await w.chat.say(li, group, '/finish 1')
    await w.pay.sandbox.move(id(w), { kind: 'message', text: '怎么还没到' })
    await w.settle()
    expect(words(await pressOn(w, li, card, '确认完结'))).toBe('刚刚有变化，请再看一次')
    await w.settle()
    expect(finished(w)).toBe('PENDING')
  })
  test('takes no words, and no viewer', async () => {
    const w = await withOrder()
    expect(words(await w.chat.say(li, group, '/finish 1 已处理'))).toBe('完结不带文字；先发送 /reply 1 回复，再完结 #1')
    expect(words(await w.chat.say(wang, group, '/finish 1'))).toContain('需要「客服」')
  })
})
