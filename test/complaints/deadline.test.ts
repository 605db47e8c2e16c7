import { describe, expect, test } from 'vitest'
import type { Move, Phase } from '../../src/complaints/complaint.ts'
import { moveOf, owed } from '../../src/complaints/complaint.ts'
import { dueOf, leftOf, type Tone, toneOf } from '../../src/complaints/deadline.ts'
import { hour, move, plus, start } from './support.ts'

const due = (ms: number) => move('respond', { owed: true, due: plus(ms) })

describe('until when something is owed', () => {
  test.each([
    ['nothing is open', [], undefined],
    ['owed without a time', [move('respond', { owed: true })], undefined],
    ['open until then, but not owed', [move('appeal', { due: plus(5) })], undefined],
    ['owed until then', [due(5)], plus(5)],
    [
      'the earliest of several, whatever their order',
      [due(9), move('appeal', { due: plus(1) }), due(5), due(7)],
      plus(5),
    ],
  ] as const)('%s', (_, moves, at) => expect(dueOf({ moves })).toBe(at))
})

describe('how a card looks', () => {
  const table: readonly (readonly [string, Phase, readonly Move[], Tone])[] = [
    ['nothing is open', 'platform', [], 'calm'],
    ['the user’s turn', 'theirs', [], 'calm'],
    ['open, but not owed', 'remedy', [move('prove-refund', { due: plus(1) })], 'calm'],
    ['owed, nobody knows until when', 'platform', [move('add-evidence', { owed: true })], 'urgent'],
    ['more than 12 hours left', 'ours', [due(12 * hour + 1)], 'calm'],
    ['12 hours left to the millisecond', 'ours', [due(12 * hour)], 'urgent'],
    ['one millisecond left', 'ours', [due(1)], 'urgent'],
    ['the very moment', 'ours', [due(0)], 'late'],
    ['passed', 'ours', [due(-1)], 'late'],
    ['closed, though something stayed owed', 'closed', [due(-1)], 'settled'],
    ['closed, an appeal is open', 'closed', [move('appeal', { due: plus(1) })], 'settled'],
  ]
  test.each(table)('%s: %s', (_, phase, moves, tone) => expect(toneOf({ phase, moves }, start)).toBe(tone))
  test.each([
    ['calm', 'urgent'],
    ['urgent', 'urgent'],
    ['late', 'late'],
    ['settled', 'settled'],
  ] as const)('what the platform wants at once: %s becomes %s, while something has time yet', (before, after) => {
    const dated = table.filter(
      ([, , moves, tone]) => tone === before && moves.some(({ owed, due }) => owed && due !== undefined),
    )
    for (const [, phase, moves] of dated) expect(toneOf({ phase, moves, urgent: true }, start)).toBe(after)
  })
})

test('time left is counted in milliseconds and goes below zero', () => {
  expect([leftOf(plus(1500), start), leftOf(start, plus(1500))]).toEqual([1500, -1500])
})

test('a move is found by its kind, the owed one by being owed', () => {
  const moves = [move('appeal'), due(5)]
  expect([moveOf({ moves }, 'respond'), moveOf({ moves }, 'refund'), owed({ moves }), owed({ moves: [] })]).toEqual([
    moves[1],
    undefined,
    moves[1],
    undefined,
  ])
})
