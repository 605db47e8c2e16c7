import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ActionKind, actionKinds } from '../../src/complaints/action.ts'
import {
  type Conditions,
  decide,
  defaultCaps,
  type Inputs,
  type Judged,
  type Money,
  type Payable,
  type Rule,
  type RuleAct,
  refundsIn,
  sumOf,
} from '../../src/complaints/rule.ts'
import { problemsOfRule } from '../../src/complaints/rule-check.ts'
import { asId, type Fen, fen, later } from '../../src/core/words.ts'
import { phases, start } from './support.ts'

const order = (over: Partial<Payable> = {}): Payable => ({
  ...{ order: '42', total: fen(1_990), underway: fen(0), left: fen(1_990), others: false },
  ...over,
})

const judged = (over: Partial<Judged> = {}): Judged => ({
  ...{ account: asId<'account'>('acc_1'), platform: 'wechat-mini', source: 'wechat-mini', phase: 'ours', version: 1 },
  ...{ running: 128, nth: 1, reason: '商品问题 · 破损', product: '保温杯', outTradeNo: 'T1', amountShown: fen(1_990) },
  ...{ provisional: false, said: '衣服破了一个洞' },
  moves: [
    { kind: 'respond', owed: true, choices: ['agree', 'refuse'] },
    { kind: 'refund', owed: false },
  ],
  ...over,
})

const inputs = (
  over: Partial<Omit<Inputs, 'complaint' | 'money'>> & { complaint?: Partial<Judged>; money?: Partial<Money> } = {},
): Inputs => ({
  ...{ now: start, hour: 16, shop: '小店', templates: [], inHand: false, acted: [], busy: [] },
  ...over,
  complaint: judged(over.complaint),
  money: {
    ...{ orders: [order()], alone: true, stopped: false, secondPersonFrom: fen(20_000), today: {}, toPayer: fen(0) },
    ...over.money,
  },
})

const refund: RuleAct = { kind: 'refund', orders: 'only', reason: '' }
const agree: RuleAct = { kind: 'respond', stance: 'agree', text: '抱歉' }
const rule = (act: RuleAct, over: Partial<Rule> = {}): Rule => ({
  ...{
    id: asId<'rule'>(over.name ?? 'a'),
    tenant: asId<'tenant'>('t'),
    name: 'a',
    position: 1,
    mode: 'on',
    accounts: [],
  },
  ...{ when: {}, act, delay: 60 },
  ...(act.kind === 'refund' ? { caps: defaultCaps } : {}),
  ...over,
})
const said = (of: Rule, given: Inputs) => {
  const [one] = decide([of], given)
  return one && (one.outcome === 'act' ? 'act' : `${one.outcome} ${one.why}`)
}

describe('a condition', () => {
  test.each<[string, Conditions, Parameters<typeof inputs>[0], boolean]>([
    ['an amount shown within', { shown: { from: 1_990, to: 1_990 } }, {}, true],
    ['an amount shown below', { shown: { from: 1_991 } }, {}, false],
    ['an amount shown above', { shown: { to: 1_989 } }, {}, false],
    [
      'what the orders cost together',
      { paid: { from: 3_000 } },
      { money: { orders: [order(), order({ order: '43' })] } },
      true,
    ],
    ['orders that cost less', { paid: { from: 3_000 } }, {}, false],
    ['the second complaint', { nth: { from: 2 } }, {}, false],
    ['an hour of the day', { hours: { from: 16, to: 17 } }, {}, true],
    ['an hour that is over', { hours: { from: 9, to: 16 } }, {}, false],
    ['the night, late', { hours: { from: 22, to: 8 } }, { hour: 22 }, true],
    ['the night, early', { hours: { from: 22, to: 8 } }, { hour: 7 }, true],
    ['the night, at eight', { hours: { from: 22, to: 8 } }, { hour: 8 }, false],
    ['a part of the reason, in any width', { reasons: ['破损', 'x'] }, {}, true],
    ['another reason', { reasons: ['发货'] }, {}, false],
    ['words of the customer, in any case', { has: ['ABC'] }, { complaint: { said: '型号 ａｂｃ' } }, true],
    ['words that are not there', { has: ['律师'] }, {}, false],
    ['words that must not be there', { lacks: ['律师'] }, { complaint: { said: '我找律师' } }, false],
    ['a source', { sources: ['wechat-pay'] }, {}, false],
    ['a phase', { phases: ['ours', 'remedy'] }, {}, true],
    ['what is owed', { owed: ['respond'] }, {}, true],
    ['what is open and not owed', { owed: ['refund'] }, {}, false],
  ])('%s', (_, when, over, holds) => {
    expect(said(rule({ ...refund, orders: 'every' }, { when }), inputs(over))).toBe(
      holds ? 'act' : `skip ${Object.keys(when)[0]}`,
    )
  })
  test('without an amount shown none is within', () => {
    const { amountShown: _, ...complaint } = judged()
    expect(said(rule(agree, { when: { shown: { to: 9_999_999 } } }), { ...inputs(), complaint })).toBe('skip shown')
  })
  test('an account, and the whole of the rule', () => {
    expect(said(rule(refund, { accounts: [asId('acc_2')] }), inputs())).toBe('skip account')
    expect(said(rule(refund, { mode: 'off' }), inputs())).toBe('skip off')
  })
})

