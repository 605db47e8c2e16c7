import type { Clock } from '../core/clock.ts'

/** A bucket of `burst` messages, one more every `every` ms; `every` 0 = no limit. */
export interface Rate {
  readonly burst: number
  readonly every: number
}

/** What is limited: one chat, or all chats of one bot. */
export interface Bucket {
  readonly name: string
  readonly rate: Rate
}

export interface Pace {
  /**
   * Takes `count` messages from each of these, or nothing. A quarter of every bucket is left for answers to people.
   * @returns 0 when they were there, else the milliseconds until they are.
   */
  take(buckets: readonly Bucket[], count?: number): number
  /** Answers to people wait for nobody: what follows waits longer. */
  spend(buckets: readonly Bucket[], count?: number): void
}

/** Buckets start empty, so that a crash loop cannot go over the limit. Counted in milliseconds, whole ones: whoever waits as told finds what was promised. */
export function createPace(clock: Clock): Pace {
  const known = new Map<string, { readonly credit: number; readonly at: number }>()

  /** What is there now; a new one holds what one post needs. */
  function creditOf({ name, rate }: Bucket): number {
    const { burst, every } = rate
    const now = clock.now()
    const { credit, at } = known.get(name) ?? { credit: every + keptOf(rate), at: now }
    return Math.min(burst * every, credit + Math.max(0, now - at))
  }
  const pay = (bucket: Bucket, count: number) => {
    const least = -bucket.rate.burst * bucket.rate.every
    known.set(bucket.name, { credit: Math.max(least, creditOf(bucket) - costOf(bucket, count)), at: clock.now() })
  }
  /** More than the bucket holds is let through when it is full. */
  const waitFor = (bucket: Bucket, count: number): number => {
    const { burst, every } = bucket.rate
    const credit = creditOf(bucket)
    known.set(bucket.name, { credit, at: clock.now() })
    return Math.max(0, Math.min(costOf(bucket, count) + keptOf(bucket.rate), burst * every) - credit)
  }

  return {
    take(buckets, count = 1) {
      const limited = buckets.filter(({ rate }) => rate.every > 0)
      const wait = Math.max(0, ...limited.map((bucket) => waitFor(bucket, count)))
      if (wait === 0) for (const bucket of limited) pay(bucket, count)
      return wait
    },
    spend(buckets, count = 1) {
      for (const bucket of buckets) if (bucket.rate.every > 0) pay(bucket, count)
    },
  }
}

const costOf = ({ rate: { burst, every } }: Bucket, count: number): number => Math.min(count, burst) * every
const keptOf = ({ burst, every }: Rate): number => Math.floor(burst / 4) * every
