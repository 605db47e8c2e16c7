import { describe, expect, test } from 'vitest'
import { textFits } from '../../src/actions/gate.ts'
import {
  type Filling,
  faultsOf,
  filled,
  isMeant,
  named,
  type Template,
  templatesFor,
  variables,
  type WordedAct,
  wordedActsOf,
} from '../../src/complaints/template.ts'
import { starters } from '../../src/complaints/template-starters.ts'
import { asId, fen } from '../../src/core/words.ts'
import { complaint, move, words } from './support.ts'

const template = (over: Partial<Template> = {}): Template => ({
  id: asId<'template'>(over.name ?? 'tpl'),
  tenant: asId<'tenant'>('ten_1'),
  name: '道歉补发',
  text: '抱歉，马上补发。',
  for: [],
  reasons: [],
  platforms: [],
  position: 1,
  ...over,
})
const from = (over: Partial<Filling> = {}): Filling => ({
  complaint: complaint(),
  shop: '青禾优选',
  member: '小李',
  deadline: '11-23 16:00',
  ...over,
})
const fill = (text: string, over?: Partial<Filling>) => filled({ text }, from(over))

describe('a text is filled in', () => {
  test('every variable, by its name and by its Chinese one', () => {
    const [names, aliases] = [Object.keys(variables), Object.values(variables)]
    const said = '128|保温杯|T20240426001|19.90|商品问题 · 破损|11-23 16:00|青禾优选|小李'
    for (const each of [names, aliases]) expect(fill(each.map((name) => `{${name}}`).join('|'))).toEqual({ text: said })
  })
  test.each(['{Order}', '{ order }', '｛order｝', '｛ 订单号 ｝', '{ＯＲＤＥＲ}'])('%s is the order', (text) => {
    expect(fill(text)).toEqual({ text: 'T20240426001' })
  })
  test('once: what a customer or a shop wrote is never read as a variable', () => {
    expect(fill('{product}', { complaint: complaint({ product: '{order} $& $1' }) })).toEqual({ text: '{order} $& $1' })
  })
  test.each([
    ['product', ''],
    ['product', '  '],
    ['reason', ''],
  ])('what the complaint does not have is named as it is written: %s = %j', (field, value) => {
    expect(fill(`您的{ ${field} }`, { complaint: complaint({ [field]: value }) })).toEqual({ missing: `{ ${field} }` })
  })
  test('so is an order, an amount and a deadline that are not there', () => {
    const { outTradeNo: _, amountShown: __, ...bare } = complaint()
    const { deadline: ___, ...without } = from({ complaint: bare })
    for (const each of ['{订单号}', '{amount}', '{截止}'])
      expect(filled({ text: each }, without)).toEqual({ missing: each })
  })
  test('an amount of nothing is an amount', () => {
    expect(fill('{amount}', { complaint: complaint({ amountShown: fen(0) }) })).toEqual({ text: '0.00' })
  })
})

describe('what is wrong with a text', () => {
  test.each([
    ['您好', []],
    ['{order}{订单号}', []],
    ['{paid} {price} {paid}', ['paid', 'price']],
    ['{}', ['']],
    ['{constructor} {toString}', ['constructor', 'toString']],
  ])('%s: unknown %j', (text, names) => {
    expect(faultsOf(text)).toEqual(names.map((name) => ({ fault: 'unknown', name })))
  })
  test.each([
    ['{order', ['{']],
    ['order}', ['}']],
    ['{{order}}', ['{', '}']],
    ['｛order', ['｛']],
  ])('%s: alone stands %j', (text, braces) => {
    expect(faultsOf(text)).toEqual(braces.map((brace) => ({ fault: 'stray', brace })))
  })
  test('both kinds are told together', () => {
    expect(faultsOf('{x} {')).toEqual([
      { fault: 'unknown', name: 'x' },
      { fault: 'stray', brace: '{' },
    ])
  })
})

describe('a template is meant', () => {
  const meant = (over: Partial<Template>, act: WordedAct = 'agree') => isMeant(template(over), complaint(), act)
  test('for everything, when nothing limits it', () => expect(meant({})).toBe(true))
  test('for its acts', () => {
    expect(meant({ for: ['agree', 'talk'] })).toBe(true)
    expect(meant({ for: ['agree', 'talk'] }, 'refuse')).toBe(false)
  })
  test('for its platforms', () => {
    expect(meant({ platforms: ['wechat-pay', 'wechat-mini'] })).toBe(true)
    expect(meant({ platforms: ['wechat-pay'] })).toBe(false)
  })
  test('for reasons that have one of its parts in them, in any case and width', () => {
    expect(meant({ reasons: ['物流', '破损'] })).toBe(true)
    expect(meant({ reasons: ['物流'] })).toBe(false)
    const said = complaint({ reason: 'Ｄａｍａｇｅｄ goods' })
    expect(isMeant(template({ reasons: ['DAMAGED'] }), said, 'agree')).toBe(true)
  })
})

