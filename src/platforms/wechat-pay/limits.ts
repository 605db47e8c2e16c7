import { type Clock, sleep } from '../../core/clock.ts'
import { both, PayError } from './errors.ts'

/** What is counted apart, per mchid. */
export type Operation = keyof typeof published
export type Calls = Readonly<Record<Operation, number>>

// Calls a minute. Where nothing is published the smallest of its kind is assumed. docs/platforms/wechat-pay.md#limits
const published = {
  reply: 60,
  list: 200,
  history: 200,
  upload: 60,
  complete: 1500,
  detail: 60,
  image: 60,
  decide: 60,
  'notify-url': 60,
  // 150 a second, but 6 a second for those that fail: what they will do is not known before.
  refund: 300,
  'refund-query': 3000,
  order: 600,
  certificates: 60,
}
export const defaultCalls: Calls = published

// What fails is counted six times stricter, by the second.
const bursts: Partial<Calls> = { refund: 5 }

const minute = 60_000
/** What would wait longer is refused: whoever asks comes again later. */
const patience = 15_000

export interface Limiter {
  /** Resolves when the call may be made. @throws PayError `busy`, naming the wait. */
  turn(mchid: string, operation: Operation): Promise<void>
  /** They said that it was too much: nothing more for so long. */
  pause(mchid: string, operation: Operation, ms: number): void
}

/** At most the published number in any minute: a sixth at once, the rest evenly. */
export function createLimiter(clock: Clock, calls: Calls): Limiter {
  // The time at which the bucket is full again.
  const full = new Map<string, number>()
  const keyOf = (mchid: string, operation: Operation) => `${operation} ${mchid}`
  let last = clock.now()
  /** A clock that was set back sets our times back with it: nobody waits for an hour to come again. */
  const present = () => {
    const now = clock.now()
    if (now < last) for (const [key, until] of full) full.set(key, until - (last - now))
    last = now
    return now
  }
  const rate = (operation: Operation) => {
    const burst = bursts[operation] ?? Math.max(1, Math.floor(calls[operation] / 6))
    return { burst, pace: minute / Math.max(1, calls[operation] - burst) }
  }
  return {
    async turn(mchid, operation) {
      const { burst, pace } = rate(operation)
      const key = keyOf(mchid, operation)
      const now = present()
      const until = Math.max(full.get(key) ?? 0, now)
      const wait = until - (burst - 1) * pace - now
      if (wait > patience)
        throw new PayError(
          'busy',
          both('微信支付调用排队过长：稍后重试', 'too many calls to WeChat Pay are waiting: try later'),
          { code: 'queue', wait },
        )
      full.set(key, until + pace)
      if (wait > 0) await sleep(clock, wait)
    },
    pause(mchid, operation, ms) {
      const { burst, pace } = rate(operation)
      const key = keyOf(mchid, operation)
      full.set(key, Math.max(full.get(key) ?? 0, present() + ms + (burst - 1) * pace))
    },
  }
}
