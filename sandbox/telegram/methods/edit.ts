import { badRequest, Refusal } from '../errors.ts'
import { readMarkup } from '../markup.ts'
import { change } from '../publish.ts'
import { type Call, joinedRoom, needRight, postIn } from '../rooms.ts'
import type { Json } from '../shapes.ts'
import { type Content, lookOf, type Post } from '../state.ts'
import { messageOf } from '../view.ts'
import { readCaption, readText, writtenCaption, writtenText } from '../written.ts'

const same =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

export function editMessageText(call: Call): Json {
  const post = ownPost(call)
  if (lookOf(post).content.kind !== 'text') throw badRequest('there is no text in the message to edit')
  const formatted = readEdited(() => readText(call.core, writtenText(call.params)))
  return edit(call, post, { kind: 'text', ...formatted })
}

// A text that is too long has another name when it is an edit.
function readEdited<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    const tooLong = error instanceof Refusal && error.message === 'Bad Request: message is too long'
    throw tooLong ? badRequest('MESSAGE_TOO_LONG') : error
  }
}

export function editMessageCaption(call: Call): Json {
  const post = ownPost(call)
  const { content } = lookOf(post)
  if (content.kind !== 'photo' && content.kind !== 'document')
    throw badRequest('there is no caption in the message to edit')
  return edit(call, post, { ...content, ...readCaption(call.core, writtenCaption(call.params)) })
}

export function editMessageReplyMarkup(call: Call): Json {
  const post = ownPost(call)
  return edit(call, post, lookOf(post).content)
}

/** An edit without reply_markup takes the keyboard away. */
function edit(call: Call, post: Post, content: Content): Json {
  const { core, bot, params } = call
  const { keyboard } = readMarkup(params, core.rules())
  const before = lookOf(post)
  if (isSame({ content, keyboard }, before)) throw badRequest(same)
  core.pacing.spend(bot.user.id, post.room, 1, 'edit')
  change(core, post, { content, keyboard })
  return messageOf(core, bot, post)
}

type Look = Pick<Post['versions'][0], 'content' | 'keyboard'>

function isSame(a: Look, b: Look): boolean {
  const seen = ({ content: { text, entities }, keyboard }: Look) => JSON.stringify([text, entities, keyboard ?? []])
  return seen(a) === seen(b)
}

/** Bot API: only one's own messages, without a reply markup or with an inline keyboard. */
function ownPost(call: Call): Post {
  if (call.params.text('inline_message_id') !== undefined) throw badRequest('message to edit not found')
  const room = joinedRoom(call)
  const id = call.params.number('message_id')
  if (id === undefined) throw badRequest('message identifier is not specified')
  const post = postIn(room, id)
  if (!post) throw badRequest('message to edit not found')
  const mine = post.from?.id === call.bot.user.id || (room.kind === 'channel' && post.senderChat === room)
  if (!mine || post.asks || lookOf(post).content.kind === 'service') throw badRequest("message can't be edited")
  return post
}

export function deleteMessage(call: Call): true {
  const room = joinedRoom(call)
  const post = postIn(room, call.params.number('message_id'))
  if (!post) throw badRequest('message to delete not found')
  if (!mayDelete(call, post)) throw badRequest("message can't be deleted")
  post.deletedAt = call.core.clock.now()
  return true
}

/** Own messages younger than 48 hours; an admin with the right deletes any. */
function mayDelete(call: Call, post: Post): boolean {
  const { room, from, versions } = post
  try {
    needRight(call, room, 'can_delete_messages', 'delete')
    return true
  } catch {
    const young = call.core.clock.now() - versions[0].at < call.core.rules().deleteMs
    return young && (from?.id === call.bot.user.id || room.kind === 'private')
  }
}
