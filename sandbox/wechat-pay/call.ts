import type { Clock } from '../../src/core/clock.ts'
import type { SandboxReply } from '../wire.ts'
import type { Body } from './acts.ts'
import type { Authorization } from './authorization.ts'
import { isProblem, type Problem } from './errors.ts'
import type { Images, Upload } from './images.ts'
import type { Keys } from './keys.ts'
import type { Limits } from './limits.ts'
import type { Merchant, Random } from './merchant.ts'
import type { CallName } from './misbehave.ts'
import type { NotifyUrls } from './notify-url.ts'
import type { Orders } from './orders.ts'
import type { Refunds } from './refunds.ts'
import type { Register } from './register.ts'
import type { Quirks, Rules } from './rules.ts'

/** 200 with JSON; 204; a picture; or a problem. */
export type Outcome =
  | { readonly json: Readonly<Record<string, unknown>> }
  | { readonly picture: SandboxReply }
  | 'done'
  | Problem

/** One call that has passed the door: what it is about, and its operation, which runs at most once. */
export interface Call {
  readonly on: CallName
  readonly merchant: Merchant
  readonly complaint?: string
  readonly refund?: string
  readonly body?: Body
  run(options?: { quirks?: Partial<Quirks>; brokenTag?: boolean }): Outcome
}

/** A refusal at the door, and to whom, once that is known. */
export interface Turned {
  readonly problem: Problem
  readonly merchant?: Merchant
}

export interface House {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly merchants: readonly Merchant[]
  readonly keys: Keys
  readonly authorization: Authorization
  readonly images: Images
  readonly orders: Orders
  readonly refunds: Refunds
  readonly register: Register
  readonly urls: NotifyUrls
  readonly limits: Limits
  quirks(): Quirks
}

/** What a route reads. */
export interface Knock {
  readonly house: House
  readonly merchant: Merchant
  readonly query: URLSearchParams
  /** The variable part of the path, as on the wire. */
  readonly id: string
  readonly body: Body
  readonly upload: Upload | undefined
}

/** How a route reads what knocks. */
export type Read = (knock: Knock) => Omit<Call, 'on' | 'merchant'>

export const json = (value: Readonly<Record<string, unknown>> | Problem): Outcome =>
  isProblem(value) ? value : { json: value }
