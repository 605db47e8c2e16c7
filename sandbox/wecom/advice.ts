import { isObject } from '../wire.ts'
import type { Json } from './wecom.ts'

/** A part of a card that is longer than the platform advises; it may be cut on a screen. */
export interface TooLong {
  /** As `horizontal_content_list[2].keyname`. */
  readonly field: string
  readonly characters: number
  readonly advised: number
}

// chat.md §1.5, the numbers for 智能机器人.
const advised: Readonly<Record<string, number>> = {
  'source.desc': 13,
  'main_title.title': 26,
  'main_title.desc': 30,
  'emphasis_content.title': 10,
  'emphasis_content.desc': 15,
  sub_title_text: 112,
  'horizontal_content_list[].keyname': 5,
  'horizontal_content_list[].value': 26,
  'jump_list[].title': 13,
  'vertical_content_list[].title': 26,
  'vertical_content_list[].desc': 112,
  'button_selection.title': 13,
  'button_selection.option_list[].text': 10,
  'button_list[].text': 10,
  'checkbox.option_list[].text': 11,
  'select_list[].title': 13,
  'select_list[].option_list[].text': 10,
  'submit_button.text': 10,
}

/** What of a card (`Shown.content`) is longer than advised, in 字. */
export const overAdvice = (card: Json): readonly TooLong[] => walk(card, '', '')

function walk(value: unknown, field: string, kind: string): readonly TooLong[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => walk(one, `${field}[${index}]`, `${kind}[]`))
  const dot = field === '' ? '' : '.'
  if (isObject(value))
    return Object.entries(value).flatMap(([name, one]) => walk(one, `${field}${dot}${name}`, `${kind}${dot}${name}`))
  const most = advised[kind]
  if (most === undefined || typeof value !== 'string') return []
  const characters = [...value].length
  return characters > most ? [{ field, characters, advised: most }] : []
}
