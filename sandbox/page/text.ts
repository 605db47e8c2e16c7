import { html, type Markup } from '../html.ts'

const signs: Readonly<Record<string, string>> = { '🔵': 'blue', '🟠': 'orange', '🔴': 'red', '✅': 'done', '❓': 'ask' }

/** The signs that bots like, drawn: not every machine has a font for them. */
export const signed = (text: string): readonly Markup[] =>
  text.split(/(🔵|🟠|🔴|✅|❓)/u).map((piece) => {
    const look = signs[piece]
    return look === undefined ? html`${piece}` : html`<i class="sign ${look}">${piece}</i>`
  })

/** Where a link may lead: the web, and nowhere else. */
export const safe = (url: string): string => (/^https?:\/\//i.test(url) ? url : '#')

/** What is answered or quoted, as one line. */
export const snippet = (text: string): string => [...(text.split('\n', 1)[0] ?? '')].slice(0, 36).join('')

/** Beijing's hour and minute, wherever the reader is. */
export const timeOf = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(11, 16)
