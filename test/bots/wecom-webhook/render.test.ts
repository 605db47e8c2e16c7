import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cut } from '../../../bots/wecom-webhook/inert.ts'
import { markdown, messageLimit } from '../../../bots/wecom-webhook/render.ts'
import type { Card } from '../../../src/chat/chat.ts'
import { oneLine, plain } from '../../../src/core/plain.ts'
import { asButtonToken } from '../../../src/core/words.ts'
import { read } from './marks.ts'

const card = (more: Partial<Card> = {}): Card => ({ title: '#128', tone: 'calm', lines: [], buttons: [], ...more })
const button = (label: string) => ({ label, token: asButtonToken('t'), weight: 'plain' }) as const
const bytes = (text: string) => Buffer.byteLength(text)
/** Full-width and plain read the same. */
const folded = (text: string) => text.normalize('NFKC').replace(/\s+/g, ' ').trim()

const hostile = [
  '<@zhangsan>',
  '<@all>',
  '@all',
  '@所有人 ',
  '[点我](https://evil.example/pay)',
  '![](https://evil.example/x.png)',
  'https://evil.example',
  'www.evil.example',
  '</font>',
  '<font color="warning">',
  '<b>',
  '&lt;@all&gt;',
  '&#60;',
  '**',
  '__',
  '_x_',
  '~~',
  '`',
  '```',
  '|a|b|',
  '\\',
  '\n# ',
  '\n#\n',
  '\n> ',
  '\n- ',
  '\n+ ',
  '\n* ',
  '\n1. ',
  '\n2) ',
  '\n---\n',
  '\n===\n',
  '\n    code',
  '\n\n\n\n',
  '[微笑]',
  '#129 已退款',
  'order_12_3',
  '\u202e',
  '\u200b',
  '\u2066',
  '\ud83d',
  '\0',
  '\r\n',
  '\u2028',
  '👨‍👩‍👧',
  '👩🏽‍💻',
  '投诉',
  '¥12.00',
]
const nasty = fc
  .array(
    fc.oneof(
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
      { weight: 3, arbitrary: fc.constantFrom(...hostile) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
const long = fc.tuple(nasty, fc.integer({ min: 1, max: 300 })).map(([text, times]) => text.repeat(times).slice(0, 6000))
const cardOf = (words: fc.Arbitrary<string>, most: number): fc.Arbitrary<Card> =>
  fc.record({
    title: words,
    tone: fc.constantFrom('calm', 'urgent', 'late', 'settled'),
    lines: fc.array(fc.record({ label: words, text: words }), { maxLength: most }),
    quote: words,
    note: words,
    buttons: fc.constantFrom([], [button('同意')], [button('Agree')]),
  })

describe('a card of a group webhook', () => {
  test('says title, lines, the customer, the note, and where to act', () => {
    const written = markdown({
      card: card({
        title: '#126 微信支付 · 待回复',
        tone: 'urgent',
        lines: [
          { label: '金额', text: '¥268.00' },
          { label: '认领', text: '李文博' },
        ],
        quote: '说好三天发货，\n已经等了九天。',
        note: '用户 13:20 又留言',
        buttons: [button('同意退款')],
      }),
    })
    expect(written).toBe(
      [
        '**<font color="warning">🟠 #126 微信支付 · 待回复</font>**',
        '<font color="comment">金额：</font>¥268.00',
        '<font color="comment">认领：</font>李文博',
        '> 说好三天发货，',
        '> 已经等了九天。',
        '',
        '用户 13:20 又留言',
        '<font color="comment">本群只接收消息。要处理，请到处理群发送 /show 126</font>',
      ].join('\n'),
    )
  })

  test.each([
    ['calm', '**<font color="info">🔵 #128</font>**'],
    ['urgent', '**<font color="warning">🟠 #128</font>**'],
    ['late', '**<font color="warning">🔴 #128</font>**'],
    ['settled', '**<font color="comment">✅ #128</font>**'],
  ] as const)('%s', (tone, title) => {
    expect(markdown({ card: card({ tone }) })).toBe(title)
  })

  test('speaks English where its buttons do, and leaves the way out where there is nothing to press', () => {
    expect(markdown({ card: card({ buttons: [button('Agree')], quote: '退钱' }) })).toMatch(
      /\n<font color="comment">This group only receives\. To act, send \/show 128 in .*<\/font>$/,
    )
    expect(markdown({ card: card({ title: 'Open', buttons: [button('Refresh')] }) })).not.toContain('/show')
    expect(markdown({ card: card({ lines: [{ label: 'Amount', text: '¥1.00' }] }) })).toBe(
      '**<font color="info">🔵 #128</font>**\n<font color="comment">Amount: </font>¥1.00',
    )
  })

  test('a list has its numbers first', () => {
    const written = markdown({ card: card({ title: '', lines: [{ label: '#7', text: '待回复' }] }) })
    expect(written).toBe('🔵\n<font color="comment">#7</font> 待回复')
  })

  test('what was found in a complaint reads the same and does nothing', () => {
    const quote = '<@all> [退款](https://evil.example) **急** &lt;@li&gt;\n# 系统\n> #129 已退款\nwww.evil.example a_b'
    expect(
      markdown({ card: card({ quote }) })
        .split('\n')
        .slice(1),
    ).toEqual([
      '> ＜＠all＞ ［退款］(https：//evil.example) ＊＊急＊＊ ＆lt;＠li＆gt;',
      '> ＃ 系统',
      '> ＞ #129 已退款',
      '> www．evil.example a_b',
    ])
  })

  test('a line cannot begin another one', () => {
    const lines = [{ label: '商品', text: '桃子\n结果：已退款\u2028✅' }]
    expect(
      markdown({ card: card({ lines }) })
        .split('\n')
        .slice(1),
    ).toEqual(['<font color="comment">商品：</font>桃子 结果：已退款 ✅'])
  })

  test('nothing to say is still a message', () => {
    expect(markdown({ text: ' \u200b ' })).toBe('·')
    expect(markdown({})).toBe('·')
    expect(markdown({ card: card({ title: '', quote: '\u202e', note: '\n' }) })).toBe('🔵')
  })
})

describe('whatever a customer writes', () => {
  test('in a text: is read as it is, without one mark', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const { marks, lines } = read(markdown({ text }))
        expect(marks).toEqual([])
        expect(folded(lines.join(' '))).toBe(folded(plain(text)) || '·')
      }),
      { numRuns: 3000 },
    )
  })

  test('in a card: is read as it is, and the marks are those of the card', () => {
    fc.assert(
      fc.property(cardOf(nasty, 4), (given) => {
        const { marks, lines } = read(markdown({ card: given }))
        const rows = given.lines.filter(({ text }) => oneLine(text) !== '')
        const counts = Object.fromEntries(['bold', 'font', 'quote'].map((kind) => [kind, count(marks, kind)]))
        const title = oneLine(given.title) === '' ? 0 : 2
        const labels = rows.filter(({ label }) => oneLine(label) !== '').length * 2
        expect(counts).toMatchObject({ bold: title, font: title + labels + given.buttons.length * 2 })
        expect(marks.filter((mark) => !(mark in counts))).toEqual([])
        for (const words of [given.title, given.quote ?? '', given.note ?? '', ...rows.map(({ text }) => text)])
          expect(folded(lines.join(' '))).toContain(folded(plain(words)))
      }),
      { numRuns: 800 },
    )
  })

  test('what is cut before its indents go is seen to be cut', () => {
    expect(markdown({ text: 'order_12_3\n    code'.repeat(300) })).toMatch(/…$/)
  })
  test('however long: one message, without half a character, and cut where one can see it', () => {
    const cutAnywhere = { card: 0, text: 0 }
    fc.assert(
      fc.property(cardOf(long, 40), long, (given, text) => {
        for (const say of [{ card: given }, { text }, { card: given, text }]) {
          const written = markdown(say)
          expect(bytes(written)).toBeLessThanOrEqual(messageLimit)
          expect(written).toBe(Buffer.from(written).toString())
          const { marks, lines } = read(written)
          expect(marks.filter((mark) => !['bold', 'font', 'quote'].includes(mark))).toEqual([])
          const all = [
            ...('card' in say ? [given.quote ?? '', given.note ?? ''] : []),
            ...('text' in say ? [text] : []),
          ]
          const whole = all.every((words) => folded(lines.join(' ')).includes(folded(plain(words))))
          if (!whole) expect(written).toContain('…')
          if (!whole) cutAnywhere['card' in say ? 'card' : 'text']++
        }
      }),
      { numRuns: 60 },
    )
    expect(Math.min(...Object.values(cutAnywhere))).toBeGreaterThan(10)
  })
})

