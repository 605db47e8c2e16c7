import { DateTime } from 'luxon'
import { type Instant, instant, later, millis } from '../core/words.ts'

const minute = 60_000
const hour = 60 * minute

/** How people of one business are reminded. */
export interface Reminding {
  /** Of the time between knowing of it and its end, in rising order. */
  readonly shares: readonly number[]
  /** So many hours before the end, too. */
  readonly hours: readonly number[]
  /** Minutes since midnight in the business's zone; from above to below it means over midnight. */
  readonly quiet?: { readonly from: number; readonly to: number }
  readonly zone: string
}

/** Who is told, each including those before: whoever handles it; who is on duty; admins; every other way to people. */
export type Reach = 'handler' | 'duty' | 'admins' | 'everyone'

/** When people are told that something owed comes due. */
export interface Stage {
  /** `50%`, `2h`; `short` = known too late for more than one; `due` = its time has come. */
  readonly name: string
  readonly at: Instant
  readonly reach: Reach
}

/** Something owed, from when we knew of it until its end. */
export interface Deadline {
  readonly knownAt: Instant
  readonly due: Instant
}

/** Known later than this before its end there is time for one word only, to everybody. */
export const shortly = 2 * hour

/** All stages in order of their time, each once; the last is the end itself. Pure: the same on every restart. */
export function stagesOf({ knownAt, due }: Deadline, reminding: Reminding): readonly Stage[] {
  const whole = millis(due) - millis(knownAt)
  const end: Stage = { name: 'due', at: due, reach: 'everyone' }
  if (whole <= 0) return [end]
  if (whole < shortly) return [{ name: 'short', at: knownAt, reach: 'everyone' }, end]
  const shares = reminding.shares.map((share, index) => ({
    name: `${Math.round(share * 100)}%`,
    at: later(knownAt, Math.round(whole * share)),
    reach: reachOf(index, reminding.shares.length),
  }))
  const hours = reminding.hours
    .map((count) => ({ name: `${count}h`, at: later(due, -count * hour) }))
    .filter(({ at }) => at > knownAt)
    .map((stage) => ({ ...stage, reach: reachAt(stage.at, shares) }))
  const before = [...shares, ...hours].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return [...awake(apart(before), { knownAt, due }, reminding), end]
}

/** The last share reaches everyone, the one before it the admins. */
const reachOf = (index: number, count: number): Reach => {
  const left = count - 1 - index
  return left === 0 ? 'everyone' : left === 1 ? 'admins' : index === 0 ? 'handler' : 'duty'
}

/** As far as the share before it. */
const reachAt = (at: Instant, shares: readonly Stage[]): Reach =>
  shares.findLast((stage) => stage.at <= at)?.reach ?? 'handler'

/** Two at one time are one, the one that reaches further. */
function apart(stages: readonly Stage[]): readonly Stage[] {
  const kept: Stage[] = []
  for (const stage of stages) {
    const last = kept.at(-1)
    if (!last || last.at !== stage.at) kept.push(stage)
    else if (reaches.indexOf(stage.reach) > reaches.indexOf(last.reach)) kept[kept.length - 1] = stage
  }
  return kept
}
const reaches: readonly Reach[] = ['handler', 'duty', 'admins', 'everyone']

/** An hour of work must be left after the night. */
const margin = hour

/** What falls into the night is said in the morning, else on the evening before; where neither keeps the stages apart, at night. */
function awake(stages: readonly Stage[], { knownAt, due }: Deadline, { quiet, zone }: Reminding): readonly Stage[] {
  if (!quiet || quiet.from === quiet.to) return stages
  const kept: Stage[] = []
  for (const [index, stage] of stages.entries()) {
    const night = nightAround(stage.at, quiet, zone)
    const next = stages[index + 1]?.at ?? later(due, -margin)
    const previous = kept.at(-1)?.at ?? knownAt
    if (night && night.to < next && night.to <= later(due, -margin)) kept.push({ ...stage, at: night.to })
    else if (night && night.from > previous) kept.push({ ...stage, at: night.from })
    else kept.push(stage)
  }
  return kept
}

/** The quiet hours in which that falls, by the clock of the zone: they may be an hour longer or shorter where clocks are changed. */
function nightAround(
  at: Instant,
  { from, to }: NonNullable<Reminding['quiet']>,
  zone: string,
): { readonly from: Instant; readonly to: Instant } | undefined {
  const here = DateTime.fromMillis(millis(at), { zone })
  for (const back of [0, 1]) {
    const day = here.minus({ days: back }).startOf('day')
    const begins = clock(day, from)
    const ends = clock(from < to ? day : day.plus({ days: 1 }), to)
    if (begins <= at && at < ends) return { from: begins, to: ends }
  }
  return undefined
}

const clock = (day: DateTime, minutes: number): Instant =>
  instant(day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis())

/** How far people have been told: how many stages, the silent ones among them. */
export interface Told {
  readonly stages: number
  readonly snoozedUntil?: Instant
}

/** What is to be said now, if anything, and when to look again; undefined = never. */
export interface Saying {
  readonly say?: Stage & { readonly lateBy: number }
  readonly told: number
  readonly next: Instant | undefined
}

/** Later than this it is said that it is late. */
export const punctual = 2 * minute

/**
 * What passed while nobody could speak is one word about the latest. Whoever snoozed is left alone until then, but not when admins are to be
 * told: that is not theirs to silence. Pure.
 */
export function saying(stages: readonly Stage[], { stages: told, snoozedUntil }: Told, now: Instant): Saying {
  const passed = stages.findLastIndex(({ at }) => at <= now)
  const next = stages[Math.max(told, passed + 1)]?.at
  if (passed < told) return { told, next }
  const stage = stages[passed]
  if (!stage) return { told, next }
  const loud = stages.findIndex(({ reach }, index) => index >= told && (reach === 'admins' || reach === 'everyone'))
  if (snoozedUntil !== undefined && snoozedUntil > now && (loud < 0 || loud > passed)) {
    const loudly = stages[loud]?.at
    return { told, next: loudly !== undefined && loudly < snoozedUntil ? loudly : snoozedUntil }
  }
  const late = millis(now) - millis(stage.at)
  return { say: { ...stage, lateBy: late > punctual ? late : 0 }, told: passed + 1, next }
}
