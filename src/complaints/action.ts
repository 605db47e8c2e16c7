import type { Fen, PictureHash } from '../core/words.ts'

/** What is said with an act. At least one of the two where the move's `takes` says so. */
export interface Words {
  readonly text?: string
  readonly pictures?: readonly PictureHash[]
}

/** Something we do to a complaint; the platform is changed by nothing else. */
export type Action =
  | ({ readonly kind: 'respond'; readonly stance: 'agree' | 'refuse' | 'talk' } & Words)
  | { readonly kind: 'refund'; readonly order: string; readonly amount: Fen; readonly reason: string }
  | ({ readonly kind: 'add-evidence' } & Words)
  /** `received`: said where the user sends goods back, and only there. */
  | ({ readonly kind: 'prove-refund'; readonly received?: boolean } & Words)
  | ({ readonly kind: 'appeal' } & Words)
  | ({
      readonly kind: 'decide-refund'
      readonly verdict: 'approve' | 'reject'
      readonly day?: number
      readonly reason?: string
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
  | { readonly outcome: 'done' | 'underway'; readonly reference: string }
  /** `again`: the same call may succeed later. `moved`: the case is in another state than we thought. */
  | { readonly outcome: 'failed'; readonly message: string; readonly again: boolean; readonly moved?: boolean }
  /** unknown: sent, no answer; look before doing anything again. absent: looked, and it is not there. */
  | { readonly outcome: 'unknown' | 'absent' }

/** Where an action stands. `requested` and everything up to a settled state blocks a second one of its kind. */
export type ActionState = 'requested' | 'sent' | 'underway' | 'unknown' | 'done' | 'failed' | 'withdrawn'
export const unsettled = ['requested', 'sent', 'underway', 'unknown'] as const satisfies readonly ActionState[]
