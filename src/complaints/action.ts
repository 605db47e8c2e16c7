import type { OutsideError } from '../core/errors.ts'
import type { Fen, Instant, PictureHash } from '../core/words.ts'

/** What is said with an act. At least one of the two where the move's `takes` says so. */
export interface Words {
  readonly text?: string
  readonly pictures?: readonly PictureHash[]
}

/** Money back for an order; every amount as the order query said it, never as the complaint does. */
export interface Refund {
  readonly kind: 'refund'
  /** The payment platform's number of the order. */
  readonly order: string
  readonly amount: Fen
  /** Of the whole order. */
  readonly total: Fen
  /** Shown to the user; '' = none. */
  readonly reason: string
  /** When the order was paid, where the platform says so. */
  readonly paidAt?: Instant
  /** The platform shows refunds that our ledger does not explain: somebody was told so and wants it nevertheless. */
  readonly others?: true
}

/** Something we do to a complaint; the platform is changed by nothing else. */
export type Action =
  | ({ readonly kind: 'respond'; readonly stance: 'agree' | 'refuse' | 'talk' } & Words)
  | Refund
  | ({ readonly kind: 'add-evidence' } & Words)
  /** `received`: said where the user sends goods back, and only there. */
  | ({ readonly kind: 'prove-refund'; readonly received?: boolean } & Words)
  | ({ readonly kind: 'appeal' } & Words)
  | ({
      readonly kind: 'decide-refund'
      readonly verdict: 'approve' | 'reject'
      /** Days until the money comes; 0 = today. */
      readonly day?: number
      readonly reason?: string
      /** Goes out by itself once the platform has taken the approval. */
      readonly next?: Refund
    } & Words)
  | ({ readonly kind: 'finish'; readonly choice?: string } & Words)

export type ActionKind = Action['kind']
export type ActionOf<Kind extends ActionKind> = Extract<Action, { kind: Kind }>
export const actionKinds = [
  'respond',
  'refund',
  'add-evidence',
  'prove-refund',
  'appeal',
  'decide-refund',
  'finish',
] as const satisfies readonly ActionKind[]

/** The outcome of a call, or of a look whether an earlier call arrived. */
export type Acted =
  | { readonly outcome: 'done' | 'underway'; readonly reference: string; readonly refund?: Refunding }
  /** `again`: the same call may succeed later. `moved`: the case is in another state than we thought. */
  | {
      readonly outcome: 'failed'
      readonly message: string
      readonly again: boolean
      readonly moved?: boolean
      readonly refund?: RefundEnd
      /** Their refusal: it may say more than that this was not done. */
      readonly because?: OutsideError
    }
  /** unknown: sent, no answer; look before doing anything again. absent: looked, and it is not there. */
  | { readonly outcome: 'unknown' | 'absent' }

/** What is known of money on its way, beyond that it was accepted. */
export interface Refunding {
  /** The user's account did not take it: a person must finish it in the console. Money may still go. */
  readonly stuck?: true
  readonly arrivedAt?: Instant
  /** Where it went, in the platform's words. */
  readonly receivedBy?: string
}

/**
 * How a refund came to nothing. `closed`: it was made and closed, the money is back with us.
 * `found`: another refund stands under this number, of this amount: made by us in a life that we have forgotten (a restored backup).
 */
export type RefundEnd = { readonly end: 'closed' } | { readonly end: 'found'; readonly amount: Fen }

/** Where an action stands. `requested` and everything up to a settled state blocks a second one of its kind. */
export type ActionState = 'requested' | 'sent' | 'underway' | 'unknown' | 'done' | 'failed' | 'withdrawn'
export const unsettled = ['requested', 'sent', 'underway', 'unknown'] as const satisfies readonly ActionState[]
