import type { Card, Say } from '../../src/chat/chat.ts'
import { oneLine, plain } from '../../src/core/plain.ts'
import { tones } from './card.ts'
import { cut, cutBytes } from './fit.ts'

/** Bytes of one message. */
export const messageLimit = 20_480
/** 字 of one piece: so nothing pushes everything else out. */
const most = { title: 100, label: 30, text: 500, quote: 2000, note: 1000 } as const

/** A line of the message: our own marks, then what others wrote. */
interface Row {
  readonly ours: string
  readonly text: string
}

/** What a message says, in WeCom's Markdown. Everything that is not ours is made inert, and it is never longer than one message. */
export function markdown({ text, card }: Pick<Say, 'text' | 'card'>): string {
  const rows = [...(text === undefined ? [] : prose(plain(text))), ...(card ? cardRows(card) : [])]
  let room = messageLimit - Buffer.byteLength('…')
  const lines: string[] = []
  for (const { ours, text } of rows) {
    const theirs = inert(text)
    const left = room - Buffer.byteLength(`${ours}\n`)
    if (Buffer.byteLength(theirs) > left) {
      // A mark with a letter or two behind it says nothing.
      lines.push(left < 16 ? '…' : ours + cutBytes(theirs, left))
      break
    }
    lines.push(ours + theirs)
    room = left - Buffer.byteLength(theirs)
  }
  // An empty message is refused.
  return lines.join('\n').trim() || '·'
}

function cardRows(card: Card): readonly Row[] {
  const quote = prose(cut(plain(card.quote ?? '').trim(), most.quote)).map((row) => ({ ...row, ours: '> ' }))
  const note = prose(cut(plain(card.note ?? '').trim(), most.note))
  return [
    { ours: `${tones[card.tone].sign} ${bold(cut(oneLine(card.title), most.title))}`, text: '' },
    ...card.lines.map(line),
    ...quote,
    // What follows a quote at once belongs to it.
    ...(quote.length > 0 && note.length > 0 ? [blank] : []),
    ...note,
  ]
}

const blank: Row = { ours: '', text: '' }

const prose = (text: string): readonly Row[] =>
  text === '' ? [] : text.split('\n').map((text) => ({ ours: '', text }))

/** The colon stands behind the mark: a mark that ends in punctuation does not close before a letter. */
function line({ label, text }: Card['lines'][number]): Row {
  const name = cut(oneLine(label), most.label)
  const after = name.startsWith('#') || name === '' ? ' ' : /\p{Script=Han}$/u.test(name) ? '：' : ': '
  return { ours: bold(name) + after, text: cut(oneLine(text), most.text) }
}

const bold = (text: string) => (text === '' ? '' : `**${inert(text)}**`)

// It is written nowhere whether WeCom takes a backslash before a mark, so a mark is replaced by its full-width likeness: that is read the same and is none.
const likenesses: Readonly<Record<string, string>> = {
  '*': '＊',
  '`': '｀',
  _: '＿',
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '~': '～',
  '|': '｜',
  '\\': '＼',
  '&': '＆',
  ':': '：',
  '#': '＃',
  '-': '－',
  '+': '＋',
  '=': '＝',
  '.': '．',
  ')': '）',
}
const likeness = (text: string) => text.replace(/./gsu, (mark) => likenesses[mark] ?? mark)

/** One line of others' words, without any meaning in Markdown or HTML; an order's number keeps its underscores. */
export const inert = (text: string): string =>
  text
    .replace(/^[^\S\n]+/, (blanks) => blanks.slice(0, 1))
    .replace(/[*`[\]<>~|\\]/g, likeness)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, likeness)
    .replace(/&(?=#?\w+;)|:(?=\/\/)|(?<=\bwww)\./gi, likeness)
    .replace(/^\s?(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|[-=]+\s*$|(?:-\s*){3,}$|\d{1,9}[.)](?=\s|$))/, likeness)
