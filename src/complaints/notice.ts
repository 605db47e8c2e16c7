import type { Fen, Instant } from '../core/words.ts'

/** An order that the platform shows in dispute, without saying in which complaint. */
export interface Disputed {
  /** As the payment platform knows it. */
  readonly order?: string
  readonly outTradeNo?: string
  readonly product?: string
  readonly paid?: Fen
  readonly paidAt?: Instant
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
  /** Was asked for and is here already. */
  | { readonly kind: 'known'; readonly number: string; readonly running: number }

/** By what an order is known again: the payment platform's number, and the merchant's own behind `out:`. */
export const orderKeys = (is: {
  readonly orders: readonly string[]
  readonly outTradeNo?: string
}): readonly string[] => (is.outTradeNo === undefined ? is.orders : [...is.orders, `out:${is.outTradeNo}`])

export const disputeKeys = ({ order, outTradeNo }: Disputed): readonly string[] =>
  orderKeys({ orders: order === undefined ? [] : [order], ...(outTradeNo === undefined ? {} : { outTradeNo }) })
