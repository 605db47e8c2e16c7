import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { question } from '../../../bots/telegram/ask.ts'
import { cut } from '../../../bots/telegram/plain.ts'
import { html, keyboard, messageLimit } from '../../../bots/telegram/render.ts'
import type { Card } from '../../../src/chat/chat.ts'
import { oneLine, plain } from '../../../src/core/plain.ts'
import { asButtonToken } from '../../../src/core/words.ts'
import { cards } from '../browser/group.ts'
import { parseHtml } from './html.ts'

const card = (more: Partial<Card> = {}): Card => ({ title: '#128', tone: 'calm', lines: [], buttons: [], ...more })
const seen = (written: string) => parseHtml(written).text

/** Letters, what means something in HTML, what nobody sees, emoji of several code points, halves of one. */
const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '<b>',
        '</blockquote>',
        '&amp;',
        '&',
        '<',
        '\u202e',
        '\u200b',
        '\ud83d',
        '👨‍👩‍👧',
        '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
        '\r\n',
        '\u2028',
        '投诉',
        '\0',
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
  buttons: fc.constant([]),
})

describe('a card in Telegram', () => {
  test('says title, lines, the customer and the note, each in its mark', () => {
    expect(html({ card: cards.urgent(0) })).toBe(
      [
        '🟠 <b>#126 微信支付 · 待回复</b>',
        '<b>金额：</b>¥268.00，可退 ¥268.00',
        '<b>商品：</b>儿童自行车 16 寸',
        '<b>认领：</b>李文博',
        '<blockquote>说好三天发货，已经等了九天，客服只会让我再等等。</blockquote>',
        '用户 13:20 又留言：今天不处理就打 12315。',
      ].join('\n'),
    )
  })

  test.each([
    ['calm', '🔵'],
    ['urgent', '🟠'],
    ['late', '🔴'],
    ['settled', '✅'],
  ] as const)('%s begins with %s', (tone, sign) => {
    expect(html({ card: card({ tone }) })).toBe(`${sign} <b>#128</b>`)
  })

  test('an English label has an English colon, a number none', () => {
    const lines = [
      { label: 'Amount', text: '¥1.00' },
      { label: '#7', text: 'Open' },
    ]
    expect(
      html({ card: card({ lines }) })
        .split('\n')
        .slice(1),
    ).toEqual(['<b>Amount: </b>¥1.00', '<b>#7</b> Open'])
  })

  test('nothing that others wrote becomes a mark', () => {
    const evil = '</blockquote><a href="tg://user?id=1">管理员</a> &lt;b&gt; &#x202e;'
    expect(html({ card: card({ quote: evil }) })).toContain(
      '<blockquote>&lt;/blockquote&gt;&lt;a href="tg://user?id=1"&gt;管理员&lt;/a&gt; &amp;lt;b&amp;gt; &amp;#x202e;</blockquote>',
    )
    expect(seen(html({ card: card({ quote: evil }) }))).toContain(evil)
  })

  test('a line cannot begin another one that looks like ours', () => {
    const written = html({ card: card({ lines: [{ label: '商品', text: '桃子\n结果：已退款\u2028✅' }] }) })
    expect(written.split('\n')).toEqual(['🔵 <b>#128</b>', '<b>商品：</b>桃子 结果：已退款 ✅'])
  })

  test.each([
    ['a right-to-left override', 'abc\u202Egnp.exe', 'abcgnp.exe'],
    ['direction marks and isolates', '\u200fa\u2066b\u2069\u061c', 'ab'],
    ['zero widths', '1\u200b2\u2060\ufeff8', '128'],
    ['fillers', 'a\u3164\u115f\u034f', 'a'],
    ['a control character', 'a\0b\u0007', 'ab'],
    ['half of a character', 'a\ud83d', 'a\ufffd'],
    ['a joiner between letters', 'a\u200db', 'ab'],
    ['a joiner in an emoji stays', '👨‍👩‍👧 👩🏽‍💻 ❤️‍🔥', '👨‍👩‍👧 👩🏽‍💻 ❤️‍🔥'],
    ['line breaks of other systems', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
  ])('%s', (_what, given, read) => {
    expect(plain(given)).toBe(read)
  })

  test('a card without words is still a message', () => {
    expect(html({ card: card({ title: '' }) })).toBe('✅ '.replace('✅', '🔵'))
    expect(html({ text: ' \u200b ' })).toBe('·')
    expect(html({})).toBe('·')
  })

  test('whom it is for stands at the beginning, as Telegram names people', () => {
    expect(html({ text: '好' }, { id: '42', name: '<李>' })).toBe('<a href="tg://user?id=42">&lt;李&gt;</a>\n好')
    expect(html({ text: '好' }, { id: '4"2', name: '李' })).toBe('好')
  })
})

describe('the length of a message', () => {
  test.each([4095, 4096])('%i characters go as they are', (length) => {
    expect(seen(html({ text: '诉'.repeat(length) }))).toBe('诉'.repeat(length))
  })

  test('4097 end in …', () => {
    expect(seen(html({ text: '诉'.repeat(4097) }))).toBe(`${'诉'.repeat(4095)}…`)
  })

  test('a long complaint gives way to what we say, and is cut between characters', () => {
    const lines = [{ label: '金额', text: '¥39.90' }]
    const text = seen(html({ card: card({ quote: '😀'.repeat(3000), lines, note: '已超时' }) }))
    expect(text.length).toBeGreaterThan(messageLimit - 3)
    expect(text).toMatch(/^🔵 #128\n金额：¥39\.90\n(😀)+…\n已超时$/u)
  })

  test('entities count as the one character that is read', () => {
    expect(seen(html({ text: '&'.repeat(4096) }))).toBe('&'.repeat(4096))
  })

  test('many long lines are each cut, the quote keeps a part, the note stays', () => {
    const lines = Array.from({ length: 30 }, (_, at) => ({ label: `#${at}`, text: '长'.repeat(500) }))
    const text = seen(html({ card: card({ lines, quote: '客'.repeat(900), note: '完' }) }))
    expect(text.split('\n')).toHaveLength(33)
    expect(text).toMatch(/客{900}\n完$/)
  })

  test('of more lines than fit the last are left out, never the quote and the note', () => {
    const lines = Array.from({ length: 400 }, (_, at) => ({ label: `#${at}`, text: '长'.repeat(50) }))
    const text = seen(html({ card: card({ lines, quote: '客'.repeat(900), note: '完' }) }))
    expect(text).toMatch(/^🔵 #128\n#0 长+\n[\s\S]*\n…\n客{300,}…?\n完$/)
  })
})

describe('whatever is written', () => {
  test('a text comes back as it reads, when it fits', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const read = parseHtml(html({ text }))
        expect(read.marks).toEqual([])
        expect(read.text).toBe(cut(plain(text), messageLimit).trim() === '' ? '·' : cut(plain(text), messageLimit))
      }),
      { numRuns: 300 },
    )
  })

  test('a card is one message, in our marks only, without hidden characters or half ones', () => {
    fc.assert(
      fc.property(anyCard, (one) => {
        const { text, marks } = parseHtml(html({ card: one }, { id: '7', name: one.title }))
        expect(text.length).toBeLessThanOrEqual(messageLimit)
        expect(marks.filter((mark) => !['b', 'blockquote', 'a'].includes(mark))).toEqual([])
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2028\0]/)
        expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  test('what fits is there whole', () => {
    const short = nasty.filter((text) => text.length < 200)
    fc.assert(
      fc.property(short, short, short, (title, quote, note) => {
        const { text } = parseHtml(html({ card: card({ title, quote, note }) }))
        for (const part of [oneLine(title), plain(quote).trim(), plain(note)])
          if (part.trim() !== '') expect(text).toContain(part)
      }),
      { numRuns: 200 },
    )
  })

  test('reading is the same the second time', () => {
    fc.assert(
      fc.property(words, (text) => {
        expect(plain(plain(text))).toBe(plain(text))
      }),
    )
  })

  test('a cut is never longer and never halves a character', () => {
    fc.assert(
      fc.property(words.map(plain), fc.integer({ min: 0, max: 300 }), (text, most) => {
        expect(cut(text, most).length).toBeLessThanOrEqual(most)
        expect(Buffer.from(cut(text, most), 'utf8').toString('utf8')).toBe(cut(text, most))
      }),
    )
  })
})

describe('buttons', () => {
  const token = asButtonToken('A'.repeat(24))
  const button = (label: string, more = {}) => ({ label, token, weight: 'plain' as const, ...more })

  test('two in a row, with their tokens, the dangerous one marked', () => {
    const keys = keyboard([button('同意', { weight: 'main' }), button('拒绝', { weight: 'danger' }), button('详情')])
    expect(keys).toEqual({
      inline_keyboard: [
        [
          { text: '同意', callback_data: token, style: 'primary' },
          { text: '拒绝', callback_data: token, style: 'danger' },
        ],
        [{ text: '详情', callback_data: token }],
      ],
    })
  })

  test.each([
    ['70 bytes', 'a'.repeat(70)],
    ['22 characters of 3 bytes', '诉'.repeat(22)],
    ['none', ''],
  ])('a token of %s is refused before anything is sent', (_what, text) => {
    expect(() => keyboard([button('x', { token: asButtonToken(text) })])).toThrow(/64/)
  })

  test('64 bytes are carried', () => {
    expect(keyboard([button('x', { token: asButtonToken('a'.repeat(64)) })]).inline_keyboard).toHaveLength(1)
  })

  test('a label is never empty, and short', () => {
    const [row] = keyboard([button('\u200b'), button('长'.repeat(99))]).inline_keyboard
    expect(row?.map(({ text }) => text)).toEqual(['·', `${'长'.repeat(39)}…`])
  })
})

describe('a question', () => {
  const ask = { prompt: '要对用户说什么？<b>', ttl: 1, suggest: ['抱歉 <3', '马上补发'], cancel: asButtonToken('c') }

  test('names the person, offers words to copy and the way out', () => {
    const { html: written, markup } = question(ask, { id: '42', name: '李' })
    expect(written.split('\n')).toEqual([
      '<a href="tg://user?id=42">李</a>',
      '❓ 要对用户说什么？&lt;b&gt;',
      '点按可复制：',
      '<code>抱歉 &lt;3</code>',
      '<code>马上补发</code>',
      '不答了：发送 /cancel',
    ])
    expect(markup).toEqual({ force_reply: true, selective: true, input_field_placeholder: '抱歉 <3' })
  })

  test('the placeholder has at most 64 characters, the whole at most a message', () => {
    const { html: written, markup } = question(
      { ...ask, prompt: '问'.repeat(5000), suggest: Array.from({ length: 9 }, () => '答'.repeat(999)) },
      undefined,
    )
    expect(markup.input_field_placeholder).toHaveLength(64)
    expect(seen(written).length).toBeLessThanOrEqual(messageLimit)
  })
})
