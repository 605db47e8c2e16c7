const zone = 8 * 3_600_000
const dayMs = 86_400_000

/** RFC 3339 in Beijing's time, as every time of this platform. */
export function rfc3339(at: number, precision: 'milliseconds' | 'seconds' = 'seconds'): string {
  const text = new Date(at + zone).toISOString()
  return `${text.slice(0, precision === 'seconds' ? 19 : 23)}+08:00`
}

/** Beijing's day of a moment, as yyyy-MM-DD. */
export const dayOf = (at: number): string => new Date(at + zone).toISOString().slice(0, 10)

/** The first millisecond of Beijing's day, or undefined when it is none. */
export function startOfDay(day: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined
  const at = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(at) || dayOf(at - zone) !== day ? undefined : at - zone
}

export const daysBetween = (from: number, to: number): number => Math.round((to - from) / dayMs)
export const endOfDay = (start: number): number => start + dayMs
