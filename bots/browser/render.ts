import type { Card } from '../../src/chat/chat.ts'
import type { Entry } from './transcript.ts'

/** What the page gets of a card: only what it shows. */
export const cardJson = (card: Card) => ({
  title: card.title,
  tone: card.tone,
  due: card.due,
  lines: card.lines.map(({ label, text }) => ({ label, text })),
  quote: card.quote,
  note: card.note,
  buttons: card.buttons.map(({ label, token, weight }) => ({ label, token, weight })),
  link: card.link,
})

export const entryJson = (entry: Entry) => ({
  id: entry.id,
  chat: entry.chat,
  seq: entry.seq,
  at: entry.at,
  by: entry.by,
  text: entry.text,
  card: entry.card && cardJson(entry.card),
  pictures: entry.pictures ?? [],
  about: entry.about,
  only: entry.onlyFor !== undefined,
  edited: entry.edited ?? false,
})

/** The card as a person would read it out: for tests and for previews. */
export const cardText = (card: Card): string =>
  [
    card.title,
    ...card.lines.map(({ label, text }) => `${label}：${text}`),
    ...(card.quote ? [`“${card.quote}”`] : []),
    ...(card.note ? [card.note] : []),
    ...(card.buttons.length ? [card.buttons.map(({ label }) => `[${label}]`).join(' ')] : []),
  ].join('\n')
