/** Takes back a timer; harmless when it has already fired. */
export type Cancel = () => void

/** Time and timers, handed in everywhere, so that a test or a simulation owns them. */
export interface Clock {
  /** UTC milliseconds since 1970. */
  now(): number
  /** Runs `run` once, `ms` milliseconds from now, unless cancelled. */
  after(ms: number, run: () => void): Cancel
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** A clock that moves only when told to; timers fire in the order of their time. */
export interface ManualClock extends Clock {
  advance(ms: number): void
  /** Jumps without firing what lies between; later timers fire at the next `advance`. A clock step, not the passing of time. */
  step(ms: number): void
}

export function manualClock(start: number): ManualClock {
  let now = start
  let count = 0
  const timers = new Map<number, { at: number; run: () => void }>()
  const next = () => [...timers].sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0]
  return {
    now: () => now,
    after(ms, run) {
      const id = ++count
      timers.set(id, { at: now + ms, run })
      return () => timers.delete(id)
    },
    advance(ms) {
      const until = now + ms
      for (let due = next(); due && due[1].at <= until; due = next()) {
        timers.delete(due[0])
        now = Math.max(now, due[1].at)
        due[1].run()
      }
      now = until
    },
    step(ms) {
      now += ms
    },
  }
}

/** Resolves after `ms` of this clock; rejects with the signal's reason when aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const abort = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
}

/** What the work gives, or undefined when `ms` are over first. */
export function inTime<Result>(clock: Clock, ms: number, work: Promise<Result>): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined))
    work.then(resolve, reject).finally(cancel)
  })
}
