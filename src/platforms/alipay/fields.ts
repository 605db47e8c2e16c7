import { z } from 'zod'
import { type Fen, fenFromYuan, type Instant } from '../../core/words.ts'
import { beijingTime } from './time.ts'

/** An object from outside: nothing about its fields is known. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Text, or a whole number as text; blank counts as missing. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}

function yuanIn(value: unknown): Fen | undefined {
  if (typeof value === 'number') return fenFromYuan(String(value))
  return typeof value === 'string' ? fenFromYuan(value) : undefined
}

const timeIn = (value: unknown): Instant | undefined => (typeof value === 'string' ? beijingTime(value) : undefined)

/** One thing, several things or nothing, as a list. */
function listIn(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value : [value]
}

// Fields of answers. Lenient: what is not as it should be is missing, and the rest is still read.
const given = z.unknown().default(null)
export const text = given.transform(textIn)
export const money = given.transform(yuanIn)
export const time = given.transform(timeIn)
export const count = given.transform((value) => {
  const digits = textIn(value)
  return digits !== undefined && /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
})
export const texts = given.transform((value): readonly string[] => listIn(value).flatMap((one) => textIn(one) ?? []))
/** Rows that cannot be read are left out. */
export const rowsOf = <Row>(row: z.ZodType<Row>) =>
  given.transform((value): readonly Row[] =>
    listIn(value).flatMap((one) => {
      const read = row.safeParse(one)
      return read.success ? [read.data] : []
    }),
  )
