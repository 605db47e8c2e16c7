import { describe, expect, test } from 'vitest'
import type { Complaint, Snapshot } from '../../src/complaints/complaint.ts'
import type { Fact } from '../../src/complaints/fact.ts'
import { reconcile } from '../../src/complaints/reconcile.ts'
import { fen } from '../../src/core/words.ts'
import { complaint, hour, move, plus, said, snapshot, start } from './support.ts'

/** What the facts say, in a word each. */
const told = (facts: readonly Fact[]) =>
  facts.map((fact) => {
    if (fact.kind === 'said') return `said ${fact.happening.text}`
    if (fact.kind === 'turned') return `turned ${fact.from} ${fact.to} ${fact.label}`
    return fact.kind === 'provisional' ? `provisional ${fact.why}` : fact.kind
  })

function taken(before: Complaint | undefined, now: Snapshot) {
  const news = reconcile(before, now)
  if (news.outcome === 'stale') throw new Error('stale')
  return { version: news.version, facts: told(news.facts) }
}

const next = (over: Partial<Snapshot>) => snapshot({ asOf: plus(1), ...over })

describe('a first answer', () => {
  test('opens the complaint at version 1; what happened before we met it is no news', () => {
    expect(taken(undefined, snapshot())).toEqual({ version: 1, facts: ['opened'] })
  })
  test('that was made from a callback says why, even when there is no reason', () => {
    expect(taken(undefined, snapshot({ provisional: '48001' })).facts).toEqual(['opened', 'provisional 48001'])
    expect(taken(undefined, snapshot({ provisional: '' })).facts).toEqual(['opened', 'provisional '])
  })
})

describe('which answer wins', () => {
  const real = complaint({ asOf: plus(10) })
  const guess = complaint({ asOf: plus(10), provisional: '48001' })
  test.each([
    ['the same question again', real, snapshot({ asOf: plus(10) }), 'stale'],
    ['an older one, whatever it says', real, snapshot({ asOf: plus(9), phase: 'closed' }), 'stale'],
    ['a later one', real, snapshot({ asOf: plus(11) }), 'taken'],
    ['a newer callback never stands over a read', real, snapshot({ asOf: plus(99), provisional: '' }), 'stale'],
    ['a read stands over a callback of the same moment', guess, snapshot({ asOf: plus(10) }), 'taken'],
    ['a read stands over a newer callback', guess, snapshot({ asOf: plus(1) }), 'taken'],
    ['a newer callback stands over an older', guess, snapshot({ asOf: plus(11), provisional: 'x' }), 'taken'],
    ['an older callback does not', guess, snapshot({ asOf: plus(9), provisional: 'x' }), 'stale'],
  ] as const)('%s', (_, before, now, outcome) => expect(reconcile(before, now).outcome).toBe(outcome))
})

describe('a step that only names the new state', () => {
  const before = complaint({ label: '待商家处理', timeline: [] })
  const step = (over: object) => ({ at: plus(1), by: 'user' as const, label: '已撤销', pictures: [], ...over })
  const factsOf = (over: object, label = '已撤销') => taken(before, next({ label, timeline: [step(over)] })).facts
  const turned = (label: string) => `turned ${before.phase} ${before.phase} ${label}`
  test('is told by the turn alone', () => expect(factsOf({})).toEqual([turned('已撤销')]))
  test.each([
    ['has words', { text: '不要了' }, 'said 不要了'],
    ['has pictures', { pictures: ['https://cdn.example/1.jpg'] }, 'said undefined'],
    ['names something else', { label: '用户' }, 'said undefined'],
  ])('but not where it %s', (_, over, words) => expect(factsOf(over)).toEqual([words, turned('已撤销')]))
  test('nor where nothing has turned', () =>
    expect(taken({ ...before, label: '已撤销' }, next({ label: '已撤销', timeline: [step({})] })).facts).toEqual([
      'said undefined',
    ]))
})

