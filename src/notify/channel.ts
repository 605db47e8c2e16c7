import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import type { Handled } from '../engine/engine.ts'
import type { Reads } from '../storage/storage.ts'

/** A way to people. Facts become deliveries through `destinations`; `deliver` says what waits for one of them. */
export interface Channel {
  /** The part of a destination before the colon: `room:rom_…`. */
  readonly prefix: string
  destinations(reads: Reads, about: { readonly complaint: Complaint; readonly fact: Fact }): Promise<readonly string[]>
  /** Everything that waits for this destination, in order. */
  deliver(destination: string): Promise<Handled>
}
