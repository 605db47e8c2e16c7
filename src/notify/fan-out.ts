import type { Complaint } from '../complaints/complaint.ts'
import type { FactKind } from '../complaints/fact.ts'
import { isOn } from '../complaints/merchant.ts'
import { failpoint } from '../core/failpoint.ts'
import type { FactId, NoticeId } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { tell } from '../engine/tell.ts'
import { findAccount } from '../storage/accounts.ts'
import { findComplaint, lockComplaint } from '../storage/complaints.ts'
import { insertDeliveries } from '../storage/deliveries.ts'
import { findFact } from '../storage/facts.ts'
import { findNotice } from '../storage/notices.ts'
import { openOnSameOrder } from '../storage/related.ts'
import { readerOf } from '../storage/seats.ts'
import type { Storage, Tx } from '../storage/storage.ts'
import type { About, Channel } from './channel.ts'
import { placeOf, queueOf } from './places.ts'

export interface FanOutParts {
  readonly storage: Storage
  readonly engine: Engine
  readonly channels: readonly Channel[]
}

/** Who is to be told of a fact: one delivery per place, each with its own fate. */
export async function fanOut({ storage, engine, channels }: FanOutParts, id: FactId): Promise<void> {
  const known = await findFact(storage.reads, id)
  const complaint = known && (await findComplaint(storage.reads, known.tenant, known.complaint))
  const seat = complaint && (await readerOf(storage.reads, complaint))
  // Who is disabled is watched, not talked about.
  if (!known || !complaint || !seat || !isOn(seat)) return
  const destinations = await placesOf({ storage, channels }, { complaint, fact: known.fact })
  failpoint('fan-out.before-commit')
  await storage.transaction(async (tx) => {
    await insertDeliveries(tx, known, destinations)
    await ring(engine, tx, destinations)
  })
  if (seenElsewhere.has(known.fact.kind)) await tellOthers({ storage, engine }, complaint)
}

/** What changes how a complaint is named on the cards of others. */
const seenElsewhere: ReadonlySet<FactKind> = new Set(['opened', 'read', 'turned'])

/** Each in a transaction of its own: whoever holds one complaint never waits for another. Told twice is no harm. */
async function tellOthers(
  { storage, engine }: Pick<FanOutParts, 'storage' | 'engine'>,
  complaint: Complaint,
): Promise<void> {
  for (const id of await openOnSameOrder(storage.reads, complaint.id))
    await storage.transaction(async (tx) => {
      const other = await lockComplaint(tx, complaint.tenant, id)
      if (other && other.phase !== 'closed') await tell(engine, tx, other, [{ kind: 'linked', to: complaint.id }])
    })
}

/** Who is to be told of what is about no complaint. */
export async function fanOutNotice({ storage, engine, channels }: FanOutParts, id: NoticeId): Promise<void> {
  const notice = await findNotice(storage.reads, id)
  const account = notice?.account && (await findAccount(storage.reads, notice.account))
  if (!notice || (notice.account && !account?.enabled)) return
  const destinations = await placesOf({ storage, channels }, { notice })
  await storage.transaction(async (tx) => {
    await insertDeliveries(tx, { tenant: notice.tenant, notice: notice.id }, destinations)
    await ring(engine, tx, destinations)
  })
}

/** One job for each place, however many are told there. */
export async function ring(engine: Engine, tx: Tx, destinations: readonly string[]): Promise<void> {
  for (const place of new Set(destinations.map(placeOf))) await engine.send(tx, queueOf(place), place)
}

async function placesOf(
  { storage, channels }: Pick<FanOutParts, 'storage' | 'channels'>,
  about: About,
): Promise<readonly string[]> {
  const places = await Promise.all(channels.map((channel) => channel.destinations(storage.reads, about)))
  return places.flat()
}
