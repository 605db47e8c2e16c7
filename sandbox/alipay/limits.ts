import type { Clock } from '../../src/core/clock.ts'
import { type Problem, refuse } from './errors.ts'
import type { ApiName } from './misbehave.ts'

/** How often one app may call an API. */
export interface Limit {
  readonly perSecond?: number
  readonly perMinute?: number
}

export type LimitsByApi = Readonly<Partial<Record<ApiName, Limit>>>

export interface Limits {
  /** Replaces the limits of the APIs that are named; an empty one lifts it. */
  set(limits: LimitsByApi): void
  /** Counts a call, or refuses it at the door. */
  take(on: ApiName, appId: string): Problem | undefined
}

export function createLimits(clock: Clock, first: LimitsByApi = {}): Limits {
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
    take(on, appId) {
      const { perSecond, perMinute } = limits[on] ?? {}
      const over = full(`${appId} ${on} s`, 1000, perSecond) || full(`${appId} ${on} m`, 60_000, perMinute)
      return over ? refuse('app-call-limited') : undefined
    },
  }
}
