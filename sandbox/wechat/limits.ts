import type { Clock } from '../../src/core/clock.ts'
import { type Refusal, refuse } from './errors.ts'
import type { CallName } from './misbehave.ts'

/** How often one mini program may make a call: a day of Beijing's, a minute of the clock. */
export interface Limit {
  readonly daily?: number
  readonly perMinute?: number
}

export type LimitsByCall = Readonly<Partial<Record<CallName, Limit>>>

export interface Limits {
  /** Replaces the limits of the calls that are named; the counts go on. */
  set(limits: LimitsByCall): void
  /** Counts a call, or refuses it: 45009 for the day, 45011 for the minute. */
  take(on: CallName, appid: string): Refusal | undefined
  quota(on: CallName, appid: string): Record<string, unknown>
}

interface Count {
  day: number
  today: number
  minute: number
  now: number
}

const minuteMs = 60_000
const dayMs = 86_400_000
// Where the sandbox knows no limit, quota/get must still name one.
const plenty = 100_000_000

export function createLimits(clock: Clock, first: LimitsByCall = {}): Limits {
  let limits = first
  const counts = new Map<string, Count>()

  function countOf(on: CallName, appid: string): Count {
    const key = `${appid} ${on}`
    const day = Math.floor((clock.now() + 8 * 3_600_000) / dayMs)
    const minute = Math.floor(clock.now() / minuteMs)
    const seen = counts.get(key) ?? { day, today: 0, minute, now: 0 }
    if (seen.day !== day) Object.assign(seen, { day, today: 0 })
    if (seen.minute !== minute) Object.assign(seen, { minute, now: 0 })
    counts.set(key, seen)
    return seen
  }

  return {
    set(changed) {
      limits = { ...limits, ...changed }
    },
    take(on, appid) {
      const { daily = Number.POSITIVE_INFINITY, perMinute = Number.POSITIVE_INFINITY } = limits[on] ?? {}
      const count = countOf(on, appid)
      if (count.today >= daily) return refuse(45009)
      if (count.now >= perMinute) return refuse(45011)
      count.today++
      count.now++
      return undefined
    },
    quota(on, appid) {
      const { daily = plenty, perMinute } = limits[on] ?? {}
      const { today: used } = countOf(on, appid)
      return {
        errcode: 0,
        errmsg: 'ok',
        quota: { daily_limit: daily, used, remain: Math.max(0, daily - used) },
        ...(perMinute === undefined ? {} : { rate_limit: { call_count: perMinute, refresh_second: 60 } }),
      }
    },
  }
}
