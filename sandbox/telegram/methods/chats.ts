import { badRequest } from '../errors.ts'
import { announceMember, service } from '../publish.ts'
import { type Call, joinedRoom, needRight, postIn } from '../rooms.ts'
import { compact, type Json } from '../shapes.ts'
import { inRoom, isAdmin } from '../state.ts'
import { chatOf, memberOf, messageOf } from '../view.ts'

export function getChat(call: Call): Json {
  const room = joinedRoom(call)
  const last = postIn(room, room.pinned.at(-1))
  return {
    ...chatOf(room),
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {},
    ...compact({
      permissions: room.kind === 'private' ? undefined : { can_send_messages: room.open, can_send_photos: room.open },
      pinned_message: last && messageOf(call.core, call.bot, last, false),
    }),
  }
}

export function getChatMember(call: Call): Json {
  const room = joinedRoom(call)
  const id = call.params.number('user_id')
  const user = id === undefined ? undefined : call.core.state.users.get(id)
  if (!user) throw badRequest('user not found')
  return memberOf(room.members.get(user.id) ?? { user, status: 'left', rights: [], anonymous: false })
}

/** Bot API: all but the other bots. */
export function getChatAdministrators(call: Call): readonly Json[] {
  const room = joinedRoom(call)
  if (room.kind === 'private') throw badRequest('there are no administrators in the private chat')
  return [...room.members.values()]
    .filter((member) => isAdmin(member) && (!member.user.is_bot || member.user.id === call.bot.user.id))
    .map(memberOf)
}

export function getChatMemberCount(call: Call): number {
  return [...joinedRoom(call).members.values()].filter(inRoom).length
}

export function leaveChat(call: Call): true {
  const room = joinedRoom(call)
  const me = room.members.get(call.bot.user.id)
  if (room.kind === 'private' || !me) throw badRequest("chat member status can't be changed in private chats")
  const before = { ...me }
  me.status = 'left'
  announceMember(call.core, room, call.bot.user, before, me)
  return true
}

export function pinChatMessage(call: Call): true {
  const room = joinedRoom(call)
  if (room.kind !== 'private') needRight(call, room, 'can_pin_messages', 'manage pinned messages in the chat')
  const post = postIn(room, call.params.number('message_id'))
  if (!post) throw badRequest('message to pin not found')
  room.pinned.push(post.id)
  const { core, bot } = call
  service(
    core,
    room,
    bot.user,
    { pinned_message: messageOf(core, bot, post, false) },
    `${bot.user.first_name} pinned a message`,
  )
  return true
}

export function unpinChatMessage(call: Call): true {
  const room = joinedRoom(call)
  if (room.kind !== 'private') needRight(call, room, 'can_pin_messages', 'manage pinned messages in the chat')
  const index = room.pinned.lastIndexOf(call.params.number('message_id') ?? room.pinned.at(-1) ?? 0)
  if (index < 0) throw badRequest('message to unpin not found')
  room.pinned.splice(index, 1)
  return true
}

const actions = ['typing', 'upload_photo', 'upload_document']

export function sendChatAction(call: Call): true {
  joinedRoom(call)
  if (!actions.includes(call.params.text('action') ?? '')) throw badRequest('wrong parameter action in request')
  return true
}
