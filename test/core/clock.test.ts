import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoff } from '../../src/core/backoff.ts'
import { manualClock, sleep, systemClock } from '../../src/core/clock.ts'

describe('the clock of tests', () => {
  test('timers fire in the order of their time, equal ones in the order they were set, each at its own moment', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 20 }), fc.nat(60), (delays, pass) => {
        const clock = manualClock(1000)
        const fired: [at: number, index: number][] = []
        for (const [index, delay] of delays.entries()) clock.after(delay, () => fired.push([clock.now(), index]))
        clock.advance(pass)
        const due = delays.map((delay, index) => [1000 + delay, index] as const).filter(([at]) => at <= 1000 + pass)
        expect(fired).toEqual(due.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
        expect(clock.now()).toBe(1000 + pass)
      }),
    )
  })
  test('a timer that a timer sets fires within the same advance when its time falls into it', () => {
    const clock = manualClock(0)
    const fired: number[] = []
    const again = () => {
      fired.push(clock.now())
      clock.after(10, again)
    }
    clock.after(10, again)
    clock.advance(35)
    expect(fired).toEqual([10, 20, 30])
  })
  test('what is cancelled never fires; cancelling twice or too late is harmless', () => {
    const clock = manualClock(0)
    let fired = 0
    const cancel = clock.after(5, () => fired++)
    const late = clock.after(1, () => fired++)
    cancel()
    cancel()
    clock.advance(10)
    late()
    expect(fired).toBe(1)
  })
  test('a step of the clock fires nothing; what it jumped over fires at the next advance, not in the past', () => {
    const clock = manualClock(0)
    const fired: number[] = []
    clock.after(5, () => fired.push(clock.now()))
    clock.step(100)
    expect(fired).toEqual([])
    clock.advance(1)
    expect([fired, clock.now()]).toEqual([[100], 101])
    clock.step(-50)
    clock.after(10, () => fired.push(clock.now()))
    clock.advance(10)
    expect(fired).toEqual([100, 61])
  })
})

describe('sleep', () => {
  test('ends when the time has passed, not before', async () => {
    const clock = manualClock(0)
    let woke = false
    const slept = sleep(clock, 10).then(() => {
      woke = true
    })
    clock.advance(9)
    await Promise.resolve()
    expect(woke).toBe(false)
    clock.advance(1)
    await slept
    expect(woke).toBe(true)
  })
  test('an abort ends it with the signal’s reason and takes the timer back', async () => {
    let taken = 0
    const clock = { now: () => 0, after: () => () => void taken++ }
    const stop = new AbortController()
    const slept = sleep(clock, 10, stop.signal)
    stop.abort(new Error('stopping'))
    await expect(slept).rejects.toThrow('stopping')
    expect(taken).toBe(1)
    await expect(sleep(clock, 10, stop.signal)).rejects.toThrow('stopping')
  })
  test('an abort after the end changes nothing', async () => {
    const clock = manualClock(0)
    const stop = new AbortController()
    const slept = sleep(clock, 10, stop.signal)
    clock.advance(10)
    stop.abort(new Error('too late'))
    await expect(slept).resolves.toBeUndefined()
  })
  test('the real clock moves, fires and takes back', async () => {
    const before = systemClock.now()
    let fired = false
    systemClock.after(1, () => {
      fired = true
    })()
    await sleep(systemClock, 5)
    expect(fired).toBe(false)
    expect(Math.abs(systemClock.now() - before)).toBeLessThan(5000)
  })
})

describe('the wait before another try', () => {
  const at = (byte: number) => () => Buffer.from([byte])
  test('doubles from the first to the most, give or take a tenth', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 10_000 }), fc.nat(255), (n, byte) => {
        const plain = Math.min(300_000, 2_000 * 2 ** Math.max(0, Math.min(60, n - 1)))
        const wait = backoff(n, at(byte), 2_000, 300_000)
        expect(wait).toBeGreaterThanOrEqual(plain * 0.9 - 1)
        expect(wait).toBeLessThanOrEqual(plain * 1.1 + 1)
        expect(Number.isInteger(wait)).toBe(true)
      }),
    )
  })
  test('the swing goes both ways, so that many do not come at once', () => {
    expect([backoff(1, at(0)), backoff(1, at(255)), backoff(2, at(0)), backoff(99, at(255))]).toEqual([
      900, 1100, 1800, 660_000,
    ])
  })
})
