import { DateTime } from 'luxon'
import { type Instant, millis } from '../core/words.ts'
import type { Language } from '../storage/tenants.ts'
import { text } from './texts.ts'

/** 11-23 14:03 in the tenant's zone. */
export const clockTime = (at: Instant, zone: string): string =>
  DateTime.fromMillis(millis(at), { zone }).toFormat('MM-dd HH:mm')

/** 14:03:20 in the tenant's zone. */
export const secondsTime = (at: Instant, zone: string): string =>
  DateTime.fromMillis(millis(at), { zone }).toFormat('HH:mm:ss')

/** 14:03 on the day that it is there, else with its day. */
export function timeOf(at: Instant, zone: string, now: Instant): string {
  const [then, today] = [at, now].map((each) => DateTime.fromMillis(millis(each), { zone }))
  return then && today && then.hasSame(today, 'day') ? then.toFormat('HH:mm') : clockTime(at, zone)
}

const minute = 60_000

/** 2 天 3 小时 / 3 小时 20 分钟 / 5 分钟: the two largest parts. */
export function span(language: Language, ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / minute)
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  const parts = [
    days > 0 ? text(language, 'time.days', { n: days }) : '',
    hours > 0 ? text(language, 'time.hours', { n: hours }) : '',
    days === 0 && (rest > 0 || hours === 0) ? text(language, 'time.minutes', { n: rest }) : '',
  ]
  return parts.filter(Boolean).slice(0, 2).join(' ')
}

export const leftText = (language: Language, due: Instant, now: Instant): string => {
  const left = millis(due) - millis(now)
  return text(language, left > 0 ? 'left' : 'late', { time: span(language, left) })
}
