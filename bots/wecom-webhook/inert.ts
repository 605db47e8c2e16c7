import { oneLine, plain } from '../../src/core/plain.ts'

// WeCom's markdown has no escapes. What means something there is written with its full-width twin: it reads the same and does nothing.
const twins: Readonly<Record<string, string>> = {
  '<': '＜',
  '>': '＞',
  '[': '［',
  ']': '］',
  '*': '＊',
  '`': '｀',
  '~': '～',
  '|': '｜',
  '\\': '＼',
  '&': '＆',
  '@': '＠',
}
const meaning = /[<>[\]*`~|\\&@]/g
/** Inside a word it is part of an order number and means nothing. */
const edgeUnderscore = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu
/** What a client makes a link of by itself. */
const linkColon = /:(?=\/\/)/g
const linkDot = /\b(www)\./gi
const heading = /^#{1,6}(?=\s|$)/
const bullet = /^[-+=](?=[-+=\s]|$)/
const numbered = /^(\d{1,9})([.)])(?=\s|$)/
const wide = (text: string) => text.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))

/** More characters than one message takes; indents that go may make room for what is not there any more, so it is said. */
const most = 5000

const withoutMeaning = (text: string): string =>
  (text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…` : text)
    .replace(meaning, (one) => twins[one] ?? one)
    .replace(edgeUnderscore, '＿')
    .replace(linkColon, '：')
    .replace(linkDot, '$1．')

/** `#128` is no heading: that takes a blank after the #. */
const lineStart = (line: string): string =>
  line
    .trim()
    .replace(heading, wide)
    .replace(bullet, wide)
    .replace(numbered, (_, digits: string, mark: string) => digits + wide(mark))

/** Words of others as they may stand in a message: lines that are words and nothing else. */
export const inert = (text: string): string =>
  withoutMeaning(plain(text))
    .split('\n')
    .map(lineStart)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** The same in one line. */
export const inertLine = (text: string): string => lineStart(withoutMeaning(oneLine(text)))

/** At most `most` bytes of UTF-8; whole code points, `…` where something is missing. */
export function cut(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  let left = most - Buffer.byteLength('…')
  let end = 0
  for (const one of text) {
    left -= Buffer.byteLength(one)
    if (left < 0) break
    end += one.length
  }
  // What stood inside a word or between two emoji must not be left at an edge.
  return most < Buffer.byteLength('…') ? '' : `${text.slice(0, end).replace(/(?:_|\u200d|\s)+$/, '')}…`
}
