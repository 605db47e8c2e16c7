import type { Core } from './core.ts'
import type { Person } from './person.ts'
import { botNamed } from './private.ts'
import { announceMember, publish, service } from './publish.ts'
import type { Json, User } from './shapes.ts'
import { type Place, placeOf } from './shown.ts'
import { withSpotted } from './spot.ts'
import { type Member, type Right, type Room, rightNames, type Status } from './state.ts'
import { addTopic, serviceIn } from './topic.ts'
import { chatOf } from './view.ts'

/** A person, or a bot by its username. */
export type Who = Person | string

/** A group, supergroup or channel, and what its owner can do. */
export interface Group extends Place {
  topic(name: string): Place
  /** Closing and reopening by the owner. */
  closeTopic(thread: number, closed: boolean): void
  join(who: Who): void
  /** A bot through its link with `?startgroup=`: it joins and hears `/start@bot payload`. */
  addBot(bot: string, how: { readonly by: Person; readonly payload?: string }): void
  leave(who: Who): void
  kick(who: Who): void
  /** All rights unless some are named. */
  promote(who: Who, rights?: readonly Right[], anonymous?: boolean): void
  demote(who: Who): void
  restrict(who: Who): void
  /** Whether plain members may write. */
  setOpen(open: boolean): void
  rename(title: string): void
  /** A basic group becomes a supergroup with another id; the old handle stays what it was. */
  migrate(): Group
  /** In a channel: a post in its name. */
  post(text: string): void
}

export function groupOf(core: Core, room: Room, owner: User): Group {
  const userOf = (who: Who) => (typeof who === 'string' ? botNamed(core, who).user : who.user)

  function set(who: Who, status: Status, more: Partial<Member> = {}) {
    const user = userOf(who)
    const known = room.members.get(user.id)
    const before: Member = known ?? { user, status: 'left', rights: [], anonymous: false }
    const after: Member = { user, rights: [], anonymous: false, ...more, status }
    room.members.set(user.id, after)
    announceMember(core, room, owner, before, after)
    return user
  }

  const tell = (by: User, fields: Json, text: string) => service(core, room, by, fields, text)

  function join(who: Who, by?: User) {
    const user = set(who, 'member')
    tell(by ?? (user.is_bot ? owner : user), { new_chat_members: [user] }, `${user.first_name} joined`)
  }

  function goes(who: Who, status: 'left' | 'kicked') {
    const user = set(who, status)
    const by = status === 'kicked' ? owner : user
    tell(by, { left_chat_member: user }, `${user.first_name} ${status === 'kicked' ? 'was removed' : 'left'}`)
  }

  return {
    ...placeOf(room),
    topic: (name) => placeOf(room, addTopic(core, room, owner, name).id),
    closeTopic(thread, closed) {
      const topic = room.topics.get(thread)
      if (!topic) throw new Error(`no topic ${thread}`)
      topic.closed = closed
      serviceIn(core, room, owner, topic, { [closed ? 'forum_topic_closed' : 'forum_topic_reopened']: {} })
    },
    join: (who) => join(who),
    addBot(bot, { by, payload }) {
      join(bot, by.user)
      if (payload !== undefined) by.say(placeOf(room), `/start@${bot} ${payload}`)
    },
    leave: (who) => goes(who, 'left'),
    kick: (who) => goes(who, 'kicked'),
    promote: (who, rights = rightNames, anonymous = false) => void set(who, 'administrator', { rights, anonymous }),
    demote: (who) => void set(who, 'member'),
    restrict: (who) => void set(who, 'restricted'),
    setOpen(open) {
      room.open = open
    },
    rename(title) {
      room.title = title
      tell(owner, { new_chat_title: title }, `renamed to ${title}`)
    },
    migrate: () => migrate(core, room, owner),
    post(text) {
      const content = { kind: 'text' as const, text, entities: withSpotted(text, []) }
      publish(core, { room, from: undefined, senderChat: room, content })
    },
  }
}

function migrate(core: Core, old: Room, owner: User): Group {
  if (old.kind !== 'group') throw new Error('only a basic group becomes a supergroup')
  const room = core.state.open({ kind: 'supergroup', title: old.title })
  for (const [id, member] of old.members) room.members.set(id, { ...member })
  service(core, old, owner, { migrate_to_chat_id: room.id }, 'became a supergroup')
  old.movedTo = room.id
  const { id } = chatOf(old)
  service(core, room, owner, { migrate_from_chat_id: id }, 'became a supergroup')
  return groupOf(core, room, owner)
}
