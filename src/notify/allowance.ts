import { DateTime } from 'luxon'
import { type Instant, instant, later, millis, type RecipientId } from '../core/words.ts'
import type { Went } from '../storage/dispatches.ts'
import type { Limits } from './kind.ts'

const hour = 3_600_000

/** The day of `now` in a zone, and when the next one may be used. */
export interface Day {
  readonly begins: Instant
  readonly next: Instant
}

/** Days of a channel begin at its hour: what was kept back is not told at midnight. */
export function dayOf(now: Instant, zone: string, { dayBegins }: Pick<Limits, 'dayBegins'>): Day {
  const day = DateTime.fromMillis(millis(now), { zone }).startOf('day')
  return {
    begins: instant(day.toMillis()),
    next: instant(day.plus({ days: 1 }).set({ hour: dayBegins }).toMillis()),
  }
}

/** From when on a channel may send again; what went is of this day and the last hour, the oldest first. */
export function channelFree(limits: Limits, went: readonly Went[], at: { readonly now: Instant; readonly day: Day }) {
  const { now, day } = at
  const last = went.at(-1)
  const lately = went.filter((one) => one.at > later(now, -hour))
  const today = went.filter((one) => one.at >= day.begins)
  const times = [
    now,
    ...(last ? [later(last.at, limits.gap)] : []),
    ...fullHour(limits.perHour, lately),
    ...(limits.perDay !== undefined && today.length >= limits.perDay ? [day.next] : []),
  ]
  return latest(times)
}

/** The same of one recipient. */
export function recipientFree(
  limits: Limits,
  went: readonly Went[],
  at: { readonly now: Instant; readonly day: Day; readonly recipient: RecipientId },
): Instant {
  const theirs = went.filter(({ recipient }) => recipient === at.recipient)
  const today = theirs.filter((one) => one.at >= at.day.begins)
  const last = theirs.at(-1)
  const { perRecipientDay: most, recipientGap } = limits
  return latest([
    at.now,
    ...(last && recipientGap !== undefined ? [later(last.at, recipientGap)] : []),
    ...(most !== undefined && today.length >= most ? [at.day.next] : []),
  ])
}

/** With five an hour, the sixth goes when the first of the last five is an hour old. */
function fullHour(most: number | undefined, lately: readonly Went[]): readonly Instant[] {
  const first = most === undefined || lately.length < most ? undefined : lately.at(-most)
  return first ? [later(first.at, hour)] : []
}

export const latest = (times: readonly Instant[]): Instant =>
  times.reduce((last, time) => (time > last ? time : last), instant(0))
