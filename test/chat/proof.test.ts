import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/chat/chat.ts'
import { changeAccount, findAccount } from '../../src/storage/accounts.ts'
import { group, type World, world } from '../support/world.ts'
import { cardId, li, picture, pressOn, wang, words } from './people.ts'

/** Judged against us; `goods`: the user sends them back first. */
async function judged(goods?: 'arrived' | 'under way', language: 'zh-CN' | 'en' = 'zh-CN'): Promise<World> {
  const w = await world({ language })
  const { id } = await w.complain({ text: '衣服破了', amount: 1990 })
  await w.wechat.set(id, { status: 101 })
  await w.wechat.move(id, { kind: 'judge', verdict: goods ? 'return' : 'liable' })
  if (goods) await w.wechat.move(id, { kind: 'ship-return', waybill: 'SF123456' })
  if (goods === 'arrived') await w.wechat.move(id, { kind: 'return-received' })
  await w.settle()
  return w
}

async function withAppeal(): Promise<World> {
  const w = await world()
  const { id } = await w.complain({ text: '衣服破了' })
  await w.wechat.set(id, { status: 205 })
  await w.wechat.move(id, { kind: 'open-appeal' })
  await w.settle()
  return w
}

const labels = (card: Card | undefined) => card?.buttons.map(({ label }) => label)
const line = (card: Card | undefined, label: string) => card?.lines.find((one) => one.label === label)?.text
const spellNo = (w: World) =>
  w.storage.transaction(async (tx) => {
    const account = await findAccount(tx, w.account)
    return changeAccount(tx, w.tenant.id, w.account, { settings: { ...account?.settings, notReceived: 2 } })
  })
const readAgain = (w: World) => w.pass(16 * 60_000, 60_000)

