import { describe, expect, test } from 'vitest'
import type { Button, Heard } from '../../src/chat/chat.ts'
import type { Context } from '../../src/chat/context.ts'
import { intentOf, type Open } from '../../src/chat/intent.ts'
import { offersFor, template } from '../../src/chat/templates.ts'
import type { Template } from '../../src/complaints/template.ts'
import { silent } from '../../src/core/logger.ts'
import { type ButtonToken, instant, later } from '../../src/core/words.ts'
import { findButton } from '../../src/storage/buttons.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { listMembers } from '../../src/storage/members.ts'
import { roomAt } from '../../src/storage/rooms.ts'
import { createTemplate } from '../../src/storage/templates.ts'
import type { Person } from '../support/chat.ts'
import { group, type World } from '../support/world.ts'
import { withOrder } from './pay-people.ts'
import { chen, li, picture, pressOn, wang, withComplaint, words } from './people.ts'

type Kept = Partial<Omit<Template, 'id' | 'tenant' | 'position'>> & Pick<Template, 'name' | 'text'>

async function keep(w: World, ...all: readonly Kept[]): Promise<void> {
  await w.storage.transaction(async (tx) => {
    for (const one of all)
      await createTemplate(tx, { for: [], reasons: [], platforms: [], ...one, tenant: w.tenant.id })
  })
}

const complaintOf = async (w: World) => {
  const found = await findRunning(w.storage.reads, w.tenant.id, 1)
  if (!found) throw new Error('no complaint')
  return found
}

/** Somebody in the group, as the chat knows who speaks. */
async function contextOf(w: World, who: Person, heard: Partial<Heard> = {}): Promise<Context> {
  const { storage, engine, platforms, metrics, bot, tenant } = w
  const room = await roomAt(storage.reads, bot.id, { chat: group })
  const member = (await listMembers(storage.reads, tenant.id)).find(({ name }) => name === who.name)
  if (!room || !member) throw new Error('nobody there')
  const parts = { storage, engine, platforms, metrics, logger: silent }
  const said = { id: 'e', spot: { chat: group }, alone: false, user: who, ...heard }
  return { parts, bot, can: w.chat.can, tenant, room, member, heard: said }
}

/** `/t 1 …` */
const t = async (w: World, rest = '', who: Person = li, heard: Partial<Heard> = {}) =>
  template(await contextOf(w, who, heard), await complaintOf(w), { rest, wish: { key: 'heard:1' } })

const offers = async (w: World, open: Open, who: Person = li) =>
  offersFor(await contextOf(w, who), await complaintOf(w), open)

const stored = async (w: World, token: ButtonToken | undefined) => {
  const button = token && (await findButton(w.storage.reads, token))
  if (!button) throw new Error('no such button')
  return { ...button, intent: intentOf(button.intent) }
}

const labels = (buttons: readonly Button[] | undefined) => buttons?.map(({ label }) => label)
const agree = { do: 'open', kind: 'respond', stance: 'agree' } as const
const refuse = { ...agree, stance: 'refuse' } as const
const sorry = { name: '道歉补发', text: '抱歉，{shop}的{amount}元这一单（#{n}）马上补发。{客服}' }
const filledIn = '抱歉，小店的19.90元这一单（#1）马上补发。小李'

describe('beside the question for words', () => {
  test('stand those that fit, filled in, for the asker alone and as long as the question', async () => {
    const w = await withComplaint()
    await keep(w, { ...sorry, for: ['agree'] }, { name: '已发货', text: '已发货', for: ['refuse'] })
    const [button, ...more] = await offers(w, agree)
    expect([button?.label, more]).toEqual(['道歉补发', []])
    const { member } = await contextOf(w, li)
    const complaint = await complaintOf(w)
    expect(await stored(w, button?.token)).toMatchObject({
      intent: { ...agree, words: filledIn, preview: true },
      member: member.id,
      complaint: complaint.id,
      version: complaint.version,
      expiresAt: later(instant(w.clock.now()), 10 * 60_000),
    })
    expect(labels(await offers(w, refuse))).toEqual(['已发货'])
  })
  test('the same again are the same buttons', async () => {
    const w = await withComplaint()
    await keep(w, sorry)
    expect(await offers(w, agree)).toEqual(await offers(w, agree))
  })
  test('none are there where none fit, and none for money or the end', async () => {
    const w = await withComplaint()
    expect(await offers(w, agree)).toEqual([])
    await keep(w, { ...sorry, platforms: ['wechat-pay'] }, { name: '超长', text: '字'.repeat(501) })
    for (const open of [agree, { do: 'open', kind: 'refund' }, { do: 'open', kind: 'finish' }] as const)
      expect(await offers(w, open)).toEqual([])
  })
  test('at most ten are offered, the first of them', async () => {
    const w = await withComplaint()
    await keep(w, ...Array.from({ length: 11 }, (_, at) => ({ name: `第${at + 1}个`, text: '好的' })))
    expect(labels(await offers(w, agree))).toEqual(Array.from({ length: 10 }, (_, at) => `第${at + 1}个`))
  })
  test('each platform counts and reads as it does itself', async () => {
    const w = await withOrder()
    await keep(w, { name: '两百', text: '字'.repeat(200) }, { name: '多一', text: '字'.repeat(201) })
    await keep(w, { name: '表情', text: '好的😀' })
    expect(labels(await offers(w, { ...agree, stance: 'talk' }))).toEqual(['两百'])
  })
  test('what the question says already stays in it', async () => {
    const w = await withOrder({ type: 'REFUND' })
    await keep(w, { name: '不退', text: '已发货', for: ['reject'] })
    const open = { do: 'open', kind: 'decide-refund', verdict: 'reject' } as const
    const [button] = await offers(w, open)
    expect((await stored(w, button?.token)).intent).toEqual({ ...open, words: '已发货', preview: true })
    expect(await offers(w, { ...open, verdict: 'approve' })).toEqual([])
  })
})

