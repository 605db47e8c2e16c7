import type { Template } from './official.ts'
import type { Rules } from './rules.ts'

/** One line of a template: `投诉时间：{{time2.DATA}}`. */
export interface Slot {
  readonly key: string
  /** thing of thing1; keyword, first and remark are the old kind. */
  readonly kind: string
  readonly label: string
}

export function slotsOf({ content }: Template): readonly Slot[] {
  return content.split('\n').flatMap((line) => {
    const match = /^(.*?)[：:]?\s*\{\{(\w+)\.DATA\}\}/.exec(line)
    const key = match?.[2]
    return key === undefined ? [] : [{ key, kind: key.replace(/\d+$/, ''), label: match?.[1] ?? '' }]
  })
}

const long = (text: string): number => [...text].length
const day = String.raw`\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|\/\d{1,2}\/\d{1,2})`
const hour = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`
const moment = `(?:${day}(?: ?${hour})?|${hour})`
const when = new RegExp(`^${moment}(?: ?~ ?${moment})?$`)

type Fits = (value: string, about: { readonly rules: Rules; readonly constants: readonly string[] }) => boolean

// wechat-miniprogram.md §6.2, by the prefix of the key.
const kinds: Readonly<Record<string, Fits>> = {
  thing: (value, { rules }) => long(value) <= 20 && (rules.lineBreaks === 'cut' || !/[\r\n]/.test(value)),
  short_thing: (value, { rules }) => rules.shortThing === 0 || long(value) <= rules.shortThing,
  number: (value) => /^\d{1,32}(?:\.\d+)?$/.test(value) && long(value) <= 32,
  letter: (value) => /^[A-Za-z]{1,32}$/.test(value),
  symbol: (value) => /^[^\p{L}\p{N}\s]{1,5}$/u.test(value),
  character_string: (value) => /^[\x20-\x7e]{1,32}$/.test(value),
  time: (value) => when.test(value),
  date: (value) => when.test(value),
  amount: (value) => /^[¥￥$€£]?\d+(?:\.\d{1,2})?元?$/.test(value) && value.replace(/\D/g, '').length <= 10,
  phone_number: (value) => /^[\d+\-() ]{1,17}$/.test(value),
  car_number: (value) => /^[\p{Script=Han}A-Za-z0-9]{1,8}$/u.test(value),
  name: (value) => (/\p{Script=Han}/u.test(value) ? long(value) <= 10 : /^[A-Za-z .'-]{1,20}$/.test(value)),
  phrase: (value) => /^\p{Script=Han}{1,5}$/u.test(value),
  const: (value, { constants }) => constants.includes(value),
}

/** What is shown for the line, or undefined: refused as 47003. */
export function shownValue(slot: Slot, value: string, template: Template, rules: Rules): string | undefined {
  const { kind, key } = slot
  if (kind === 'keyword') return [...value.replace(/[\r\n]+/g, '')].slice(0, 20).join('')
  const fits = kinds[kind]
  const constants = template.constants?.[key] ?? []
  const good = value.trim() !== '' && (fits === undefined || fits(value, { rules, constants }))
  return good ? value.replace(/[\r\n]+/g, '') : undefined
}
