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
  /** Answers to people wait for nobody: what is posted waits longer, though never for more than a whole bucket's time. */
  spend(buckets: readonly Bucket[], count?: number): void
  /** For what is shown later all the same: one from each of these, if it is there now. */
  spare(buckets: readonly Bucket[]): boolean
}

/** Buckets start empty, so that a crash loop cannot go over the limit. Counted in milliseconds, whole ones: whoever waits as told finds what was promised. */
export function createPace(clock: Clock): Pace {
  const known = new Map<string, { readonly credit: number; readonly at: number; readonly taken: number }>()

  /** What is there now, and when it was last taken for a post; a new one holds what one post needs. */
  function stateOf({ name, rate }: Bucket) {
    const { burst, every } = rate
    const now = clock.now()
    const { credit, at, taken } = known.get(name) ?? { credit: every + keptOf(rate), at: now, taken: now }
    const there = Math.min(burst * every, credit + Math.max(0, now - at))
    return { credit: there, at: now, taken: Math.min(taken, now) }
  }
  function pay(bucket: Bucket, count: number, posted: boolean): void {
    const { credit, at, taken } = stateOf(bucket)
    const least = -bucket.rate.burst * bucket.rate.every
    const left = Math.max(least, credit - costOf(bucket, count))
    known.set(bucket.name, { credit: left, at, taken: posted ? at : taken })
  }
  /** More than the bucket holds is let through when it is full; and however much is answered, after the time that fills it. */
  function waitFor(bucket: Bucket, count: number): number {
    const { burst, every } = bucket.rate
    const state = stateOf(bucket)
    known.set(bucket.name, state)
    const needs = Math.min(costOf(bucket, count) + keptOf(bucket.rate), burst * every)
    const patience = burst * every * count
    return Math.max(0, Math.min(needs - state.credit, state.taken + patience - state.at))
  }

  return {
    take(buckets, count = 1) {
      const limited = buckets.filter(({ rate }) => rate.every > 0)
      const wait = Math.max(0, ...limited.map((bucket) => waitFor(bucket, count)))
      if (wait === 0) for (const bucket of limited) pay(bucket, count, true)
      return wait
    },
    spare(buckets) {
      const limited = buckets.filter(({ rate }) => rate.every > 0)
      const there = limited.every((bucket) => stateOf(bucket).credit >= costOf(bucket, 1))
      if (there) for (const bucket of limited) pay(bucket, 1, false)
      return there
    },
    spend(buckets, count = 1) {
      for (const bucket of buckets) if (bucket.rate.every > 0) pay(bucket, count, false)
    },
  }
}

const costOf = ({ rate: { burst, every } }: Bucket, count: number): number => Math.min(count, burst) * every
const keptOf = ({ burst, every }: Rate): number => Math.floor(burst / 4) * every
