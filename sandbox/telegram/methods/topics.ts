import { badRequest } from '../errors.ts'
import { type Call, joinedRoom, needRight } from '../rooms.ts'
import type { Json } from '../shapes.ts'
import type { Room, Topic } from '../state.ts'
import { addTopic, serviceIn } from '../topic.ts'

function forumOf(call: Call, what: string): Room {
  const room = joinedRoom(call)
  if (!room.forum) throw badRequest('the chat is not a forum')
  needRight(call, room, 'can_manage_topics', what)
  return room
}

export function createForumTopic(call: Call): Json {
  const room = forumOf(call, 'create a topic')
  const name = nameOf(call)
  if (!name) throw badRequest('TOPIC_NAME_EMPTY')
  const topic = addTopic(call.core, room, call.bot.user, name)
  return { message_thread_id: topic.id, name: topic.name, icon_color: 7322096 }
}

export function editForumTopic(call: Call): true {
  const room = forumOf(call, 'edit the topic')
  const topic = topicOf(call, room)
  const name = nameOf(call) ?? topic.name
  if (name === topic.name) throw badRequest('TOPIC_NOT_MODIFIED')
  topic.name = name
  serviceIn(call.core, room, call.bot.user, topic, { forum_topic_edited: { name } })
  return true
}

function nameOf(call: Call): string | undefined {
  const name = call.params.text('name')
  if (name !== undefined && (name.length < 1 || name.length > 128)) throw badRequest('TOPIC_TITLE_INVALID')
  return name
}

export const closeForumTopic = (call: Call): true => setClosed(call, true)
export const reopenForumTopic = (call: Call): true => setClosed(call, false)

function setClosed(call: Call, closed: boolean): true {
  const room = forumOf(call, closed ? 'close the topic' : 'reopen the topic')
  const topic = topicOf(call, room)
  if (topic.closed === closed) throw badRequest('TOPIC_NOT_MODIFIED')
  topic.closed = closed
  serviceIn(call.core, room, call.bot.user, topic, { [closed ? 'forum_topic_closed' : 'forum_topic_reopened']: {} })
  return true
}

export function deleteForumTopic(call: Call): true {
  const room = forumOf(call, 'delete the topic')
  const topic = topicOf(call, room)
  room.topics.delete(topic.id)
  for (const post of room.posts.values()) if (post.thread === topic.id) post.deletedAt ??= call.core.clock.now()
  return true
}

function topicOf(call: Call, room: Room): Topic {
  const topic = room.topics.get(call.params.number('message_thread_id') ?? 0)
  if (!topic) throw badRequest('message thread not found')
  return topic
}
