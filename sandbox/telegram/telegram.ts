import type { Clock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Deliver, Sandbox } from '../wire.ts'
import type { CallEntry } from './calls.ts'
import type { BotAccount } from './core.ts'
import type { Group } from './group.ts'
import type { Misbehaviour, TroubleHandle } from './misbehave.ts'
import type { Person, Press } from './person.ts'
import type { Random } from './random.ts'
import type { Pace, Rules } from './rules.ts'
import type { Json, User } from './shapes.ts'
import type { Place } from './shown.ts'

export interface TelegramOptions {
  readonly clock: Clock
  readonly random: Random
  readonly bots: readonly BotAccount[]
  /** Carries updates to webhooks; over real HTTP when left out. */
  readonly deliver?: Deliver
  /** The API's root; when left out, the shell fills in its own. */
  readonly baseUrl?: string
  readonly rules?: Partial<Rules>
  readonly logger?: Logger
}

export interface NewPerson {
  readonly name: string
  readonly username?: string
  readonly id?: number
  readonly language?: string
}

export interface NewGroup {
  readonly title: string
  /** A supergroup when left out. */
  readonly kind?: 'group' | 'supergroup' | 'channel'
  readonly username?: string
  readonly forum?: boolean
  /** The first of them owns it. */
  readonly people: readonly Person[]
  /** Usernames; they have joined before anybody looks, so they are not told. */
  readonly bots?: readonly string[]
}

export interface Telegram extends Sandbox {
  readonly bots: readonly User[]
  /** What a Bot API client takes for its root. */
  readonly apiRoot: string
  readonly rules: Rules
  setRules(rules: Partial<Rules>): void
  setPace(pace: Partial<Pace>): void
  person(wish: NewPerson): Person
  persons(): readonly Person[]
  group(wish: NewGroup): Group
  groups(): readonly Group[]
  /** Every chat that there is, private ones too. */
  places(): readonly Place[]
  /** Presses by their id. */
  answerTo(press: string): Press['answer']
  /** The command menu that a person sees in a chat. */
  menu(where: Place, person: Person, bot: string): readonly Json[]
  misbehave(script: Misbehaviour): TroubleHandle
  misbehaviours(): readonly TroubleHandle[]
  calls(): readonly CallEntry[]
  /** What a bot is yet to be told. */
  pending(bot: string): number
  /** Whether a long poll of the bot waits now. */
  polled(bot: string): boolean
  /** Resolves when no webhook delivery is under way. */
  idle(): Promise<void>
  /** Where the shell listens; counts only without a `baseUrl` of one's own. */
  listensAt(url: string): void
}
