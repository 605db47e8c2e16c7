import { OutsideError } from '../core/errors.ts'
import { type Instant, later, millis } from '../core/words.ts'
import type { DuePoll } from '../storage/polling.ts'

/** Milliseconds between two questions: for a merchant with a complaint in the last 7 days, and for every other. */
export interface PollEvery {
  readonly active: number
  readonly idle: number
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

export const usualEvery: PollEvery = { active: 3 * minute, idle: 15 * minute }

/** Lists go by the time that a complaint was made, and may show it late. */
const overlap = 15 * minute
/** What was made before we had the merchant's word. */
const history = 30 * day
const lately = 7 * day

/** What to ask for. */
export function windowOf({ polledAt }: Pick<DuePoll, 'polledAt'>, now: Instant) {
  if (polledAt === undefined) return { from: later(now, -history), to: now }
  // A clock that was set back must not make an empty window.
  return { from: later(polledAt < now ? polledAt : now, -overlap), to: now }
}

/** Whether all that is open is asked for too: once an hour. */
export const sweeps = ({ sweptAt }: Pick<DuePoll, 'sweptAt'>, now: Instant): boolean =>
  sweptAt === undefined || later(sweptAt, hour) <= now || sweptAt > now

export interface Turn {
  readonly asked: DuePoll
  readonly now: Instant
  /** Neither the account nor the merchant is switched off. */
  readonly on: boolean
  /** Something new was found. */
  readonly news: boolean
  /** Why it failed, if it did. */
  readonly error?: unknown
  /** How long the account waits between two questions, milliseconds. */
  readonly gap: number
}

/** When a merchant is asked next. The longer it has failed, the longer the pause, never longer than where nothing happens. */
export function dueAfter(every: PollEvery, { asked, now, on, news, error, gap }: Turn): Instant {
  const { heardAt, polledAt, merchant } = asked
  const active = news || (heardAt !== undefined && later(heardAt, lately) > now)
  const pace = active ? every.active : every.idle
  if (isBusy(error)) return later(now, Math.max(second, 2 * gap))
  const slow = on ? 1 : 10
  if (error === undefined) return later(now, pace * slow)
  const failed = (millis(now) - millis(polledAt ?? merchant.createdAt)) / 2
  const least = polledAt === undefined ? Math.min(minute, pace) : pace
  return later(now, Math.min(every.idle, Math.max(least, failed)) * slow)
}

export const isBusy = (error: unknown): boolean => error instanceof OutsideError && error.trouble === 'busy'
