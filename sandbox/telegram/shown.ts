import type { Ask, Button, Entity, Keyboard } from './shapes.ts'
import { lookOf, type Post, type Room } from './state.ts'
import { nameOf } from './view.ts'

export interface ShownLook {
  readonly at: number
  readonly text: string
  readonly entities: readonly Entity[]
  readonly buttons: readonly (readonly string[])[]
}

/** A message as the people in the chat see it. */
export interface Shown {
  readonly id: number
  /** Milliseconds of the sandbox's clock when it appeared. */
  readonly at: number
  readonly from: string
  readonly fromId: number
  readonly text: string
  readonly entities: readonly Entity[]
  /** Labels, row by row. */
  readonly buttons: readonly (readonly string[])[]
  readonly keyboard: Keyboard
  readonly photo: Buffer | undefined
  readonly document: { readonly name: string; readonly bytes: Buffer } | undefined
  readonly service: boolean
  readonly thread: number | undefined
  readonly replyTo: number | undefined
  readonly album: string | undefined
  readonly asks: Ask | undefined
  readonly edited: boolean
  readonly deleted: boolean
  /** Every look it has had, the first one first. */
  readonly looks: readonly ShownLook[]
}

const labels = (keyboard: Keyboard | undefined) => (keyboard ?? []).map((row) => row.map(({ text }: Button) => text))

export function showPost(post: Post): Shown {
  const { content, keyboard } = lookOf(post)
  return {
    id: post.id,
    at: post.versions[0].at,
    from: post.senderChat ? post.senderChat.title : nameOf(post.from),
    fromId: post.senderChat?.id ?? post.from?.id ?? 0,
    text: content.text,
    entities: content.entities,
    buttons: labels(keyboard),
    keyboard: keyboard ?? [],
    photo: content.kind === 'photo' ? content.sizes.at(-1)?.bytes : undefined,
    document: content.kind === 'document' ? { name: content.file.name, bytes: content.file.bytes } : undefined,
    service: content.kind === 'service',
    thread: post.thread,
    replyTo: post.replyTo?.id,
    album: post.album,
    asks: post.asks,
    edited: post.versions.length > 1,
    deleted: post.deletedAt !== undefined,
    looks: post.versions.map(({ at, content: { text, entities }, keyboard: keys }) => {
      return { at, text, entities, buttons: labels(keys) }
    }),
  }
}

/** A chat, or one topic of it. */
export interface Place {
  readonly room: Room
  readonly chat: number
  readonly thread: number | undefined
  /** What stands there now; deleted messages with `{ deleted: true }` too. */
  messages(which?: { readonly deleted?: boolean }): readonly Shown[]
  message(id: number): Shown | undefined
  /** The last one whose text holds these words. */
  find(words: string): Shown | undefined
  last(): Shown | undefined
  transcript(): string
}

export function placeOf(room: Room, thread?: number): Place {
  const messages: Place['messages'] = ({ deleted = false } = {}) =>
    [...room.posts.values()]
      .filter((post) => (thread === undefined || post.thread === thread) && (deleted || post.deletedAt === undefined))
      .map(showPost)
  return {
    room,
    chat: room.id,
    thread,
    messages,
    message(id) {
      const post = room.posts.get(id)
      return post && showPost(post)
    },
    find: (words) => messages().findLast(({ text }) => text.includes(words)),
    last: () => messages().at(-1),
    transcript: () => messages({ deleted: true }).map(lineOf).join('\n'),
  }
}

function lineOf(shown: Shown): string {
  const time = new Date(shown.at).toISOString().slice(11, 19)
  const marks = [
    shown.replyTo === undefined ? '' : `→${shown.replyTo}`,
    shown.photo ? '[photo]' : '',
    shown.document ? `[${shown.document.name}]` : '',
  ]
  const keys = shown.buttons.map((row) => `[${row.join(' | ')}]`).join(' ')
  const after = [keys, shown.edited ? '(edited)' : '', shown.deleted ? '(deleted)' : '']
  const words = [...marks, shown.text, ...after].filter(Boolean).join(' ')
  return `${time} ${shown.id} ${shown.service ? '*' : `${shown.from}:`} ${words}`
}
