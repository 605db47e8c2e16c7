import { type Bot, type Core, seconds } from './core.ts'
import { fileFields } from './files.ts'
import { compact, type Json, type User } from './shapes.ts'
import { type Content, lookOf, type Member, type Post, type Room, rightNames } from './state.ts'

/** A chat as one bot sees it. */
export function chatOf(room: Room): Json {
  if (room.peer) {
    const { id, first_name, username } = room.peer
    return compact({ id, first_name, username, type: 'private' })
  }
  return compact({ id: room.id, title: room.title, username: room.username, type: room.kind, is_forum: room.forum })
}

/** A message as one bot sees it: file ids are its own. Replies go one level deep. */
export function messageOf(core: Core, bot: Bot, post: Post, deep = true): Json {
  const { content, keyboard, at } = lookOf(post)
  const inTopic = post.thread !== undefined
  return {
    message_id: post.id,
    ...compact({
      from: post.senderChat?.kind === 'channel' ? undefined : post.from,
      sender_chat: post.senderChat && chatOf(post.senderChat),
    }),
    chat: chatOf(post.room),
    date: seconds(post.versions[0].at),
    ...compact({
      message_thread_id: post.thread,
      is_topic_message: inTopic,
      edit_date: post.versions.length > 1 ? seconds(at) : undefined,
      media_group_id: post.album,
      reply_to_message: deep ? repliedTo(core, bot, post) : undefined,
      external_reply: deep ? repliedElsewhere(post) : undefined,
    }),
    ...contentFields(core, bot, content),
    ...compact({ reply_markup: keyboard && { inline_keyboard: keyboard } }),
  }
}

const elsewhere = ({ replyTo, thread, room }: Post) =>
  replyTo !== undefined && (replyTo.room !== room || replyTo.thread !== thread)

function repliedTo(core: Core, bot: Bot, post: Post): Json | undefined {
  if (post.replyTo && !elsewhere(post)) return messageOf(core, bot, post.replyTo, false)
  if (post.replyTo || !core.rules().topicReply || post.thread === undefined) return undefined
  const first = post.room.posts.get(post.thread)
  return first && first !== post ? messageOf(core, bot, first, false) : undefined
}

function repliedElsewhere(post: Post): Json | undefined {
  if (!post.replyTo || !elsewhere(post)) return undefined
  return { chat: chatOf(post.replyTo.room), message_id: post.replyTo.id }
}

function contentFields(core: Core, bot: Bot, content: Content): Json {
  const { text, entities } = content
  const marks = entities.length > 0 ? entities : undefined
  const caption = compact({ caption: text || undefined, caption_entities: marks })
  switch (content.kind) {
    case 'text':
      return { text, ...compact({ entities: marks }) }
    case 'photo':
      return {
        photo: content.sizes.map((size) => fileFields(core.files.idFor(bot.user.id, size), size)),
        ...caption,
      }
    case 'document': {
      const { file } = content
      const fields = fileFields(core.files.idFor(bot.user.id, file), file)
      return { document: { ...fields, file_name: file.name, mime_type: file.mime }, ...caption }
    }
    case 'service':
      return content.fields
  }
}

export function memberOf({ user, status, rights, anonymous }: Member): Json {
  switch (status) {
    case 'creator':
      return { status, user, is_anonymous: anonymous }
    case 'administrator': {
      const may = Object.fromEntries(rightNames.map((right) => [right, rights.includes(right)]))
      return { status, user, can_be_edited: false, is_anonymous: anonymous, ...may }
    }
    case 'restricted':
      return { status, user, is_member: true, can_send_messages: false, until_date: 0 }
    case 'kicked':
      return { status, user, until_date: 0 }
    default:
      return { status, user }
  }
}

export function nameOf(user: User | undefined): string {
  return user?.first_name ?? ''
}
