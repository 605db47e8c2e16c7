import { asId, type Instant, later, type RecipientId } from '../core/words.ts'
import type { Pending } from '../storage/deliveries.ts'
import { latest } from './allowance.ts'

/** What goes to one recipient in one message. */
export interface Batch {
  readonly recipient: RecipientId
  readonly pending: readonly Pending[]
  /** From when on it may go. */
  readonly ready: Instant
}

/** Where a destination's recipient stands: `email:chn_1/rcp_2`. */
export const recipientOf = (destination: string): RecipientId => asId(destination.split('/')[1] ?? '')

export interface Batching {
  /** The longest waiting first. */
  readonly pending: readonly Pending[]
  readonly merges: 'complaint' | 'all'
  /** Milliseconds that the first of a batch waits for more. */
  readonly merge: number
  free(recipient: RecipientId): Instant
}

/** What waits, put together into messages; whichever may go first stands first. What was put off takes its batch along. */
export function batches({ pending, merges, merge, free }: Batching): readonly Batch[] {
  const groups = new Map<string, Pending[]>()
  for (const one of pending) {
    const about = merges === 'all' ? '' : (one.complaint ?? '')
    const name = `${one.destination} ${about}`
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  return [...groups.values()]
    .map((group): Batch => {
      const recipient = recipientOf(group[0]?.destination ?? '')
      const begun = group.map(({ createdAt }) => createdAt).sort()[0] as Instant
      const ready = latest([later(begun, merge), free(recipient), ...group.map(({ notBefore }) => notBefore)])
      return { recipient, pending: group, ready }
    })
    .sort((a, b) => (a.ready < b.ready ? -1 : a.ready > b.ready ? 1 : 0))
}
