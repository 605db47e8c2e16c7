/** A bucket for each name: `perMinute` at once, and as many again in the course of a minute. */
export interface Rate {
  /** Takes one. @returns 0, or the seconds until there is one again */
  take(name: string): number
}

interface Bucket {
  /** 60,000 for each request: so that what comes back in a millisecond is a whole number. */
  readonly left: number
  readonly at: number
}

const minute = 60_000

export function createRate(perMinute: number, now: () => number): Rate {
  const buckets = new Map<string, Bucket>()
  const full = perMinute * minute
  return {
    take(name) {
      const at = now()
      const before = buckets.get(name) ?? { left: full, at }
      // A clock that was set back gives nothing, and takes nothing away.
      const left = Math.min(full, before.left + Math.max(0, at - before.at) * perMinute)
      buckets.set(name, { left: left < minute ? left : left - minute, at })
      return left < minute ? (minute - left) / perMinute / 1000 : 0
    },
  }
}
