import type { Random } from './random.ts'
import { digits } from './random.ts'
import type { Ask, Formatted, Json, Keyboard, User } from './shapes.ts'

export type RoomKind = 'private' | 'group' | 'supergroup' | 'channel'
export type Status = 'creator' | 'administrator' | 'member' | 'restricted' | 'left' | 'kicked'

export const rightNames = [
  'can_manage_chat',
  'can_delete_messages',
  'can_restrict_members',
  'can_promote_members',
  'can_change_info',
  'can_invite_users',
  'can_pin_messages',
  'can_manage_topics',
] as const
export type Right = (typeof rightNames)[number]

export interface Member {
  readonly user: User
  status: Status
  rights: readonly Right[]
  anonymous: boolean
}

export interface Topic {
  readonly id: number
  name: string
  closed: boolean
}

export interface Room {
  /** Private rooms are one for each bot and person; all others have their id here. */
  readonly key: string
  readonly id: number
  readonly kind: RoomKind
  title: string
  readonly username: string | undefined
  forum: boolean
  readonly peer: User | undefined
  readonly members: Map<number, Member>
  readonly topics: Map<number, Topic>
  readonly posts: Map<number, Post>
  readonly pinned: number[]
  movedTo: number | undefined
  /** Members of the status `member` may write. */
  open: boolean
  lastId: number
  lastBot: number | undefined
}

export interface Stored {
  readonly unique: string
  readonly bytes: Buffer
  readonly folder: 'photos' | 'documents'
  readonly name: string
  readonly mime: string
  readonly width?: number
  readonly height?: number
}

export type Content =
  | ({ readonly kind: 'text' } & Formatted)
  | ({ readonly kind: 'photo'; readonly sizes: readonly Stored[] } & Formatted)
  | ({ readonly kind: 'document'; readonly file: Stored } & Formatted)
  /** `fields` as they stand in the message, `text` for people. */
  | ({ readonly kind: 'service'; readonly fields: Json } & Formatted)

/** One look of a message: the first, or after an edit. */
export interface Version {
  readonly at: number
  readonly content: Content
  readonly keyboard: Keyboard | undefined
}

export interface Post {
  readonly id: number
  readonly room: Room
  readonly from: User | undefined
  /** A message in the name of the group or the channel itself. */
  readonly senderChat: Room | undefined
  readonly thread: number | undefined
  readonly replyTo: Post | undefined
  readonly asks: Ask | undefined
  readonly album: string | undefined
  /** At least one; the last is what it looks like now. */
  readonly versions: [Version, ...Version[]]
  deletedAt: number | undefined
}

export const lookOf = (post: Post): Version => post.versions.at(-1) ?? post.versions[0]
export const inRoom = (member: Member | undefined): member is Member =>
  member !== undefined && member.status !== 'left' && member.status !== 'kicked'
export const isAdmin = (member: Member | undefined): boolean =>
  member?.status === 'creator' || member?.status === 'administrator'

export interface State {
  readonly users: Map<number, User>
  readonly rooms: Map<string, Room>
  open(room: Pick<Room, 'kind' | 'title'> & Partial<Pick<Room, 'id' | 'key' | 'username' | 'forum' | 'peer'>>): Room
  /** Supergroups and channels count for themselves; private chats and basic groups share one count. */
  nextId(room: Room): number
  freshUserId(): number
}

export function createState(random: Random): State {
  const users = new Map<number, User>()
  const rooms = new Map<string, Room>()
  let shared = 100
  return {
    users,
    rooms,
    open(wish) {
      const id = wish.id ?? -Number((wish.kind === 'group' ? '' : '100') + digits(random, 10))
      const room: Room = {
        id,
        key: wish.key ?? String(id),
        kind: wish.kind,
        title: wish.title,
        username: wish.username,
        forum: wish.forum ?? false,
        peer: wish.peer,
        members: new Map(),
        topics: new Map(),
        posts: new Map(),
        pinned: [],
        movedTo: undefined,
        open: true,
        // Message 1 is how the chat began; in a forum it is General.
        lastId: 1,
        lastBot: undefined,
      }
      rooms.set(room.key, room)
      return room
    },
    nextId(room) {
      if (room.kind === 'supergroup' || room.kind === 'channel') return ++room.lastId
      return ++shared
    },
    freshUserId: () => Number(digits(random, 10)),
  }
}
