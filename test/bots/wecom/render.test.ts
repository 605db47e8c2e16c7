import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askCard } from '../../../bots/wecom/ask.ts'
import { noticeCard, templateCard } from '../../../bots/wecom/card.ts'
import { cut, cutBytes, fits } from '../../../bots/wecom/fit.ts'
import { readKey } from '../../../bots/wecom/key.ts'
import { inert, markdown, messageLimit } from '../../../bots/wecom/markdown.ts'
import { readMarkdown } from '../../../sandbox/wecom/index.ts'
import type { Button, Card } from '../../../src/chat/chat.ts'
import { oneLine } from '../../../src/core/plain.ts'
import { asButtonToken } from '../../../src/core/words.ts'
import { cards } from '../browser/group.ts'

const around = { taskId: 'c@nonce', source: 'Redress' }
const button = (label: string, token = label, weight: Button['weight'] = 'plain'): Button => ({
  label,
  token: asButtonToken(token),
  weight,
})
const card = (more: Partial<Card> = {}): Card => ({ title: '#128', tone: 'calm', lines: [], buttons: [], ...more })
const numbered = (count: number) => Array.from({ length: count }, (_, at) => button(`按钮${at + 1}`, `t${at + 1}`))

/** Letters, what means something in Markdown or HTML, what nobody sees, emoji of several code points, halves of one. */
const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        ...['**', '*', '__', '_', '`', '```', '~~', '[a](https://evil.example)', '![x](http://evil.example/x.png)'],
        ...['<b>', '<@all>', '&lt;', '\n# ', '\n> ', '\n- ', '\n1. ', '\n---', '\n===', '\n| a | b |\n|--|--|'],
        ...['www.evil.example', 'https://evil.example/x', '\\*', '\u202e', '\u200b', '\ud83d', '👨‍👩‍👧', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
        ...['\r\n', '\u2028', '投诉', '\0', 'a_b_c', '    code'],
      ),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))
const long = fc.tuple(nasty, fc.integer({ min: 1, max: 400 })).map(([text, times]) => text.repeat(times).slice(0, 9000))
const words = fc.oneof(nasty, long)
const anyCard: fc.Arbitrary<Card> = fc.record({
  title: words,
  tone: fc.constantFrom('calm', 'urgent', 'late', 'settled'),
  lines: fc.array(fc.record({ label: words, text: words }), { maxLength: 30 }),
  quote: words,
  note: words,
  buttons: fc.array(
    fc.record({
      label: words,
      token: fc.string({ minLength: 1, maxLength: 30 }).map(asButtonToken),
      weight: fc.constantFrom('main', 'plain', 'danger'),
    }),
    { maxLength: 12 },
  ),
})

