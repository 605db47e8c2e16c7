import type { Action, ActionKind } from '../complaints/action.ts'

/** What a button (or an awaited answer) means. Kept as JSON text beside its token. */
export type Intent =
  /** Asks for the words of an act. */
  | { readonly do: 'open'; readonly kind: ActionKind; readonly stance?: 'agree' | 'refuse' | 'talk' }
  /** The confirm of a drafted act. */
  | { readonly do: 'send'; readonly action: Action }
  | { readonly do: 'drop' | 'cancel' | 'claim' | 'release' | 'detail' | 'read' | 'pictures' }

export const intentText = (intent: Intent): string => JSON.stringify(intent)
/** Our own text, read back. */
export const intentOf = (written: string): Intent => JSON.parse(written)
