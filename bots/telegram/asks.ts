import type { Spot } from '../../src/chat/chat.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { ButtonToken, PostId } from '../../src/core/words.ts'

/** Words that we asked somebody for. */
export interface Asked {
  /** What the question is about: the card that was pressed. */
  readonly about: PostId
  readonly cancel?: ButtonToken
  readonly until: number
}

/** Kept here only to understand `/cancel` and answers to the question; the app knows by itself what it asked. */
export interface Asks {
  open(who: Person, question: PostId, asked: Asked): void
  /** Answered, or given up. */
  close(who: Person): Asked | undefined
  /** Whether this post is a question to this person. */
  asked(who: Person, post: PostId | undefined): boolean
  /** An answer to the question is one to what the question was about. */
  meant(post: PostId): PostId
}

export interface Person {
  readonly spot: Spot
  readonly user: string
}

const remembered = 500

export function createAsks(clock: Clock): Asks {
  const open = new Map<string, Asked>()
  const questions = new Map<PostId, { readonly about: PostId; readonly user: string }>()
  const key = ({ spot, user }: Person) => `${spot.chat} ${spot.topic ?? ''} ${user}`
  return {
    open(who, question, asked) {
      open.set(key(who), asked)
      questions.set(question, { about: asked.about, user: who.user })
      forgetOldest(open)
      forgetOldest(questions)
    },
    close(who) {
      const asked = open.get(key(who))
      open.delete(key(who))
      return asked && asked.until > clock.now() ? asked : undefined
    },
    asked: ({ user }, post) => post !== undefined && questions.get(post)?.user === user,
    meant: (post) => questions.get(post)?.about ?? post,
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const name of map.keys()) {
    if (map.size <= remembered) return
    map.delete(name)
  }
}
