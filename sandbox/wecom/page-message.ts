import { html, type Markup } from '../html.ts'
import { safe, signed, snippet, timeOf } from '../page/text.ts'
import { part, textOfCard } from './face.ts'
import { readMarkdown } from './markdown.ts'
import { cardView } from './page-card.ts'
import { markdownView } from './page-markdown.ts'
import type { Words } from './page-words.ts'
import type { Content, Piece } from './state.ts'
import type { Json } from './wecom.ts'

export interface Seen {
  readonly id: string
  readonly said: Content
  readonly at: number
  /** Who says it, as people read it. */
  readonly name: string
  readonly by: 'me' | 'person' | 'bot' | 'push'
  /** What it quotes, as one line. */
  readonly quoted: string | undefined
  /** Where a picture or file of it is, by its place in the message. */
  readonly piece: (index: number) => string
}

/** A message as one line of a list: the card's title, the words, or what it is. */
export function brief({ kind, content, pieces, dialect }: Content, say: Words): string {
  if (kind === 'card') return lineOf(textOfCard({ main_title: part(content, 'main_title') }))
  const words = pieces.flatMap((piece) => ('text' in piece ? [piece.text] : [])).join('\n')
  const text = kind === 'markdown' ? readMarkdown(words, dialect ?? 'v2').plain : words
  const what = pieces.some((piece) => 'picture' in piece) ? say.photo : say.file
  return lineOf(text) || `[${what}]`
}

// A sign that is no letter may have no font here.
const lineOf = (text: string) => snippet(text.replace(/[🔵🟠🔴✅❓]/gu, '').trim())

/** One message as WeCom would show it to one person; every word of it only as text. */
export function bubble(seen: Seen, say: Words): Markup {
  const { id, said, at, name, by, quoted } = seen
  const tag = by === 'bot' ? say.bot : by === 'push' ? say.push : undefined
  return html`<article data-id="${id}" data-brief="${brief(said, say)}" class="${by === 'me' ? 'mine' : ''}">
<span class="face f${by === 'bot' || by === 'push' ? 'bot' : hue(name)}" aria-hidden="true">${[...name][0]}</span>
<div class="small"><b>${name}</b>${tag && html` <i class="tag">${tag}</i>`} ${timeOf(at)} <button class="answer">${say.quote}</button></div>
<div class="bubble ${said.kind}">${quoted === undefined ? undefined : html`<div class="small reply">${signed(quoted)}</div>`}${inside(seen, say)}</div>
<p class="late">${say.late}</p>
</article>`
}

function inside({ said, piece }: Seen, say: Words): readonly Markup[] {
  const { kind, content, pieces, dialect = 'v2' } = said
  if (kind === 'card') return [cardView(content, say)]
  if (kind === 'news') return (content.articles as readonly Json[]).map(article)
  return pieces.map((one, index) => {
    if (kind === 'markdown' && 'text' in one) return html`<div class="text">${markdownView(one.text, dialect)}</div>`
    return pieceView(one, piece(index), say)
  })
}

function pieceView(piece: Piece, address: string, say: Words): Markup {
  if ('text' in piece) return html`<div class="text plain">${signed(piece.text)}</div>`
  if ('picture' in piece) return html`<img src="${address}" alt="">`
  return html`<a class="file" href="${address}"><i class="tag">${say.file}</i> ${piece.file.name}</a>`
}

const article = ({ title, description, url }: Json): Markup =>
  html`<div class="jump"><a href="${safe(String(url))}" rel="noreferrer" target="_blank">${String(title)}</a><span>${String(description ?? '')}</span></div>`

/** One of six colours for a face, always the same for a name. */
const hue = (name: string): number => [...name].reduce((sum, one) => sum + (one.codePointAt(0) ?? 0), 0) % 6
