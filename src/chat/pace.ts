import type { Clock } from '../core/clock.ts'

/** Messages that one chat may take: a bucket of `burst`, one more every `every` ms; `every` 0 = no limit. */
export interface Rate {
  readonly burst: number
  readonly every: number
}

export interface Pace {
  /** Takes a token for this chat. @returns 0 when it was there, else the milliseconds until one is. */
  take(chat: string, rate: Rate): number
}

/** Buckets start empty, so that a crash loop cannot go over the limit. */
export function createPace(clock: Clock): Pace {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    take(chat, { burst, every }) {
      if (every === 0) return 0
      const now = clock.now()
      const bucket = buckets.get(chat) ?? { tokens: 1, at: now }
      const tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / every)
      if (tokens < 1) {
        buckets.set(chat, { tokens, at: now })
        return Math.ceil((1 - tokens) * every)
      }
      buckets.set(chat, { tokens: tokens - 1, at: now })
      return 0
    },
  }
}
