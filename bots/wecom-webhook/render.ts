import type { Card, Say } from '../../src/chat/chat.ts'
import { cut, inert, inertLine } from './inert.ts'
import { whereToAct } from './phrases.ts'

/** Bytes of UTF-8, markup included. */
export const messageLimit = 4096
/** So much of the quote is always there. */
const quoteAtLeast = 300
const titleMost = 300
const labelMost = 60
/** How long one piece may be, and how many lines, tried from the top until everything fits; the customer's own words take what is left. */
const ladder = [
  ...[1500, 800, 400, 200, 120, 60].map((most) => [most, Number.POSITIVE_INFINITY] as const),
  ...[40, 25, 15].map((lines) => [60, lines] as const),
] as const

type Colour = 'info' | 'warning' | 'comment'
// There are three colours, and red is none of them: the sign says it.
const tones = {
  calm: ['🔵', 'info'],
  urgent: ['🟠', 'warning'],
  late: ['🔴', 'warning'],
  settled: ['✅', 'comment'],
} as const satisfies Record<Card['tone'], readonly [string, Colour]>

const coloured = (colour: Colour, text: string) => `<font color="${colour}">${text}</font>`

/** What a message says, as WeCom's markdown: nothing but our own marks means anything in it, and it is never longer than one message. */
export function markdown({ text = '', card }: Pick<Say, 'text' | 'card'>): string {
  const said = inert(text)
  // A message without a character is refused.
  if (!card) return cut(said, messageLimit) || '·'
  const words = wordsOf(card, said)
  const wanted = Math.min(Buffer.byteLength(words.quote), quoteAtLeast)
  for (const [most, lines] of ladder) {
    const written = (quote: string) => rowsOf({ ...words, quote }, most, lines).join('\n')
    const room = messageLimit - Buffer.byteLength(written(words.quote && '>'))
    if (room >= wanted) return written(cutQuote(words.quote, room))
  }
  throw new RangeError('the last step of the ladder fits always')
}

/** `128` of a card or a line that begins with #128. */
export const numberIn = (words: string | undefined): string | undefined => /^\s*#(\d{1,15})\b/.exec(words ?? '')?.[1]

/** A card's words as they may stand in a message, still at full length. */
interface Words {
  readonly said: string
  readonly title: string
  readonly lines: readonly { readonly label: string; readonly text: string }[]
  readonly quote: string
  readonly note: string
  readonly act: string
  readonly link: string
}

const wordsOf = (card: Card, said: string): Words => ({
  said,
  title: titleLine(card),
  lines: card.lines.flatMap(({ label, text }) => {
    const words = inertLine(text)
    return words === '' ? [] : [{ label: labelOf(cut(inertLine(label), labelMost)), text: words }]
  }),
  quote: quoteOf(card),
  note: inert(card.note ?? ''),
  act: actLine(card),
  link: card.link ? `[${inertLine(card.link.label)}](${card.link.url})` : '',
})

function rowsOf({ said, title, lines, quote, note, act, link }: Words, most: number, some: number): readonly string[] {
  const rows = [
    cut(said, most),
    title,
    ...lines.slice(0, some).map(({ label, text }) => label + cut(text, most)),
    lines.length > some ? '…' : '',
    quote,
    // A blank line ends a quote everywhere.
    ...(quote && (note || act || link) ? ['\n'] : []),
    cut(note, most),
    act,
    link,
  ]
  return rows.filter((row) => row !== '').map((row) => (row === '\n' ? '' : row))
}

function titleLine({ tone, title }: Card): string {
  const [sign, colour] = tones[tone]
  const words = cut(inertLine(title), titleMost)
  return words === '' ? sign : `**${coloured(colour, `${sign} ${words}`)}**`
}

function labelOf(name: string): string {
  if (name === '') return ''
  if (name.startsWith('#')) return `${coloured('comment', name)} `
  return coloured('comment', `${name}${/\p{Script=Han}$/u.test(name) ? '：' : ': '}`)
}

const quoteOf = ({ quote = '' }: Card): string =>
  inert(quote)
    .split('\n')
    .map((words) => (words === '' ? '>' : `> ${words}`))
    .join('\n')
    .replace(/^>$/, '')

/** Nothing of a line is left behind whose mark was cut off. */
const cutQuote = (quote: string, most: number): string => cut(quote, most).replace(/\n(>\s*)?…$/, '…')

function actLine({ buttons, title }: Card): string {
  const [button] = buttons
  return button ? coloured('comment', whereToAct(button.label, numberIn(title))) : ''
}