describe('what holds a rule back', () => {
  test.each<[Parameters<typeof inputs>[0], string]>([
    [{ complaint: { provisional: true } }, 'would provisional'],
    [{ inHand: true }, 'would in-hand'],
    [{ acted: [asId('a')] }, 'skip once'],
    [{ complaint: { moves: [] } }, 'skip not-open'],
    [{ busy: ['refund'] }, 'would busy'],
    [{ busy: ['decide-refund'] }, 'would busy'],
    [{ busy: ['respond'] }, 'act'],
    [{ money: { alone: false } }, 'would not-automatic'],
    [{ money: { stopped: true } }, 'would breaker'],
    [{ money: { orders: 'away' } }, 'would away'],
    [{ money: { orders: [] } }, 'would no-order'],
    [{ money: { orders: [order({ others: true })] } }, 'would others'],
    [{ money: { orders: [order({ left: fen(0) })] } }, 'would refunded'],
    [{ money: { orders: [order({ left: fen(0), underway: fen(1_990) })] } }, 'would busy'],
    [{ money: { orders: [order(), order({ order: '43' })] } }, 'would several'],
    [{ money: { orders: [order({ total: fen(5_001), left: fen(5_001) })] } }, 'would cap-each'],
    [{ money: { secondPersonFrom: fen(1_990) } }, 'would second-person'],
    [{ money: { today: { [asId<'rule'>('a')]: fen(48_011) } } }, 'would cap-day'],
    [{ money: { today: { [asId<'rule'>('a')]: fen(48_010) } } }, 'act'],
    [{ money: { toPayer: fen(3_011) } }, 'would cap-payer'],
  ])('%j: %s', (over, expected) => expect(said(rule(refund), inputs(over))).toBe(expected))

  test('what it costs is asked only where it matters', () => {
    const { orders: _, ...unasked } = inputs().money
    const given = { ...inputs(), money: unasked }
    expect(said(rule(refund), given)).toBe('would unasked')
    expect(said(rule(agree, { when: { paid: { to: 1 } } }), given)).toBe('would unasked')
    expect(said(rule(agree), given)).toBe('act')
    expect(said(rule(refund, { when: { has: ['律师'] } }), given)).toBe('skip has')
  })

  test('an answer that the platform does not offer, and words that are not there', () => {
    expect(said(rule({ kind: 'respond', stance: 'talk', text: '好' }), inputs())).toBe('skip not-open')
    expect(said(rule({ kind: 'finish' }), inputs())).toBe('skip not-open')
    expect(said(rule({ ...agree, text: '截止 {截止}' }), inputs())).toBe('would missing')
    const byTemplate = rule({ kind: 'respond', stance: 'agree', template: asId('tpl') })
    expect(said(byTemplate, inputs())).toBe('would template-gone')
    const template = { id: asId<'template'>('tpl'), text: '好', for: ['refuse'], reasons: [], platforms: [] } as const
    expect(said(byTemplate, inputs({ templates: [template] }))).toBe('would template-unfit')
    expect(said(byTemplate, inputs({ templates: [{ ...template, for: [] }] }))).toBe('act')
  })
})

