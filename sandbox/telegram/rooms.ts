import type { Bot, Core } from './core.ts'
import { badRequest, forbidden } from './errors.ts'
import type { Params } from './params.ts'
import { inRoom, isAdmin, type Post, type Right, type Room } from './state.ts'

export interface Call {
  readonly core: Core
  readonly bot: Bot
  readonly params: Params
}

const wordOf = (room: Room) => (room.kind === 'group' ? 'group' : room.kind)

export const privateKey = (bot: Bot, person: number): string => `${bot.user.id}:${person}`

/** The chat that a call names, if this bot has ever seen it. */
export function roomOf(call: Call, name = 'chat_id'): Room {
  const { core, bot, params } = call
  const said = params.text(name)?.trim()
  if (!said) throw badRequest('chat_id is empty')
  const { rooms } = core.state
  const room = said.startsWith('@')
    ? [...rooms.values()].find(({ username }) => username?.toLowerCase() === said.slice(1).toLowerCase())
    : (rooms.get(said) ?? rooms.get(privateKey(bot, Number(said))))
  if (!room) throw strangers(core, bot, Number(said))
  if (!room.members.has(bot.user.id) && room.username === undefined) throw badRequest('chat not found')
  if (room.movedTo !== undefined)
    throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: room.movedTo })
  return room
}

function strangers(core: Core, bot: Bot, id: number): Error {
  const met = [...core.state.rooms.values()].some(
    ({ kind, members }) => kind !== 'private' && members.has(id) && members.has(bot.user.id),
  )
  return met ? forbidden("bot can't initiate conversation with a user") : badRequest('chat not found')
}

/** The same, and the bot is still in it. */
export function joinedRoom(call: Call): Room {
  const room = roomOf(call)
  const me = room.members.get(call.bot.user.id)
  const kicked = me?.status === 'kicked'
  if (inRoom(me)) return room
  if (room.kind === 'private') throw forbidden('bot was blocked by the user')
  if (kicked) throw forbidden(`bot was kicked from the ${wordOf(room)} chat`)
  throw forbidden(`bot is not a member of the ${wordOf(room)} chat`)
}

const things = { text: 'text messages', photo: 'photos', document: 'documents' } as const

/** The same, and the bot may write there. */
export function writableRoom(call: Call, what: keyof typeof things): Room {
  const room = joinedRoom(call)
  const me = room.members.get(call.bot.user.id)
  const mute = me?.status === 'restricted' || (!isAdmin(me) && (room.kind === 'channel' || !room.open))
  if (room.kind !== 'private' && mute) throw badRequest(`not enough rights to send ${things[what]} to the chat`)
  return room
}

export function needRight({ bot }: Call, room: Room, right: Right, what: string): void {
  const me = room.members.get(bot.user.id)
  if (me?.status === 'creator') return
  if (me?.status !== 'administrator' || !me.rights.includes(right)) throw badRequest(`not enough rights to ${what}`)
}

/** A message that is there and not deleted. */
export function postIn(room: Room, id: number | undefined): Post | undefined {
  const post = id === undefined ? undefined : room.posts.get(id)
  return post && post.deletedAt === undefined ? post : undefined
}
