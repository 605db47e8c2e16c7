import { parcelPhoto } from '../parcel.ts'
import type { Core, Query } from './core.ts'
import { openPrivate, setBlocked } from './private.ts'
import { announce, change, publish } from './publish.ts'
import { digits } from './random.ts'
import { postIn } from './rooms.ts'
import { type Entity, groupAnonymousBot, type User } from './shapes.ts'
import { type Place, type Shown, showPost } from './shown.ts'
import { withSpotted } from './spot.ts'
import { type Content, inRoom, lookOf, type Post, type Room } from './state.ts'
import { chatOf, messageOf } from './view.ts'

export interface Saying {
  readonly replyTo?: number
  readonly entities?: readonly Entity[]
}

export interface Captioned extends Saying {
  readonly caption?: string
}

export interface Pressing {
  /** A client that was changed: sends this instead of the button's data. */
  readonly forged?: string
  /** The person still sees an older look of the message. */
  readonly stale?: boolean
  /** The bot is told chat, id and `date: 0` only. */
  readonly inaccessible?: boolean
}

export interface Press {
  readonly id: string
  readonly data: string
  /** The toast or alert, once the bot has answered. */
  readonly answer: Query['answer'] | undefined
}

/** Somebody with a Telegram account. All acts happen at once; what they cause comes by itself. */
export interface Person {
  readonly user: User
  say(where: Place, text: string, how?: Saying): Shown
  edit(where: Place, message: number, text: string): Shown
  photo(where: Place, bytes?: Buffer, how?: Captioned): Shown
  /** Separate messages with one media_group_id; the caption stands under the first. */
  album(where: Place, photos: readonly Buffer[], how?: Captioned): readonly Shown[]
  document(where: Place, file: { name: string; bytes: Buffer; mime?: string }, how?: Captioned): Shown
  /** By its label or its data. */
  press(where: Place, message: number, button: string, how?: Pressing): Press
  /** The message whose ForceReply opened this person's reply field. */
  asked(where: Place): Shown | undefined
  /** Opens the bot by a deep link, or for the first time. */
  start(bot: string, payload?: string): Place
  block(bot: string): void
}

export function personOf(core: Core, user: User): Person {
  const send = (where: Place, content: Content, how: Saying = {}, album?: string) => {
    const { room, thread } = where
    const me = room.members.get(user.id)
    if (!inRoom(me)) throw new Error(`${user.first_name} is not in ${room.title}`)
    const replyTo = how.replyTo === undefined ? undefined : postIn(room, how.replyTo)
    if (how.replyTo !== undefined && !replyTo) throw new Error(`there is no message ${how.replyTo} to answer`)
    const asRoom = room.kind === 'channel' || me.anonymous
    const from = room.kind === 'channel' ? undefined : me.anonymous ? groupAnonymousBot : user
    return publish(core, { room, from, senderChat: asRoom ? room : undefined, thread, content, replyTo, album })
  }
  const words = (text = '', entities: readonly Entity[] = []) => ({ text, entities: withSpotted(text, entities) })
  return {
    user,
    say: (where, text, how) => showPost(send(where, { kind: 'text', ...words(text, how?.entities) }, how)),
    edit(where, message, text) {
      const post = postIn(where.room, message)
      if (post?.from !== user) throw new Error(`message ${message} is not one of ${user.first_name}`)
      change(core, post, { content: { ...lookOf(post).content, ...words(text) }, keyboard: undefined })
      announce(core, post, true)
      return showPost(post)
    },
    photo(where, bytes = parcelPhoto(1), how = {}) {
      const sizes = core.files.photo(bytes)
      return showPost(send(where, { kind: 'photo', sizes, ...words(how.caption, how.entities) }, how))
    },
    album(where, photos, how = {}) {
      const album = digits(core.random, 17)
      return photos.map((bytes, index) => {
        const first = index === 0
        const sizes = core.files.photo(bytes)
        const mine = first || core.rules().albumReply === 'each' ? how : {}
        return showPost(send(where, { kind: 'photo', sizes, ...words(first ? how.caption : '') }, mine, album))
      })
    },
    document(where, file, how = {}) {
      const content = { kind: 'document' as const, file: core.files.document(file), ...words(how.caption) }
      return showPost(send(where, content, how))
    },
    press: (where, message, button, how = {}) => press(core, user, { room: where.room, message, button, how }),
    asked(where) {
      const post = [...where.room.posts.values()].findLast(
        (one) => one.deletedAt === undefined && one.thread === where.thread && isAsked(one, user),
      )
      return post && showPost(post)
    },
    start(bot, payload) {
      const place = openPrivate(core, user, bot)
      this.say(place, payload === undefined ? '/start' : `/start ${payload}`)
      return place
    },
    block: (bot) => setBlocked(core, user, bot, true),
  }
}

interface Pressed {
  readonly room: Room
  readonly message: number
  readonly button: string
  readonly how: Pressing
}

function press(core: Core, person: User, { room, message, button, how }: Pressed): Press {
  const member = room.members.get(person.id)
  if (!inRoom(member)) throw new Error(`${person.first_name} is not in ${room.title}`)
  const post = room.posts.get(message)
  if (!post || (post.deletedAt !== undefined && !how.stale)) throw new Error(`there is no message ${message}`)
  const bot = core.bots.find(({ user }) => user.id === post.from?.id)
  if (!bot) throw new Error('the message is not a bot’s')
  const data = how.forged ?? dataOf(post, button, how.stale === true)
  const query: Query = { id: digits(core.random, 19), bot, person, post, data, at: core.clock.now() }
  core.queries.set(query.id, query)
  const from = member.anonymous && core.rules().anonymousPress === 'group-bot' ? groupAnonymousBot : person
  bot.feed.push('callback_query', room.id, {
    id: query.id,
    from,
    message: how.inaccessible ? { chat: chatOf(room), message_id: post.id, date: 0 } : messageOf(core, bot, post),
    chat_instance: `-${Math.abs(room.id)}`,
    data,
  })
  return {
    id: query.id,
    data,
    get answer() {
      return query.answer
    },
  }
}

function dataOf(post: Post, button: string, stale: boolean): string {
  const looks = stale ? [...post.versions].reverse() : [lookOf(post)]
  const keys = looks.flatMap(({ keyboard }) => (keyboard ?? []).flat())
  const found = keys.find(({ text }) => text === button) ?? keys.find(({ callback_data }) => callback_data === button)
  if (!found) throw new Error(`no button ${button}; there are: ${keys.map(({ text }) => text).join(', ') || 'none'}`)
  if (found.callback_data === undefined) throw new Error(`the button ${button} only opens something`)
  return found.callback_data
}

/** Bot API ForceReply, selective: whoever is mentioned, and whoever wrote the message that is answered. */
function isAsked({ asks, replyTo, versions }: Post, { id, username }: User): boolean {
  if (!asks?.selective) return asks !== undefined
  const { text, entities } = versions[0].content
  const named = entities.some(({ type, user, offset, length }) =>
    type === 'text_mention'
      ? user?.id === id
      : type === 'mention' && text.slice(offset + 1, offset + length).toLowerCase() === username?.toLowerCase(),
  )
  return named || replyTo?.from?.id === id
}
