import { isObject } from '../wire.ts'
import { badTask, readCard } from './card.ts'
import type { Core } from './core.ts'
import { badMsgtype, invalidParameter } from './errors.ts'
import { some, text } from './fields.ts'
import type { Draft } from './publish.ts'
import { limits, type MediaType } from './rules.ts'
import type { Bot } from './state.ts'
import type { Json } from './wecom.ts'

const mediaTypes: readonly string[] = ['file', 'image', 'voice', 'video'] satisfies readonly MediaType[]

/** What a bot says, read and checked; the card's task_id is not taken yet. */
export function readOutgoing(core: Core, bot: Bot, body: Json): Draft {
  const type = String(body.msgtype)
  if (type === 'markdown') return readMarkdownBody(body)
  if (type === 'template_card') return readNewCard(bot, body.template_card)
  if (mediaTypes.includes(type)) return readMedia(core, bot.botId, type as MediaType, body)
  throw badMsgtype()
}

export function partOf(body: Json, name: string): Json {
  const part = body[name]
  if (!isObject(part)) throw invalidParameter(`missing ${name}`)
  return part
}

function readMarkdownBody(body: Json): Draft {
  const content = partOf(body, 'markdown')
  text({ bytes: limits.markdown, empty: false })(content.content, 'markdown.content')
  return { kind: 'markdown', content, pieces: [{ text: String(content.content) }] }
}

export function readNewCard(bot: Bot, value: unknown): Draft {
  const content = readCard(value, 'aibot')
  const taskId = content.task_id as string | undefined
  if (taskId !== undefined && bot.taskIds.has(taskId)) throw badTask()
  return { kind: 'card', content, pieces: [], ...(taskId === undefined ? {} : { taskId }) }
}

export function readMedia(core: Core, owner: string, type: MediaType, body: Json): Draft {
  const content = partOf(body, type)
  some(content.media_id, `${type}.media_id`)
  const file = core.media.find(owner, type, content.media_id)
  if (type === 'image') return { kind: 'image', content, pieces: [{ picture: file.bytes }] }
  return { kind: 'file', content, pieces: [{ file }] }
}
