import type { Clock } from '../../src/core/clock.ts'
import { type Problem, refuse } from './errors.ts'
import type { CallName } from './misbehave.ts'

/** How often one merchant number may make a call. */
export interface Limit {
  readonly perSecond?: number
  readonly perMinute?: number
}

export type LimitsByCall = Readonly<Partial<Record<CallName, Limit>>>

/** WeChat Pay docs and the official FAQ; detail, decide and notify-url are not given there, so the strictest stands. */
export const documentedLimits: LimitsByCall = {
  refund: { perSecond: 150 },
  'refund-query': { perSecond: 300 },
  certificates: { perSecond: 1000 },
  list: { perMinute: 200 },
  history: { perMinute: 200 },
  reply: { perMinute: 60 },
  upload: { perMinute: 60 },
  complete: { perMinute: 1500 },
  detail: { perMinute: 60 },
  decide: { perMinute: 60 },
  'notify-url': { perMinute: 60 },
}

export interface Limits {
  /** Replaces the limits of the calls that are named; an empty one lifts it. */
  set(limits: LimitsByCall): void
  /** Counts a call, or refuses it. */
  take(on: CallName, mchid: string): Problem | undefined
}

export function createLimits(clock: Clock, first: LimitsByCall = {}): Limits {
  let limits = first
  const counts = new Map<string, { window: number; count: number }>()

  function full(key: string, ms: number, most: number | undefined): boolean {
    if (most === undefined) return false
    const window = Math.floor(clock.now() / ms)
    const seen = counts.get(key)
    const count = seen?.window === window ? seen.count : 0
    if (count >= most) return true
    counts.set(key, { window, count: count + 1 })
    return false
  }

  return {
    set(changed) {
      limits = { ...limits, ...changed }
    },
    take(on, mchid) {
      const { perSecond, perMinute } = limits[on] ?? {}
      const over = full(`${mchid} ${on} s`, 1000, perSecond) || full(`${mchid} ${on} m`, 60_000, perMinute)
      return over ? refuse('FREQUENCY_LIMITED', undefined, { cause: 268447840 }) : undefined
    },
  }
}
