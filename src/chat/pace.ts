import type { Clock } from '../core/clock.ts'

/** Messages that one chat may take: a bucket of `burst`, one more every `every` ms; `every` 0 = no limit. */
export interface Rate {
  readonly burst: number
  readonly every: number
}

export interface Pace {
  /** Takes a token for this chat, or as many as the message counts for. @returns 0 when they were there, else the milliseconds until they are. */
  take(chat: string, rate: Rate, count?: number): number
}

/** Buckets start empty, so that a crash loop cannot go over the limit. Counted in milliseconds, whole ones: whoever waits as told finds what was promised. */
export function createPace(clock: Clock): Pace {
  const buckets = new Map<string, { credit: number; at: number }>()
  return {
    take(chat, { burst, every }, count = 1) {
      if (every === 0) return 0
      const now = clock.now()
      const bucket = buckets.get(chat) ?? { credit: every, at: now }
      const credit = Math.min(burst * every, bucket.credit + Math.max(0, now - bucket.at))
      // More than the bucket holds is let through when it is full.
      const cost = Math.min(count, burst) * every
      const enough = credit >= cost
      buckets.set(chat, { credit: enough ? credit - cost : credit, at: now })
      return enough ? 0 : cost - credit
    },
  }
}