describe('what a rule does', () => {
  const does = (of: Rule, given = inputs()) => {
    const [one] = decide([of], given)
    return one?.outcome === 'act' ? one.does : one
  }
  test('the words, filled in, in the name of the shop', () => {
    const text = '{店铺}/{客服}：#{n} {商品} {订单号} ¥{金额}'
    expect(does(rule({ ...agree, text, pictures: ['h' as never] }))).toEqual({
      actions: [{ kind: 'respond', stance: 'agree', text: '小店/小店：#128 保温杯 T1 ¥19.90', pictures: ['h'] }],
    })
    expect(does(rule({ kind: 'note', text: '#{n}' }))).toEqual({ note: '#128' })
  })
  test('all that is left, never what the complaint shows', () => {
    const given = inputs({ complaint: { amountShown: fen(1) }, money: { orders: [order({ left: fen(900) })] } })
    expect(does(rule(refund), given)).toEqual({
      actions: [{ kind: 'refund', order: '42', amount: 900, total: 1_990, reason: '' }],
    })
  })
  test('every order that has something left', () => {
    const orders = [order(), order({ order: '43', left: fen(0) }), order({ order: '44', left: fen(10) })]
    const money = { orders }
    expect(does(rule({ ...refund, orders: 'every' }), inputs({ money }))).toMatchObject({
      actions: [
        { order: '42', amount: 1_990 },
        { order: '44', amount: 10 },
      ],
    })
  })
  test('where the user asked for the money, the yes that brings it', () => {
    const moves = [...judged().moves, { kind: 'decide-refund', owed: false, choices: ['approve', 'reject'] }] as const
    expect(does(rule(refund), inputs({ complaint: { moves } }))).toMatchObject({
      actions: [{ kind: 'decide-refund', verdict: 'approve', day: 0, next: { amount: 1_990 } }],
    })
  })
  test('at its time', () => {
    const [one] = decide([rule(agree, { delay: 90 })], inputs())
    expect(one).toMatchObject({ outcome: 'act', due: later(start, 90_000) })
  })
})

test('the first that may act does; notes stand in nobody’s way, and what is held back neither', () => {
  const rules = [
    rule(agree, { name: 'c', position: 3 }),
    rule({ kind: 'note', text: '看' }, { name: 'n', position: 1 }),
    rule(refund, { name: 'b', position: 2 }),
  ]
  const outcomes = (given: Inputs) =>
    decide(rules, given).map((one) => `${one.name} ${one.outcome === 'act' ? 'act' : one.why}`)
  expect(outcomes(inputs())).toEqual(['n act', 'b act', 'c after'])
  expect(outcomes(inputs({ money: { alone: false } }))).toEqual(['n act', 'b not-automatic', 'c act'])
})

