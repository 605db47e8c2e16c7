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
  /** Whose money or complaint it is. */
  readonly mchid: string
  readonly by: 'customer' | 'merchant' | 'platform' | 'clock' | 'push'
  /** paid, refund and its ends, complaint, a move's name, set, notify-url, push, push-withheld, push-given-up. */
  readonly what: string
  readonly complaint?: string
  readonly transactionId?: string
  readonly outRefundNo?: string
  /** Fen. */
  readonly amount?: number
  readonly from?: string
  readonly to?: string
  readonly text?: string
  readonly media?: readonly LedgerMedia[]
  /** Of a push: which try, what it told, how it was spoiled, what came back. */
  readonly attempt?: number
  readonly told?: string
  readonly how?: string
  readonly answer?: string
}

export type Ledger = Book<LedgerEntry>
export const createLedger = (clock: { now(): number }): Ledger => createBook(clock)

/** One API call as the platform saw it. */
export interface CallEntry {
  readonly seq: number
  readonly at: number
  /** `door` when it was refused before it was known what it is about. */
  readonly on: string
  readonly method: string
  readonly path: string
  readonly mchid?: string
  readonly complaint?: string
  readonly refund?: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly status?: number
  readonly code?: string
  readonly outcome: 'answered' | 'lost'
  /** Whether the operation ran: before the answer, never, or later by itself. */
  readonly ran: 'yes' | 'no' | 'later'
  /** The misbehaviour that met this call, or the limit; `late` is the later run itself. */
  readonly how?: string
  /** Of the answer, as the caller's logs name it. */
  readonly requestId?: string
}
