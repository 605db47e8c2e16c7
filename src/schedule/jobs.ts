import { later } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { type Finder, sweep } from '../engine/sweep.ts'
import { type AddressParts, keepAddresses } from '../inbox/address.ts'
import { checkGrants, forgetInvitations } from '../inbox/grant.ts'
import { readLists } from '../inbox/listing.ts'
import { pollDue } from '../inbox/poll.ts'
import type { PollParts } from '../inbox/poll-merchant.ts'
import { rereadDue } from '../inbox/sync.ts'
import { watchAll } from '../inbox/watch.ts'
import { unsettledSince } from '../storage/actions.ts'
import { silentAlarms } from '../storage/alarms.ts'
import { waitingCallbacks } from '../storage/callbacks.ts'
import { destinationsWaiting, placesWaiting } from '../storage/deliveries.ts'
import { rulingsDue } from '../storage/rulings.ts'
import { waitingWanted } from '../storage/wanted.ts'
import { returnClaims } from './claims.ts'
import { makeDigests } from './digest.ts'
import { type ForgetParts, forget } from './forget.ts'
import { remindDue } from './remind.ts'
import { forgetOld, indexOlder } from './terms.ts'

const minute = 60_000

/** Rows that wait although no job rings for them: there should be none, and none may be lost for it. */
const finders: readonly Finder[] = [
  { queue: queues.drain, find: (reads, now, limit) => waitingCallbacks(reads, later(now, -minute), limit) },
  { queue: queues.carryOut, find: (reads, now, limit) => unsettledSince(reads, later(now, -minute), limit) },
  { queue: queues.ruling, find: (reads, now, limit) => rulingsDue(reads, later(now, -minute), limit) },
  { queue: queues.fetchWanted, find: (reads, now, limit) => waitingWanted(reads, later(now, -minute), limit) },
  { queue: queues.alarm, find: (reads, now, limit) => silentAlarms(reads, later(now, -15 * minute), limit) },
  { queue: queues.deliver, find: (reads, _, limit) => destinationsWaiting(reads, limit) },
  ...[queues.email, queues.officialAccount, queues.sms].map(
    (queue): Finder => ({ queue, find: (reads, _, limit) => placesWaiting(reads, queue, limit) }),
  ),
]

/** Everything that happens by the clock; times in UTC. */
export function scheduleAll(engine: Engine, parts: AddressParts & Pick<PollParts, 'metrics'> & ForgetParts): void {
  engine.every('reread', '* * * * *', () => rereadDue(parts))
  // Shortly after midnight in China, when a day's orders are whole.
  engine.every('orders-month', '10 18 * * *', () => watchAll(parts, 'month'))
  engine.every('orders-recent', '40 * * * *', () => watchAll(parts, 'recent'))
  // Once a day of each; every hour where it could not be read.
  engine.every('standing', '25 * * * *', () => watchAll(parts, 'standing'))
  engine.every('poll', '* * * * *', () => pollDue(parts))
  engine.every('list-recent', '*/5 * * * *', () => readLists(parts, 'recent'))
  engine.every('list-month', '50 18 * * *', () => readLists(parts, 'month'))
  engine.every('address', '*/30 * * * *', () => keepAddresses(parts))
  engine.every('grants', '*/10 * * * *', () => checkGrants(parts))
  engine.every('invitations-forget', '15 19 * * *', () => forgetInvitations(parts))
  engine.every('terms-index', '*/10 * * * *', () => indexOlder(parts.storage))
  engine.every('terms-forget', '5 19 * * *', () => forgetOld(parts.storage))
  engine.every('forget', '35 * * * *', () => forget(parts))
  engine.every('remind', '* * * * *', () => remindDue(parts))
  engine.every('digest', '*/5 * * * *', () => makeDigests(parts))
  engine.every('claims-return', '*/5 * * * *', () => returnClaims(parts))
  engine.every('sweep', '* * * * *', async () => {
    const rang = await sweep(parts.storage, engine, finders)
    if (rang > 0) parts.logger.warn({ rang }, 'rows waited without a job')
  })
}
