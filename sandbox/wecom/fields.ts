import { isObject } from '../wire.ts'
import { invalidParameter, type Refusal } from './errors.ts'
import type { Json } from './wecom.ts'

/** Refuses a value; `at` is the path of the field. */
export type Check = (value: unknown, at: string) => void

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')

interface TextRule {
  /** At most so many bytes of UTF-8. */
  readonly bytes?: number
  readonly empty?: boolean
}

export const text =
  ({ bytes = Number.POSITIVE_INFINITY, empty = true }: TextRule = {}): Check =>
  (value, at) => {
    if (typeof value !== 'string') throw invalidParameter(`${at} is not a string`)
    if (!empty && value === '') throw invalidParameter(`${at} is empty`)
    if (bytesOf(value) > bytes) throw invalidParameter(`${at} exceed max length ${bytes}`)
  }

export const some: Check = text({ empty: false })

export const address: Check = (value, at) => {
  if (typeof value !== 'string' || !/^https?:\/\/\S+$/.test(value)) throw invalidParameter(`${at} is not a url`)
}

export const number =
  (least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY): Check =>
  (value, at) => {
    if (typeof value !== 'number') throw invalidParameter(`${at} is not a number`)
    if (value < least || value > most) throw invalidParameter(`${at} out of range`)
  }

export const flag: Check = (value, at) => {
  if (typeof value !== 'boolean') throw invalidParameter(`${at} is not a bool`)
}

export const oneOf =
  (...allowed: readonly number[]): Check =>
  (value, at) => {
    if (!allowed.includes(value as number)) throw invalidParameter(`${at} is none of ${allowed.join(', ')}`)
  }

interface Fields {
  readonly [name: string]: Check
}

/** An object with these fields; those with a `!` behind the name must be there. */
export const shape =
  (fields: Fields, more?: (value: Json, at: string) => void): Check =>
  (value, at) => {
    if (!isObject(value)) throw invalidParameter(`${at} is not an object`)
    const known = new Map(Object.entries(fields).map(([name, check]) => [name.replace('!', ''), check]))
    const stranger = Object.keys(value).find((name) => !known.has(name))
    if (stranger !== undefined) throw invalidParameter(`${at}.${stranger} is not a field of ${at}`)
    for (const name of Object.keys(fields)) {
      if (name.endsWith('!') && value[name.slice(0, -1)] === undefined)
        throw invalidParameter(`missing ${at}.${name.slice(0, -1)}`)
    }
    for (const [name, check] of known) if (value[name] !== undefined) check(value[name], `${at}.${name}`)
    more?.(value, at)
  }

interface ListRule {
  readonly most: number
  readonly least?: number
  /** The field in which no two may be equal. */
  readonly unique?: string
  readonly size?: (at: string) => Refusal
}

export const list =
  (item: Check, { most, least = 0, unique, size }: ListRule): Check =>
  (value, at) => {
    if (!Array.isArray(value)) throw invalidParameter(`${at} is not an array`)
    if (value.length < least || value.length > most)
      throw size?.(at) ?? invalidParameter(`${at} has ${value.length} items, allowed are ${least} to ${most}`)
    value.forEach((one, index) => {
      item(one, `${at}[${index}]`)
    })
    if (unique === undefined) return
    const keys = value.map((one) => (one as Json)[unique])
    if (new Set(keys).size < keys.length) throw invalidParameter(`${at} repeats a ${unique}`)
  }
