import { type Instant, instant } from '../../core/words.ts'

/** An object from outside: nothing about its fields is known. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** The first of these names that holds text or a whole number, as text; blank counts as missing. */
export function text(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name]
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  }
  return undefined
}

/** A whole number, however it was written. */
export function whole(fields: Fields, ...names: readonly string[]): number | undefined {
  const written = text(fields, ...names)
  return written !== undefined && /^-?\d{1,15}$/.test(written) ? Number(written) : undefined
}

/** A number with or without a fraction, however it was written. */
export function number(fields: Fields, name: string): number | undefined {
  const value = fields[name]
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'string' && /^-?\d{1,9}(?:\.\d{1,6})?$/.test(value.trim()) ? Number(value) : undefined
}

const year2100 = 4_102_444_800

/** Unix seconds; 0 and nonsense are none. */
export function time(fields: Fields, ...names: readonly string[]): Instant | undefined {
  const seconds = whole(fields, ...names)
  return seconds !== undefined && seconds > 0 && seconds < year2100 ? instant(seconds * 1000) : undefined
}

/** One thing, several things or nothing, as a list. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}

/** Picture references: an array, one text, a repeated tag, or several joined by commas. */
export const references = (value: unknown): readonly string[] =>
  list(value)
    .flatMap((one) => (typeof one === 'string' ? one.split(splitter(one)) : []))
    .map((one) => one.trim())
    .filter((one) => one !== '')

// A URL may hold commas of its own; between two URLs stands one that is followed by a scheme.
const splitter = (joined: string) => (/^\s*https?:/i.test(joined) ? /,(?=\s*https?:)/i : ',')
