import type { Core } from '../core.ts'
import { badRequest } from '../errors.ts'
import { fieldsOf, type Params } from '../params.ts'
import { type Call, postIn, privateKey } from '../rooms.ts'
import type { Post, Room } from '../state.ts'

export interface Where {
  readonly replyTo: Post | undefined
  readonly thread: number | undefined
}

/** What a message answers and in which topic it stands. */
export function whereIn(call: Call, room: Room): Where {
  // A message for one person only must not be shown to all by a sandbox that does not know the feature.
  if (call.params.text('ephemeral_message_parameters') !== undefined)
    throw badRequest('ephemeral messages are not played by the sandbox')
  const replyTo = readReply(call, room)
  const said = call.params.number('message_thread_id')
  const thread = said === undefined || said === 0 ? (replyTo?.room === room ? replyTo.thread : undefined) : said
  return { replyTo, thread: checkThread(call.core, room, thread) }
}

function checkThread(core: Core, room: Room, thread: number | undefined): number | undefined {
  if (thread === undefined) return undefined
  if (room.forum && thread === 1 && core.rules().generalThread === 'taken') return undefined
  const topic = room.topics.get(thread)
  if (!room.forum || !topic) throw badRequest('message thread not found')
  if (topic.closed) throw badRequest('TOPIC_CLOSED')
  return thread
}

interface Wish {
  readonly id: number
  readonly chat: string | undefined
  readonly lenient: boolean
}

function readReply(call: Call, room: Room): Post | undefined {
  const wish = readWish(call.params)
  if (!wish) return undefined
  const { rooms } = call.core.state
  const other =
    wish.chat === undefined ? room : (rooms.get(wish.chat) ?? rooms.get(privateKey(call.bot, Number(wish.chat))))
  const post = other && postIn(other, wish.id)
  if (post) return post
  if (wish.lenient && other === room) return undefined
  throw badRequest('message to be replied not found')
}

// reply_parameters, or the two older fields that it took the place of.
function readWish(params: Params): Wish | undefined {
  const value = params.json('reply_parameters', 'reply parameters')
  if (value === undefined) {
    const id = params.number('reply_to_message_id')
    return id ? { id, chat: undefined, lenient: params.flag('allow_sending_without_reply') } : undefined
  }
  const { message_id: id, chat_id: chat, allow_sending_without_reply: lenient } = fieldsOf(value, 'ReplyParameters')
  if (id === undefined || !Number.isInteger(Number(id)))
    throw badRequest('parameter "message_id" is required in reply parameters')
  return { id: Number(id), chat: chat === undefined ? undefined : String(chat), lenient: lenient === true }
}
