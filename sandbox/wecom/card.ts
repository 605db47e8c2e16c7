import { isObject } from '../wire.ts'
import { invalidParameter, Refusal } from './errors.ts'
import { address, bytesOf, type Check, flag, list, number, oneOf, shape, some, text } from './fields.ts'
import type { Json } from './wecom.ts'

const key = text({ bytes: 1024, empty: false })

/** `type` 1 leads to a url, 2 to a mini program. */
const leads = ({ type, url, appid }: Json, at: string) => {
  if (type === 1) address(url, `${at}.url`)
  if (type === 2) some(appid, `${at}.appid`)
}
const target = { url: text(), appid: text(), pagepath: text() }

const horizontal = (types: readonly number[]): Check =>
  shape(
    { type: oneOf(...types), 'keyname!': some, value: text(), url: text(), userid: text(), media_id: text() },
    ({ type, url, userid, media_id }, at) => {
      if (type === 1) address(url, `${at}.url`)
      if (type === 2) some(media_id, `${at}.media_id`)
      if (type === 3) some(userid, `${at}.userid`)
    },
  )

const jump = (types: readonly number[]): Check =>
  shape({ type: oneOf(...types), 'title!': some, question: text({ bytes: 200 }), ...target }, (value, at) => {
    leads(value, at)
    if (value.type === 3) some(value.question, `${at}.question`)
  })

const option = { 'id!': text({ bytes: 128, empty: false }), 'text!': some }
const selection = shape({
  'question_key!': key,
  title: text(),
  disable: flag,
  selected_id: text(),
  'option_list!': list(shape(option), { least: 1, most: 10, unique: 'id' }),
})

const source = shape({ icon_url: text(), desc: text(), desc_color: oneOf(0, 1, 2, 3) })
const title = shape({ title: text(), desc: text() })
const titled = shape({ 'title!': some, desc: text() })
const quote = shape({ type: oneOf(0, 1, 2), ...target, title: text(), quote_text: text() }, leads)
const action = shape({ 'type!': oneOf(0, 1, 2), ...target }, leads)
const goes = shape({ 'type!': oneOf(1, 2), ...target }, leads)
const menu = shape({
  desc: text(),
  'action_list!': list(shape({ 'text!': some, 'key!': key }), { least: 1, most: 3, unique: 'key' }),
})
const submit = shape({ 'text!': some, 'key!': key })
const buttons = list(shape({ 'text!': some, style: number(), 'key!': key }), {
  least: 1,
  most: 6,
  unique: 'key',
  size: (at) => new Refusal(40016, `invalid button size: ${at}`),
})
const image = shape({ 'url!': address, aspect_ratio: number(1.3, 2.25) })
const imageText = shape({ type: oneOf(0, 1, 2), ...target, title: text(), desc: text(), 'image_url!': address }, leads)
const verticals = list(shape({ 'title!': some, desc: text() }), { most: 4 })
const checkbox = shape({
  'question_key!': key,
  mode: oneOf(0, 1),
  disable: flag,
  'option_list!': list(shape({ ...option, is_checked: flag }), { least: 1, most: 20, unique: 'id' }),
})
const selects = list(selection, { least: 1, most: 3, unique: 'question_key' })
const feedback = shape({ 'id!': text({ bytes: 256, empty: false }) })

/** Where a card goes: some parts exist on one side only. */
export type Route = 'aibot' | 'webhook'

/** The blocks of each card type (chat.md §1.5). */
const typesOf = (route: Route): Readonly<Record<string, Check>> => {
  const own = route === 'aibot' ? { task_id: text(), feedback } : {}
  const all = { 'card_type!': some, source, ...own }
  const withMenu = route === 'aibot' ? { action_menu: menu } : {}
  const lines = {
    quote_area: quote,
    horizontal_content_list: list(horizontal(route === 'aibot' ? [0, 1, 3] : [0, 1, 2, 3]), { most: 6 }),
  }
  const jumps = { jump_list: list(jump(route === 'aibot' ? [0, 1, 2, 3] : [0, 1, 2]), { most: 3 }) }
  const notices = {
    text_notice: shape(
      {
        ...all,
        ...withMenu,
        ...lines,
        ...jumps,
        main_title: title,
        emphasis_content: title,
        sub_title_text: text(),
        'card_action!': goes,
      },
      ({ main_title, sub_title_text }, at) => {
        if (!(main_title as Json | undefined)?.title && !sub_title_text)
          throw invalidParameter(`missing ${at}.main_title.title or ${at}.sub_title_text`)
      },
    ),
    news_notice: shape(
      {
        ...all,
        ...withMenu,
        ...lines,
        ...jumps,
        'main_title!': titled,
        card_image: image,
        image_text_area: imageText,
        vertical_content_list: verticals,
        'card_action!': goes,
      },
      ({ card_image, image_text_area }, at) => {
        if (!card_image && !image_text_area) throw invalidParameter(`missing ${at}.card_image or ${at}.image_text_area`)
      },
    ),
  }
  if (route === 'webhook') return notices
  return {
    ...notices,
    button_interaction: shape({
      ...all,
      ...withMenu,
      ...lines,
      'main_title!': titled,
      sub_title_text: text(),
      button_selection: selection,
      'button_list!': buttons,
      card_action: action,
    }),
    vote_interaction: shape({ ...all, 'main_title!': titled, 'checkbox!': checkbox, 'submit_button!': submit }),
    multiple_interaction: shape({ ...all, 'main_title!': titled, 'select_list!': selects, 'submit_button!': submit }),
  }
}

const types = { aibot: typesOf('aibot'), webhook: typesOf('webhook') } as const
const at = 'template_card'

/** The card, if every block of it is right; whether its task_id is free is the caller's to know. */
export function readCard(value: unknown, route: Route): Json {
  if (!isObject(value)) throw invalidParameter(`missing ${at}`)
  const check = types[route][String(value.card_type)]
  if (!check) throw invalidParameter(`${at}.card_type is invalid`)
  check(value, at)
  if (route === 'aibot') checkTask(value)
  return value
}

function checkTask(card: Json): void {
  const { task_id, card_type, action_menu } = card
  if (task_id === undefined && !String(card_type).endsWith('_interaction') && action_menu === undefined) return
  if (typeof task_id !== 'string' || task_id === '' || bytesOf(task_id) > 128) throw badTask()
  if (!/^[0-9A-Za-z_@-]+$/.test(task_id)) throw invalidParameter(`${at}.task_id has a character that is not allowed`)
  sameKeys(card)
}

/** A button and a menu entry with one key could not be told apart. */
function sameKeys({ button_list, action_menu }: Json): void {
  const keys = [...keysOf(button_list), ...keysOf((action_menu as Json | undefined)?.action_list)]
  if (new Set(keys).size < keys.length) throw invalidParameter(`${at}.action_menu.action_list repeats a key`)
}

const keysOf = (rows: unknown): readonly unknown[] => (Array.isArray(rows) ? rows.map((row) => (row as Json).key) : [])

export const badTask = (): Refusal => new Refusal(42014, 'taskid has existed or empty or exceed max len')
