import type { Spot } from '../../src/chat/chat.ts'
import { pictureLimit } from '../../src/core/picture.ts'
import type { PostId } from '../../src/core/words.ts'
import { phrases } from './phrases.ts'
import { postIdOf } from './post-id.ts'
import type { Me, Message, Query } from './wire.ts'

/** What somebody said, its pictures still at Telegram. */
export interface Said {
  readonly id: PostId
  readonly spot: Spot
  readonly alone: boolean
  readonly title?: string
  readonly user: { readonly id: string; readonly name: string }
  readonly text?: string
  readonly files: readonly string[]
  /** Files that are no pictures, or too large ones. */
  readonly lost: number
  readonly replyTo?: PostId
  /** What it answers is, by its looks, a question that we asked this person. */
  readonly answering?: true
  readonly album?: string
}

export type Reading =
  | { readonly is: 'said'; readonly said: Said }
  | { readonly is: 'moved'; readonly from: string; readonly to: string }
  /** An administrator without a name speaks to us. */
  | { readonly is: 'anonymous'; readonly spot: Spot; readonly id: PostId }
  | { readonly is: 'nothing' }

const nothing: Reading = { is: 'nothing' }

export function readMessage(message: Message, me: Pick<Me, 'id' | 'username'>): Reading {
  const { chat, from } = message
  const id = String(chat.id)
  if (message.migrate_to_chat_id !== undefined) return { is: 'moved', from: id, to: String(message.migrate_to_chat_id) }
  if (message.migrate_from_chat_id !== undefined)
    return { is: 'moved', from: String(message.migrate_from_chat_id), to: id }
  if (chat.type === 'channel' || message.is_automatic_forward) return nothing
  const words = ownWords(message.text ?? message.caption, me)
  if (words === 'for another bot') return nothing
  const post = postIdOf(id, message.message_id)
  const spot = spotOf(message)
  if (message.sender_chat) return words?.startsWith('/') ? { is: 'anonymous', spot, id: post } : nothing
  if (!from || from.is_bot) return nothing
  const { files, lost } = filesOf(message)
  if (words === undefined && files.length === 0 && lost === 0) return nothing
  const replyTo = repliedTo(message)
  return {
    is: 'said',
    said: {
      id: post,
      spot,
      alone: chat.type === 'private',
      ...(chat.title ? { title: chat.title } : {}),
      user: nameOf(from),
      ...(words === undefined ? {} : { text: words }),
      files,
      lost,
      ...(replyTo ? { replyTo } : {}),
      ...(isAsked(message, me) ? { answering: true } : {}),
      ...(message.media_group_id ? { album: `${id}:${message.media_group_id}` } : {}),
    },
  }
}

export const nameOf = ({ id, first_name, last_name }: Query['from']) => ({
  id: String(id),
  name: [first_name, last_name].filter(Boolean).join(' ') || String(id),
})

/** A thread number outside a forum only says which message began the talk. */
export const spotOf = (message: Pick<Message, 'chat' | 'is_topic_message' | 'message_thread_id'>): Spot => ({
  chat: String(message.chat.id),
  ...(message.is_topic_message && message.message_thread_id !== undefined
    ? { topic: String(message.message_thread_id) }
    : {}),
})

/** In a topic, what answers nothing answers the message that made the topic. */
function repliedTo(message: Message): PostId | undefined {
  const to = message.reply_to_message
  if (!to || to.forum_topic_created) return undefined
  if (message.is_topic_message && to.message_id === message.message_thread_id) return undefined
  return postIdOf(message.chat.id, to.message_id)
}

/** Named first, then asked (ask.ts): nobody but us writes so, and of us only a question. */
function isAsked({ reply_to_message: to, from, chat }: Message, me: Pick<Me, 'id'>): boolean {
  if (!to || to.from?.id !== me.id) return false
  if (chat.type === 'private') return to.text?.startsWith(phrases.question) ?? false
  const named = to.entities?.find(({ type, offset }) => type === 'text_mention' && offset === 0)
  return named?.user?.id === from?.id && (to.text?.startsWith(`\n${phrases.question}`, named?.length) ?? false)
}

/** Without our name; `/list@OurBot` is `/list`; the code of a deep link (`/start CODE`) is a bind code. */
function ownWords(said: string | undefined, me: Pick<Me, 'username'>): string | undefined {
  const text = said === undefined ? undefined : withoutName(said, me.username)
  const match = /^\/(\w+)(?:@(\w+))?(?=\s|$)/.exec(text ?? '')
  if (!text || !match) return text || undefined
  const [whole, word = '', bot] = match
  if (bot !== undefined && bot.toLowerCase() !== me.username.toLowerCase()) return 'for another bot'
  const rest = text.slice(whole.length)
  return word.toLowerCase() === 'start' && rest.trim() !== '' ? `/bind${rest}` : `/${word}${rest}`
}

const withoutName = (text: string, username: string) =>
  username === '' ? text : text.replace(new RegExp(`(?<!\\S)@${username}(?!\\w)\\s*`, 'gi'), '')

/** The largest size that we take of a photo; files only where they say that they are pictures. */
function filesOf(message: Message): { readonly files: readonly string[]; readonly lost: number } {
  const fits = ({ file_size = 0 }: { readonly file_size?: number | undefined }) => file_size <= pictureLimit
  if (message.photo?.length) {
    const size = message.photo.filter(fits).at(-1)
    return size ? { files: [size.file_id], lost: 0 } : { files: [], lost: 1 }
  }
  const { document } = message
  if (document && !message.animation && isPicture(document) && fits(document))
    return { files: [document.file_id], lost: 0 }
  return { files: [], lost: document || message.animation || message.video ? 1 : 0 }
}

/** What it calls itself; the bytes decide later. */
const isPicture = ({ mime_type = '', file_name = '' }: NonNullable<Message['document']>) =>
  /^image\//.test(mime_type) || /\.(png|jpe?g|gif|webp)$/i.test(file_name)
