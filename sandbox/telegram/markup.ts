import { badRequest } from './errors.ts'
import { fieldsOf, type Params } from './params.ts'
import type { Rules } from './rules.ts'
import type { Ask, Button, Keyboard } from './shapes.ts'

export interface Markup {
  readonly keyboard?: Keyboard
  readonly asks?: Ask
}

/** reply_markup: an inline keyboard or a forced reply; other keyboards are taken and not shown. */
export function readMarkup(params: Params, rules: Rules): Markup {
  const value = params.json('reply_markup', 'reply keyboard markup')
  if (value === undefined) return {}
  const markup = fieldsOf(value, 'reply markup')
  if (markup.force_reply) return { asks: readAsk(markup) }
  if (markup.inline_keyboard === undefined) return {}
  const keyboard = readKeyboard(markup.inline_keyboard, rules)
  return keyboard.length === 0 ? {} : { keyboard }
}

function readAsk({ selective, input_field_placeholder: placeholder }: Readonly<Record<string, unknown>>): Ask {
  if (typeof placeholder === 'string' && (placeholder.length < 1 || placeholder.length > 64))
    throw badRequest('REPLY_MARKUP_PLACEHOLDER_INVALID')
  return { selective: selective === true, placeholder: typeof placeholder === 'string' ? placeholder : undefined }
}

function readKeyboard(value: unknown, rules: Rules): Keyboard {
  if (!Array.isArray(value)) throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
  const rows = value.map((row: unknown) => {
    if (!Array.isArray(row))
      throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    return row.map(readButton)
  })
  const count = rows.flat().length
  if (count > rules.maxButtons || rows.some((row) => row.length > rules.maxPerRow))
    throw badRequest('REPLY_MARKUP_TOO_LONG')
  return rows.filter((row) => row.length > 0)
}

function readButton(value: unknown): Button {
  const { text, callback_data: data, url, copy_text: copy, style } = fieldsOf(value, 'InlineKeyboardButton')
  if (typeof text !== 'string' || text.trim() === '') throw badRequest('inline keyboard button text must be non-empty')
  const button = { text, ...(typeof style === 'string' ? { style } : {}) }
  if (typeof data === 'string') return { ...button, callback_data: checkData(data) }
  if (typeof url === 'string') return { ...button, url: checkUrl(url) }
  if (copy !== undefined) return { ...button, copy_text: checkCopy(copy) }
  throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
}

function checkData(data: string): string {
  const bytes = Buffer.byteLength(data)
  if (bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID')
  return data
}

// The public servers refuse addresses that nobody outside can open.
function checkUrl(url: string): string {
  if (/^tg:\/\//i.test(url)) return url
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  if (!/^https?:/i.test(url) || !host.includes('.'))
    throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`)
  return url
}

function checkCopy(copy: unknown): { text: string } {
  const { text } = fieldsOf(copy, 'CopyTextButton')
  if (typeof text !== 'string' || text.length < 1 || text.length > 256) throw badRequest('BUTTON_COPY_TEXT_INVALID')
  return { text }
}
