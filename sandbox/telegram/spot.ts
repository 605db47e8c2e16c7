import type { Entity } from './shapes.ts'

// What Telegram finds by itself, in everybody's text; after TDLib's MessageEntity.
const patterns: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['url', /https?:\/\/[^\s<>"，。）]+/giu],
  ['bot_command', /(?<![\p{L}\p{N}_/<>])\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\p{L}\p{N}_/<>])/gu],
  ['mention', /(?<![\p{L}\p{N}_])@[A-Za-z0-9_]{3,32}(?![\p{L}\p{N}_])/gu],
  ['hashtag', /(?<![\p{L}\p{N}_#])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]+/gu],
]

/** Adds commands, mentions, hashtags and addresses to what was marked by hand; nothing is found inside code or a link. */
export function withSpotted(text: string, marked: readonly Entity[]): readonly Entity[] {
  const closed = marked.filter(({ type }) => ['code', 'pre', 'text_link', 'text_mention'].includes(type))
  const found: Entity[] = []
  for (const [type, pattern] of patterns)
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length }
      if (![...closed, ...found].some((one) => overlap(one, entity))) found.push(entity)
    }
  return [...marked, ...found].sort((a, b) => a.offset - b.offset || b.length - a.length)
}

const overlap = (a: Entity, b: Entity) => a.offset < b.offset + b.length && b.offset < a.offset + a.length

export const pieceOf = (text: string, { offset, length }: Entity): string => text.slice(offset, offset + length)
