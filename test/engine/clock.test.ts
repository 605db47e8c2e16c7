import { RecurrenceRule } from 'node-schedule'
import { expect, test } from 'vitest'
import { instant } from '../../src/core/words.ts'
import { cron } from '../../src/engine/clock.ts'

const at = (text: string) => Date.parse(text)
const next = (line: string, after: string) => instant(cron(line).next(at(after)))
const last = (line: string, until: string) => instant(cron(line).last(at(until)))

test.each([
  ['* * * * *', '2026-03-01T12:00:00Z', '2026-03-01T12:01:00.000Z'],
  ['* * * * *', '2026-03-01T12:00:59.999Z', '2026-03-01T12:01:00.000Z'],
  ['*/15 * * * *', '2026-03-01T12:46:00Z', '2026-03-01T13:00:00.000Z'],
  ['10-50/20 * * * *', '2026-03-01T12:31:00Z', '2026-03-01T12:50:00.000Z'],
  ['30 1 * * *', '2026-12-31T02:00:00Z', '2027-01-01T01:30:00.000Z'],
  ['0 2 1 * *', '2026-03-01T12:00:00Z', '2026-04-01T02:00:00.000Z'],
  ['0 0 29 2 *', '2026-03-01T12:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['0 2 * * 1-5', '2026-02-27T12:00:00Z', '2026-03-02T02:00:00.000Z'],
  ['0 2 * * 7', '2026-02-27T12:00:00Z', '2026-03-01T02:00:00.000Z'],
  ['5,35 6 * 1,7 *', '2026-03-01T12:00:00Z', '2026-07-01T06:05:00.000Z'],
])('after a time, %s comes next', (line, after, slot) => {
  expect(next(line, after)).toBe(slot)
})

test.each([
  ['* * * * *', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
  ['* * * * *', '2026-03-01T12:00:59.999Z', '2026-03-01T12:00:00.000Z'],
  ['0 9 * * *', '2026-03-01T08:59:59Z', '2026-02-28T09:00:00.000Z'],
  ['0 9 * * *', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00.000Z'],
  ['0 2 1 1 *', '2026-03-01T09:00:00Z', '2026-01-01T02:00:00.000Z'],
  ['0 0 29 2 *', '2026-03-01T12:00:00Z', '2024-02-29T00:00:00.000Z'],
])('at a time, %s came last', (line, until, slot) => {
  expect(last(line, until)).toBe(slot)
})

test.each([
  ['', 'five fields'],
  ['@daily', 'five fields'],
  ['0 * * * * *', 'five fields'],
  ['60 * * * *', '60 is not within 0-59'],
  ['* 24 * * *', '24 is not within 0-23'],
  ['* * 0 * *', '0 is not within 1-31'],
  ['* * * 13 *', '13 is not within 1-12'],
  ['* * * * 8', '8 is not within 0-7'],
  ['5-1 * * * *', '5-1 is not within'],
  ['*/0 * * * *', '*/0 is not within'],
  ['a * * * *', 'cannot read a'],
  ['1, * * * *', 'cannot read '],
  ['* * 30 2 *', 'no such day'],
  ['* * 1 * 1', 'not both'],
])('%j is refused', (line, why) => {
  expect(() => cron(line)).toThrow(RangeError)
  expect(() => cron(line)).toThrow(why)
})

const every = (from: number, to: number, by: number) =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, nr) => from + nr * by)

test.each<readonly [string, Partial<RecurrenceRule>]>([
  ['* * * * *', { minute: every(0, 59, 1) }],
  ['7-47/20 3,22 * * *', { hour: [3, 22], minute: [7, 27, 47] }],
  ['59 23 31 * *', { date: 31, hour: 23, minute: 59 }],
  ['0 0 * 2 1-5', { month: 1, dayOfWeek: [1, 2, 3, 4, 5], hour: 0, minute: 0 }],
])('%s: the same slots as node-schedule gives, asked in whatever order', (line, fields) => {
  const rule = Object.assign(new RecurrenceRule(), { tz: 'Etc/UTC', second: 0, ...fields })
  const slots = cron(line)
  const midnight = at('2027-12-31T00:00:00Z')
  // Before, at and after midnights and minutes; forwards, back, and the same again.
  for (const days of [0, 40, -3, 59, 0])
    for (const ms of [-1, 0, 1, 59_999, 60_000, 79_620_000, 86_399_999]) {
      const asked = midnight + days * 86_400_000 + ms
      const next = rule.nextInvocationDate(new Date(asked)).getTime()
      expect([slots.next(asked), slots.last(next), slots.next(slots.last(asked))]).toEqual([next, next, next])
      expect(slots.last(asked)).toBeLessThanOrEqual(asked)
      expect(slots.last(next - 1)).toBe(slots.last(asked))
    }
})

test('slots are those of UTC, wherever the process runs', () => {
  const zone = process.env.TZ
  try {
    process.env.TZ = 'Asia/Shanghai'
    expect(next('0 9 * * *', '2026-03-01T08:00:00Z')).toBe('2026-03-01T09:00:00.000Z')
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})
