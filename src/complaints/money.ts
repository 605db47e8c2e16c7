import { type Fen, fen } from '../core/words.ts'
import type { Order } from './complaint.ts'

export type Left =
  /** What our ledger and the platform agree on. */
  | { readonly certain: true; readonly most: Fen }
  /** The platform shows refunds that we did not make: the platform's own cap is the last guard; never for rules. */
  | { readonly certain: false; readonly most: Fen }

/** What may still be given back of an order. `underway`: refunds asked for and not settled, of any complaint. */
export function leftOfOrder(order: Order, underway: Fen): Left {
  if (order.refunded === 'unknown') return { certain: false, most: minus(order.paid, underway) }
  return { certain: true, most: minus(minus(order.paid, order.refunded), underway) }
}

export interface Caps {
  readonly each?: Fen
  readonly day?: Fen
}

export type OverCap = { readonly cap: 'each' | 'day'; readonly most: Fen }

/** Whether an amount goes over what this person or rule may give; `today` is what was given since the tenant's midnight. */
export function overCap(amount: Fen, caps: Caps, today: Fen): OverCap | undefined {
  if (caps.each !== undefined && amount > caps.each) return { cap: 'each', most: caps.each }
  if (caps.day !== undefined && amount + today > caps.day) return { cap: 'day', most: minus(caps.day, today) }
  return undefined
}

const minus = (from: Fen, what: Fen): Fen => fen(Math.max(0, from - what))