describe('what is offered', () => {
  const offered = (all: readonly Template[], takes = words, over?: Partial<Filling>) =>
    templatesFor(all, { act: 'agree', from: from(over), fits: (text) => !textFits(text, takes) })
  test('comes filled in, in the order given', () => {
    const all = [template({ name: '乙', text: '{n}' }), template({ name: '甲', text: '{shop}' })]
    expect(offered(all).map(({ template, text }) => [template.name, text])).toEqual([
      ['乙', '128'],
      ['甲', '青禾优选'],
    ])
  })
  test('is nothing that is meant for something else, or lacks a value', () => {
    const all = [template({ for: ['refuse'] }), template({ text: '{product}' })]
    expect(offered(all, words, { complaint: complaint({ product: '' }) })).toEqual([])
  })
  test('is judged by its length as it goes out, in the platform’s own unit', () => {
    const text = (max: number, unit: 'chars' | 'bytes') => ({ text: { max, unit, required: true } }) as const
    const all = [template({ text: '{product}' })]
    expect(offered(all, text(3, 'chars')).length).toBe(1)
    expect(offered(all, text(2, 'chars')).length).toBe(0)
    expect(offered(all, text(9, 'bytes')).length).toBe(1)
    expect(offered(all, text(8, 'bytes')).length).toBe(0)
  })
  test('has no character that the platform does not take, wherever it came from', () => {
    const takes = { text: { max: 200, unit: 'chars', required: true, plain: true } } as const
    const smile = { complaint: complaint({ product: '杯😀' }) }
    expect(offered([template({ text: '{product}' })], takes, smile)).toEqual([])
    expect(offered([template({ text: '{product}' })], takes).length).toBe(1)
  })
})

describe('a name', () => {
  const all = ['道歉', '道歉补发', '安排补发', 'Photos', 'photos please'].map((name) => template({ name }))
  test.each([
    ['道歉', ['道歉']],
    ['道歉补', ['道歉补发']],
    ['安排', ['安排补发']],
    ['补发', ['道歉补发', '安排补发']],
    ['PHOTOS', ['Photos']],
    ['ｐｈｏｔｏｓ p', ['photos please']],
    ['pho', ['Photos', 'photos please']],
    ['退款', []],
  ])('%s is %j', (word, names) => expect(named(all, word).map(({ name }) => name)).toEqual(names))
})

describe('a move is open for', () => {
  const choices = (...codes: string[]) => ({
    takes: { ...words, choices: codes.map((code) => ({ code, label: code })) },
  })
  test.each([
    ['its choices', move('respond', choices('agree', 'refuse')), ['agree', 'refuse']],
    ['a reply alone', move('respond', choices('talk')), ['talk']],
    ['any answer without choices', move('respond'), ['agree', 'refuse', 'talk']],
    ['the no to a refund, not the yes', move('decide-refund', choices('approve', 'reject')), ['reject']],
    ['no no where only a yes is taken', move('decide-refund', choices('approve')), []],
    ['proof, whether goods came back or not', move('prove-refund', choices('received')), ['prove-refund']],
    ['evidence', move('add-evidence'), ['add-evidence']],
    ['no money', move('refund'), []],
    ['no end', move('finish'), []],
    ['nothing where no words are taken', move('respond', { takes: {} }), []],
  ] as const)('%s', (_, of, acts) => expect(wordedActsOf(of)).toEqual(acts))
})

describe.each(Object.entries(starters))('what a business begins with in %s', (language, all) => {
  test('is four, each sound and with a name of its own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(4)
    for (const { name, text } of all) {
      expect([...name].length).toBeLessThanOrEqual(20)
      expect(faultsOf(text)).toEqual([])
      if (language === 'en') expect(name + text).not.toMatch(/\p{Script=Han}/u)
    }
  })
  test('fits the shortest platform once it is filled in', () => {
    const takes = { text: { max: 200, unit: 'chars', required: true, plain: true } } as const
    for (const starter of all) {
      const [act = 'talk'] = starter.for
      const fits = (text: string) => !textFits(text, takes)
      expect(templatesFor([template(starter)], { act, from: from(), fits }).length, starter.name).toBe(1)
    }
  })
})
