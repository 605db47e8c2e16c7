import { backoff } from '../core/backoff.ts'
import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/words.ts'

/** What is left alone for a while because nothing gets through there. A new process tries once at once. */
export interface Holds {
  /** Milliseconds until the last of these may be tried again; 0 = now. */
  left(...names: readonly string[]): number
  /** It failed (again): the pauses grow, unless the other side says how long. @returns milliseconds */
  failed(name: string, wait?: number): number
  well(...names: readonly string[]): void
}

export function createHolds({ clock, random }: { readonly clock: Clock; readonly random: Random }): Holds {
  const held = new Map<string, { failures: number; at: number; ms: number }>()
  function leftOf(name: string): number {
    const one = held.get(name)
    if (!one) return 0
    // A clock that was set back makes nobody wait for hours.
    one.at = Math.min(one.at, clock.now())
    return Math.max(0, one.at + one.ms - clock.now())
  }
  return {
    left: (...names) => Math.max(...names.map(leftOf)),
    failed(name, wait) {
      const failures = (held.get(name)?.failures ?? 0) + 1
      const ms = wait ?? backoff(failures, random, 2_000, 300_000)
      held.set(name, { failures, at: clock.now(), ms })
      return ms
    },
    well(...names) {
      for (const name of names) held.delete(name)
    },
  }
}
