import type { Instant } from '../core/words.ts'

/** Something for which the platform took points. */
export interface Penalty {
  readonly number: string
  /** The platform's number of the complaint that it came from. */
  readonly complaint?: string
  readonly wording: string
  /** Their own word for how it stands. */
  readonly label: string
  readonly minus: number
  readonly order?: string
  readonly at?: Instant
  readonly changedAt?: Instant
}

/** How the platform rates an account. */
export interface Standing {
  readonly score?: number
  readonly penalties: readonly Penalty[]
  readonly guarantee?: { readonly active: boolean; readonly message?: string; readonly reasons: readonly string[] }
}
