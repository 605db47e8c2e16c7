import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../src/chat/pace.ts'
import { manualClock } from '../../src/core/clock.ts'

const rate = { burst: 4, every: 4000 }
const a = [{ name: 'a', rate }]
const b = [{ name: 'b', rate }]

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
          let wait = pace.take(a)
          if (wait > 0 && obedient) {
            clock.advance(wait)
            wait = pace.take(a)
            expect(wait).toBe(0)
          }
          if (wait === 0) sent.push(clock.now())
        }
        for (const from of sent)
          expect(sent.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(19)
      }),
    )
  })
  test('a greedy sender gets one every four seconds and three at once after a pause: the fourth is kept for an answer', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    const sent: number[] = []
    for (let at = 0; at < 60_000; at += 100) {
      if (pace.take(a) === 0) sent.push(at)
      clock.advance(100)
    }
    expect(sent.length).toBe(15)
    clock.advance(60_000)
    const burst = Array.from({ length: 6 }, () => pace.take(a))
    expect(burst).toEqual([0, 0, 0, 4000, 4000, 4000])
  })
  test('a new process has one for each chat, not three: a crash loop cannot go over the limit', () => {
    const pace = createPace(manualClock(0))
    expect([pace.take(a), pace.take(a), pace.take(b), pace.take(b)]).toEqual([0, 4000, 0, 4000])
  })
  test('asking again and again makes nobody wait longer', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    pace.take(a)
    const waits = Array.from({ length: 4 }, () => {
      clock.advance(1000)
      return pace.take(a)
    })
    expect(waits).toEqual([3000, 2000, 1000, 0])
  })
  test('a clock that is set back makes nobody wait for hours', () => {
    const clock = manualClock(10 * 3_600_000)
    const pace = createPace(clock)
    pace.take(a)
    clock.step(-3_600_000)
    expect(pace.take(a)).toBeLessThanOrEqual(4000)
  })
  test('an album counts for as many as it has pictures, and gets through however small the bucket is', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    expect(pace.take(a, 3)).toBe(8000)
    clock.advance(8000)
    expect([pace.take(a, 3), pace.take(a)]).toEqual([0, 4000])
    clock.advance(60_000)
    expect([pace.take(a, 10), pace.take(a)]).toEqual([0, 8000])
  })
  test('answers go at once, and what is posted waits until they are paid for', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    pace.take(a)
    clock.advance(60_000)
    expect([pace.take(a), pace.take(a), pace.take(a), pace.take(a)]).toEqual([0, 0, 0, 4000])
    pace.spend(a)
    expect(pace.take(a)).toBe(8000)
    for (let at = 0; at < 50; at++) pace.spend(a)
    // However many there were, a chat is not silent for longer than its whole bucket.
    expect(pace.take(a)).toBe(16_000)
  })
  test('people who press all the time do not keep new cards away', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    let posted = 0
    for (let at = 0; at < 120_000; at += 400) {
      pace.spend(a)
      if (pace.take(a) === 0) posted += 1
      clock.advance(400)
    }
    expect(posted).toBe(7)
  })
  test('all chats of a bot together have their own limit; what one of the buckets refuses costs the other nothing', () => {
    const clock = manualClock(0)
    const pace = createPace(clock)
    const all = { name: 'bot', rate: { burst: 4, every: 1000 } }
    const chats = Array.from({ length: 5 }, (_, at) => [{ name: `chat-${at}`, rate }, all])
    expect(chats.map((each) => pace.take(each))).toEqual([0, 1000, 1000, 1000, 1000])
    clock.advance(1000)
    expect(pace.take(chats[1] ?? [])).toBe(0)
    clock.advance(1000)
    expect(pace.take(chats[2] ?? [])).toBe(0)
  })
  test('a chat without a limit has none', () => {
    const pace = createPace(manualClock(0))
    expect(
      Array.from({ length: 100 }, () => pace.take([{ name: 'a', rate: { burst: 1000, every: 0 } }])).every(
        (wait) => wait === 0,
      ),
    ).toBe(true)
  })
})
