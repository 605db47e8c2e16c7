import type { Clock } from '../../src/core/clock.ts'
import { tooMany } from './errors.ts'
import type { Pace, Rules } from './rules.ts'
import type { Room } from './state.ts'

export interface Pacing {
  /** Counts what a bot is about to send; throws 429 with the seconds until there is room again. */
  spend(bot: number, room: Room, count: number, kind: 'send' | 'edit'): void
}

interface Meter {
  /** When each was sent, for the sliding minute. */
  readonly sent: number[]
  minute: number
  inMinute: number
  tokens: number
  filledAt: number
}

/** Time is the clock's: the fixed window is its minute, the sliding one the last 60 s. */
export function createPacing({ clock, rules }: { clock: Clock; rules: () => Rules }): Pacing {
  const meters = new Map<string, Meter>()
  const overall = new Map<number, number[]>()

  function meterOf(key: string, pace: Pace, now: number): Meter {
    const known = meters.get(key)
    const meter = known ?? { sent: [], minute: 0, inMinute: 0, tokens: pace.chatBurst, filledAt: now }
    meters.set(key, meter)
    const minute = Math.floor(now / 60_000)
    if (minute !== meter.minute) Object.assign(meter, { minute, inMinute: 0 })
    forget(meter.sent, now - 60_000)
    const filled = meter.tokens + ((now - meter.filledAt) / 1000) * pace.chatPerSecond
    meter.tokens = Math.min(pace.chatBurst, Number.isNaN(filled) ? pace.chatBurst : filled)
    meter.filledAt = now
    return meter
  }

  return {
    spend(bot, room, count, kind) {
      const { pace } = rules()
      if (kind === 'edit' && !pace.edits) return
      const now = clock.now()
      const meter = meterOf(`${bot} ${room.key}`, pace, now)
      const all = overall.get(bot) ?? []
      overall.set(bot, all)
      forget(all, now - 1000)
      const isGroup = room.kind !== 'private'
      const wait = Math.max(
        isGroup ? groupWait(meter, pace, count, now) : 0,
        chatWait(meter, pace, count),
        overallWait(all, pace, count, now),
      )
      if (wait === 0 || pace.refused) take(meter, all, count, now)
      if (wait > 0) throw tooMany(Math.max(1, Math.ceil(wait / 1000)))
    },
  }
}

function take(meter: Meter, all: number[], count: number, now: number): void {
  const times = Array.from({ length: count }, () => now)
  meter.sent.push(...times)
  all.push(...times)
  meter.inMinute += count
  meter.tokens = Math.max(-60, meter.tokens - count)
}

function forget(times: number[], until: number): void {
  const keep = times.findIndex((at) => at > until)
  times.splice(0, keep < 0 ? times.length : keep)
}

function groupWait(meter: Meter, pace: Pace, count: number, now: number): number {
  const over = (sent: number) => sent + count > pace.groupPerMinute
  const fixed = pace.windows.includes('fixed') && over(meter.inMinute) ? (meter.minute + 1) * 60_000 - now : 0
  const sliding =
    pace.windows.includes('sliding') && over(meter.sent.length)
      ? untilRoom(meter.sent, pace.groupPerMinute - count, 60_000) - now
      : 0
  return Math.max(fixed, sliding)
}

/** When so few are left in the window that the new ones fit. */
function untilRoom(times: readonly number[], mayStay: number, windowMs: number): number {
  const leaving = times[Math.min(times.length - 1, Math.max(0, times.length - mayStay - 1))] ?? 0
  return leaving + windowMs
}

// An album bigger than the bucket must still fit into a full one.
function chatWait(meter: Meter, pace: Pace, count: number): number {
  const need = Math.min(count, pace.chatBurst)
  return meter.tokens >= need ? 0 : ((need - meter.tokens) / pace.chatPerSecond) * 1000
}

function overallWait(all: readonly number[], pace: Pace, count: number, now: number): number {
  return all.length + count > pace.allPerSecond ? untilRoom(all, pace.allPerSecond - count, 1000) - now : 0
}
