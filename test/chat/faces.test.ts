import { describe, expect, test } from 'vitest'
import type { Answer, Card } from '../../src/chat/chat.ts'
import type { ButtonToken, PostId } from '../../src/core/words.ts'
import { onPress, type Person } from '../support/chat.ts'
import { group, type World } from '../support/world.ts'
import { arrive, paidBack, sun, withOrder, zhou } from './pay-people.ts'
import { cardId, chen, li, withComplaint, words } from './people.ts'

const faces = { can: onPress }
const own = '#1 小店 · 待处理'
const labels = (card: Card | undefined) => card?.buttons.map(({ label }) => label) ?? []

function tokenOf(card: Card | undefined, label: string): ButtonToken {
  const button = card?.buttons.find((one) => one.label === label)
  if (!button) throw new Error(`no button "${label}" on ${JSON.stringify(card)}`)
  return button.token
}

/** Presses what stands in the place of the complaint's card. */
const on = (w: World, who: Person, { card }: Answer, label: string, post: PostId = cardId(w)) =>
  w.chat.press(who, group, post, tokenOf(card, label))

/** The complaint's card with all its buttons, as it hangs there. */
const isBack = (answer: Answer, title = own) => {
  expect(answer.fresh?.title).toBe(title)
  expect(labels(answer.fresh)).toContain('详情')
}

