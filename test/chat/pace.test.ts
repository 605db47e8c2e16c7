import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../src/chat/pace.ts'
import { manualClock } from '../../src/core/clock.ts'

const rate = { burst: 4, every: 4000 }

describe('messages to one chat', () => {
  test('at most 19 in any 60 seconds, however they are asked for, and whoever waits as told is let through', () => {
    const wish = fc.record({ pause: fc.nat(9000), obedient: fc.boolean() })
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 150 }), (wishes) => {
        const clock = manualClock(0)
        const pace = createPace(clock)
        const sent: number[] = []
        for (const { pause, obedient } of wishes) {
          clock.advance(pause)
          let wait = pace.take('a', rate)
          if (wait > 0 && obedient) {
            clock.advance(wait)
            wait = pace.take('a', rate)
            expect(wait).toBe(0)
          }
          if (wait === 0) sent.push(clock.now())
        }
        for (const from of sent)
          expect(sent.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(19)
      }),
    )
  })
  test('a greedy sender gets one every four seconds and four at once after a pause', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    const sent: number[] = []
    for (let at = 0; at < 60_000; at += 100) {
      if (pace.take('a', rate) === 0) sent.push(at)
      clock.advance(100)
    }
    expect(sent.length).toBe(15)
    clock.advance(60_000)
    const burst = Array.from({ length: 6 }, () => pace.take('a', rate))
    expect(burst).toEqual([0, 0, 0, 0, 4000, 4000])
  })
  test('a new process has one for each chat, not four: a crash loop cannot go over the limit', () => {
    const pace = createPace(manualClock(0))
    expect([pace.take('a', rate), pace.take('a', rate), pace.take('b', rate), pace.take('b', rate)]).toEqual([
      0, 4000, 0, 4000,
    ])
  })
  test('asking again and again makes nobody wait longer', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    pace.take('a', rate)
    const waits = Array.from({ length: 4 }, () => {
      clock.advance(1000)
      return pace.take('a', rate)
    })
    expect(waits).toEqual([3000, 2000, 1000, 0])
  })
  test('a clock that is set back makes nobody wait for hours', () => {
    const clock = manualClock(10 * 3_600_000)
    const pace = createPace(clock)
    pace.take('a', rate)
    clock.step(-3_600_000)
    expect(pace.take('a', rate)).toBeLessThanOrEqual(4000)
  })
  test('an album counts for as many as it has pictures, and gets through however small the bucket is', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    expect(pace.take('a', rate, 3)).toBe(8000)
    clock.advance(8000)
    expect([pace.take('a', rate, 3), pace.take('a', rate)]).toEqual([0, 4000])
    clock.advance(60_000)
    expect([pace.take('a', rate, 10), pace.take('a', rate)]).toEqual([0, 4000])
  })
  test('a chat without a limit has none', () => {
    const pace = createPace(manualClock(0))
    expect(
      Array.from({ length: 100 }, () => pace.take('a', { burst: 1000, every: 0 })).every((wait) => wait === 0),
    ).toBe(true)
  })
})
