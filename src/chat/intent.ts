import type { Action, ActionKind } from '../complaints/action.ts'

/** What a button (or an awaited answer) means. Kept as JSON text beside its token. */
export type Intent =
  /** Asks for the words of an act; `words`: they were said already. */
  | {
      readonly do: 'open'
      readonly kind: ActionKind
      readonly stance?: 'agree' | 'refuse' | 'talk'
      readonly received?: boolean
      readonly words?: string
    }
  /** The confirm of a drafted act. */
  | { readonly do: 'send'; readonly action: Action }
  | { readonly do: 'drop' | 'cancel' | 'claim' | 'release' | 'detail' | 'read' | 'pictures' }

/** What is said with words and pictures and looked at before it goes. */
export type Draft =
  | { readonly kind: 'add-evidence' | 'appeal' }
  | { readonly kind: 'prove-refund'; readonly received?: boolean }

/** What the words that were asked for will be; undefined for an answer, which goes at once. */
export function draftOf({ kind, received }: Extract<Intent, { do: 'open' }>): Draft | undefined {
  if (kind === 'prove-refund') return { kind, ...(received === undefined ? {} : { received }) }
  return kind === 'add-evidence' || kind === 'appeal' ? { kind } : undefined
}

export const intentText = (intent: Intent): string => JSON.stringify(intent)
/** Our own text, read back. */
export const intentOf = (written: string): Intent => JSON.parse(written)
