import type { Button, Card, Say } from '../../src/chat/chat.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { oneLine, plain } from '../../src/core/plain.ts'
import { cut, escaped } from './plain.ts'

/** UTF-16 units of a message after its markup is taken out. */
export const messageLimit = 4096
export const captionLimit = 1024
const dataLimit = 64
/** So much of the quote and of the note is always there. */
const atLeast = 300
const inRow = 2
/** How long one piece may be, and how many lines, tried from the top until everything fits; the customer's own words take what is left. */
const ladder = [
  ...[messageLimit, 3900, 2000, 1000, 400, 160, 60].map((most) => [most, Number.POSITIVE_INFINITY] as const),
  ...[100, 70, 50, 35, 20].map((lines) => [60, lines] as const),
] as const

const tones = { calm: '🔵', urgent: '🟠', late: '🔴', settled: '✅' } as const satisfies Record<Card['tone'], string>

/** A piece of text in one mark, or none. */
interface Span {
  readonly text: string
  readonly mark?: { readonly open: string; readonly close: string }
}
type Row = readonly Span[]

const bold = { open: '<b>', close: '</b>' }
const quoted = { open: '<blockquote>', close: '</blockquote>' }
/** Whom the message is for; Telegram tells them. */
export interface Addressee {
  readonly id: string
  readonly name: string
}

/** What a message says, as Telegram's HTML: everything that is not ours is escaped, and it is never longer than one message. */
export function html({ text, card }: Pick<Say, 'text' | 'card'>, to?: Addressee): string {
  const quote = card?.quote === undefined ? 0 : Math.min(plain(card.quote).trim().length, atLeast)
  for (const [most, lines] of ladder) {
    const rows = (quoteMost: number) => rowsOf({ text, card, to, most, lines, quoteMost })
    const room = messageLimit - lengthOf(rows(0)) - (quote > 0 ? 1 : 0)
    if (room >= quote) return printed(rows(room))
  }
  throw new RangeError('the last step of the ladder fits always')
}

function rowsOf(from: {
  readonly text: string | undefined
  readonly card: Card | undefined
  readonly to: Addressee | undefined
  readonly most: number
  readonly lines: number
  readonly quoteMost: number
}): readonly Row[] {
  const { text, card, to, most, lines, quoteMost } = from
  const rows: (Row | undefined)[] = [
    to && mention(to),
    text === undefined ? undefined : [{ text: cut(plain(text), most) }],
  ]
  if (card) {
    rows.push([{ text: `${tones[card.tone]} ` }, { text: cut(oneLine(card.title), 256), mark: bold }])
    for (const { label, text } of card.lines.slice(0, lines)) rows.push(line(label, cut(oneLine(text), most)))
    if (card.lines.length > lines) rows.push([{ text: '…' }])
    if (card.quote && quoteMost > 0) rows.push([{ text: cut(plain(card.quote).trim(), quoteMost), mark: quoted }])
    if (card.note) rows.push([{ text: cut(plain(card.note), Math.max(most, atLeast)) }])
  }
  return rows.flatMap((row) => (row?.some(({ text }) => text.trim() !== '') ? [row] : []))
}

function line(label: string, text: string): Row {
  const name = cut(oneLine(label), 64)
  const colon = /\p{Script=Han}$/u.test(name) ? '：' : ': '
  return name.startsWith('#')
    ? [{ text: name, mark: bold }, { text: ` ${text}` }]
    : [{ text: `${name}${colon}`, mark: bold }, { text }]
}

const mention = ({ id, name }: Addressee): Row | undefined =>
  /^\d+$/.test(id)
    ? [{ text: cut(oneLine(name) || id, 64), mark: { open: `<a href="tg://user?id=${id}">`, close: '</a>' } }]
    : undefined

const rowLength = (row: Row) => row.reduce((sum, { text }) => sum + text.length, 0)
const lengthOf = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + rowLength(row) + 1, -1)

function printed(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    row
      .filter(({ text }) => text !== '')
      .map(({ text, mark }) => (mark ? `${mark.open}${escaped(text)}${mark.close}` : escaped(text)))
      .join(''),
  )
  // A message without a character is refused.
  return lines.join('\n') || '·'
}

/** `style` needs Bot API 9.4. */
interface Key {
  readonly text: string
  readonly callback_data: string
  readonly style?: 'primary' | 'danger'
}
interface LinkKey {
  readonly text: string
  readonly url: string
}

const styles = { main: 'primary', plain: undefined, danger: 'danger' } as const satisfies Record<
  Button['weight'],
  Key['style']
>

interface Keyboard {
  readonly inline_keyboard: readonly (readonly (Key | LinkKey)[])[]
}

/** @throws OutsideError for a token that Telegram would not carry: nothing is sent then. */
export function keyboard(buttons: readonly Button[], styled = true, link?: Card['link']): Keyboard {
  const keys = buttons.map((button) => keyOf(button, styled))
  const rows = Array.from({ length: Math.ceil(keys.length / inRow) }, (_, at) =>
    keys.slice(at * inRow, (at + 1) * inRow),
  )
  return { inline_keyboard: link ? [...rows, [{ text: labelOf(link.label), url: link.url }]] : rows }
}

function keyOf({ label, token, weight }: Button, styled: boolean): Key {
  const bytes = Buffer.byteLength(token)
  if (bytes < 1 || bytes > dataLimit)
    throw new OutsideError('refused', `a button carries ${bytes} bytes; Telegram takes 1 to ${dataLimit}`)
  const style = styled ? styles[weight] : undefined
  return { text: labelOf(label), callback_data: token, ...(style && { style }) }
}

const labelOf = (label: string): string => cut(oneLine(label), 40) || '·'
