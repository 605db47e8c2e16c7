import type { Instant } from '../../core/words.ts'

/** A question about one complaint: by our number, and when it was put. */
export interface Asked {
  readonly number: string
  readonly asOf: Instant
}
