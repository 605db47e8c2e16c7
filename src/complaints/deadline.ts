import { type Instant, millis } from '../core/words.ts'
import { type Complaint, owed, type Snapshot } from './complaint.ts'

const hour = 3_600_000

/** The earliest time by which something is owed. */
export function dueOf(complaint: Pick<Snapshot, 'moves'>): Instant | undefined {
  const dues = complaint.moves.flatMap((move) => (move.owed && move.due ? [move.due] : []))
  return dues.sort()[0]
}

export type Tone = 'calm' | 'urgent' | 'late' | 'settled'

/** How a card looks at `now`: late past the due time; urgent within 12 h of it, where the platform says so, or when something is owed without a known time. */
export function toneOf(complaint: Pick<Complaint, 'moves' | 'phase' | 'urgent'>, now: Instant): Tone {
  if (complaint.phase === 'closed') return 'settled'
  const due = dueOf(complaint)
  if (!due) return owed(complaint) ? 'urgent' : 'calm'
  const left = leftOf(due, now)
  if (left <= 0) return 'late'
  return left <= 12 * hour || complaint.urgent ? 'urgent' : 'calm'
}

/** Milliseconds until then; negative when it has passed. */
export const leftOf = (due: Instant, now: Instant): number => millis(due) - millis(now)
