import type { Action, ActionKind, Refund } from '../complaints/action.ts'
import type { MemberId, OfferId, RulingId } from '../core/words.ts'

/** What a button (or an awaited answer) means. Kept as JSON text beside its token. */
export type Intent =
  /** Asks for the words of an act; `words`: they were said already. */
  | {
      readonly do: 'open'
      readonly kind: ActionKind
      readonly stance?: 'agree' | 'refuse' | 'talk'
      readonly received?: boolean
      readonly verdict?: 'approve' | 'reject'
      /** How it is finished, where the platform wants to know. */
      readonly choice?: string
      /** Words are wanted, though they may be missing. */
      readonly ask?: true
      /** Of which order money goes back. */
      readonly order?: string
      readonly words?: string
      /** Looked at before it goes. */
      readonly preview?: true
    }
  /** The confirm of a drafted act. */
  | { readonly do: 'send'; readonly action: Action }
  /** The second person's yes to a refund, and the end of asking for it. `member`: who began it. */
  | ({ readonly do: 'approve' | 'withdraw' } & Seconded)
  /** What a rule is about to do is not done. */
  | { readonly do: 'halt'; readonly ruling: RulingId }
  /** Pictures that were brought by this room's link become one's own, laid ready. */
  | { readonly do: 'take'; readonly offer: OfferId }
  /** `leave`: nothing of this card after all. */
  | { readonly do: 'drop' | 'leave' | 'cancel' | 'claim' | 'release' | 'detail' | 'read' | 'pictures' }

export type Open = Extract<Intent, { do: 'open' }>

export interface Seconded {
  readonly action: Refund
  readonly member: MemberId
}

/** What is said with words and pictures and looked at before it goes. */
export type Draft =
  | { readonly kind: 'add-evidence' | 'appeal' }
  | { readonly kind: 'prove-refund'; readonly received?: boolean }
  | { readonly kind: 'decide-refund'; readonly verdict: 'reject' }
  | { readonly kind: 'finish'; readonly choice: string }

/** What the words that were asked for will be; undefined for an answer, which goes at once. */
export function draftOf({ kind, received, verdict, choice }: Open): Draft | undefined {
  if (kind === 'finish') return choice === undefined ? undefined : { kind, choice }
  if (kind === 'decide-refund') return verdict === 'reject' ? { kind, verdict } : undefined
  if (kind === 'prove-refund') return { kind, ...(received === undefined ? {} : { received }) }
  return kind === 'add-evidence' || kind === 'appeal' ? { kind } : undefined
}

export const intentText = (intent: Intent): string => JSON.stringify(intent)
/** Our own text, read back. */
export const intentOf = (written: string): Intent => JSON.parse(written)
