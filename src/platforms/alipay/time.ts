import { type Instant, instant } from '../../core/words.ts'

const beijing = 8 * 3_600_000
const written = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?$/

/** Milliseconds → `2026-11-21 16:00:00` as clocks in Beijing show it, wherever we run. */
export const beijingText = (ms: number): string => new Date(ms + beijing).toISOString().slice(0, 19).replace('T', ' ')

/** Their local time, which names no zone: Beijing's. @returns undefined for what is no time. */
export function beijingTime(text: string): Instant | undefined {
  const plain = text.trim()
  if (!written.test(plain)) return undefined
  const ms = Date.parse(`${plain.replace(' ', 'T')}+08:00`)
  // The 30th of February would become the 2nd of March.
  return Number.isNaN(ms) || beijingText(ms) !== plain.slice(0, 19).replace('T', ' ') ? undefined : instant(ms)
}
