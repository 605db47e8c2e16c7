import { aboutRoom, eventBody, frames, tell } from './callbacks.ts'
import { botNamed, type Core } from './core.ts'
import { hex } from './random.ts'
import { showPost } from './shown.ts'
import { fold, groupKey, type Room, type Someone, singleKey } from './state.ts'
import type { Chat, Group, Person } from './wecom.ts'

export interface Rooms {
  group(wish: { name: string; people: readonly Person[]; bots?: readonly string[] }): Group
  groups(): readonly Group[]
  single(person: Someone, botId: string): Chat
  of(chat: Chat): Room
}

export function createRooms(core: Core): Rooms {
  const rooms = new WeakMap<Chat, Room>()
  const groups: Group[] = []
  const singles = new Map<Room, Chat>()
  const visits = new Map<Room, number>()

  function someone(who: Person | string): Someone {
    const found = core.people.get(fold(typeof who === 'string' ? who : who.userid))
    if (!found) throw new Error(`there is no person ${typeof who === 'string' ? who : who.userid}`)
    return found
  }

  function open(room: Omit<Room, 'people' | 'bots' | 'spokenTo' | 'posts'>): Room {
    const made = { ...room, people: new Map(), bots: new Set<string>(), spokenTo: new Set<string>(), posts: [] }
    core.rooms.set(room.key, made)
    return made
  }

  return {
    group({ name, people, bots = [] }) {
      const chatid = `wr${hex(core.random, 30)}`
      const room = open({ key: groupKey(chatid), chatid, kind: 'group', name })
      for (const { userid, name } of people) room.people.set(fold(userid), { userid, name })
      for (const botId of bots) room.bots.add(botNamed(core, botId).botId)
      const group: Group = {
        ...chatOf(room),
        name,
        add(who) {
          if (typeof who === 'string' && core.bots.has(who)) room.bots.add(who)
          else room.people.set(fold(someone(who).userid), someone(who))
        },
        remove(who) {
          if (typeof who === 'string' && core.bots.has(who)) room.bots.delete(who)
          else room.people.delete(fold(someone(who).userid))
        },
        webhook() {
          const key = [8, 4, 4, 4, 12].map((digits) => hex(core.random, digits)).join('-')
          core.webhooks.set(key, room)
          return key
        },
      }
      rooms.set(group, room)
      groups.push(group)
      return group
    },
    groups: () => [...groups],
    single(person, botId) {
      const bot = botNamed(core, botId)
      const key = singleKey(botId, person.userid)
      const room = core.rooms.get(key) ?? open({ key, chatid: person.userid, kind: 'single', name: bot.name })
      room.people.set(fold(person.userid), person)
      room.bots.add(botId)
      const day = Math.floor((core.clock.now() + 8 * 3_600_000) / 86_400_000)
      if (visits.get(room) !== day) {
        visits.set(room, day)
        const body = eventBody(aboutRoom(core, bot, room, person), { eventtype: 'enter_chat' })
        tell(core, bot, frames.event, body, { of: 'enter', room, at: core.clock.now(), used: false })
      }
      const chat = singles.get(room) ?? chatOf(room)
      singles.set(room, chat)
      rooms.set(chat, room)
      return chat
    },
    of(chat) {
      const room = rooms.get(chat)
      if (!room) throw new Error(`there is no chat ${chat.chatid}`)
      return room
    },
  }
}

const chatOf = (room: Room): Chat => ({
  chatid: room.chatid,
  kind: room.kind,
  seenBy({ userid }) {
    if (!room.people.has(fold(userid))) return []
    return room.posts.filter(({ viewers }) => viewers.has(fold(userid))).map((post) => showPost(post, userid))
  },
})