describe('a card with buttons', () => {
  test('has the customer apart, short lines side by side, long ones below, and a way to see it anew', () => {
    expect(templateCard(cards.calm(0), around)).toEqual({
      card_type: 'button_interaction',
      source: { desc: '🔵 Redress', desc_color: 0 },
      main_title: { title: '#128 小程序「鲜果日记」 · 待商家处理', desc: '金额：¥39.90，可退 ¥39.90' },
      quote_area: { type: 0, quote_text: '收到的桃子坏了两个，联系客服一直没人回复，要求退款。' },
      horizontal_content_list: [
        { keyname: '商品', value: '当季鲜桃礼盒 6 枚装' },
        { keyname: '原因', value: '商品质量问题' },
        { keyname: '投诉人', value: '王*（手机尾号 5678），第 1 次投诉' },
        { keyname: '订单号', value: '4200001234202607210000123456' },
      ],
      button_list: [
        { text: '同意和解', style: 1, key: 'agree' },
        { text: '退款', style: 2, key: 'refund' },
        { text: '拒绝', style: 3, key: 'refuse' },
        { text: '补充凭证', style: 2, key: 'evidence' },
        { text: '认领', style: 2, key: 'claim' },
        { text: '详情', style: 2, key: 'detail' },
      ],
      action_menu: { desc: '更多', action_list: [{ text: '刷新', key: 'refresh:agree' }] },
      task_id: 'c@nonce',
    })
  })

  test('puts what was answered first, then the note, then the lines that are too long or too many', () => {
    const lines = [
      { label: '进度', text: '待我方' },
      ...Array.from({ length: 7 }, (_, at) => ({ label: `第${'一二三四五六七'[at]}`, text: '有' })),
      { label: '同一订单', text: '#126 鲜果日记小程序旗舰店 · 待商家处理 / #127 鲜果日记 · 已完结' },
    ]
    const shown = templateCard(card({ lines, note: '王 10:02 已提交' }), {
      ...around,
      said: '已认领',
      pressed: asButtonToken('p'),
    })
    expect(shown.main_title?.desc).toBe('进度：待我方')
    expect(shown.horizontal_content_list).toHaveLength(6)
    expect(shown.sub_title_text).toBe(
      '已认领\n王 10:02 已提交\n第七：有\n同一订单：#126 鲜果日记小程序旗舰店 · 待商家处理 / #127 鲜果日记 · 已完结',
    )
  })

  test('of an English room speaks English', () => {
    const english = card({
      title: '#128 Fruit · waiting',
      lines: [{ label: 'Due', text: '14:00' }],
      buttons: [button('Claim')],
    })
    const shown = templateCard(english, around)
    expect(shown.main_title?.desc).toBe('Due: 14:00')
    expect(shown.action_menu).toEqual({ desc: 'More', action_list: [{ text: 'Refresh', key: 'refresh:Claim' }] })
  })

  test.each([
    [6, 6, 1],
    [7, 6, 2],
    [8, 6, 3],
    [9, 6, 3],
  ])('%i buttons: %i stand below, %i entries in the menu, the last one refreshes', (count, below, menu) => {
    const { button_list = [], action_menu } = templateCard(card({ buttons: numbered(count) }), around)
    expect([button_list.length, action_menu?.action_list.length]).toEqual([below, menu])
    expect(action_menu?.action_list.at(-1)).toEqual({ text: '刷新', key: 'refresh:t1' })
    if (menu > 1) expect(action_menu?.action_list[0]).toEqual({ text: '按钮7', key: 't7' })
  })

  test('without a button keeps the way back by the one that was pressed', () => {
    const shown = templateCard(card({ title: '#128 已完结' }), { ...around, pressed: asButtonToken('p') })
    expect(shown.button_list).toEqual([{ text: '刷新', style: 2, key: 'refresh:p' }])
    expect(shown.action_menu).toBeUndefined()
  })

  test('a token that WeCom would not carry is refused before anything goes', () => {
    expect(() => templateCard(card({ buttons: [button('x', 'k'.repeat(1001))] }), around)).toThrow(/1001 bytes/)
    expect(() => templateCard(card({ buttons: [button('x', '')] }), around)).toThrow(/0 bytes/)
  })

  test('whatever others wrote: within every count and length, keys unique, nothing hidden, cut where one sees it', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const shown = templateCard(any, { ...around, pressed: asButtonToken('p') })
        const keys = [...(shown.button_list ?? []), ...(shown.action_menu?.action_list ?? [])].map(({ key }) => key)
        expect(new Set(keys).size).toBe(keys.length)
        expect(shown.button_list?.length).toBeGreaterThan(0)
        expect(shown.button_list?.length).toBeLessThanOrEqual(6)
        expect(shown.action_menu?.action_list.length ?? 1).toBeLessThanOrEqual(3)
        const across = shown.horizontal_content_list ?? []
        expect(across.length).toBeLessThanOrEqual(6)
        const pieces: readonly (readonly [string | undefined, number])[] = [
          [shown.source?.desc, 13],
          [shown.main_title?.title, 26],
          [shown.main_title?.desc, 30],
          [shown.sub_title_text, 112],
          [shown.quote_area?.quote_text, 300],
          ...across.map(({ keyname }) => [keyname, 5] as const),
          ...across.map(({ value }) => [value, 26] as const),
          ...(shown.button_list ?? []).map(({ text }) => [text, 10] as const),
          ...(shown.action_menu?.action_list ?? []).map(({ text }) => [text, 10] as const),
        ]
        for (const [text, most] of pieces) {
          if (text === undefined) continue
          expect(text).not.toBe('')
          expect(fits(text, most)).toBe(true)
          expect(text).not.toMatch(/[\u202e\u200b\0\r\u2028]/)
          expect(text).not.toMatch(/[\ud800-\udfff]/u)
        }
        expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThan(64 * 1024)
        const title = oneLine(any.title)
        if (!fits(title, 26)) expect(shown.main_title?.title).toMatch(/…$/)
        else expect(shown.main_title?.title).toBe(title || '·')
      }),
    )
  })
})

