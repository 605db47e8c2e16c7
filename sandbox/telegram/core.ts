import type { Clock } from '../../src/core/clock.ts'
import type { Feed } from './feed.ts'
import type { Files } from './files.ts'
import type { Hook } from './hook.ts'
import type { Pacing } from './pacing.ts'
import type { Random } from './random.ts'
import type { Rules } from './rules.ts'
import type { Json, User } from './shapes.ts'
import type { Post, State } from './state.ts'

/** A bot as BotFather knows it. */
export interface BotAccount {
  readonly token: string
  readonly username: string
  readonly name: string
  /** On by default: in groups it hears what is meant for it only. */
  readonly privacy?: boolean
}

export interface Bot {
  readonly user: User
  readonly token: string
  readonly privacy: boolean
  readonly feed: Feed
  readonly hook: Hook
  /** Menus, by scope and language. */
  readonly menus: Map<string, readonly Json[]>
  readonly descriptions: Map<string, string>
}

/** A press and how it was answered. */
export interface Query {
  readonly id: string
  readonly bot: Bot
  readonly person: User
  readonly post: Post
  readonly data: string
  readonly at: number
  answer?: { readonly text: string; readonly alert: boolean; readonly url: string | undefined; readonly at: number }
}

/** What every method and every person needs. */
export interface Core {
  readonly clock: Clock
  readonly random: Random
  readonly state: State
  readonly files: Files
  readonly pacing: Pacing
  readonly bots: readonly Bot[]
  readonly queries: Map<string, Query>
  rules(): Rules
}

export const seconds = (ms: number): number => Math.floor(ms / 1000)
