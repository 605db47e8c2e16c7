import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/chat/chat.ts'
import { createTemplate } from '../../src/storage/templates.ts'
import type { Person } from '../support/chat.ts'
import { drive, found, card as shownCard } from '../support/telegram.ts'
import { group, type World, world } from '../support/world.ts'
import { cardId, chen, li, pressOn, withComplaint, words } from './people.ts'

const filledIn = '抱歉，小店的19.90元这一单（#1）马上补发。小李'

async function withTemplate(options = {}): Promise<World> {
  const w = await withComplaint('answer', options)
  await keep(w)
  return w
}

const keep = (w: World) =>
  w.storage.transaction(async (tx) => {
    const of = { tenant: w.tenant.id, reasons: [], platforms: [] }
    const text = '抱歉，{shop}的{amount}元这一单（#{n}）马上补发。{客服}'
    await createTemplate(tx, { ...of, name: '道歉补发', text, for: ['agree'] })
    await createTemplate(tx, { ...of, name: '已发货', text: '已按约发货', for: ['refuse'] })
  })

/** Presses an offer beside the question, as the bot shows it. */
async function take(w: World, { ask }: Answer, label = '道歉补发', who: Person = li): Promise<Answer> {
  const offer = ask?.offers?.find((one) => one.label === label)
  if (!offer) throw new Error(`no offer ${label} in ${JSON.stringify(ask)}`)
  return w.chat.press(who, group, cardId(w), offer.token)
}

describe('a template beside the question', () => {
  test('is shown filled in before it goes; confirmed, exactly that goes', async () => {
    const w = await withTemplate()
    const asked = await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect(asked.ask?.offers?.map(({ label }) => label)).toEqual(['道歉补发'])
    const { card, onlyFor, fresh } = await take(w, asked)
    expect([card?.title, onlyFor]).toEqual(['#1 提交前请核对', [li.id]])
    expect(card?.lines.find(({ label }) => label === '说明')?.text).toBe(filledIn)
    // The complaint's own card keeps its buttons.
    expect(fresh).toBeUndefined()
    await w.settle()
    expect(w.effects()).toEqual([])
    expect(words(await pressOn(w, li, card, '确认提交'))).toBe('已收到，正在提交平台：#1 同意和解')
    await w.settle()
    expect(w.effects()).toEqual([`respond agree ${filledIn}`])
    expect(w.chat.texts(group)).toEqual(['#1 同意和解已提交 · 小李'])
  })
  test('chosen, the question is over: the next words are no answer', async () => {
    const w = await withTemplate()
    const { card } = await take(w, await w.chat.pressLabel(li, group, '#1', '同意和解'))
    expect(await w.chat.say(li, group, '等一下，我先问问仓库')).toEqual({})
    expect(words(await pressOn(w, li, card, '放弃'))).toBe('已放弃，没有提交')
    await w.settle()
    expect(w.effects()).toEqual([])
    expect((await w.chat.pressLabel(li, group, '#1', '同意和解')).ask?.offers?.length).toBe(1)
  })
  test('leaves alone a question about another complaint that came since; so does cancelling', async () => {
    const w = await withTemplate()
    await w.complain({ text: '另一单' })
    const first = await w.chat.pressLabel(li, group, '#1', '同意和解')
    await w.chat.pressLabel(li, group, '#2', '拒绝和解')
    await take(w, first)
    if (first.ask?.cancel) await w.chat.press(li, group, cardId(w), first.ask.cancel)
    expect(words(await w.chat.say(li, group, '已发货'))).toBe('已收到，正在提交平台：#2 拒绝和解')
    await w.settle()
    expect(w.effects()).toEqual(['respond refuse 已发货'])
  })
  test('is its asker’s alone', async () => {
    const w = await withTemplate()
    const asked = await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect(await take(w, asked, '道歉补发', chen)).toEqual({
      toast: '这个按钮只给发起的人；请自己发起一次',
      alert: true,
    })
    expect(words(await w.chat.say(li, group, '好的'))).toContain('已收到')
  })
  test('pressed twice it goes once', async () => {
    const w = await withTemplate()
    const asked = await w.chat.pressLabel(li, group, '#1', '同意和解')
    const both = await Promise.all([take(w, asked), take(w, asked)])
    await Promise.all(both.map(({ card }) => pressOn(w, li, card, '确认提交')))
    await w.settle()
    expect(w.effects()).toEqual([`respond agree ${filledIn}`])
  })
  test('does nothing once somebody else has answered', async () => {
    const w = await withTemplate()
    const asked = await w.chat.pressLabel(li, group, '#1', '同意和解')
    await w.chat.say(chen, group, '/refuse 1 已发货')
    const answer = await take(w, asked)
    expect([answer.card, words(answer)]).toEqual([undefined, expect.stringContaining('处理中')])
    await w.settle()
    expect(w.effects()).toEqual(['respond refuse 已发货'])
  })
})

describe('in Telegram', () => {
  test('the templates stand above the question, and go by their preview', async () => {
    const w = await world({ telegram: true })
    const { calm, press } = drive(w)
    const { li } = w.played.people
    await w.complain({ text: '衣服破了', amount: 1990 })
    await keep(w)
    await calm()
    const { said } = await press(li, shownCard(w.played.group, '#1 小店'), '同意和解')
    expect(said.map(({ buttons }) => buttons.flat())).toEqual([['道歉补发'], []])
    const offers = found(w.played.group, '模板')
    expect(li.asked(w.played.group)?.text).toContain('#1 同意和解')
    await press(li, offers, '道歉补发')
    const preview = shownCard(w.played.group, '#1 提交前请核对')
    expect(preview.text).toContain(filledIn)
    expect(w.effects()).toEqual([])
    expect((await press(li, preview, '确认提交')).toast).toBe('已收到，正在提交平台：#1 同意和解')
    expect(w.effects()).toEqual([`respond agree ${filledIn}`])
    expect(found(w.played.group, '模板').buttons.flat()).toEqual(['道歉补发'])
  })
  test('somebody else’s press on one is refused', async () => {
    const w = await world({ telegram: true })
    const { calm, press } = drive(w)
    await w.complain({ text: '衣服破了', amount: 1990 })
    await keep(w)
    await calm()
    await press(w.played.people.li, shownCard(w.played.group, '#1 小店'), '同意和解')
    const other = await press(w.played.people.chen, found(w.played.group, '模板'), '道歉补发')
    expect([other.toast, other.alert, other.said]).toEqual(['这个按钮只给发起的人；请自己发起一次', true, []])
  })
})
