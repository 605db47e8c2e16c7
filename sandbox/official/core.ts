import type { Clock } from '../../src/core/clock.ts'
import type { Book } from '../book.ts'
import type { Troubles } from '../troubles.ts'
import type { Tokens } from '../wechat/tokens.ts'
import type { Codes } from './codes.ts'
import type { Misbehaviour } from './misbehave.ts'
import type { LedgerEntry, OfficialAccount, Random, Shown } from './official.ts'
import type { People } from './people.ts'
import type { Rules } from './rules.ts'

/** What the calls, the people and the post share. */
export interface Core {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly accounts: ReadonlyMap<string, OfficialAccount>
  /** Replaces an account: its templates have changed. */
  changed(account: OfficialAccount): void
  readonly people: People
  readonly codes: Codes
  readonly tokens: Tokens
  readonly shown: Shown[]
  readonly ledger: Book<LedgerEntry>
  readonly troubles: Troubles<Misbehaviour>
  /** An event goes out to the account's address. */
  tell(account: OfficialAccount, event: Event): void
}

export interface Event {
  readonly openid: string
  readonly event: string
  /** In their order; of a number beyond what JSON's readers keep, `number` is its text. */
  readonly fields: readonly (readonly [name: string, value: string | { readonly number: string }])[]
}