describe('4096 bytes', () => {
  test.each([
    ['Chinese', '退', 3],
    ['emoji', '😀', 4],
    ['letters', 'a', 1],
  ])('of %s: filled, and not one more', (_, one, size) => {
    const fits = one.repeat(Math.floor(messageLimit / size))
    expect(markdown({ text: fits })).toBe(fits)
    const written = markdown({ text: one.repeat(messageLimit + 1) })
    expect(written).toBe(`${one.repeat(Math.floor((messageLimit - 3) / size))}…`)
  })

  test('the quote takes what the rest leaves, and keeps its mark in every line', () => {
    const quote = Array.from({ length: 200 }, (_, at) => `第${at}行：一直没有发货`).join('\n')
    const written = markdown({ card: card({ quote, note: '请尽快', buttons: [button('同意')] }) })
    expect(bytes(written)).toBeGreaterThan(messageLimit - 40)
    const [, ...lines] = written.split('\n')
    expect(lines.slice(0, -3).every((line) => line.startsWith('> 第'))).toBe(true)
    expect(lines.at(-4)).toMatch(/…$/)
    expect(lines.slice(-3)).toEqual(['', '请尽快', expect.stringContaining('/show 128')])
  })

  test('sixty long lines leave room for the title, the customer and the way out', () => {
    const lines = Array.from({ length: 60 }, () => ({ label: '订单'.repeat(40), text: '长'.repeat(900) }))
    const given = card({
      title: `#128 ${'店'.repeat(400)}`,
      lines,
      quote: '退'.repeat(2000),
      note: '注'.repeat(2000),
      buttons: [button('同意')],
    })
    const written = markdown({ card: given })
    expect(bytes(written)).toBeLessThanOrEqual(messageLimit)
    expect(written.split('\n')).toEqual(expect.arrayContaining([expect.stringMatching(/^> 退{90,}…$/), '…']))
    expect(written).toContain('/show 128')
  })

  test('a cut leaves no joiner and no underscore at the edge', () => {
    expect(cut('👩‍💻👩‍💻', 7 + 3)).toBe('👩…')
    expect(cut('ab_cdefgh', 6)).toBe('ab…')
    expect(cut('abc', 2)).toBe('')
  })
})

const count = (marks: readonly string[], kind: string) => marks.filter((mark) => mark === kind).length