describe('a question in the place of the card', () => {
  test('for words is the presser’s; thought better of, the card is back, and the next words are none', async () => {
    const w = await withComplaint('answer', faces)
    const asked = await w.chat.pressLabel(li, group, '#1', '同意和解')
    expect([asked.ask?.prompt, asked.fresh, asked.card]).toEqual([
      expect.stringContaining('#1 同意和解'),
      undefined,
      undefined,
    ])
    const left = await w.chat.press(li, group, cardId(w), asked.ask?.cancel as ButtonToken)
    isBack(left)
    expect(labels(left.fresh).slice(0, 2)).toEqual(['同意和解', '拒绝和解'])
    expect(words(await w.chat.say(li, group, '好的'))).toContain('我没有在等你的回答')
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('to confirm is the presser’s; left, the card is back', async () => {
    const w = await withOrder({}, faces)
    const asked = await w.chat.pressLabel(zhou, group, '#1', '退款')
    expect([asked.onlyFor, labels(asked.card)]).toEqual([[zhou.id], ['全额退 ¥19.90', '退部分', '取消']])
    const left = await on(w, zhou, asked, '取消')
    expect([words(left), labels(left.fresh)[0]]).toEqual(['已取消，什么也没有提交', '回复'])
    isBack(left, '#1 青禾优选 · 待处理')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('confirmed it goes once, and the card is back without what is on its way', async () => {
    const w = await withOrder({}, faces)
    const asked = await w.chat.pressLabel(zhou, group, '#1', '退款')
    const sent = await on(w, zhou, asked, '全额退 ¥19.90')
    expect(words(sent)).toBe('已收到，正在提交平台：#1 退款 ¥19.90')
    isBack(sent, '#1 青禾优选 · 待处理')
    expect(labels(sent.fresh)).not.toContain('退款')
    await on(w, zhou, asked, '全额退 ¥19.90')
    await arrive(w)
    expect(paidBack(w)).toEqual([1990])
  })
  test('what was drafted and dropped leaves the card, and no pictures', async () => {
    const w = await withComplaint('evidence', faces)
    await w.chat.pressLabel(li, group, '#1', '补充凭证')
    const draft = await w.chat.say(li, group, '签收记录')
    const answer = await w.chat.press(li, group, await w.chat.hang(w.bot.id, group, draft), tokenOf(draft.card, '放弃'))
    expect([words(answer), answer.fresh?.title, answer.fresh?.buttons]).toEqual([
      '已放弃，没有提交',
      '已放弃，没有提交',
      [],
    ])
    await w.settle()
    expect(w.effects()).toEqual([])
  })
  test('pressed by somebody else it is refused; they get the complaint’s card', async () => {
    const w = await withOrder({}, faces)
    const asked = await w.chat.pressLabel(zhou, group, '#1', '退款')
    const other = await on(w, sun, asked, '全额退 ¥19.90')
    expect([words(other), other.alert]).toEqual(['这个按钮只给发起的人；请自己发起一次', true])
    isBack(other, '#1 青禾优选 · 待处理')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
})

test('a refusal leaves the card as it is', async () => {
  const w = await withComplaint('answer', faces)
  await w.chat.say(chen, group, '/agree 1 好的')
  const late = await w.chat.pressLabel(li, group, '#1', '拒绝和解')
  expect([words(late), late.alert]).toEqual([expect.stringContaining('处理中'), true])
  expect(labels(late.fresh)).toEqual(['认领', '详情'])
})

describe('to see it as it is now', () => {
  const refresh = (w: World, who: Person, post: PostId, token: ButtonToken) =>
    w.chat.press(who, group, post, token, { refresh: true })

  /** The card, and nothing said or asked. */
  const isOnly = ({ fresh, about, current, to: _, ...more }: Answer) =>
    expect([fresh !== undefined, more]).toEqual([true, {}])

  test('shows the card anew and does nothing, whatever button carries it', async () => {
    const w = await withComplaint('answer', faces)
    await w.chat.say(chen, group, '/note 1 已联系')
    const { card, id } = w.chat.card(group, '#1')
    for (const { token } of card.buttons) {
      const answer = await refresh(w, li, id, token)
      isOnly(answer)
      isBack(answer)
    }
    await w.settle()
    expect([w.effects(), labels((await w.chat.say(li, group, '/show 1')).card)]).toEqual([
      [],
      ['同意和解', '拒绝和解', '认领', '详情'],
    ])
  })
  test('in the place of a question leads back to the card; the question stays open', async () => {
    const w = await withComplaint('answer', faces)
    const asked = await w.chat.pressLabel(li, group, '#1', '同意和解')
    const answer = await refresh(w, li, cardId(w), asked.ask?.cancel as ButtonToken)
    isOnly(answer)
    isBack(answer)
    expect(words(await w.chat.say(li, group, '马上补发'))).toContain('已收到')
  })
  test('a confirm that hangs by itself becomes the card: never an empty one, and it pays nothing', async () => {
    const w = await withOrder({}, faces)
    const check = await w.chat.say(zhou, group, '/refund 1 5')
    const post = await w.chat.hang(w.bot.id, group, check)
    const answer = await refresh(w, zhou, post, tokenOf(check.card, '确认退款 ¥5.00'))
    isOnly(answer)
    isBack(answer, '#1 青禾优选 · 待处理')
    const other = await refresh(w, sun, post, tokenOf(check.card, '确认退款 ¥5.00'))
    expect([other.alert, other.fresh?.buttons]).toEqual([true, []])
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
})

test('an older card leads to the newer one; what was pressed there is done all the same', async () => {
  const w = await withComplaint('answer', faces)
  const old = w.chat.card(group, '#1')
  const newer = await w.chat.hang(w.bot.id, group, await w.chat.say(li, group, '/show 1'))
  expect(newer).not.toBe(old.id)
  const moved = { title: '#1 已有新卡片，请看下方最新的一张', tone: 'calm', lines: [], buttons: [] }
  const claimed = await w.chat.press(li, group, old.id, tokenOf(old.card, '认领'))
  expect(claimed).toMatchObject({ toast: '#1 由你处理', fresh: moved })
  expect((await w.chat.press(li, group, old.id, tokenOf(old.card, '详情'), { refresh: true })).fresh).toEqual(moved)
  const here = await w.chat.press(li, group, newer, tokenOf(old.card, '详情'))
  expect(labels(here.fresh)).toContain('放回')
})

describe('a second person', () => {
  const asked = async () => {
    const w = await withOrder({ amount: 30_000 }, faces)
    const check = await w.chat.pressLabel(zhou, group, '#1', '退款')
    const answer = await on(w, zhou, check, '全额退 ¥300.00')
    return { w, answer, post: await w.chat.hang(w.bot.id, group, answer) }
  }

  test('is asked before all, and whoever began it has the card back', async () => {
    const { w, answer } = await asked()
    expect([answer.onlyFor, labels(answer.card)]).toEqual([undefined, ['批准', '撤回']])
    isBack(answer, '#1 青禾优选 · 待处理')
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
  test('who is not the right one leaves the question as it is', async () => {
    const { w, answer, post } = await asked()
    for (const who of [zhou, li]) {
      const no = await on(w, who, answer, '批准', post)
      expect([no.alert, no.fresh, no.current]).toEqual([true, answer.card, undefined])
    }
    const again = await w.chat.press(li, group, post, tokenOf(answer.card, '撤回'), { refresh: true })
    expect([again.toast, again.fresh, again.current]).toEqual([undefined, answer.card, undefined])
    const yes = await on(w, sun, answer, '批准', post)
    expect(yes.fresh).toEqual({
      title: '#1 退款 ¥300.00 · 老周 发起 · 小孙 已批准',
      tone: 'settled',
      lines: [],
      buttons: [],
    })
    await arrive(w)
    expect(paidBack(w)).toEqual([30_000])
  })
  test('withdrawn, it ends in the same place', async () => {
    const { w, answer, post } = await asked()
    const gone = await on(w, zhou, answer, '撤回', post)
    expect([gone.fresh?.title, gone.fresh?.buttons]).toEqual(['#1 退款 ¥300.00 已撤回，没有退 · 老周', []])
    await arrive(w)
    expect(paidBack(w)).toEqual([])
  })
})
