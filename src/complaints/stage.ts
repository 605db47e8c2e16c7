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

/** Stages stand so far apart that each gets a look of its own, and is worth one. */
const gap = 5 * minute

/** All stages in order of their time, each once; the last is the end itself. Pure: the same on every restart. */
export function stagesOf({ knownAt, due }: Deadline, reminding: Reminding): readonly Stage[] {
  const whole = millis(due) - millis(knownAt)
  // Over before we knew: nobody was late to say so.
  if (whole <= 0) return [{ name: 'due', at: knownAt, reach: 'everyone' }]
  const end: Stage = { name: 'due', at: due, reach: 'everyone' }
  if (whole < shortly) return [{ name: 'short', at: knownAt, reach: 'everyone' }, end]
  const shares = reminding.shares.map((share, index) => ({
    name: `${Math.round(share * 100)}%`,
    at: later(knownAt, Math.round(whole * share)),
    reach: reachOf(index, reminding.shares.length),
  }))
  const hours = reminding.hours
    .map((count) => ({ name: `${count}h`, at: later(due, -count * hour) }))
    .filter(({ at }) => at > later(knownAt, gap) && shares.every((share) => isApart(share.at, at)))
    .map((stage) => ({ ...stage, reach: reachAt(stage.at, shares) }))
  return [...awake([...shares, ...hours].sort(byTime), { knownAt, due }, reminding), end]
}

const byTime = (a: Stage, b: Stage) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)
const isApart = (a: Instant, b: Instant) => Math.abs(millis(a) - millis(b)) >= gap

/** The last share reaches everyone, the one before it the admins. */
const reachOf = (index: number, count: number): Reach => {
  const left = count - 1 - index
  return left === 0 ? 'everyone' : left === 1 ? 'admins' : index === 0 ? 'handler' : 'duty'
}

/** As far as the share before it. */
const reachAt = (at: Instant, shares: readonly Stage[]): Reach =>
  shares.findLast((stage) => stage.at <= at)?.reach ?? 'handler'

/** An hour of work must be left after the night. */
const margin = hour

/** What falls into the night is said in the morning, else on the evening before; where neither keeps the stages apart, at night. */
function awake(stages: readonly Stage[], { knownAt, due }: Deadline, reminding: Reminding): readonly Stage[] {
  const kept: Stage[] = []
  for (const [index, stage] of stages.entries()) {
    const night = nightAround(stage.at, reminding)
    const morning = night && morningOf(night, stages[index + 1]?.at, due)
    const evening = night && later(night.from, -gap)
    const previous = kept.at(-1)?.at ?? knownAt
    if (morning) kept.push({ ...stage, at: morning })
    else if (evening && evening >= later(previous, gap)) kept.push({ ...stage, at: evening })
    else kept.push(stage)
  }
  return kept
}

interface Night {
  readonly from: Instant
  readonly to: Instant
}

/** Its end, where that is early enough. */
const morningOf = ({ to }: Night, next: Instant | undefined, due: Instant): Instant | undefined =>
  to <= later(due, -margin) && (next === undefined || later(to, gap) <= next) ? to : undefined

/** The quiet hours in which that falls, by the clock of the zone: they may be an hour longer or shorter where clocks are changed. */
function nightAround(at: Instant, { quiet, zone }: Reminding): Night | undefined {
  if (!quiet || quiet.from === quiet.to) return undefined
  const { from, to } = quiet
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

/** The last stage that is over: said, or passed in silence. By name, and by its time for the day on which its name is gone. */
export interface Said {
  readonly stage: string
  readonly at: Instant
}

/** How far people have been told. */
export interface Told {
  readonly said?: Said
  readonly snoozedUntil?: Instant
}

/** What is to be said now, if anything, and when to look again; undefined = never. */
export interface Saying {
  readonly say?: Stage & { readonly lateBy: number }
  readonly next: Instant | undefined
}

/** Later than this it is said that it is late. */
export const punctual = 2 * minute

/** Longer than a day nobody is left alone with something that is owed. */
export const longestSnooze = 24 * hour

/**
 * What passed while nobody could speak is one word about the latest; at night that word waits for the morning where there is time.
 * Whoever snoozed is left alone until then, but not when admins are to be told: that is not theirs to silence. Pure.
 */
export function saying(deadline: Deadline, reminding: Reminding, { said, snoozedUntil }: Told, now: Instant): Saying {
  const stages = stagesOf(deadline, reminding)
  const over = overOf(stages, said)
  const passed = stages.findLastIndex(({ at }) => at <= now)
  const next = stages[Math.max(over, passed + 1)]?.at
  const stage = passed < over ? undefined : stages[passed]
  if (!stage) return { next }
  const loud = stages.findIndex(({ reach }, index) => index >= over && isLoud(reach))
  if (isSnoozed(snoozedUntil, now) && (loud < 0 || loud > passed)) {
    const loudly = stages[loud]?.at
    return { next: loudly !== undefined && loudly < snoozedUntil ? loudly : snoozedUntil }
  }
  const lateBy = millis(now) - millis(stage.at)
  if (lateBy <= punctual) return { say: { ...stage, lateBy: 0 }, next }
  const night = passed < stages.length - 1 ? nightAround(now, reminding) : undefined
  const morning = night && morningOf(night, next, deadline.due)
  return morning ? { next: morning } : { say: { ...stage, lateBy }, next }
}

/** How many stages are over. */
function overOf(stages: readonly Stage[], said: Said | undefined): number {
  if (!said) return 0
  const named = stages.findIndex(({ name }) => name === said.stage)
  return (
    1 +
    Math.max(
      named,
      stages.findLastIndex(({ at }) => at <= said.at),
    )
  )
}

/** Until a time further off it was snoozed by a clock that has been set back since. */
const isSnoozed = (until: Instant | undefined, now: Instant): until is Instant =>
  until !== undefined && until > now && until <= later(now, longestSnooze)

/** Late in its time it is nobody's alone. */
export const isLoud = (reach: Reach): boolean => reach === 'admins' || reach === 'everyone'
