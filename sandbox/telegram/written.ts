import type { Core } from './core.ts'
import { badRequest } from './errors.ts'
import { parseHtml } from './html-text.ts'
import { fieldsOf, type Params } from './params.ts'
import type { Entity, Formatted } from './shapes.ts'
import { withSpotted } from './spot.ts'

export interface Written {
  readonly text: string
  readonly parseMode: string | undefined
  /** In place of a parse mode; as JSON. */
  readonly entities: unknown
}

/** A bot's words: parsed, trimmed, with what Telegram finds by itself. */
export function readWritten(core: Core, { text, parseMode, entities }: Written): Formatted {
  const parsed = parse(text, parseMode, entities)
  const people = parsed.entities.flatMap((entity) => mentioned(core, entity))
  const trimmed = trim(parsed.text, people)
  return { text: trimmed.text, entities: withSpotted(trimmed.text, trimmed.entities) }
}

function parse(text: string, parseMode: string | undefined, entities: unknown): Formatted {
  if (parseMode?.toLowerCase() === 'html') return parseHtml(text)
  // Markdown is not played here: better a refusal than stars in a chat.
  if (parseMode) throw badRequest('unsupported parse_mode')
  return { text, entities: Array.isArray(entities) ? entities.map(readEntity) : [] }
}

function readEntity(value: unknown): Entity {
  const { type, offset, length } = fieldsOf(value, 'MessageEntity')
  if (typeof type !== 'string' || !Number.isInteger(offset) || !Number.isInteger(length))
    throw badRequest("can't parse MessageEntity")
  return value as Entity
}

/** A link to a person is a mention when Telegram knows that person, and nothing when not. */
function mentioned(core: Core, entity: Entity): readonly Entity[] {
  const id = /^tg:\/\/user\?id=(\d+)$/i.exec(entity.url ?? '')?.[1]
  if (entity.type !== 'text_link' || id === undefined) return [entity]
  const user = core.state.users.get(Number(id))
  return user ? [{ type: 'text_mention', offset: entity.offset, length: entity.length, user }] : []
}

function trim(text: string, entities: readonly Entity[]): Formatted {
  const cut = text.length - text.trimStart().length
  const kept = text.trim()
  const moved = entities.flatMap((entity) => {
    const from = Math.max(0, entity.offset - cut)
    const to = Math.min(kept.length, entity.offset + entity.length - cut)
    return to > from ? [{ ...entity, offset: from, length: to - from }] : []
  })
  return { text: kept, entities: moved }
}

export function readText(core: Core, written: Written): Formatted {
  const read = readWritten(core, written)
  if (read.text === '') throw badRequest('message text is empty')
  if (read.text.length > core.rules().maxText) throw badRequest('message is too long')
  return read
}

export function readCaption(core: Core, written: Written): Formatted {
  const read = readWritten(core, written)
  if (read.text.length > core.rules().maxCaption) throw badRequest('message caption is too long')
  return read
}

export const writtenText = (params: Params): Written => ({
  text: params.text('text') ?? '',
  parseMode: params.text('parse_mode'),
  entities: params.json('entities', 'entities'),
})

export const writtenCaption = (params: Params): Written => ({
  text: params.text('caption') ?? '',
  parseMode: params.text('parse_mode'),
  entities: params.json('caption_entities', 'caption entities'),
})
