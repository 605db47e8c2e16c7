import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fen, fenFromYuan, instant, later, millis, never, newId, yuan } from '../../src/core/words.ts'

describe('money', () => {
  test.each([
    ['19.9', 1990],
    ['19.90', 1990],
    ['0.01', 1],
    ['0.29', 29],
    ['1.15', 115],
    ['0', 0],
    ['007', 700],
    [' 12.5\n', 1250],
    ['999999999999.99', 99_999_999_999_999],
  ])('%j yuan are %d fen', (text, amount) => expect(fenFromYuan(text)).toBe(amount))

  test.each([
    '',
    '.',
    '.5',
    '5.',
    '-1',
    '+1',
    '1.234',
    '1,000',
    '¥12',
    '1e3',
    '12 3',
    '1.2.3',
    '１２',
    'NaN',
    '1'.repeat(13),
  ])('%j is no amount', (text) => expect(fenFromYuan(text)).toBeUndefined())

  test('every amount comes back from its text, to the fen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 11 }), (amount) => {
        const text = yuan(fen(amount))
        expect(fenFromYuan(text)).toBe(amount)
        // By the digits alone: no float between.
        expect(text).toBe(
          String(amount)
            .padStart(3, '0')
            .replace(/(\d\d)$/, '.$1'),
        )
      }),
      { numRuns: 2000 },
    )
  })

  test.each([-1, 0.5, 1989.9999999999998, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    '%d fen are refused',
    (amount) => expect(() => fen(amount)).toThrow(RangeError),
  )
})

describe('instants', () => {
  const range = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(9999, 11, 31) })
  test('sort as text exactly as in time, and come back to the millisecond', () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        const [x, y] = [instant(a), instant(b)]
        expect([x < y, x === y, x.length]).toEqual([a < b, a === b, 24])
        expect(millis(x)).toBe(a)
        expect(later(x, b - a)).toBe(y)
      }),
    )
  })
  test.each([Number.NaN, 1e18, Date.UTC(9999, 11, 31) + 86_400_000, Date.parse('-000001-01-01T00:00:00Z')])(
    '%d is no instant',
    (ms) => expect(() => instant(ms)).toThrow(RangeError),
  )
})

describe('ids', () => {
  test('say what they name, sort by time, and are never the same', () => {
    const now = Date.UTC(2026, 10, 21)
    const ids = Array.from({ length: 200 }, (_, index) => newId('complaint', randomBytes, now + index))
    expect(new Set(ids).size).toBe(200)
    expect([...ids].sort()).toEqual(ids)
    expect(ids.every((id) => /^cmp_[0-9a-z]{9}[0-9a-f]{20}$/.test(id))).toBe(true)
    expect(newId('complaint', randomBytes, now)).not.toBe(newId('complaint', randomBytes, now))
  })
  test('every kind has its own letters', () => {
    const kinds = [
      'tenant',
      'bot',
      'account',
      'merchant',
      'member',
      'room',
      'callback',
      'complaint',
      'action',
      'fact',
      'delivery',
    ] as const
    expect(new Set(kinds.map((kind) => newId(kind, randomBytes, 0).slice(0, 4))).size).toBe(kinds.length)
  })
})

test('the impossible case names what came', () => {
  expect(() => never({ kind: 'x' } as never)).toThrow('{"kind":"x"}')
})