describe('whatever rules and inputs there are', () => {
  const amounts = fc.integer({ min: 0, max: 30_000 }).map(fen)
  const little = fc.integer({ min: 0, max: 3_000 }).map(fen)
  /** As it mostly is, and now and then anything. */
  const mostly = <Value>(usual: fc.Arbitrary<Value>, odd: fc.Arbitrary<Value>) =>
    fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd })
  const range = fc.record(
    { from: fc.integer({ min: 0, max: 3_000 }), to: fc.integer({ min: 0, max: 9_000 }) },
    { requiredKeys: [] },
  )
  const anyWhen: fc.Arbitrary<Conditions> = fc.record(
    {
      ...{ shown: range, paid: range, nth: range },
      hours: fc.record({ from: fc.integer({ min: 0, max: 23 }), to: fc.integer({ min: 0, max: 24 }) }),
      ...{ has: fc.array(fc.constantFrom('破', '律师')), lacks: fc.array(fc.constantFrom('破', '律师')) },
      phases: fc.subarray([...phases]),
    },
    { requiredKeys: [] },
  )
  const anyAct: fc.Arbitrary<RuleAct> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('refund' as const),
        orders: fc.constantFrom('only' as const, 'every' as const),
        reason: fc.constant(''),
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom<RuleAct>(agree, { kind: 'note', text: '看' }, { kind: 'finish' }) },
  )
  const anyRules: fc.Arbitrary<readonly Rule[]> = fc
    .array(
      fc.record({
        ...{
          act: anyAct,
          when: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: anyWhen }),
        },
        mode: fc.constantFrom('on' as const, 'on' as const, 'off' as const),
        caps: fc.record({ each: amounts, day: amounts, payerDay: amounts }),
        ...{ delay: fc.integer({ min: 0, max: 9 }), position: fc.integer({ min: 1, max: 4 }) },
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((all) => all.map((one, at) => rule(one.act, { ...one, name: `r${at}` })))
  const anyOrder: fc.Arbitrary<Payable> = fc
    .record({
      order: fc.constantFrom('42', '43', '44'),
      ...{ left: mostly(little, amounts), underway: mostly(fc.constant(fen(0)), little), more: amounts },
      others: mostly(fc.constant(false), fc.constant(true)),
    })
    .map(({ more, ...one }) => ({ ...one, total: fen(one.left + one.underway + more) }))
  const anyInputs: fc.Arbitrary<Inputs> = fc
    .record({
      hour: fc.integer({ min: 0, max: 23 }),
      ...{
        inHand: mostly(fc.constant(false), fc.constant(true)),
        provisional: mostly(fc.constant(false), fc.constant(true)),
      },
      phase: fc.constantFrom(...phases),
      moves: mostly(
        fc.constant(judged().moves),
        fc.uniqueArray(fc.record({ kind: fc.constantFrom(...actionKinds), owed: fc.boolean() }), {
          selector: ({ kind }) => kind,
        }),
      ),
      orders: fc.oneof(
        {
          weight: 6,
          arbitrary: fc.uniqueArray(anyOrder, { selector: (one) => one.order, minLength: 1, maxLength: 2 }),
        },
        { weight: 1, arbitrary: fc.constantFrom('away' as const, undefined) },
      ),
      ...{
        alone: mostly(fc.constant(true), fc.constant(false)),
        stopped: mostly(fc.constant(false), fc.constant(true)),
      },
      ...{
        secondPersonFrom: mostly(fc.constant(fen(20_000)), amounts),
        today: mostly(little, amounts),
        toPayer: mostly(little, amounts),
      },
      acted: mostly(fc.constant<string[]>([]), fc.subarray(['r0', 'r1'])),
      busy: mostly(fc.constant<ActionKind[]>([]), fc.subarray([...actionKinds], { maxLength: 1 })),
    })
    .map((one) => {
      const { hour, inHand, acted, busy, provisional, phase, moves, orders, today, ...money } = one
      return inputs({
        ...{ hour, inHand, acted: acted.map((id) => asId<'rule'>(id)), busy },
        complaint: { provisional, phase, moves },
        money: {
          ...money,
          ...(orders === undefined ? {} : { orders }),
          today: Object.fromEntries(['r0', 'r1', 'r2', 'r3'].map((id) => [id, today])) as Money['today'],
        },
      })
    })

  const each = (
    holds: (of: {
      rules: readonly Rule[]
      given: Inputs
      acts: readonly { rule: Rule; refunds: readonly { amount: Fen; order: string }[]; kind: string }[]
    }) => void,
    least = 0.05,
  ) => {
    let acted = 0
    const runs = 3_000
    fc.assert(
      fc.property(anyRules, anyInputs, (rules, given) => {
        const acts = decide(rules, given).flatMap((one) => {
          const by = rules.find(({ id }) => id === one.rule)
          return one.outcome === 'act' && by ? [{ rule: by, refunds: refundsIn(one.does), kind: one.act }] : []
        })
        if (acts.some(({ refunds }) => refunds.length > 0)) acted += 1
        holds({ rules, given, acts })
      }),
      { numRuns: runs },
    )
    // A property about money that never sees any would say nothing.
    expect(acted / runs).toBeGreaterThan(least)
  }

  test('nothing is done about what is provisional, by a rule that is off, twice, or in a person’s hands', () => {
    each(({ given, acts }) => {
      if (given.complaint.provisional) expect(acts).toEqual([])
      for (const { rule: by, kind } of acts) {
        expect(by.mode).toBe('on')
        expect(given.acted).not.toContain(by.id)
        if (kind !== 'note') expect(given.inHand).toBe(false)
      }
    })
  })
  test('no refund is above a cap, above what is left, of strange orders, or stopped', () => {
    each(({ given, acts }) => {
      for (const { rule: by, refunds } of acts) {
        if (refunds.length === 0) continue
        const { each: most, day, payerDay } = by.caps ?? defaultCaps
        const sum = refunds.reduce((all, { amount }) => all + amount, 0)
        expect(given.money.alone && !given.money.stopped).toBe(true)
        for (const { amount, order: number } of refunds) {
          const known = Array.isArray(given.money.orders)
            ? given.money.orders.find((one) => one.order === number)
            : undefined
          expect(known).toMatchObject({ left: amount, others: false, underway: 0 })
          expect(amount).toBeGreaterThan(0)
          expect(amount).toBeLessThanOrEqual(most)
          expect(amount).toBeLessThan(given.money.secondPersonFrom)
        }
        expect(sum + (given.money.today[by.id] ?? 0)).toBeLessThanOrEqual(day)
        expect(sum + given.money.toPayer).toBeLessThanOrEqual(payerDay)
      }
    })
  })
  test('at most one acts, notes aside; the same again is the same; the inputs are plain', () => {
    each(({ rules, given, acts }) => {
      expect(acts.filter(({ kind }) => kind !== 'note').length).toBeLessThanOrEqual(1)
      const kept = JSON.parse(JSON.stringify(given)) as Inputs
      expect(JSON.stringify(decide(rules, kept))).toBe(JSON.stringify(decide(rules, given)))
    })
  })
})

