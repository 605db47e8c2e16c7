import { describe, expect, test } from 'vitest'
import { plan } from '../../src/chat/card.ts'
import type { View } from '../../src/chat/view.ts'
import { asId } from '../../src/core/words.ts'
import type { Other, Related } from '../../src/storage/related.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { group, type World, world } from '../support/world.ts'
import { li } from './people.ts'
import { view } from './support.ts'

const other = (running: number, over: Partial<Other> = {}): Other => ({
  id: asId<'complaint'>(`cmp_${running}`),
  running,
  account: '店铺微信支付',
  label: '已处理完成',
  phase: 'closed',
  ...over,
})

describe('the card remembers', () => {
  const lines = (related: Partial<Related>, language: View['language'] = 'zh-CN') =>
    plan(view({ language, related: { order: [], payer: [], nth: 1, ...related } }))
      .lines.filter(({ label }) => ['同一订单', '投诉人', 'Same order', 'Customer'].includes(label))
      .map(({ label, text }) => `${label}: ${text}`)

  test.each<[string, Partial<Related>, readonly string[]]>([
    ['a first complaint', {}, ['投诉人: 张* ·6688']],
    ['earlier ones', { payer: [other(9), other(3)], nth: 3 }, ['投诉人: 张* ·6688（第 3 次投诉，之前 #9 #3）']],
    [
      'others about the order, the newest first',
      { order: [other(13, { account: '小店', label: '待处理', phase: 'ours' }), other(12)] },
      ['同一订单: #13 小店 · 待处理 / #12 店铺微信支付 · 已处理完成', '投诉人: 张* ·6688'],
    ],
    [
      'an earlier one about the same order: its number once',
      { order: [other(12)], nth: 2 },
      ['同一订单: #12 店铺微信支付 · 已处理完成', '投诉人: 张* ·6688（第 2 次投诉）'],
    ],
    [
      'a state without a word of the platform',
      { order: [other(12, { label: '' })] },
      ['同一订单: #12 店铺微信支付 · 已结束', '投诉人: 张* ·6688'],
    ],
  ])('%s', (_, related, said) => expect(lines(related)).toEqual(said))

  test('in English', () => {
    expect(lines({ order: [other(12, { label: '' })], payer: [other(9), other(3)], nth: 4 }, 'en')).toEqual([
      'Same order: #12 店铺微信支付 · Closed',
      'Customer: 张* ·6688 (complaint no. 4, before: #9 #3)',
    ])
  })
})

const line = (w: World, chat: string, title: string, label: string) =>
  w.chat.card(chat, title).card.lines.find((one) => one.label === label)?.text

describe('one order, two accounts', () => {
  const phone = '13800136688'
  const order = { transactionId: '4200001234202611210000000001', phone }
  /** `group` is told of both accounts; 'snacks' and 'shop' of one each. */
  async function twoShops() {
    const w = await world({ others: ['小满零食'] })
    const [snacks] = w.others
    if (!snacks) throw new Error('no second account')
    const limited = (chat: string, account: typeof w.account) =>
      w.storage.transaction((tx) =>
        createRoom(tx, {
          tenant: w.tenant.id,
          bot: w.bot.id,
          chat,
          topic: '',
          alone: false,
          title: chat,
          language: 'zh-CN',
          accounts: [account],
        }),
      )
    await limited('shop', w.account)
    await limited('snacks', snacks.account)
    return { w, appid: snacks.program.appid }
  }

  test('the card that hangs there comes to name the new complaint, and its end', async () => {
    const { w, appid } = await twoShops()
    await w.complain({ ...order, outTradeNo: 'M1' })
    expect(line(w, group, '#1', '同一订单')).toBeUndefined()
    const second = await w.complain({ ...order, appid, outTradeNo: 'N1' })
    expect(line(w, group, '#1', '同一订单')).toBe('#2 小满零食 · 待处理')
    expect(line(w, group, '#2', '同一订单')).toBe('#1 小店 · 待处理')
    expect(line(w, group, '#2', '投诉人')).toMatch(/（第 2 次投诉）$/)
    await w.wechat.move(second.id, { kind: 'withdraw' })
    await w.pass(16 * 60_000, 60_000)
    expect(line(w, group, '#2', '进度')).toBe('已结束')
    expect(line(w, group, '#1', '同一订单')).toMatch(/^#2 小满零食 · (?!待处理)/)
    expect(w.chat.cards(group).length).toBe(2)
  })

  test('a room that is told of one account only hears nothing of the other, wherever it looks', async () => {
    const { w, appid } = await twoShops()
    await w.complain({ ...order })
    await w.complain({ ...order, appid })
    await w.complain({ phone })
    await w.complain({ phone, appid })
    for (const [chat, numbers, who] of [
      ['shop', ['#1', '#3'], /（第 2 次投诉，之前 #1）$/],
      ['snacks', ['#2', '#4'], /（第 2 次投诉，之前 #2）$/],
    ] as const) {
      const shown = w.chat.cards(chat)
      expect(shown.map(({ title }) => title.split(' ')[0])).toEqual(numbers)
      expect(line(w, chat, numbers[1], '投诉人')).toMatch(who)
      const { card } = await w.chat.pressLabel(li, chat, numbers[0], '详情')
      const again = await w.chat.say(li, chat, `/show ${numbers[1].slice(1)}`)
      const told = JSON.stringify([shown, w.chat.texts(chat), card, again])
      const foreign = chat === 'shop' ? /#2|#4|小满零食|第 [34] 次/ : /#1|#3|小店|第 [34] 次/
      expect(told).not.toMatch(foreign)
    }
    expect(line(w, group, '#4', '投诉人')).toMatch(/（第 4 次投诉，之前 #3 #2 #1）$/)
    const { card } = await w.chat.pressLabel(li, group, '#1', '详情')
    expect(card?.lines.find(({ label }) => label === '同一订单')?.text).toBe('#2 小满零食 · 待处理')
    // Nothing changed that those rooms see: their cards were not touched.
    expect(w.chat.sent.filter(({ what, chat }) => what === 'edit' && chat !== group)).toEqual([])
  })
})
