import { badTask, readCard } from './card.ts'
import type { Core } from './core.ts'
import { badMsgtype, badReqId, invalidParameter, Refusal, tooOften } from './errors.ts'
import { text } from './fields.ts'
import type { Act } from './link.ts'
import { partOf, readNewCard, readOutgoing } from './outgoing.ts'
import { type Draft, publish } from './publish.ts'
import { limits } from './rules.ts'
import { type Bot, fold, groupKey, type Handle, type Post, type Room, singleKey } from './state.ts'
import type { Uploads } from './uploads.ts'
import type { Json } from './wecom.ts'

const minute = 60_000

export function createCommands(core: Core, uploads: Uploads): Act {
  return (bot, { cmd, reqId, body }) => {
    switch (cmd) {
      case 'aibot_send_msg':
        return push(core, bot, body)
      case 'aibot_respond_msg':
        return respond(core, bot, reqId, body)
      case 'aibot_respond_welcome_msg':
        return welcome(core, bot, reqId, body)
      case 'aibot_respond_update_msg':
        return update(core, bot, reqId, body)
      case 'aibot_upload_media_init':
        return uploads.init(bot.botId, body)
      case 'aibot_upload_media_chunk':
        return uploads.chunk(bot.botId, body)
      case 'aibot_upload_media_finish':
        return uploads.finish(bot.botId, body)
      default:
        throw invalidParameter(`invalid cmd ${cmd}`)
    }
  }
}

function push(core: Core, bot: Bot, body: Json): undefined {
  const draft = readOutgoing(core, bot, body)
  say(core, bot, roomFor(core, bot, body), draft)
}

/** Where a push goes; somebody must have spoken to the bot there before. */
function roomFor(core: Core, bot: Bot, { chatid, chat_type = 0 }: Json): Room {
  if (typeof chatid !== 'string' || chatid === '') throw invalidParameter('missing chatid')
  if (chat_type !== 0 && chat_type !== 1 && chat_type !== 2) throw invalidParameter('chat_type is none of 0, 1, 2')
  const group = chat_type === 1 ? undefined : core.rooms.get(groupKey(chatid))
  const known = chat_type !== 2 && core.people.has(fold(chatid))
  const room = group ?? (known ? core.rooms.get(singleKey(bot.botId, chatid)) : undefined)
  if (!room && !known) throw new Refusal(93006, 'invalid chatid')
  if (room && !room.bots.has(bot.botId)) throw new Refusal(93008, 'not in chat')
  if (!room?.spokenTo.has(bot.botId)) throw new Refusal(93001, 'chat not allowed to push')
  return room
}

/** Spends one of the conversation's allowance and one task_id; undefined when nobody gets to see it. */
function say(core: Core, bot: Bot, room: Room, draft: Draft): Post | undefined {
  const { perMinute, perHour, over } = core.rules()
  const windows = [
    { ms: minute, most: perMinute },
    { ms: 60 * minute, most: perHour },
  ]
  const heard = core.quota.take(`${bot.botId} ${room.key}`, windows)
  if (!heard && over === 'refused') throw tooOften()
  if (draft.taskId !== undefined) bot.taskIds.add(draft.taskId)
  return heard ? publish(core, room, bot.botId, draft) : undefined
}

function handleOf(core: Core, bot: Bot, reqId: string, of: Handle['of'], ms: number): Handle {
  const handle = bot.handles.get(reqId)
  if (handle?.of !== of || core.clock.now() - handle.at > ms) throw badReqId()
  if (!handle.room.bots.has(bot.botId)) throw new Refusal(93008, 'not in chat')
  return handle
}

function respond(core: Core, bot: Bot, reqId: string, body: Json): undefined {
  const { room } = handleOf(core, bot, reqId, 'message', limits.replyMs)
  switch (body.msgtype) {
    case 'stream':
      return stream(core, bot, room, reqId, partOf(body, 'stream'))
    case 'stream_with_template_card': {
      const card = body.template_card === undefined ? undefined : readNewCard(bot, body.template_card)
      stream(core, bot, room, reqId, partOf(body, 'stream'))
      if (card) say(core, bot, room, card)
      return
    }
    default:
      say(core, bot, room, readOutgoing(core, bot, body))
  }
}

/** Each frame carries the whole text so far. */
function stream(core: Core, bot: Bot, room: Room, reqId: string, body: Json): undefined {
  const { id, finish = false, content = '', msg_item } = body
  text({ empty: false })(id, 'stream.id')
  text({ bytes: limits.markdown })(content, 'stream.content')
  if (typeof finish !== 'boolean') throw invalidParameter('stream.finish is not a bool')
  if (msg_item !== undefined) throw invalidParameter('stream.msg_item is not supported here')
  const key = `${reqId} ${id}`
  const before = bot.streams.get(key)
  if (before && (before.finished || core.clock.now() - before.at > core.rules().streamMs))
    throw new Refusal(846608, 'stream message update expired')
  const said = { kind: 'markdown' as const, content: { content }, pieces: [{ text: String(content) }] }
  if (before?.post) before.post.said = said
  const post = before ? before.post : say(core, bot, room, said)
  bot.streams.set(key, { post, at: before?.at ?? core.clock.now(), finished: finish })
}

function welcome(core: Core, bot: Bot, reqId: string, body: Json): undefined {
  const handle = handleOf(core, bot, reqId, 'enter', core.rules().eventMs)
  if (handle.used) throw badReqId()
  const draft = body.msgtype === 'text' ? readWelcome(body) : undefined
  if (!draft && body.msgtype !== 'template_card') throw badMsgtype()
  say(core, bot, handle.room, draft ?? readNewCard(bot, body.template_card))
  handle.used = true
}

function readWelcome(body: Json): Draft {
  const content = partOf(body, 'text')
  text({ bytes: limits.markdown, empty: false })(content.content, 'text.content')
  return { kind: 'text', content, pieces: [{ text: String(content.content) }] }
}

/** A new face for the card that was pressed: for everybody, or for some. */
function update(core: Core, bot: Bot, reqId: string, body: Json): undefined {
  const handle = handleOf(core, bot, reqId, 'card', core.rules().eventMs)
  if (handle.used || !handle.post) throw badReqId()
  if (body.response_type !== 'update_template_card') throw invalidParameter('response_type is not update_template_card')
  const content = readCard(body.template_card, 'aibot')
  if (content.task_id !== handle.post.taskId) throw badTask()
  const face = { kind: 'card' as const, content, pieces: [] }
  const only = useridsOf(body.userids)
  if (only.length === 0) {
    handle.post.said = face
    handle.post.faces.clear()
  }
  for (const userid of only) handle.post.faces.set(fold(userid), face)
  handle.used = true
}

function useridsOf(userids: unknown): readonly string[] {
  if (userids === undefined) return []
  if (!Array.isArray(userids) || !userids.every((one): one is string => typeof one === 'string'))
    throw invalidParameter('userids is not an array of strings')
  return userids
}
