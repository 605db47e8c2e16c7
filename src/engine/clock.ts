import { RecurrenceRule } from 'node-schedule'

/** The slots of a cron line, in UTC milliseconds. */
export interface Cron {
  /** The first slot after that time. */
  next(after: number): number
  /** The last slot at or before that time. */
  last(until: number): number
}

const minute = 60_000
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * A cron line of five fields, in UTC. node-schedule says when its slots are; it does not wait for them: its timers are the system's, while ours come from
 * the clock that is handed in, and it neither remembers a missed slot nor keeps a job from overlapping itself.
 * Its own reader answers a bad line with a silent null, so that the line is read here.
 * @throws RangeError when it is no cron line.
 */
export function cron(line: string): Cron {
  const rule = ruleOf(line)
  const next = (after: number) => rule.nextInvocationDate(new Date(after)).getTime()
  return {
    next,
    last(until) {
      // There is no way to ask backwards: look from ever further back until a slot is found.
      for (let back = 2 * minute; ; back *= 2) {
        let slot = next(until - back)
        if (slot > until) continue
        for (let later = next(slot); later <= until; later = next(slot)) slot = later
        return slot
      }
    },
  }
}

function ruleOf(line: string): RecurrenceRule {
  const fields = line.trim().split(/\s+/)
  const [minutes, hours, days, months, weekdays] = fields
  if (fields.length !== 5 || !minutes || !hours || !days || !months || !weekdays)
    throw bad(line, 'it has not five fields')
  if (days !== '*' && weekdays !== '*') throw bad(line, 'give the day of the month or the day of the week, not both')
  const rule = new RecurrenceRule()
  rule.tz = 'Etc/UTC'
  rule.second = 0
  rule.minute = values(line, minutes, 0, 59)
  rule.hour = values(line, hours, 0, 23)
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
