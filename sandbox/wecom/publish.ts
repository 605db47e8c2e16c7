import type { Core } from './core.ts'
import { hex } from './random.ts'
import { type Content, fold, type Post, type Room } from './state.ts'

export interface Draft extends Content {
  readonly taskId?: string
}

/** A message into a room, for everybody who is in it now. */
export function publish(core: Core, room: Room, from: string, { taskId, ...said }: Draft): Post {
  const post: Post = {
    id: hex(core.random, 24),
    room,
    from,
    at: core.clock.now(),
    viewers: new Set([...room.people.values()].map(({ userid }) => fold(userid))),
    said,
    faces: new Map(),
    taskId,
  }
  room.posts.push(post)
  return post
}
