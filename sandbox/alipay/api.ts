import type { Clock } from '../../src/core/clock.ts'
import type { Part } from '../multipart.ts'
import type { App, Merchant, Random } from './app.ts'
import type { Authority } from './authority.ts'
import type { Problem } from './errors.ts'
import type { Body } from './fields.ts'
import type { Files } from './files.ts'
import type { Grants } from './grants.ts'
import type { Limits } from './limits.ts'
import type { ApiName } from './misbehave.ts'
import type { Refunds } from './refunds.ts'
import type { RiskDesk } from './risk-desk.ts'
import type { Quirks, Rules } from './rules.ts'
import type { Tell } from './tell.ts'
import type { TradeDesk } from './trade-desk.ts'
import type { Trades } from './trades.ts'

export interface House {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly merchants: readonly Merchant[]
  readonly authority: Authority
  readonly grants: Grants
  readonly files: Files
  readonly trades: Trades
  readonly refunds: Refunds
  readonly risk: RiskDesk
  readonly tradeDesk: TradeDesk
  readonly tell: Tell
  readonly limits: Limits
  app(appId: string): App | undefined
  quirks(): Quirks
}

/** One call that has passed the door. */
export interface Asking {
  readonly house: House
  readonly app: App
  /** For whom it speaks: one merchant, or every one where the rules let a call without a token see all. */
  readonly pids: readonly string[]
  readonly body: Body
  readonly file: Part | undefined
  readonly quirks: Quirks
}

export type Outcome = Body | Problem

export interface Route {
  readonly method: 'GET' | 'POST'
  /** A group in it is the parameter `named`. */
  readonly path: RegExp
  readonly named?: string
}

export interface Api {
  readonly name: ApiName
  /** Where v2 carries the parameters; a file part makes it an upload. */
  readonly v2: 'biz' | 'flat'
  readonly filePart?: string
  readonly v3?: Route
  /** Whose call it is: a merchant's, or the app's own. */
  readonly speaksFor: 'merchant' | 'app'
  run(asking: Asking): Outcome
}
