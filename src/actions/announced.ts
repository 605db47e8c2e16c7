import { type Instant, later, millis } from '../core/words.ts'
import { queues } from '../engine/queues.ts'
import { roomsTold } from '../storage/deliveries.ts'
import { factAt } from '../storage/facts.ts'
import { unrung } from '../storage/jobs.ts'
import type { Ruling } from '../storage/rulings.ts'
import type { Reads } from '../storage/storage.ts'

/**
 * From when on a rule may do what it announced: at its time, but half of its delay is always left to whoever first reads of it,
 * however long we or the chat were away.
 * @returns 'unseen' while no group could read of it; its own time where no group is told
 */
export async function announcedUntil(reads: Reads, ruling: Ruling): Promise<Instant | 'unseen'> {
  const delay = millis(ruling.due) - millis(ruling.createdAt)
  const fact = delay > 0 && (await factAt(reads, ruling.complaint, ruling.nr))
  if (!fact) return ruling.due
  const told = await roomsTold(reads, fact.id)
  const [seen] = told.flatMap(({ state, settledAt }) => (state === 'sent' && settledAt ? [settledAt] : [])).sort()
  if (seen) return later(seen, delay / 2) > ruling.due ? later(seen, delay / 2) : ruling.due
  const ringing = (await unrung(reads, queues.fanOut, [fact.id])).length === 0
  const unread = told.some(({ state }) => state === 'waiting' || state === 'dead')
  return ringing || unread ? 'unseen' : ruling.due
}
