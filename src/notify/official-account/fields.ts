import type { Fields } from '../letter.ts'

/** Keyword → value, as the template takes it. */
export type Data = Readonly<Record<string, { readonly value: string }>>

/** What a template shows, each as its keyword's kind wants it: what is too long or strange would have the whole message refused (47003). */
export const dataOf = (map: Readonly<Record<string, keyof Fields>>, fields: Fields): Data =>
  Object.fromEntries(Object.entries(map).map(([key, field]) => [key, { value: fitted(key, fields[field]) }]))

/** `thing12` is a `thing`. docs/channels.md#template-fields */
export function fitted(key: string, value: string): string {
  const kind = key.replace(/\d+$/, '')
  const text = value.replace(/\s+/g, ' ').trim()
  const suited = kinds[kind]
  return (suited === undefined ? first(text, 20) : suited(text)) || nothing(kind)
}

const first = (text: string, most: number): string => [...text].slice(0, most).join('').trim()
const only = (pattern: RegExp, most: number) => (text: string) => first(text.replace(pattern, ''), most)

const kinds: Readonly<Record<string, (text: string) => string>> = {
  thing: (text) => first(text, 20),
  short_thing: (text) => first(text, 20),
  number: only(/[^\d.]/g, 32),
  letter: only(/[^A-Za-z]/g, 32),
  symbol: only(/[\p{L}\p{N}\s]/gu, 5),
  character_string: only(/[^\x21-\x7e]/g, 32),
  time: timeText,
  date: timeText,
  amount,
  phone_number: only(/[^\d+*-]/g, 17),
  car_number: (text) => first(text, 8),
  name: (text) => first(text, /^[\x20-\x7e]*$/.test(text) ? 20 : 10),
  // Letters and digits are not taken there.
  phrase: only(/[^\p{Script=Han}]/gu, 5),
  // One of the values that the template lists: shown as it is.
  const: (text) => first(text, 20),
}

/** 2026-03-01 20:00 is taken as it stands; what is none is none. */
function timeText(text: string): string {
  return /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?$/.test(text) ? text : ''
}

function amount(text: string): string {
  const found = /^[¥￥]?(\d{1,10}(?:\.\d{1,2})?)元?$/.exec(text)
  return found ? `¥${found[1]}` : ''
}

/** A keyword may not be empty, and each kind refuses what is none of its own. */
const nothing = (kind: string): string =>
  ({ number: '0', amount: '¥0', time: '1970-01-01 08:00', date: '1970-01-01', phrase: '无', letter: 'x' })[kind] ?? '-'
