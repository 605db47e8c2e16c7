import type { Core } from './core.ts'
import { publish } from './publish.ts'
import type { Json, User } from './shapes.ts'
import type { Room, Topic } from './state.ts'

/** A topic is named by its first message, the service message that made it. */
export function addTopic(core: Core, room: Room, by: User, name: string): Topic {
  const id = room.lastId + 1
  const topic = { id, name, closed: false }
  room.topics.set(id, topic)
  serviceIn(core, room, by, topic, { forum_topic_created: { name, icon_color: 7322096 } })
  return topic
}

export function serviceIn(core: Core, room: Room, by: User, topic: Topic, fields: Json): void {
  const text = `${Object.keys(fields)[0]?.replaceAll('_', ' ')}: ${topic.name}`
  publish(core, { room, from: by, thread: topic.id, content: { kind: 'service', fields, text, entities: [] } })
}
