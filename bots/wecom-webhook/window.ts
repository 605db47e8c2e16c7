import type { Clock } from '../../src/core/clock.ts'

const span = 60_000

/** What one webhook has been sent in the last minute. Over the limit WeCom closes it for ten: better to wait before. */
export interface Window {
  /** @returns milliseconds until so many more may be sent; 0 = now. */
  wait(count: number): number
  sent(): void
}

export function createWindow(clock: Clock, most: number): Window {
  let times: readonly number[] = []
  return {
    wait(count) {
      const now = clock.now()
      // A clock that was set back makes nobody wait for hours.
      times = times.map((at) => Math.min(at, now)).filter((at) => at > now - span)
      const over = times.length + Math.min(count, most) - most
      const last = times[over - 1]
      return last === undefined ? 0 : last + span - now
    },
    sent() {
      times = [...times, clock.now()]
    },
  }
}