describe('words in the place of a card', () => {
  test('that are short are the title, long ones stand whole below', () => {
    const pressed = asButtonToken('p')
    expect(noticeCard('已取消', { ...around, pressed })).toMatchObject({
      main_title: { title: '已取消' },
      button_list: [{ text: '刷新', key: 'refresh:p' }],
    })
    const long = '请先在私聊里绑定账号，然后再来点这个按钮；管理员会给你绑定码。'
    const shown = noticeCard(long, { ...around, pressed })
    expect(shown.main_title?.title).toMatch(/…$/)
    expect(shown.sub_title_text).toBe(long)
  })
})

describe('a question', () => {
  const ask = {
    prompt: '同意和解 #128：要对用户说什么？',
    ttl: 600_000,
    suggest: ['非常抱歉，已为您退款'],
    offers: [button('道歉', 'o1'), button('退全款', 'o2')],
    pictures: true,
    cancel: asButtonToken('cancel'),
  }

  test('says what to send and until when, offers ready answers and a way out', () => {
    expect(askCard(ask, { ...around, alone: false, at: 'Redress 客诉', pressed: asButtonToken('p') })).toEqual({
      card_type: 'button_interaction',
      source: { desc: '🔵 Redress', desc_color: 0 },
      main_title: { title: '同意和解 #128：要对用户说什么？' },
      quote_area: { type: 0, title: '可参考', quote_text: '非常抱歉，已为您退款' },
      sub_title_text: '请在 10 分钟内 @Redress 客诉 发送内容（可带图片）',
      button_selection: {
        question_key: 'offer',
        title: '常用回复',
        option_list: [
          { id: 'o1', text: '道歉' },
          { id: 'o2', text: '退全款' },
        ],
      },
      button_list: [
        { text: '使用所选', style: 1, key: 'use:cancel' },
        { text: '取消', style: 2, key: 'cancel' },
      ],
      action_menu: { desc: '更多', action_list: [{ text: '刷新', key: 'refresh:cancel' }] },
      task_id: 'c@nonce',
    })
  })

  test('in English, alone, without offers', () => {
    const shown = askCard(
      { prompt: 'Answer #128: what do you want to tell the customer, in at most 200 letters?', ttl: 60_000 },
      { ...around, alone: true, pressed: asButtonToken('p') },
    )
    expect(shown.sub_title_text).toBe(
      'Send it within 1 min\nAnswer #128: what do you want to tell the customer, in at most 200 letters?',
    )
    expect(shown.button_list).toEqual([{ text: 'Refresh', style: 2, key: 'refresh:p' }])
  })

  test('its keys are read back', () => {
    expect(['refresh:a:b', 'use:x', 'token', 'refresh:'].map(readKey)).toEqual([
      { do: 'refresh', of: 'a:b' },
      { do: 'use', of: 'x' },
      { do: 'press', of: 'token' },
      { do: 'press', of: 'refresh:' },
    ])
  })
})

