import type { Dialect } from './markdown.ts'
import type { BotAccount, Json, Shown } from './wecom.ts'

export interface File {
  readonly name: string
  readonly bytes: Buffer
}

/** What a message is made of, in order. */
export type Piece = { readonly text: string } | { readonly picture: Buffer } | { readonly file: File }

/** What a message says; a card says it by its face. */
export interface Content {
  readonly kind: Shown['kind']
  readonly content: Json
  readonly pieces: readonly Piece[]
  readonly mentions?: readonly string[]
  /** Of markdown; `v2` when left out. */
  readonly dialect?: Dialect
}

export interface Post {
  readonly id: string
  readonly room: Room
  readonly from: string
  readonly at: number
  /** Userids in lower case of those who were there. */
  readonly viewers: ReadonlySet<string>
  /** The face of those who have none of their own. */
  said: Content
  readonly faces: Map<string, Content>
  readonly taskId: string | undefined
}

export interface Room {
  readonly key: string
  readonly chatid: string
  readonly kind: 'group' | 'single'
  readonly name: string
  /** By userid in lower case. */
  readonly people: Map<string, Someone>
  readonly bots: Set<string>
  /** Bots that have been spoken to here. */
  readonly spokenTo: Set<string>
  readonly posts: Post[]
}

export interface Someone {
  readonly userid: string
  readonly name: string
}

/** What a bot may answer with the req_id of a callback. */
export interface Handle {
  readonly of: 'message' | 'card' | 'enter'
  readonly room: Room
  readonly at: number
  readonly post?: Post
  used: boolean
}

/** A stream under way. */
export interface Stream {
  readonly post: Post | undefined
  readonly at: number
  finished: boolean
}

/** One connection. */
export interface Link {
  write(frame: Json): void
  /** Breaks without a word. */
  cut(): void
  /** A newer connection of the same bot has come. */
  kick(): void
}

export interface Bot extends BotAccount {
  link: Link | undefined
  /** By req_id. */
  readonly handles: Map<string, Handle>
  readonly streams: Map<string, Stream>
  /** Never given free again. */
  readonly taskIds: Set<string>
}

/** Userids are compared without regard to case. */
export const fold = (userid: string): string => userid.toLowerCase()
export const singleKey = (botId: string, userid: string): string => `single ${botId} ${fold(userid)}`
export const groupKey = (chatid: string): string => `group ${chatid}`
