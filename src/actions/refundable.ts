import type { Complaint } from '../complaints/complaint.ts'
import { leftOfOrder } from '../complaints/money.ts'
import type { PaidPlace } from '../complaints/refund-number.ts'
import type { Fen, Instant } from '../core/words.ts'
import { ledgerOf } from '../storage/refunds.ts'
import { seatOf } from '../storage/seats.ts'
import type { RequestParts } from './request.ts'

/** What may still be given back of one order of a complaint, as the account that would pay and our ledger say it together. */
export interface Refundable {
  readonly order: string
  readonly total: Fen
  /** Ours, arrived. */
  readonly settled: Fen
  /** Ours, on its way. */
  readonly underway: Fen
  /** Most that may be asked for. */
  readonly left: Fen
  /** The platform shows refunds that our ledger does not explain: `left` may be less. */
  readonly others: boolean
  readonly paidAt?: Instant
}

/** Asks over the network: never inside a transaction. @throws OutsideError when the account that would pay cannot be asked */
export async function refundableOf(
  { storage, platforms }: Pick<RequestParts, 'storage' | 'platforms'>,
  complaint: Complaint,
): Promise<readonly Refundable[]> {
  const seat = await seatOf(storage.reads, complaint)
  const platform = seat && platforms.get(seat.account.platform)
  if (!platform?.orders || !platform.payee || !seat?.payer) return []
  const payee = platform.payee(seat)
  const paid = await platform.orders(seat, complaint.orders)
  const found: Refundable[] = []
  for (const order of paid) {
    const place: PaidPlace = { platform: seat.payer.platform, payee, order: order.number }
    const { settled, underway } = await ledgerOf(storage.reads, place)
    // That there were refunds is no news where we made some: the platform never says how much.
    const others = order.refunded === 'unknown' && settled === 0
    const refunded = order.refunded === 'unknown' ? settled : order.refunded > settled ? order.refunded : settled
    const { most } = leftOfOrder({ number: order.number, paid: order.paid, refunded }, underway)
    found.push({
      order: order.number,
      total: order.paid,
      settled,
      underway,
      left: most,
      others,
      ...(order.paidAt === undefined ? {} : { paidAt: order.paidAt }),
    })
  }
  return found
}
