import { type Instant, later } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

const day = 24 * 3600 * 1000

/** @returns whether this slot is ours: of all processes and restarts, one gets it. */
export async function takeTick(tx: Tx, name: string, slot: Instant): Promise<boolean> {
  const taken = await tx.db
    .insertInto('tick')
    .values({ name, slot })
    .onConflict((conflict) => conflict.doNothing())
    .returning('slot')
    .executeTakeFirst()
  if (!taken) return false
  // Old ones only have to outlast a clock that is set back.
  await tx.db
    .deleteFrom('tick')
    .where('name', '=', name)
    .where('slot', '<', later(slot, -8 * day))
    .execute()
  return true
}

/** The latest slot that was taken. */
export async function lastTick(reads: Reads, name: string): Promise<Instant | undefined> {
  const row = await reads.db
    .selectFrom('tick')
    .select('slot')
    .where('name', '=', name)
    .orderBy('slot', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.slot as Instant | undefined
}

/** Forgets slots that lie in the future: the clock was wrong when they were taken. */
export async function forgetFutureTicks(tx: Tx, name: string, now: Instant): Promise<void> {
  await tx.db.deleteFrom('tick').where('name', '=', name).where('slot', '>', now).execute()
}
