import { type Book, createBook } from '../book.ts'

/** What an act carried: the picture's hash is what tests compare; the key is how the merchant named it. */
export interface LedgerMedia {
  readonly sha256: string
  readonly key?: string
}

export interface LedgerEntry {
  readonly seq: number
  /** Milliseconds of the sandbox's clock. */
  readonly at: number
  /** Whose money, complaint or consent it is. */
  readonly pid: string
  readonly by: 'customer' | 'merchant' | 'platform' | 'clock' | 'push'
  /** paid, refund and its ends, complaint, a move's name, finish, feedback, reply, supplement, turned, set, consent, token, refreshed, cancelled, push, push-withheld, push-given-up. */
  readonly what: string
  readonly source?: 'risk' | 'trade'
  /** The risk id as text, or the complain_event_id. */
  readonly complaint?: string
  readonly tradeNo?: string
  readonly outRequestNo?: string
  /** Fen. */
  readonly amount?: number
  readonly from?: string
  readonly to?: string
  /** process_code or feedback_code. */
  readonly code?: string
  readonly text?: string
  readonly media?: readonly LedgerMedia[]
  /** Of a push: which try, what it told, its number, how it was spoiled, what came back. */
  readonly attempt?: number
  readonly told?: string
  readonly notifyId?: string
  readonly how?: string
  readonly answer?: string
}

export type Ledger = Book<LedgerEntry>
export const createLedger = (clock: { now(): number }): Ledger => createBook(clock)

/** One API call as the platform saw it. */
export interface CallEntry {
  readonly seq: number
  readonly at: number
  /** The name of the API, or `door` when it was refused before it was known. */
  readonly on: string
  readonly protocol: 'v2' | 'v3'
  readonly appId?: string
  /** For whom: by the token, or the app's own. */
  readonly pid?: string
  readonly complaint?: string
  readonly tradeNo?: string
  readonly refund?: string
  /** biz_content and flat parameters, or the v3 body; no token. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly status: number
  readonly code?: string
  readonly subCode?: string
  readonly outcome: 'answered' | 'lost'
  /** Whether the operation ran: before the answer, never, or later by itself. */
  readonly ran: 'yes' | 'no' | 'later'
  /** The misbehaviour that met this call, or `limit`; `late` is the later run itself. */
  readonly how?: string
  readonly traceId?: string
}
