import { later } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { type Finder, sweep } from '../engine/sweep.ts'
import { type AddressParts, keepAddresses } from '../inbox/address.ts'
import { readLists } from '../inbox/listing.ts'
import { rereadDue } from '../inbox/sync.ts'
import { watchAll } from '../inbox/watch.ts'
import { unsettledSince } from '../storage/actions.ts'
import { silentAlarms } from '../storage/alarms.ts'
import { waitingCallbacks } from '../storage/callbacks.ts'
import { destinationsWaiting } from '../storage/deliveries.ts'
import { waitingWanted } from '../storage/wanted.ts'
import { forgetOld, indexOlder } from './terms.ts'

const minute = 60_000

/** Rows that wait although no job rings for them: there should be none, and none may be lost for it. */
const finders: readonly Finder[] = [
  { queue: queues.drain, find: (reads, now, limit) => waitingCallbacks(reads, later(now, -minute), limit) },
  { queue: queues.carryOut, find: (reads, now, limit) => unsettledSince(reads, later(now, -minute), limit) },
  { queue: queues.fetchWanted, find: (reads, now, limit) => waitingWanted(reads, later(now, -minute), limit) },
  { queue: queues.alarm, find: (reads, now, limit) => silentAlarms(reads, later(now, -15 * minute), limit) },
  { queue: queues.deliver, find: (reads, _, limit) => destinationsWaiting(reads, limit) },
]

/** Everything that happens by the clock; times in UTC. */
export function scheduleAll(engine: Engine, parts: AddressParts): void {
  engine.every('reread', '* * * * *', () => rereadDue(parts))
  // Shortly after midnight in China, when a day's orders are whole.
  engine.every('orders-month', '10 18 * * *', () => watchAll(parts, 'month'))
  engine.every('orders-recent', '40 * * * *', () => watchAll(parts, 'recent'))
  engine.every('standing', '25 18 * * *', () => watchAll(parts, 'standing'))
  engine.every('list-recent', '*/5 * * * *', () => readLists(parts, 'recent'))
  engine.every('list-month', '50 18 * * *', () => readLists(parts, 'month'))
  engine.every('address', '*/30 * * * *', () => keepAddresses(parts))
  engine.every('terms-index', '*/10 * * * *', () => indexOlder(parts.storage))
  engine.every('terms-forget', '5 19 * * *', () => forgetOld(parts.storage))
  engine.every('sweep', '* * * * *', async () => {
    const rang = await sweep(parts.storage, engine, finders)
    if (rang > 0) parts.logger.warn({ rang }, 'rows waited without a job')
  })
}