describe('the proof of a refund', () => {
  test('is asked for, looked at, and submitted', async () => {
    const w = await judged()
    const asked = await w.chat.pressLabel(li, group, '#1', '退款凭证')
    expect(asked.ask?.prompt).toBe('#1 退款凭证：请写退款单号或转账单号等说明，可附图（最多 4 张）')
    expect(asked.ask?.suggest).toEqual(['已通过微信支付原路退款，退款单号：'])
    const draft = await w.chat.say(li, group, '退款单号 5030001', { pictures: [await picture()] })
    expect(draft.card?.title).toBe('#1 提交前请核对')
    expect(draft.card?.lines).toEqual([
      { label: '操作', text: '退款凭证' },
      { label: '说明', text: '退款单号 5030001' },
      { label: '图片', text: '1 张（最多 4 张）' },
    ])
    expect(draft.card?.note).toBe(
      '✓ 说明 12/500 字\n✓ 图片 1/4 张，共 1 KB，格式和大小符合平台要求\n平台只收一次，提交后不能补充',
    )
    expect(w.effects()).toEqual([])
    expect(words(await pressOn(w, li, draft.card, '确认提交'))).toBe('已收到，正在提交平台：#1 退款凭证（附图 1 张）')
    await w.settle()
    expect(w.effects()).toEqual(['proof 退款单号 5030001'])
    expect(w.chat.texts(group)).toContain('#1 退款凭证已提交 · 小李')
    expect(labels(w.chat.card(group, '#1').card)).toEqual(['认领', '详情'])
  })
  test('of a return begins with the question whether the goods have arrived', async () => {
    const w = await judged('arrived')
    const { card } = w.chat.card(group, '#1')
    expect(line(card, '退货')).toBe('顺丰速运 SF123456 已签收')
    const asked = await w.chat.pressLabel(li, group, '#1', '退款凭证')
    expect([asked.card?.title, labels(asked.card)]).toEqual(['#1 用户有退货：收到了吗？', ['已收到退货', '放弃']])
    const then = await pressOn(w, li, asked.card, '已收到退货')
    expect(then.ask?.prompt).toContain('#1 退款凭证')
    const draft = await w.chat.say(li, group, '已退款，单号 5030001')
    expect(line(draft.card, '退货')).toBe('已收到退货')
    await pressOn(w, li, draft.card, '确认提交')
    await w.settle()
    expect(w.effects()).toEqual(['proof received 已退款，单号 5030001'])
  })
  test('"not received" is a button only where the account says how it is spelled', async () => {
    const w = await judged('arrived')
    await spellNo(w)
    await readAgain(w)
    const asked = await w.chat.pressLabel(li, group, '#1', '退款凭证')
    expect(labels(asked.card)).toEqual(['已收到退货', '未收到退货', '放弃'])
    await pressOn(w, li, asked.card, '未收到退货')
    const draft = await w.chat.say(li, group, '物流显示已签收，但仓库没有收到')
    expect(line(draft.card, '退货')).toBe('未收到退货')
    await pressOn(w, li, draft.card, '确认提交')
    await w.settle()
    expect(w.effects()).toEqual(['proof not-received 物流显示已签收，但仓库没有收到'])
  })
  test.each([
    ['/proof 1 退款单号 5030001', undefined, undefined, '退款单号 5030001'],
    ['/退款凭证 1 received 5030001', undefined, undefined, 'received 5030001'],
    ['/proof 1 received 5030001', 'arrived', '已收到退货', '5030001'],
    ['/proof 1 已收货 单号 5030001', 'arrived', '已收到退货', '单号 5030001'],
    ['／处理凭证 1 ＲＥＣＥＩＶＥＤ 5030001', 'arrived', '已收到退货', '5030001'],
  ] as const)('%s (return: %s)', async (said, goods, received, text) => {
    const w = await judged(goods)
    const draft = await w.chat.say(li, group, said)
    expect([line(draft.card, '退货'), line(draft.card, '说明')]).toEqual([received, text])
    await pressOn(w, li, draft.card, '确认提交')
    await w.settle()
    expect(w.effects()).toEqual([`proof ${received ? 'received ' : ''}${text}`])
  })
  test('a command without the answer about the goods asks for it and keeps the words', async () => {
    const w = await judged('arrived')
    const asked = await w.chat.say(li, group, '/proof 1 单号 5030001')
    expect(asked.card?.title).toBe('#1 用户有退货：收到了吗？')
    const draft = await pressOn(w, li, asked.card, '已收到退货')
    expect([line(draft.card, '退货'), line(draft.card, '说明')]).toEqual(['已收到退货', '单号 5030001'])
    expect(draft.fresh).toMatchObject({ title: '已收到退货', buttons: [] })
  })
  test.each(['/proof 1 not 没收到', '/proof 1 未收货'])('%s is told that nobody knows how to say it', async (said) => {
    const w = await judged('arrived')
    expect(words(await w.chat.say(li, group, said))).toContain('没有公开「未收到退货」怎么提交')
    expect(w.effects()).toEqual([])
  })
  test('a picture in answer to the card is laid ready for it', async () => {
    const w = await judged()
    const draft = await w.chat.say(li, group, '转账截图', { pictures: [await picture()], replyTo: cardId(w) })
    expect([draft.card?.title, line(draft.card, '操作'), line(draft.card, '图片')]).toEqual([
      '#1 提交前请核对',
      '退款凭证',
      '1 张（最多 4 张）',
    ])
  })
  test('a picture in answer to the card of a return stays ready behind the question', async () => {
    const w = await judged('arrived')
    const asked = await w.chat.say(li, group, '', { pictures: [await picture()], replyTo: cardId(w) })
    await pressOn(w, li, asked.card, '已收到退货')
    const draft = await w.chat.say(li, group, '单号 5030001')
    expect(line(draft.card, '图片')).toBe('1 张（最多 4 张）')
  })
  test('waits for the goods while they are under way; the card says how far they have come', async () => {
    const w = await judged('under way')
    expect(labels(w.chat.card(group, '#1').card)).toEqual(['认领', '详情'])
    expect(line(w.chat.card(group, '#1').card, '退货')).toBe('顺丰速运 SF123456 运输中')
    expect(words(await w.chat.say(li, group, '/proof 1 received x'))).toContain('现在不能做这一步')
    await w.pass(2_000)
    await w.wechat.move(w.wechat.complaints()[0]?.id ?? 0, { kind: 'waybill', state: 3 })
    await w.settle()
    expect(line(w.chat.card(group, '#1').card, '退货')).toBe('顺丰速运 SF123456 派件中')
  })
  test('a draft from before the goods were sent back no longer counts', async () => {
    const w = await judged()
    const draft = await w.chat.say(li, group, '/proof 1 单号 5030001')
    await w.pass(2_000)
    const returnBill = { returnId: '99', waybillId: 'SF9', deliveryName: '顺丰速运', orderStatus: 4 }
    await w.wechat.set(w.wechat.complaints()[0]?.id ?? 0, { returnBill, push: true })
    await w.settle()
    expect(words(await pressOn(w, li, draft.card, '确认提交'))).toBe('刚刚有变化，请再看一次')
    expect(w.effects()).toEqual([])
  })
  test('who only looks may neither prove nor appeal', async () => {
    const w = await judged('arrived')
    expect(words(await w.chat.pressLabel(wang, group, '#1', '退款凭证'))).toContain('客服')
    expect(words(await w.chat.say(wang, group, '/proof 1 单号'))).toContain('客服')
  })
  test('in English', async () => {
    const w = await judged('arrived', 'en')
    const asked = await w.chat.pressLabel(li, group, '#1', 'Refund proof')
    expect([asked.card?.title, labels(asked.card)]).toEqual([
      '#1 The customer sent goods back: have they arrived?',
      ['Goods received', 'Discard'],
    ])
  })
})