describe('by its name', () => {
  test('it is shown, and goes when it is confirmed', async () => {
    const w = await withComplaint()
    await keep(w, { ...sorry, for: ['agree'] })
    const { card, onlyFor } = await t(w, '道歉')
    expect(card).toMatchObject({
      title: '#1 提交前请核对',
      lines: [
        { label: '操作', text: '同意和解' },
        { label: '说明', text: filledIn },
        { label: '图片', text: '0 张（最多 4 张）' },
      ],
      note: '✓ 说明 26/500 字\n– 没有图片\n平台只收一次，提交后不能补充',
    })
    expect([labels(card?.buttons), onlyFor]).toEqual([['确认提交', '放弃'], [li.id]])
    await w.settle()
    expect(w.effects()).toEqual([])
    expect(words(await pressOn(w, li, card, '确认提交'))).toBe('已收到，正在提交平台：#1 同意和解')
    await w.settle()
    expect(w.effects()).toEqual([`respond agree ${filledIn}`])
  })
  test('its pictures go along, and those that lay ready', async () => {
    const w = await withComplaint()
    await keep(w, { ...sorry, for: ['agree'] })
    const { card } = await t(w, '道歉补发', li, { pictures: [await picture()] })
    expect(card?.lines.at(-1)?.text).toBe('1 张（最多 4 张）')
    expect(words(await pressOn(w, li, card, '确认提交'))).toContain('附图 1 张')
  })
  test('more pictures than the platform takes are refused, and nothing is shown', async () => {
    const w = await withComplaint()
    await keep(w, { ...sorry, for: ['agree'] })
    const many = await Promise.all([1, 2, 3, 4, 5].map((shade) => picture('png', shade * 20)))
    const answer = await t(w, '道歉补发', li, { pictures: many })
    expect([words(answer), answer.card]).toEqual(['图片太多：5 张，最多 4 张；请去掉几张后重发', undefined])
  })
  test('it is used for what is owed, where it is meant for more', async () => {
    const w = await withOrder({ type: 'REFUND' })
    await keep(w, { ...sorry, for: ['reject', 'talk'] })
    const { card } = await t(w, '道歉补发')
    expect(card?.lines[0]?.text).toBe('回复')
  })
  test('where two steps are owed with it, the person says which', async () => {
    const w = await withComplaint()
    await keep(w, sorry)
    const { card } = await t(w, '道歉补发')
    expect([card?.title, labels(card?.buttons)]).toEqual([
      '#1 「道歉补发」用在哪一步？',
      ['道歉补发 · 同意和解', '道歉补发 · 拒绝和解', '取消'],
    ])
    expect((await stored(w, card?.buttons[1]?.token)).intent).toEqual({ ...refuse, words: filledIn, preview: true })
  })
  test('evidence and a rejection are drafts like any other', async () => {
    const w = await withComplaint('evidence')
    await keep(w, { name: '签收', text: '物流已签收', for: ['add-evidence'] })
    const { card } = await t(w, '签收')
    expect(card?.lines[0]).toEqual({ label: '说明', text: '物流已签收' })
    await pressOn(w, li, card, '确认提交')
    await w.settle()
    expect(w.effects()).toEqual([expect.stringContaining('物流已签收')])
  })
  test('a proof with a return asks first whether the goods arrived, and keeps the words', async () => {
    const w = await withComplaint()
    const id = w.wechat.complaints()[0]?.id ?? 0
    await w.wechat.set(id, { status: 101 })
    await w.wechat.move(id, { kind: 'judge', verdict: 'return' })
    await w.wechat.move(id, { kind: 'ship-return', waybill: 'SF123456' })
    await w.wechat.move(id, { kind: 'return-received' })
    await w.settle()
    await keep(w, { name: '已退', text: '已原路退回', for: ['prove-refund'] })
    const asked = await t(w, '已退')
    expect(words(asked)).toBe('#1 用户有退货：收到了吗？')
    const { card } = await pressOn(w, li, asked.card, '已收到退货')
    expect(card?.lines.map(({ text }) => text)).toEqual(['退款凭证', '已收到退货', '已原路退回', '0 张（最多 4 张）'])
  })
  test('one that fits goes before those that do not', async () => {
    const w = await withComplaint()
    await keep(w, { name: '补发甲', text: '好', for: ['talk'] }, { name: '补发乙', text: '好', for: ['agree'] })
    expect((await t(w, '补发')).card?.title).toBe('#1 提交前请核对')
  })
  test.each([
    ['补发', '「补发」可以是几个模板：补发甲 / 补发乙；请写全名'],
    ['没有的', '没有「没有的」这个模板；可选：补发甲 / 补发乙'],
    ['仅回复', '「仅回复」不适合 #1 现在这一步；发送 /t 1 查看适合的'],
    ['仅破损', '「仅破损」不适合 #1 现在这一步；发送 /t 1 查看适合的'],
    ['缺商品', '「缺商品」要填 {商品}，#1 没有这一项；请换一个，或直接写'],
    ['超长', '「超长」用不了：太长了：501 字，最多 500 字；请删短后重发'],
  ])('%s: %s', async (word, said) => {
    const w = await withComplaint('answer', {})
    const complaint = await complaintOf(w)
    const { product: _, ...bare } = complaint
    await keep(w, { name: '补发甲', text: '好', for: ['agree'] }, { name: '补发乙', text: '好', for: ['agree'] })
    await keep(w, { name: '仅回复', text: '好', for: ['talk'] }, { name: '仅破损', text: '好', reasons: ['彗星'] })
    await keep(w, { name: '缺商品', text: '您的{商品}' }, { name: '超长', text: '字'.repeat(501) })
    const answer = await template(await contextOf(w, li), bare, { rest: word, wish: { key: 'k' } })
    expect(answer).toEqual({ text: said, onlyFor: [li.id] })
  })
})

