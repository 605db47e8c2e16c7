import type { Card } from '../../src/chat/chat.ts'
import { asPostId, type PictureHash, type PostId } from '../../src/core/words.ts'

/** Most posts that one chat keeps; the oldest go first. */
export const postLimit = 2000

export interface Words {
  readonly text?: string | undefined
  readonly card?: Card | undefined
  readonly pictures?: readonly PictureHash[] | undefined
}

export interface Entry extends Words {
  readonly id: PostId
  readonly chat: string
  /** Counts every change of the transcript: what is newer than a page's last number is what it has not seen. */
  readonly seq: number
  readonly at: number
  /** The person who said it; nobody = the bot. */
  readonly by?: string | undefined
  readonly about?: PostId | undefined
  readonly onlyFor?: readonly string[] | undefined
  readonly edited?: boolean
}

export interface Transcript {
  add(entry: Omit<Entry, 'id' | 'seq' | 'edited'>): Entry
  /** Replaces text and card; pictures stay unless new ones are given. @returns undefined when it is not there (any more). */
  change(id: PostId, words: Words): Entry | undefined
  find(id: PostId): Entry | undefined
  /** Changed after `seq`, in the order of the posts. */
  since(seq: number): readonly Entry[]
  in(chat: string): readonly Entry[]
  /** Of the last change. */
  seq(): number
}

/** In memory only. `mark` tells this start's posts from those of a start before, which are gone. */
export function createTranscript(mark: string, changed: (entry: Entry) => void, limit = postLimit): Transcript {
  const chats = new Map<string, Map<PostId, Entry>>()
  const home = new Map<PostId, string>()
  let seq = 0
  let posts = 0

  function keep(entry: Entry): Entry {
    const here = chats.get(entry.chat) ?? new Map<PostId, Entry>()
    chats.set(entry.chat, here.set(entry.id, entry))
    home.set(entry.id, entry.chat)
    for (const id of here.keys()) {
      if (here.size <= limit) break
      here.delete(id)
      home.delete(id)
    }
    changed(entry)
    return entry
  }
  const find = (id: PostId) => chats.get(home.get(id) ?? '')?.get(id)

  return {
    add: (entry) => keep({ ...entry, id: asPostId(`${mark}-${++posts}`), seq: ++seq }),
    change(id, words) {
      const old = find(id)
      if (!old) return undefined
      const { text, card, pictures = old.pictures } = words
      return keep({ ...old, text, card, pictures, edited: true, seq: ++seq })
    },
    find,
    since: (after) => [...chats.values()].flatMap((here) => [...here.values()].filter((entry) => entry.seq > after)),
    seq: () => seq,
    in: (chat) => [...(chats.get(chat)?.values() ?? [])],
  }
}