describe('an appeal', () => {
  test('is offered on the closed card until its time, asked for, looked at and submitted', async () => {
    const w = await withAppeal()
    const { card } = w.chat.card(group, '#1')
    expect([card.title, labels(card)]).toEqual(['#1 小店 · 投诉已完结 · 待商家申诉', ['申诉', '详情']])
    expect(line(card, '可申诉至')).toMatch(/^\d\d-\d\d \d\d:\d\d$/)
    const asked = await w.chat.pressLabel(li, group, '#1', '申诉')
    expect(asked.ask?.prompt).toBe('#1 申诉：请写申诉理由（不超过 500 字），可附图（最多 4 张）')
    const draft = await w.chat.say(li, group, '商品按约发出')
    expect([line(draft.card, '操作'), line(draft.card, '说明')]).toEqual(['申诉', '商品按约发出'])
    await pressOn(w, li, draft.card, '确认提交')
    await w.settle()
    expect(w.effects()).toEqual(['appeal 商品按约发出'])
    expect(w.chat.card(group, '#1').card.title).toBe('#1 小店 · 投诉已完结 · 申诉中')
  })
  test('its outcome comes to the group', async () => {
    const w = await withAppeal()
    const draft = await w.chat.say(li, group, '/申诉 1 商品按约发出')
    await pressOn(w, li, draft.card, '确认提交')
    await w.settle()
    await w.wechat.move(w.wechat.complaints()[0]?.id ?? 0, { kind: 'lose-appeal' })
    await w.settle()
    expect(w.chat.texts(group)).toContain('#1 已结束：投诉已完结 · 申诉失败')
    expect(labels(w.chat.card(group, '#1').card)).toEqual(['详情'])
  })
  test('runs out without a push: the card no longer offers it', async () => {
    const w = await withAppeal()
    w.wechat.misbehave({ on: 'push', how: 'withheld', times: 99 })
    await w.pass(73 * 3_600_000, 7_200_000)
    expect(w.chat.card(group, '#1').card.title).toBe('#1 小店 · 投诉已完结 · 超过申诉时间')
    expect(labels(w.chat.card(group, '#1').card)).toEqual(['详情'])
    expect(words(await w.chat.say(li, group, '/appeal 1 太晚了'))).toContain('现在不能做这一步')
  })
  test('a picture in answer to the closed card is kept for it', async () => {
    const w = await withAppeal()
    expect(words(await w.chat.say(li, group, '', { pictures: [await picture()], replyTo: cardId(w) }))).toBe(
      '#1 已收 1 张图片；申诉时会一并提交',
    )
    const draft = await w.chat.say(li, group, '/appeal 1 见图')
    expect(line(draft.card, '图片')).toBe('1 张（最多 4 张）')
  })
  test('without words and pictures is asked for them', async () => {
    const w = await withAppeal()
    expect(words(await w.chat.say(li, group, '/appeal 1'))).toBe('还缺内容：请写说明，或附图片')
  })
})
