import type { Fen, Instant } from '../core/words.ts'
import type { Digest } from './digest.ts'
import type { Rerating } from './standing.ts'

/** An order that the platform shows in dispute, without saying in which complaint. */
export interface Disputed {
  /** As the payment platform knows it. */
  readonly order?: string
  readonly outTradeNo?: string
  readonly product?: string
  readonly paid?: Fen
  readonly paidAt?: Instant
}

/** Of one recipient. `why`: in both languages; absent where it was sent. */
export interface TestOutcome {
  readonly recipient: string
  readonly outcome: 'sent' | 'failed' | 'unknown'
  readonly why?: string
}

/** What people are told that is about no complaint of ours. */
export type Notice =
  /** In dispute, and nobody told us of a complaint. */
  | { readonly kind: 'unheard'; readonly dispute: Disputed }
  | { readonly kind: 'not-imported'; readonly number: string; readonly why: string }
  /** The platform tells somebody else of this account's complaints. */
  | { readonly kind: 'diverted'; readonly registered: string; readonly wanted: string }
  /** Another process speaks through this chat connection now. */
  | { readonly kind: 'taken'; readonly bot: string }
  /** A merchant lets the account speak for it: for the first time, or anew. */
  | { readonly kind: 'authorised'; readonly how: 'new' | 'renewed'; readonly merchant: string }
  /** A merchant has authorised the account, and nobody has said whose it is. */
  | { readonly kind: 'waiting'; readonly outsideId: string }
  /** A merchant has taken it back. */
  | { readonly kind: 'revoked'; readonly merchant: string }
  /** Calls that we would make and that it does not let us. */
  | { readonly kind: 'lacking'; readonly merchant: string; readonly lacks: readonly string[] }
  /** Rules refunded more often in an hour than is normal: they refund nothing until a person says so. */
  | { readonly kind: 'tripped'; readonly count: number; readonly most: number }
  /** A rule answered by a template that is gone: it is off until a person changes it. */
  | { readonly kind: 'rule-stopped'; readonly rule: string }
  /** Nothing more goes out through a channel until a person mends it. `id`: the channel's. */
  | { readonly kind: 'channel-stopped'; readonly id: string; readonly channel: string; readonly why: string }
  /** The credentials of a channel end by themselves then. */
  | { readonly kind: 'channel-ending'; readonly channel: string; readonly at: Instant }
  /** What became of test messages that somebody in the room asked for. */
  | { readonly kind: 'tested'; readonly channel: string; readonly outcomes: readonly TestOutcome[] }
  /** Nothing reaches a recipient any more: they are switched off. */
  | { readonly kind: 'recipient-off'; readonly channel: string; readonly recipient: string; readonly why: string }
  /** The platform rates the account otherwise than before. */
  | ({ readonly kind: 'rerated' } & Rerating)
  /** The rating cannot be read since then; said once until it can. */
  | { readonly kind: 'unrated'; readonly since: Instant; readonly why: string }
  /** How a day begins: of each account that has something to tell. */
  | { readonly kind: 'digest'; readonly accounts: readonly Digest[] }
  /** Was asked for and is here already. */
  | { readonly kind: 'known'; readonly number: string; readonly running: number }

/** By what an order is known again: the payment platform's number, and the merchant's own behind `out:`. */
export const orderKeys = (is: {
  readonly orders: readonly string[]
  readonly outTradeNo?: string
}): readonly string[] => (is.outTradeNo === undefined ? is.orders : [...is.orders, `out:${is.outTradeNo}`])

export const disputeKeys = ({ order, outTradeNo }: Disputed): readonly string[] =>
  orderKeys({ orders: order === undefined ? [] : [order], ...(outTradeNo === undefined ? {} : { outTradeNo }) })
