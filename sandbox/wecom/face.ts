import { isObject } from '../wire.ts'
import type { Json, Shown } from './wecom.ts'

export const part = (card: Json, name: string): Json => (isObject(card[name]) ? (card[name] as Json) : {})
export const rows = (card: Json, name: string): readonly Json[] =>
  Array.isArray(card[name]) ? (card[name] as Json[]) : []
const said = (...words: readonly unknown[]): readonly string[] =>
  words.filter((word): word is string => typeof word === 'string' && word !== '')

/** What can be read on a card, a line each, without its buttons. */
export function textOfCard(card: Json): string {
  const [source, title, big] = [part(card, 'source'), part(card, 'main_title'), part(card, 'emphasis_content')]
  const [quote, area] = [part(card, 'quote_area'), part(card, 'image_text_area')]
  return [
    ...said(source.desc, title.title, title.desc, big.title, big.desc),
    ...said(quote.title, quote.quote_text, area.title, area.desc, card.sub_title_text),
    ...rows(card, 'vertical_content_list').flatMap((row) => said(row.title, row.desc)),
    ...rows(card, 'horizontal_content_list').map(({ keyname, value }) => said(keyname, value).join(': ')),
    ...rows(card, 'jump_list').flatMap((row) => said(row.title)),
    ...said(part(card, 'button_selection').title),
    ...rows(card, 'select_list').flatMap((row) => said(row.title)),
  ].join('\n')
}

export function linksOfCard(card: Json): readonly string[] {
  const parts = ['quote_area', 'image_text_area', 'card_action'].map((name) => part(card, name))
  const all = [...parts, ...rows(card, 'horizontal_content_list'), ...rows(card, 'jump_list')]
  return all.flatMap(({ type, url }) => (type === 1 ? said(url) : []))
}

/** Labels and keys, as they stand. */
export function buttonsOfCard(card: Json): Shown['buttons'] {
  const one = ({ text, key }: Json) => ({ label: String(text), key: String(key) })
  const submit = part(card, 'submit_button')
  return [
    ...rows(card, 'button_list').map(one),
    ...(submit.key === undefined ? [] : [one(submit)]),
    ...rows(part(card, 'action_menu'), 'action_list').map((row) => ({ ...one(row), menu: true as const })),
  ]
}

interface Question {
  readonly key: string
  readonly options: readonly { readonly label: string; readonly id: string }[]
  /** Ids that are chosen when nobody touches it. */
  readonly chosen: readonly string[]
  readonly many: boolean
}

export function questionsOf(card: Json): readonly Question[] {
  const selects = [part(card, 'button_selection'), ...rows(card, 'select_list')].filter((one) => one.question_key)
  const box = part(card, 'checkbox')
  return [...selects.map(dropdown), ...(box.question_key === undefined ? [] : [boxes(box)])]
}

const optionsOf = (question: Json) =>
  rows(question, 'option_list').map(({ id, text }) => ({ id: String(id), label: String(text) }))

function dropdown(question: Json): Question {
  const options = optionsOf(question)
  const preset = options.find(({ id }) => id === question.selected_id) ?? options[0]
  return { key: String(question.question_key), options, chosen: preset ? [preset.id] : [], many: false }
}

function boxes(box: Json): Question {
  const chosen = rows(box, 'option_list').flatMap(({ id, is_checked }) => (is_checked === true ? [String(id)] : []))
  return { key: String(box.question_key), options: optionsOf(box), chosen, many: box.mode === 1 }
}
