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

/** Buckets start empty, so that a crash loop cannot go over the limit. */
export function createPace(clock: Clock): Pace {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    take(chat, { burst, every }, count = 1) {
      if (every === 0) return 0
      const now = clock.now()
      const bucket = buckets.get(chat) ?? { tokens: 1, at: now }
      const tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / every)
      // More than the bucket holds is let through when it is full.
      const cost = Math.min(count, burst)
      if (tokens < cost) {
        buckets.set(chat, { tokens, at: now })
        return Math.ceil((cost - tokens) * every)
      }
      buckets.set(chat, { tokens: tokens - cost, at: now })
      return 0
    },
  }
}
