import type { Complaint } from '../complaints/complaint.ts'
import { isOn } from '../complaints/merchant.ts'
import { isLoud, type Said, saying } from '../complaints/stage.ts'
import { told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import type { Logger } from '../core/logger.ts'
import { type Instant, instant, later } from '../core/words.ts'
import type { Engine } from '../engine/engine.ts'
import { tell } from '../engine/tell.ts'
import { lastDone, unsettledOf } from '../storage/actions.ts'
import { lockComplaint } from '../storage/complaints.ts'
import { type DeadlineKey, deadlinesDue, lockDeadline, type StoredDeadline, setLooked } from '../storage/deadlines.ts'
import { remindingOf } from '../storage/reminding.ts'
import { readerOf } from '../storage/seats.ts'
import type { Storage, Tx } from '../storage/storage.ts'
import { takeBack } from './claims.ts'
import { peopleFor } from './people.ts'

export interface RemindParts {
  readonly storage: Storage
  readonly engine: Engine
  readonly logger: Logger
}

const minute = 60_000
/** How many are read at once, and how often within one tick: the rest is said a minute later. */
const page = 500
const pages = 20
/** How often it is looked whether somebody who is switched off is on again, and whether an act on its way has ended. */
const pause = { off: 10 * minute, busy: 5 * minute }
/** Whoever has taken it so lately is not silent yet. */
const fresh = 10 * minute

/** Every minute: whatever has come to a stage is told to whoever is to know. */
export async function remindDue(parts: RemindParts): Promise<void> {
  const { reads } = parts.storage
  for (let nr = 0; nr < pages; nr++) {
    const due = await deadlinesDue(reads, instant(reads.clock.now()), page)
    for (const key of due) await lookAt(parts, key)
    if (due.length < page) return
  }
}

/** What goes wrong with one keeps none of the others waiting. */
async function lookAt({ storage, engine, logger }: RemindParts, key: DeadlineKey): Promise<void> {
  try {
    await storage.transaction(async (tx) => {
      const due = await lockDue(tx, key)
      if (due) await remind(tx, engine, due)
      failpoint('remind.before-commit')
    })
  } catch (error) {
    logger.error({ complaint: key.complaint, move: key.move, error: told(error) }, 'could not remind of a deadline')
    await storage.transaction(async (tx) => {
      const deadline = await lockDeadline(tx, key)
      if (deadline) await silence(tx, deadline, pause.busy)
    })
  }
}

interface Due {
  readonly complaint: Complaint
  readonly deadline: StoredDeadline
}

async function lockDue(tx: Tx, key: DeadlineKey): Promise<Due | undefined> {
  const complaint = await lockComplaint(tx, key.tenant, key.complaint)
  const deadline = complaint && (await lockDeadline(tx, key))
  if (!deadline) return undefined
  const now = instant(tx.clock.now())
  // Nothing was known later than now: the clock has been set back since.
  return { complaint, deadline: deadline.knownAt > now ? { ...deadline, knownAt: now } : deadline }
}

async function remind(tx: Tx, engine: Engine, { complaint, deadline }: Due): Promise<void> {
  const now = instant(tx.clock.now())
  const seat = await readerOf(tx, complaint)
  // Of whom is switched off nothing is told; what passes meanwhile is one word on the day that it is on again.
  if (!seat || !isOn(seat)) return silence(tx, deadline, pause.off)
  const reminding = await remindingOf(tx, complaint.tenant)
  const { say, next } = saying(deadline, reminding, deadline, now)
  if (!say) return setLooked(tx, deadline, { next })
  if (await isSeenTo(tx, complaint, { move: deadline.move, last: say.reach === 'everyone' }))
    return silence(tx, deadline, pause.busy)
  const said: Said = { stage: say.name, at: say.at }
  await setLooked(tx, deadline, { said, next })
  // Late in its time it is nobody's alone who does nothing about it.
  const { claim } = complaint
  const silent = claim && isLoud(say.reach) && claim.at <= later(now, -fresh)
  const left = silent ? await takeBack(tx, engine, { complaint, since: claim.at }) : complaint
  await tell(engine, tx, left, [
    {
      kind: 'reminded',
      move: deadline.move,
      due: deadline.due,
      stage: say.name,
      reach: say.reach,
      ...(say.lateBy > 0 ? { lateBy: say.lateBy } : {}),
      to: await peopleFor(tx, { complaint: left, reach: say.reach, zone: reminding.zone, now }),
    },
  ])
}

async function silence(tx: Tx, deadline: StoredDeadline, ms: number): Promise<void> {
  await setLooked(tx, deadline, { next: later(instant(tx.clock.now()), ms) })
}

/** What the platform has taken needs no word, though we may not have read yet that it has; what is on its way none either, unless it may not arrive in time. */
async function isSeenTo(
  tx: Tx,
  { id, asOf }: Complaint,
  { move, last }: { readonly move: StoredDeadline['move']; readonly last: boolean },
): Promise<boolean> {
  const done: Instant | undefined = (await lastDone(tx, id, move))?.settledAt
  if (done !== undefined && done > asOf) return true
  return !last && (await unsettledOf(tx, id, move)) !== undefined
}
