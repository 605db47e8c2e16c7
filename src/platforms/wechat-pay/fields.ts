import { type Fen, fen, type Instant, instant } from '../../core/words.ts'

/** An object from outside: nothing about its fields is known. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** Text, or a whole number as text; blank counts as missing. */
export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  if (typeof value === 'string' && value.trim() !== '') return value.trim()
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}

export function whole(fields: Fields, name: string): number | undefined {
  const written = text(fields, name)
  return written !== undefined && /^\d{1,15}$/.test(written) ? Number(written) : undefined
}

/** Whole fen; what is no amount is none. */
export function amount(fields: Fields, name: string): Fen | undefined {
  const value = whole(fields, name)
  return value === undefined ? undefined : fen(value)
}

export const flag = (fields: Fields, name: string): boolean => fields[name] === true || fields[name] === 'true'

// RFC 3339: a time without a zone would be read as ours.
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/

export function time(fields: Fields, name: string): Instant | undefined {
  const written = text(fields, name)
  if (written === undefined || !rfc3339.test(written)) return undefined
  const ms = Date.parse(written.replace(' ', 'T'))
  return Number.isNaN(ms) ? undefined : instant(ms)
}

/** One thing, several things or nothing, as a list. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}

export const texts = (value: unknown): readonly string[] =>
  list(value)
    .filter((one) => typeof one === 'string')
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** An object in JSON text. @returns undefined for anything else. */
export function parsed(written: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(written)
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}
