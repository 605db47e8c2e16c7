import type { Complaint } from '../complaints/complaint.ts'
import type { Recorded } from '../complaints/fact.ts'
import type { NoticeId } from '../core/words.ts'
import type { Reads } from '../storage/storage.ts'
import type { Reader } from './letter.ts'

/** What happened, in the chat's own words, so that a letter and the group say the same. */
export interface Phrases {
  /** Whose turn it is. */
  turn(complaint: Complaint, reader: Reader): string
  /** undefined: it is worth no words. */
  fact(
    reads: Reads,
    of: { readonly complaint: Complaint; readonly told: Recorded },
    reader: Reader,
  ): Promise<string | undefined>
  notice(reads: Reads, id: NoticeId, reader: Reader): Promise<string | undefined>
}