describe('without a name', () => {
  test('those that fit are shown with their words; a button leads to the preview', async () => {
    const w = await withComplaint()
    await keep(w, { ...sorry, for: ['agree'] }, { name: '已发货', text: '已发货', for: ['refuse'] })
    await keep(w, { name: '仅回复', text: '好', for: ['talk'] })
    const { card } = await t(w)
    expect(card).toMatchObject({
      title: '#1 选一个模板，看过再提交',
      lines: [
        { label: '道歉补发', text: `同意和解 · ${filledIn}` },
        { label: '已发货', text: '拒绝和解 · 已发货' },
      ],
    })
    expect(labels(card?.buttons)).toEqual(['道歉补发', '已发货', '取消'])
    const { member } = await contextOf(w, li)
    const button = await stored(w, card?.buttons[0]?.token)
    expect(button).toMatchObject({ intent: { ...agree, words: filledIn, preview: true }, member: member.id })
  })
  test('at most six, and no more than the chat has buttons for', async () => {
    const w = await withComplaint()
    await keep(
      w,
      ...Array.from({ length: 8 }, (_, at) => ({ name: `第${at + 1}个`, text: '好的', for: ['agree'] as const })),
    )
    expect((await t(w)).card?.buttons.length).toBe(7)
    w.chat.can = { ...w.chat.can, buttons: 4 }
    expect(labels((await t(w)).card?.buttons)).toEqual(['第1个', '第2个', '第3个', '取消'])
  })
  test('where none fits, an admin reads how to add one', async () => {
    const w = await withComplaint()
    await keep(w, { name: '仅回复', text: '好', for: ['talk'] })
    expect(words(await t(w))).toBe('没有适合 #1 的模板；请直接写，或请管理员添加')
    expect(words(await t(w, '没有的'))).toBe('没有适合 #1 的模板；请直接写，或请管理员添加')
    expect(words(await t(w, '', chen))).toBe('没有适合 #1 的模板；可以添加：redress template add --name … --text …')
  })
  test('whoever only looks is told so', async () => {
    const w = await withComplaint()
    await keep(w, sorry)
    for (const rest of ['', '道歉补发'])
      expect(words(await t(w, rest, wang))).toBe('你的角色不能做这件事，需要「客服」；请找管理员调整')
  })
})
