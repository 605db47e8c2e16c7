import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import type { Handled } from '../engine/engine.ts'
import type { StoredNotice } from '../storage/notices.ts'
import type { Reads } from '../storage/storage.ts'

/** What is told: a fact of a complaint, or what is about none. */
export type About = { readonly complaint: Complaint; readonly fact: Fact } | { readonly notice: StoredNotice }

/** A way to people. Facts become deliveries through `destinations`; `deliver` says what waits for one of them. */
export interface Channel {
  /** The part of a destination before the colon: `room:rom_…`. */
  readonly prefix: string
  destinations(reads: Reads, about: About): Promise<readonly string[]>
  /** What waits at this place, in order: a room is a destination itself; a mailbox (`email:chn_1`) has many (`email:chn_1/rcp_2`). */
  deliver(place: string): Promise<Handled>
}
