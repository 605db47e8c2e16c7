import { RecurrenceRule } from 'node-schedule'

/** The slots of a cron line, in UTC milliseconds. */
export interface Cron {
  /** The first slot after that time. */
  next(after: number): number
  /** The last slot at or before that time. */
  last(until: number): number
}

const minute = 60_000
const day = 24 * 60 * minute
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * A cron line of five fields, in UTC. node-schedule says on which days its slots are; it does not wait for them: its timers are the system's, while ours come
 * from the clock that is handed in, and it neither remembers a missed slot nor keeps a job from overlapping itself.
 * Its own reader answers a bad line with a silent null, so that the line is read here; and an answer takes it a millisecond, so that the times within a day,
 * which is always as long in UTC, are reckoned here.
 * @throws RangeError when it is no cron line.
 */
export function cron(line: string): Cron {
  const { times, days } = read(line)
  const [first = 0] = times
  const final = times.at(-1) ?? 0
  return {
    next(after) {
      const { from, to } = days(dayOf(after))
      const time = times.find((each) => from + each > after)
      return time === undefined ? to + first : from + time
    },
    last(until) {
      const { from } = days(dayOf(until))
      const time = times.findLast((each) => from + each <= until)
      return time === undefined ? days(from - day).from + final : from + time
    },
  }
}

const dayOf = (at: number) => Math.floor(at / day) * day

/** Days by their midnights. */
interface Span {
  /** The last one at or before the day asked about. */
  readonly from: number
  /** The first one after it. */
  readonly to: number
}
type Days = (around: number) => Span

/** Most days that are remembered of one answer. */
const most = 400

function daysOf(rule: RecurrenceRule): Days {
  const next = (after: number) => rule.nextInvocationDate(new Date(after)).getTime()
  const spans = new Map<number, Span>()
  const find = (around: number): Span => {
    // There is no way to ask backwards: look from ever further back until a day is found.
    for (let back = day; ; back *= 2) {
      let from = next(around - back)
      if (from > around) continue
      for (let later = next(from); ; later = next(from)) {
        if (later > around) return { from, to: later }
        from = later
      }
    }
  }
  return (around) => {
    const span = spans.get(around) ?? find(around)
    if (spans.size >= most) spans.clear()
    spans.set(around, span)
    return span
  }
}

/** Lines on the same days share what was answered. */
const calendars = new Map<string, Days>()

function read(line: string): { readonly times: readonly number[]; readonly days: Days } {
  const fields = line.trim().split(/\s+/)
  const [minutes, hours, days, months, weekdays] = fields
  if (fields.length !== 5 || !minutes || !hours || !days || !months || !weekdays)
    throw bad(line, 'it has not five fields')
  if (days !== '*' && weekdays !== '*') throw bad(line, 'give the day of the month or the day of the week, not both')
  const ofHour = values(line, minutes, 0, 59)
  const ofDay = values(line, hours, 0, 23)
  const times = ofDay.flatMap((hour) => ofHour.map((each) => (hour * 60 + each) * minute)).sort((a, b) => a - b)
  const name = `${days} ${months} ${weekdays}`
  const known = calendars.get(name) ?? daysOf(ruleOf(line, { days, months, weekdays }))
  calendars.set(name, known)
  return { times, days: known }
}

interface Fields {
  readonly days: string
  readonly months: string
  readonly weekdays: string
}

/** The midnights of these days. */
function ruleOf(line: string, { days, months, weekdays }: Fields): RecurrenceRule {
  const rule = new RecurrenceRule()
  rule.tz = 'Etc/UTC'
  rule.second = 0
  rule.minute = 0
  rule.hour = 0
  const inMonths = values(line, months, 1, 12).map((month) => month - 1)
  if (months !== '*') rule.month = inMonths
  if (days !== '*') {
    const wanted = values(line, days, 1, 31)
    // Asked for the next 30th of February, node-schedule never answers.
    if (!inMonths.some((month) => (monthDays[month] ?? 0) >= Math.min(...wanted))) throw bad(line, 'no such day')
    rule.date = wanted
  }
  if (weekdays !== '*') rule.dayOfWeek = values(line, weekdays, 0, 7).map((day) => day % 7)
  return rule
}

// Lists, ranges and steps: 1,5 and 1-5 and 10-50/20; a star is the whole range.
function values(line: string, field: string, least: number, most: number): number[] {
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part)
    if (!match) throw bad(line, `cannot read ${part}`)
    const [, from, to, step] = match
    const first = from === undefined ? least : Number(from)
    const end = to !== undefined ? Number(to) : from === undefined || step !== undefined ? most : first
    const by = Number(step ?? 1)
    if (first < least || end > most || first > end || by < 1) throw bad(line, `${part} is not within ${least}-${most}`)
    for (let value = first; value <= end; value += by) found.add(value)
  }
  return [...found]
}

const bad = (line: string, why: string) => new RangeError(`not a cron line: '${line}': ${why}`)
