import type { Bot, Core } from './core.ts'
import { announceMember } from './publish.ts'
import { privateKey } from './rooms.ts'
import type { User } from './shapes.ts'
import { type Place, placeOf } from './shown.ts'

export function botNamed(core: Core, username: string): Bot {
  const bot = core.bots.find(({ user }) => user.username === username)
  if (!bot) throw new Error(`no bot ${username}`)
  return bot
}

/** The private chat of a person with a bot; only the person can open it. */
export function openPrivate(core: Core, user: User, username: string): Place {
  const bot = botNamed(core, username)
  const key = privateKey(bot, user.id)
  const known = core.state.rooms.get(key)
  if (known) {
    setBlocked(core, user, username, false)
    return placeOf(known)
  }
  const title = `${user.first_name} · ${bot.user.first_name}`
  const room = core.state.open({ kind: 'private', title, id: user.id, key, peer: user })
  room.members.set(bot.user.id, { user: bot.user, status: 'member', rights: [], anonymous: false })
  room.members.set(user.id, { user, status: 'member', rights: [], anonymous: false })
  return placeOf(room)
}

export function setBlocked(core: Core, user: User, username: string, blocked: boolean): void {
  const bot = botNamed(core, username)
  const room = core.state.rooms.get(privateKey(bot, user.id))
  const member = room?.members.get(bot.user.id)
  const status = blocked ? 'kicked' : 'member'
  if (!room || !member || member.status === status) return
  const before = { ...member }
  member.status = status
  announceMember(core, room, user, before, member)
}
