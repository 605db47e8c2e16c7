import { describe, expect, test } from 'vitest'
import { commands, helpText } from '../../src/chat/commands.ts'
import { problem, text, textKeys } from '../../src/chat/texts.ts'
import { whyText } from '../../src/chat/why.ts'
import { fen } from '../../src/core/words.ts'
import { complaint, words } from '../complaints/support.ts'

const holes = (template: string) => [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
const zh = (key: (typeof textKeys)[number]) => text('zh-CN', key)
const en = (key: (typeof textKeys)[number]) => text('en', key)

/** Latin letters that a Chinese screen may hold: what is typed as it stands, and a unit. */
const allowed = [
  ...['/list', '/bind', '/help', '/import', '/refund', '/reply', '/undo', '/show', '/lang en', '/link'],
  ...['/authorize', 'redress merchant update', 'redress merchant claim', 'redress merchant waiting', 'publicUrl'],
  ...['redress bot disable', 'redress bot enable', 'MB', 'redress doctor', 'redress channel add'],
  ...['redress channel update', 'redress recipient add', 'redress recipient update'],
]

describe('every text', () => {
  test('there are texts to check', () => expect(textKeys.length).toBeGreaterThan(120))
  test.each(textKeys)('%s is there in both languages, with the same places to fill in', (key) => {
    expect(zh(key).trim()).not.toBe('')
    expect(en(key).trim()).not.toBe('')
    expect(holes(zh(key))).toEqual(holes(en(key)))
  })
  test.each(textKeys)('%s holds no Latin letter in Chinese but allowed words', (key) => {
    const left = allowed.reduce((rest, word) => rest.replaceAll(word, ''), zh(key).replace(/\{\w+\}/g, ''))
    expect(left.match(/[A-Za-zＡ-Ｚａ-ｚ]+/g)).toBeNull()
  })
  test.each(textKeys)('%s holds no Chinese character in English', (key) => {
    expect(en(key).match(/[\p{Script=Han}，。；：（）「」]/gu)).toBeNull()
  })
  test('every allowed word is used, so that the list does not grow stale', () => {
    const all = textKeys.map(zh).join('\n')
    expect(allowed.filter((word) => !all.includes(word))).toEqual([])
  })
  test('every command that a text names exists', () => {
    const named = textKeys.flatMap((key) => [
      ...zh(key).matchAll(/\/([a-z]+)/g),
      ...en(key).matchAll(/(?<![\w>])\/([a-z]+)/g),
    ])
    const known = new Set(commands.map(({ name }) => name))
    expect(named.map(([, name]) => name).filter((name) => !known.has(name ?? ''))).toEqual([])
  })
})

describe('a text is filled in', () => {
  test('once: what people wrote is never read as a place to fill in', () => {
    expect(text('zh-CN', 'fact.said', { n: 128, text: '{n} {text} $1 $&' })).toBe('#128 用户：{n} {text} $1 $&')
  })
  test('nothing and zero are words too', () => expect(text('en', 'time.minutes', { n: 0 })).toBe('0 min'))
  test('a place without its word stays visible', () =>
    expect(text('en', 'list.more')).toBe('The first {count} are shown'))
})

describe('what went wrong outside', () => {
  test.each([
    ['zh-CN', '图片过大 | picture too big', '图片过大'],
    ['en', '图片过大 | picture too big', 'picture too big'],
    ['en', '图片过大', '图片过大'],
    ['zh-CN', 'socket hang up', 'socket hang up'],
    ['zh-CN', undefined, ''],
    ['zh-CN', '@nobody-knows-this', '@nobody-knows-this'],
  ] as const)('in %s: %j is said as %j', (language, message, said) => expect(problem(language, message)).toBe(said))
  test('our own are named by @ and have both languages', () => {
    for (const name of ['@unsupported', '@unreachable', '@unclear']) {
      expect(problem('zh-CN', name)).toMatch(/请/)
      expect(problem('en', name)).not.toContain('@')
    }
  })
})

describe('help', () => {
  test.each(['zh-CN', 'en'] as const)('in %s has every command with its example', (language) => {
    const lines = helpText(language).split('\n')
    expect(lines.length).toBe(commands.length + 1)
    for (const { name, example, help } of commands) {
      expect(example.startsWith(`/${name}`)).toBe(true)
      expect(lines.some((line) => line.startsWith(example) && line.includes(text(language, help)))).toBe(true)
    }
  })
  test('in Chinese names the Chinese word of each; in English uses no Chinese', () => {
    for (const { aliases } of commands) expect(helpText('zh-CN')).toContain(`（${aliases[0]}，`)
    expect(helpText('en')).not.toMatch(/[\p{Script=Han}（）]/u)
  })
  test('the commands are those of this stage, each name and alias once', () => {
    expect(commands.map(({ name }) => name)).toEqual(
      'list show reply agree refuse refund approve reject evidence proof appeal finish claim release note assign t undo due snooze duty rules search import authorize link reveal score violations test doctor lang help bind whoami'.split(
        ' ',
      ),
    )
    const all = commands.flatMap(({ name, aliases }) => [name, ...aliases])
    expect(new Set(all).size).toBe(all.length)
    expect(commands.every(({ aliases }) => aliases.some((alias) => /\p{Script=Han}/u.test(alias)))).toBe(true)
  })
  test('whoever has no run is answered before anything is bound', () => {
    expect(commands.filter(({ run }) => !run).map(({ name, early }) => [name, early])).toEqual([
      ['help', true],
      ['bind', true],
      ['whoami', true],
    ])
  })
})

describe('a refusal says what to do next', () => {
  test.each([
    [{ why: 'role', needs: 'refunder' }, '你的角色不能做这件事，需要「可退款」；请找管理员调整'],
    [{ why: 'not-open' }, '#128 现在不能做这一步（待处理）；请看最新卡片上的按钮'],
    [{ why: 'changed' }, '刚刚有变化，请再看一次'],
    [{ why: 'expired' }, '这个按钮已过期；请用最新卡片重新操作'],
    [{ why: 'words-missing', takes: words }, '还缺内容：请写说明，或附图片'],
    [{ why: 'text-too-long', most: 500, is: 501, unit: 'chars' }, '太长了：501 字，最多 500 字；请删短后重发'],
    [{ why: 'pictures-too-many', most: 4, is: 5 }, '图片太多：5 张，最多 4 张；请去掉几张后重发'],
    [{ why: 'unknown-choice', choices: ['A', 'B'] }, '没有这个选项；可选：A / B'],
    [{ why: 'words-missing', takes: { ...words, either: false } }, '还缺文字；请写清楚后重发'],
    [
      { why: 'text-too-long', most: 80, is: 81, unit: 'bytes' },
      '太长了：81 字节，最多 80 字节（一个汉字 3 字节）；请删短后重发',
    ],
    [{ why: 'no-order' }, '这个订单不是 #128 的；请发送 /refund 128 重新发起'],
    [{ why: 'no-amount' }, '#128 的退款金额不对：要大于零且不超过订单；请发送 /refund 128 重新发起'],
    [{ why: 'others' }, '#128 的订单另有退款，金额未知；请发送 /refund 128，看过提示再确认'],
    [{ why: 'too-much', most: fen(990) }, '超过可退金额，最多 ¥9.90；例如 /refund 128 9.90'],
    [{ why: 'too-much', most: fen(0) }, '#128 没有可退的金额了'],
    [{ why: 'order-busy', by: 'Chen' }, '这个订单有一笔退款在途，由 Chen 发起；请等它有结果'],
    [{ why: 'too-often' }, '这个订单的退款次数已到平台上限；请到商户平台处理'],
    [{ why: 'too-late' }, '付款已超过一年，平台不再退；请用别的方式退给用户'],
    [
      { why: 'cap', whose: 'member', cap: 'each', most: fen(5000) },
      '超过你的单笔上限，最多 ¥50.00；请少退，或请管理员调整：redress member update … --refund-each',
    ],
    [
      { why: 'cap', whose: 'member', cap: 'day', most: fen(0) },
      '超过你的当日上限，今天还能退 ¥0.00；请明天再退，或请管理员调整：redress member update … --refund-day',
    ],
    [
      { why: 'cap', whose: 'tenant', cap: 'each', most: fen(5000) },
      '超过商家的单笔上限，最多 ¥50.00；请少退，或请管理员调整：redress tenant update … --refund-each',
    ],
    [
      { why: 'cap', whose: 'tenant', cap: 'day', most: fen(100) },
      '超过商家的当日上限，今天还能退 ¥1.00；请明天再退，或请管理员调整：redress tenant update … --refund-day',
    ],
    [{ why: 'second-person', from: fen(20_000) }, '从 ¥200.00 起需要第二人批准；请在群里发送 /refund 128 单独发起'],
    [
      { why: 'not-the-second', needs: 'refunder' },
      '批准要另一位「可退款」，金额也要在其本人上限之内；请换一位同事，或请管理员调整',
    ],
  ] as const)('%j', (why, said) => {
    expect(whyText('zh-CN', complaint(), why)).toBe(said)
    expect(whyText('en', complaint({ label: 'x' }), why)).not.toMatch(/\p{Script=Han}|\{/u)
  })
})
