import type { Ask } from '../../src/chat/chat.ts'
import type { PostId } from '../../src/core/words.ts'

/** The bot waits for these words: the next ones of this person in this chat. */
export interface Asked {
  readonly chat: string
  readonly person: string
  readonly post: PostId
  readonly ask: Ask
  readonly until: number
}

export interface Asks {
  open(asked: Asked): void
  /** Answered or given up. */
  close(chat: string, person: string): Asked | undefined
  of(person: string, now: number): readonly Asked[]
}

export function createAsks(changed: (person: string, chat: string, asked: Asked | undefined) => void): Asks {
  const asks = new Map<string, Asked>()
  const key = (chat: string, person: string) => `${person} ${chat}`
  return {
    open(asked) {
      asks.set(key(asked.chat, asked.person), asked)
      changed(asked.person, asked.chat, asked)
    },
    close(chat, person) {
      const asked = asks.get(key(chat, person))
      if (asks.delete(key(chat, person))) changed(person, chat, undefined)
      return asked
    },
    of: (person, now) => [...asks.values()].filter((asked) => asked.person === person && asked.until > now),
  }
}

export const askedJson = ({ post, ask, until }: Asked) => ({
  post,
  until,
  prompt: ask.prompt,
  suggest: ask.suggest ?? [],
  offers: (ask.offers ?? []).map(({ label, token }) => ({ label, token })),
  pictures: ask.pictures ?? false,
})