describe('a rule that could never do what it says', () => {
  const bounds = { secondPersonFrom: fen(20_000), refundEach: fen(10_000), refundDay: fen(60_000) }
  const fields = (of: Rule) => problemsOfRule(of, bounds).map(({ field }) => field)
  const caps = (over: Partial<typeof defaultCaps>) => rule(refund, { caps: { ...defaultCaps, ...over } })
  test.each<[string, Rule, string[]]>([
    ['is fine', rule(refund), []],
    [
      'from above to',
      rule(refund, { when: { shown: { from: 2, to: 1 }, nth: { from: 3, to: 2 } } }),
      ['when.shown', 'when.nth'],
    ],
    ['no hour at all', rule(refund, { when: { hours: { from: 8, to: 8 } } }), ['when.hours']],
    ['asks for what it forbids', rule(refund, { when: { has: ['请律师'], lacks: ['律师'] } }), ['when.lacks.0']],
    ['forbids one of two', rule(refund, { when: { has: ['律师', '退钱'], lacks: ['律师'] } }), []],
    ['only what is closed', rule(refund, { when: { phases: ['closed'] } }), ['when.phases']],
    ['a note about what is closed', rule({ kind: 'note', text: '看' }, { when: { phases: ['closed'] } }), []],
    ['more than the business', caps({ each: fen(10_001), payerDay: fen(20_000) }), ['caps.each']],
    ['more in a day than the business', caps({ day: fen(60_001) }), ['caps.day']],
    ['more for one than in a day', caps({ each: fen(600), day: fen(500) }), ['caps.each']],
    ['more for one than a customer gets', caps({ payerDay: fen(4_999) }), ['caps.each']],
    ['orders above its cap', rule(refund, { when: { paid: { from: 5_001 } } }), ['when.paid.from']],
    ['caps without money', rule(agree, { caps: defaultCaps }), ['caps']],
    ['a variable that nobody knows', rule({ ...agree, text: '{paid} {' }), ['act.text', 'act.text']],
  ])('%s', (_, of, expected) => expect(fields(of)).toEqual(expected))
  test('two people are needed: a rule is nobody', () => {
    expect(problemsOfRule(caps({ each: fen(4_000) }), { secondPersonFrom: fen(4_000) })).toMatchObject([
      { field: 'caps.each' },
    ])
  })
})

test('sums are of refunds alone', () => {
  expect(sumOf({ note: 'x' })).toBe(0)
})
