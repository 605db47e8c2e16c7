import type { Spot } from '../../src/chat/chat.ts'
import { withoutMention } from './mention.ts'
import type { Content, Media, Message, Place } from './wire.ts'

/** A chat of one person with the bot is named after the person. */
const alone = 'single:'
/** More in one message is not looked at. */
const most = 20

export interface Us {
  readonly botId: string
  readonly name?: string | undefined
}

/** Who did something, and where. */
export interface Scene {
  readonly spot: Spot
  readonly alone: boolean
  /** WeCom tells no names; its ids are the same in any case of letters. */
  readonly user: { readonly id: string; readonly name: string }
  /** The person as WeCom wrote them. */
  readonly userid: string
}

/** What somebody said, its pictures still at WeCom. */
export interface Said {
  readonly text?: string
  /** The words of the message that it answers to. */
  readonly quoted?: string
  readonly media: readonly Media[]
  /** What is no picture, or one too many. */
  readonly lost: number
}

/** Whom to write to. */
export const chatOf = ({ chat }: Spot) =>
  chat.startsWith(alone) ? { chatid: chat.slice(alone.length), chat_type: 1 } : { chatid: chat, chat_type: 2 }

/** @returns undefined for what no person did. */
export function sceneOf({ chatid, chattype, from: { userid } }: Place): Scene | undefined {
  if (userid === '' || userid.toLowerCase() === 'sys') return undefined
  const group = chattype === 'group' || (chattype === undefined && chatid !== undefined)
  if (group && !chatid) return undefined
  return {
    spot: { chat: group && chatid ? chatid : `${alone}${userid}` },
    alone: !group,
    user: { id: userid.toLowerCase(), name: userid },
    userid,
  }
}

export function readMessage(message: Message, scene: Pick<Scene, 'alone'>, us: Us): Said {
  const whole = wordsOf(message)
  const text = scene.alone ? whole.trim() : withoutMention(whole, us)
  const media = [...mediaOf(message), ...(message.quote ? mediaOf(message.quote) : [])]
  // A video that is quoted was lost when it was sent.
  const lost = message.video ? 1 : 0
  // Our name and nothing else: WeCom has no menu that would say what can be said.
  const said = text === '' && media.length + lost === 0 && !message.quote ? '/help' : text
  const quoted = message.quote ? wordsOf(message.quote).trim() : ''
  return {
    ...(said === '' ? {} : { text: said }),
    ...(quoted === '' ? {} : { quoted }),
    media: media.slice(0, most),
    lost: lost + Math.max(0, media.length - most),
  }
}

const wordsOf = ({ text, voice, mixed }: Content): string =>
  [text, voice, ...(mixed?.msg_item.map((item) => item.text) ?? [])].flatMap((part) => part?.content ?? []).join('\n')

const mediaOf = ({ image, file, mixed }: Content): readonly Media[] =>
  [image, file, ...(mixed?.msg_item.map((item) => item.image) ?? [])].filter((part) => part !== undefined)
