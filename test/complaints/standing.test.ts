import { describe, expect, test } from 'vitest'
import { digestsOf, sumOf } from '../../src/complaints/digest.ts'
import { type Penalty, rerating, type Standing } from '../../src/complaints/standing.ts'
import { asId, fen, instant, later } from '../../src/core/words.ts'

const begin = instant(Date.UTC(2026, 2, 1))
const penalty = (number: string, more: Partial<Penalty> = {}): Penalty => ({
  ...{ number, wording: '发货超时', label: '扣分审批通过', minus: 3, at: begin },
  ...more,
})
const rating: Standing = { score: 100, penalties: [penalty('1')], guarantee: { active: true, reasons: [] } }

describe('what is new in a rating', () => {
  test('nothing where nothing is', () => expect(rerating(rating, rating, begin)).toBeUndefined())

  test('the score, what came, what stands otherwise, and the guarantee', () => {
    const off = { active: false, message: '未达标', reasons: [] }
    const [first, second] = [penalty('1', { label: '申诉成功' }), penalty('2')]
    expect(rerating(rating, { score: 97, penalties: [second, first], guarantee: off }, begin)).toEqual({
      ...{ score: { from: 100, to: 97 }, penalties: [second, first], guarantee: off },
    })
  })

  test('what is old and only new to us is no news, and what cannot be read neither', () => {
    expect(rerating(rating, { score: 100, penalties: [penalty('0')] }, later(begin, 1))).toBeUndefined()
    expect(rerating(rating, { penalties: [] }, begin)).toBeUndefined()
    expect(rerating({ penalties: [] }, { score: 90, penalties: [] }, begin)).toEqual({
      ...{ score: { to: 90 }, penalties: [] },
    })
  })
})

describe('a day in numbers', () => {
  const [a, b] = [asId<'account'>('a'), asId<'account'>('b')]
  const open = [
    { account: a, moves: [{ kind: 'respond', owed: true, due: begin }], amountShown: fen(1_990) },
    {
      account: a,
      moves: [
        { kind: 'respond', owed: true, due: later(begin, 1) },
        { kind: 'finish', owed: true },
      ],
    },
    { account: b, moves: [{ kind: 'respond', owed: false }], amountShown: fen(500) },
  ] as const

  test('of each account: by what is owed, what is late, what is at stake; what happened, and what rules did', () => {
    const digests = digestsOf(
      open,
      [
        { account: a, what: 'came' },
        { account: b, what: 'ruled', act: 'refund', amount: fen(500) },
        { account: b, what: 'ruled', act: 'refund', amount: fen(300) },
      ],
      begin,
    )
    expect(digests).toEqual([
      {
        ...{ account: a, open: 2, owed: { respond: 2, finish: 1 }, late: 1, atRisk: 1_990 },
        ...{ came: 1, closed: 0, done: 0, ruled: {}, refunded: 0 },
      },
      {
        ...{ account: b, open: 1, owed: {}, late: 0, atRisk: 0 },
        ...{ came: 0, closed: 0, done: 0, ruled: { refund: 2 }, refunded: 800 },
      },
    ])
    expect(sumOf(digests)).toMatchObject({ open: 3, owed: { respond: 2 }, ruled: { refund: 2 } })
  })

  test('nothing of accounts with nothing to tell', () => expect(digestsOf([], [], begin)).toEqual([]))
})
