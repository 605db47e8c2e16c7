import { type Book, createBook } from '../book.ts'

/** What an act carried: the picture's hash is what tests compare; the media_id is how the merchant named it. */
export interface LedgerMedia {
  readonly sha256: string
  readonly mediaId?: string
}

export interface LedgerEntry {
  readonly seq: number
  /** Milliseconds of the sandbox's clock. */
  readonly at: number
  readonly appid: string
  readonly complaint?: number
  readonly by: 'customer' | 'merchant' | 'platform' | 'clock' | 'push'
  /** complaint, a move's name, time-up, set, deduct, deduction-appeal and its ends, push, push-withheld, push-given-up. */
  readonly what: string
  readonly from?: number
  readonly to?: number
  readonly appealState?: number
  readonly text?: string
  readonly media?: readonly LedgerMedia[]
  /** agree or refuse; received or not-received. */
  readonly choice?: string
  /** Of a deduction. */
  readonly penalty?: number
  readonly points?: number
  /** Of a push: which try, how it was spoiled, what came back. */
  readonly attempt?: number
  readonly status?: number
  readonly how?: string
  readonly answer?: string
}

export type Ledger = Book<LedgerEntry>
export const createLedger = (clock: { now(): number }): Ledger => createBook(clock)

/** One API call as the platform saw it. */
export interface CallEntry {
  readonly seq: number
  readonly at: number
  readonly on: string
  readonly method: string
  readonly path: string
  readonly appid?: string
  readonly complaint?: number
  /** The JSON body, without the secret. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly errcode?: number
  readonly httpStatus?: number
  readonly outcome: 'answered' | 'lost'
  /** Whether the operation ran: before the answer, never, or later by itself. */
  readonly ran: 'yes' | 'no' | 'later'
  /** The misbehaviour that met this call, or the limit. */
  readonly how?: string
}
