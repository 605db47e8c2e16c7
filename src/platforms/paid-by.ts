import type { Deed, Platform } from './platform.ts'

/** The side of a payment platform that gives money back; the seat's `payer` is the account that pays. */
export interface Paying {
  readonly refund: Deed<'refund'>
  readonly orders: NonNullable<Platform['orders']>
  readonly payee: NonNullable<Platform['payee']>
}

/** A platform whose complaints may be refunded: wherever the seat has a payer. */
export const paidBy = (platform: Platform, paying: Paying): Platform => ({
  ...platform,
  deeds: (seat) => ({ ...platform.deeds(seat), ...(seat.payer ? { refund: paying.refund } : {}) }),
  orders: (seat, numbers) =>
    seat.payer ? paying.orders({ account: seat.payer }, numbers) : Promise.reject(new Error('nobody pays here')),
  payee: (seat) => paying.payee(seat.payer ? { account: seat.payer } : seat),
})