describe('what makes every card before it out of date', () => {
  const base = complaint({ version: 7 })
  test.each([
    ['whose turn it is', { phase: 'theirs' }],
    ['a move that is no longer open', { moves: [] }],
    ['another move', { moves: [move('add-evidence', { owed: true })] }],
    ['a move that is no longer owed', { moves: [move('respond')] }],
    ['another order', { orders: ['4200002180'] }],
    ['the amount shown', { amountShown: fen(1991) }],
    ['the complaint’s text', { text: '衣服破了两个洞' }],
    ['the user’s last words', { timeline: [said(start, '衣服破了一个洞'), said(plus(5), '还在吗')] }],
  ] satisfies [string, Partial<Snapshot>][])('%s', (_, over) => {
    expect(taken(base, next(over)).version).toBe(8)
  })
  test('the first good read of what was provisional', () => {
    expect(taken(complaint({ version: 7, provisional: '48001' }), next({})).version).toBe(8)
  })
})

describe('what does not', () => {
  const base = complaint({ version: 7 })
  test.each([
    ['the platform’s word for the state', { label: '待商家处理' }],
    ['its code, when the turn stays', { code: '399' }],
    ['new addresses of the same pictures', { pictures: ['https://cdn.example/new.jpg'] }],
    ['the platform’s own steps', { timeline: [said(start, '衣服破了一个洞'), said(plus(5), '处理中', 'platform')] }],
    ['our own words', { timeline: [said(start, '衣服破了一个洞'), said(plus(5), '抱歉', 'merchant')] }],
    ['a later due time', { moves: [move('respond', { owed: true, due: plus(50 * hour) })] }],
    ['a warning', { warnings: ['look'] }],
    ['the person', { person: { name: '李四' } }],
  ] satisfies [string, Partial<Snapshot>][])('%s', (_, over) => {
    expect(taken(base, next(over)).version).toBe(7)
  })
})

describe('what is told', () => {
  const first = said(start, '衣服破了一个洞')
  test('the user’s and the platform’s new steps, in their order; not our own, which our own facts tell', () => {
    const timeline = [
      first,
      said(plus(1), '在吗'),
      said(plus(2), '请处理', 'platform'),
      said(plus(3), '抱歉', 'merchant'),
    ]
    expect(taken(complaint(), next({ timeline })).facts).toEqual(['said 在吗', 'said 请处理'])
  })
  test('a step whose pictures have new addresses is the same step', () => {
    const before = complaint({ timeline: [{ ...first, pictures: ['https://cdn.example/1?sign=a'] }] })
    expect(taken(before, next({ timeline: [{ ...first, pictures: ['https://cdn.example/1?sign=b'] }] })).facts).toEqual(
      [],
    )
  })
  test('a step without text and one with empty text are the same step', () => {
    const { text: _, ...bare } = first
    expect(taken(complaint({ timeline: [bare] }), next({ timeline: [{ ...bare, text: '' }] })).facts).toEqual([])
  })
  test('another turn, with both ends and their word', () => {
    expect(taken(complaint(), next({ phase: 'theirs', code: '203', label: '已回应' })).facts).toEqual([
      'turned ours theirs 已回应',
    ])
  })
  test('another state of the same turn', () => {
    expect(
      taken(complaint({ phase: 'platform', code: '101' }), next({ phase: 'platform', code: '103', label: 'x' })).facts,
    ).toEqual(['turned platform platform x'])
  })
  test('a closed complaint that the user continues', () => {
    expect(taken(complaint({ phase: 'closed', code: '205' }), next({})).facts).toEqual(['turned closed ours 待处理'])
  })
  test('the first good read is told once, without the steps that the callback did not have', () => {
    const before = complaint({ provisional: '48001', timeline: [] })
    expect(taken(before, next({ timeline: [first, said(plus(1), '在吗')] })).facts).toEqual(['read'])
    expect(taken(before, next({ phase: 'closed', code: '205', label: '完结' })).facts).toEqual([
      'read',
      'turned ours closed 完结',
    ])
  })
  test('nothing, when nothing is new', () => expect(taken(complaint(), next({})).facts).toEqual([]))
})