describe('a message', () => {
  test('of a card without buttons: title, lines, the customer, the note, each in its mark', () => {
    expect(markdown({ card: cards.urgent(0) })).toBe(
      [
        '🟠 **#126 微信支付 · 待回复**',
        '**金额**：¥268.00，可退 ¥268.00',
        '**商品**：儿童自行车 16 寸',
        '**认领**：李文博',
        '> 说好三天发货，已经等了九天，客服只会让我再等等。',
        '',
        '用户 13:20 又留言：今天不处理就打 12315。',
      ].join('\n'),
    )
  })

  test('of a list names each by its number', () => {
    const lines = [{ label: '#128', text: '鲜果日记 · 待商家处理' }]
    expect(markdown({ card: card({ title: '待处理 1', lines }) })).toBe(
      '🔵 **待处理 1**\n**#128** 鲜果日记 · 待商家处理',
    )
  })

  test.each([
    ['**粗** `码` ~~划~~ a*b*c', '＊＊粗＊＊ ｀码｀ ～～划～～ a＊b＊c'],
    ['[领奖](https://evil.example)', '［领奖］(https：//evil.example)'],
    ['去 www.evil.example', '去 www．evil.example'],
    ['<font color="warning">x</font> &lt;', '＜font color="warning"＞x＜/font＞ ＆lt;'],
    ['# 标题', '＃ 标题'],
    ['#128 已退款', '#128 已退款'],
    ['> 引用', '＞ 引用'],
    ['- 项', '－ 项'],
    ['1. 项', '1． 项'],
    ['---', '－－－'],
    ['===', '＝＝＝'],
    ['ORDER_2024_01', 'ORDER_2024_01'],
    ['_斜_', '＿斜＿'],
    ['payorder@_4200', 'payorder@＿4200'],
    ['    代码', ' 代码'],
    ['-5 与 1.5 与 1~3 天', '-5 与 1.5 与 1～3 天'],
  ])('%s means nothing in it', (given, shown) => {
    expect(inert(given)).toBe(shown)
  })

  test('whatever others wrote: one message, no marks but ours, no links, every line of it ours or a quote', () => {
    fc.assert(
      fc.property(fc.record({ text: words, card: anyCard }), (any) => {
        const written = markdown(any)
        expect(written).not.toBe('')
        expect(Buffer.byteLength(written)).toBeLessThanOrEqual(messageLimit)
        expect(written).not.toMatch(/[\ud800-\udfff]/u)
        expect(written).not.toMatch(/[\u202e\u200b\0\r\u2028`<~|\\]|\[|https?:\/\/|^\s*(#{1,6}|[-+]|\d+[.)])\s/m)
        expect(readMarkdown(written, 'v2').links).toEqual([])
        // Stars come in our pairs, at the start of a line.
        expect(written.replace(/^(?:\S+ )?\*\*[^*\n]+\*\*/gm, '')).not.toContain('*')
      }),
    )
  })

  test('that is too long ends where one sees it', () => {
    const written = markdown({ text: '投诉'.repeat(9000) })
    expect(Buffer.byteLength(written)).toBeLessThanOrEqual(messageLimit)
    expect(Buffer.byteLength(written)).toBeGreaterThan(messageLimit - 20)
    expect(written).toMatch(/诉?…$/)
    expect(markdown({})).toBe('·')
  })
})

describe('what is cut', () => {
  test('is cut at whole characters, by what is seen or by bytes', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (text, most) => {
        const seen = cut(text, most)
        expect(fits(seen, most)).toBe(true)
        const bytes = cutBytes(text, most)
        expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(most)
        if (Buffer.byteLength(text) <= most) expect(bytes).toBe(text)
        if (Buffer.byteLength(text) > most && most >= 3) expect(bytes).toMatch(/…$/)
      }),
    )
    expect(cut('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 2)).toBe('👨‍👩‍👧…')
    expect(cut('Amount shown', 5)).toBe('Amount sh…')
    // Half an amount is another one.
    expect([cut('同意并全额退 ¥1234.50', 10), cut('可退 ¥19.90 元', 5)]).toEqual(['同意并全额退…', '可退…'])
    expect([cut('2157001', 2), cut('退款 ¥19.90 到账', 6)]).toEqual(['…', '退款 ¥19.90…'])
    expect([fits('投诉', 2), fits('投诉', 1.5), fits('abc', 1), fits('投a', 1.5)]).toEqual([true, false, false, true])
  })
})
