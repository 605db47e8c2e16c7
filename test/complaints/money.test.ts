import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leftOfOrder, overCap } from '../../src/complaints/money.ts'
import { fen } from '../../src/core/words.ts'

const amount = fc.integer({ min: 0, max: 10 ** 11 }).map(fen)
const order = (paid: number, refunded: number | 'unknown') => ({
  number: '4200',
  paid: fen(paid),
  refunded: refunded === 'unknown' ? refunded : fen(refunded),
})

describe('what may still be given back of an order', () => {
  test.each([
    ['all of it', order(1990, 0), 0, { certain: true, most: 1990 }],
    ['what was given back is gone', order(1990, 990), 0, { certain: true, most: 1000 }],
    ['what is on its way counts as given', order(1990, 990), 400, { certain: true, most: 600 }],
    ['nothing', order(1990, 1990), 0, { certain: true, most: 0 }],
    ['nothing, rather than less', order(1990, 1990), 1, { certain: true, most: 0 }],
    ['refunds that we did not make: never certain', order(1990, 'unknown'), 0, { certain: false, most: 1990 }],
    ['and ours on their way still count', order(1990, 'unknown'), 1000, { certain: false, most: 990 }],
  ])('%s', (_, of, underway, left) => expect(leftOfOrder(of, fen(underway))).toEqual(left))

  test('is never negative, never more than was paid, and with what is gone never more than was paid', () => {
    fc.assert(
      fc.property(amount, fc.oneof(amount, fc.constant('unknown' as const)), amount, (paid, refunded, underway) => {
        const left = leftOfOrder({ number: '1', paid, refunded }, underway)
        expect(left.most).toBeGreaterThanOrEqual(0)
        expect(left.most).toBeLessThanOrEqual(paid)
        expect(left.certain).toBe(refunded !== 'unknown')
        const gone = (refunded === 'unknown' ? 0 : refunded) + underway
        expect(left.most === 0 || left.most + gone === paid).toBe(true)
      }),
    )
  })

  test('refunds of any sizes, each taken from what is left, give back the whole order and no more', () => {
    fc.assert(
      fc.property(amount, fc.array(amount, { maxLength: 20 }), (paid, wishes) => {
        let given = 0
        for (const wish of wishes) given += Math.min(wish, leftOfOrder(order(paid, given), fen(0)).most)
        expect(given).toBe(
          Math.min(
            paid,
            wishes.reduce((sum, wish) => sum + wish, 0),
          ),
        )
      }),
    )
  })
})

describe('what a person or rule may give', () => {
  const caps = { each: fen(5000), day: fen(20_000) }
  test.each([
    ['both caps to the fen', 5000, 15_000, undefined],
    ['one fen over for one refund', 5001, 0, { cap: 'each', most: 5000 }],
    ['one fen over for the day: what is left of it', 5000, 15_001, { cap: 'day', most: 4999 }],
    ['the day is used up', 1, 20_000, { cap: 'day', most: 0 }],
    ['the day is more than used up, after the cap was lowered', 1, 30_000, { cap: 'day', most: 0 }],
    ['over both: the cap of one refund is named', 6000, 19_000, { cap: 'each', most: 5000 }],
  ])('%s', (_, wish, today, over) => expect(overCap(fen(wish), caps, fen(today))).toEqual(over))

  test('without caps everything; a cap of nothing is a cap', () => {
    expect(overCap(fen(10 ** 11), {}, fen(10 ** 11))).toBeUndefined()
    expect(overCap(fen(1), { each: fen(0) }, fen(0))).toEqual({ cap: 'each', most: 0 })
    expect(overCap(fen(1), { day: fen(0) }, fen(0))).toEqual({ cap: 'day', most: 0 })
  })

  test('what is said to be the most is taken, one fen more is not', () => {
    fc.assert(
      fc.property(amount, amount, amount, amount, (wish, each, day, today) => {
        const over = overCap(wish, { each, day }, today)
        fc.pre(over !== undefined && today <= day)
        if (!over) return
        expect(over.most).toBeLessThan(wish)
        expect(
          overCap(fen(Math.min(over.most, each)), { [over.cap]: over.cap === 'each' ? each : day }, today),
        ).toBeUndefined()
      }),
    )
  })
})
