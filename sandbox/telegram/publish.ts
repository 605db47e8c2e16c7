import type { Bot, Core } from './core.ts'
import type { Formatted, Json, User } from './shapes.ts'
import { pieceOf } from './spot.ts'
import { type Content, inRoom, isAdmin, lookOf, type Member, type Post, type Room, type Version } from './state.ts'
import { chatOf, memberOf, messageOf } from './view.ts'

export interface Draft {
  readonly room: Room
  readonly from: User | undefined
  readonly content: Content
  readonly senderChat?: Room | undefined
  readonly thread?: number | undefined
  readonly replyTo?: Post | undefined
  readonly keyboard?: Version['keyboard']
  readonly asks?: Post['asks']
  readonly album?: string | undefined
}

/** Puts a message into its chat, and tells the bots that may hear it. */
export function publish(core: Core, draft: Draft): Post {
  const { room, from, senderChat, thread, replyTo, asks, album, content, keyboard } = draft
  const version = { at: core.clock.now(), content, keyboard }
  const post: Post = {
    id: core.state.nextId(room),
    room,
    from,
    senderChat,
    thread,
    replyTo,
    asks,
    album,
    versions: [version],
    deletedAt: undefined,
  }
  room.posts.set(post.id, post)
  const byBot = core.bots.find(({ user }) => user.id === from?.id)
  if (byBot) room.lastBot = byBot.user.id
  announce(core, post, false)
  return post
}

export function service(core: Core, room: Room, from: User | undefined, fields: Json, text: string): Post {
  return publish(core, { room, from, content: { kind: 'service', fields, text, entities: [] } })
}

/** The message looks different from now on; every look is kept. */
export function change(core: Core, post: Post, look: Omit<Version, 'at'>): void {
  post.versions.push({ at: core.clock.now(), ...look })
}

export function announce(core: Core, post: Post, edited: boolean): void {
  const channel = post.room.kind === 'channel'
  const kind = channel ? 'channel_post' : 'message'
  for (const bot of core.bots) {
    // A bot hears neither itself nor other bots.
    const fromBot = core.bots.some(({ user }) => user.id === post.from?.id) && !isNews(post)
    if (!inRoom(post.room.members.get(bot.user.id)) || fromBot || post.from?.id === bot.user.id) continue
    if (!hears(core, bot, post)) continue
    bot.feed.push(edited ? `edited_${kind}` : kind, post.room.id, messageOf(core, bot, post))
  }
}

const isNews = (post: Post) => lookOf(post).content.kind === 'service'

/** Privacy mode: commands, replies to the bot, mentions of it, service messages; an admin hears all. */
export function hears(core: Core, bot: Bot, post: Post): boolean {
  const { room, replyTo } = post
  const { content } = lookOf(post)
  if (room.kind === 'private' || room.kind === 'channel' || !bot.privacy) return true
  if (isAdmin(room.members.get(bot.user.id)) || content.kind === 'service') return true
  return replyTo?.from?.id === bot.user.id || isMeant(core, bot, room, content)
}

function isMeant(core: Core, bot: Bot, room: Room, content: Formatted): boolean {
  const me = `@${bot.user.username}`.toLowerCase()
  return content.entities.some((entity) => {
    const piece = pieceOf(content.text, entity).toLowerCase()
    if (entity.type === 'mention') return piece === me
    if (entity.type === 'text_mention') return entity.user?.id === bot.user.id
    if (entity.type !== 'bot_command' || entity.offset !== 0) return false
    if (piece.includes('@')) return piece.endsWith(me)
    return core.rules().generalCommands === 'always' || room.lastBot === bot.user.id
  })
}

/** Somebody's standing changed: my_chat_member for the bot itself, chat_member for bots that asked for it and are admins. */
export function announceMember(core: Core, room: Room, by: User, before: Member, after: Member): void {
  const body = {
    chat: chatOf(room),
    from: by,
    date: Math.floor(core.clock.now() / 1000),
    old_chat_member: memberOf(before),
    new_chat_member: memberOf(after),
  }
  for (const bot of core.bots) {
    if (bot.user.id === after.user.id) bot.feed.push('my_chat_member', room.id, body)
    else if (isAdmin(room.members.get(bot.user.id))) bot.feed.push('chat_member', room.id, body)
  }
}
