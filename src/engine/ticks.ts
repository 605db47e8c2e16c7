import { type Instant, instant } from '../core/words.ts'
import { sendJob } from '../storage/jobs.ts'
import type { Reads, Tx } from '../storage/storage.ts'
import { forgetFutureTicks, lastTick, takeTick } from '../storage/ticks.ts'
import { type Cron, cron } from './clock.ts'

interface Entry {
  readonly name: string
  readonly cron: Cron
  readonly handler: (slot: Instant) => Promise<void>
  /** Comes every few minutes. */
  readonly often: boolean
  /** Undefined until the rows were asked what was run last. */
  next: number | undefined
}

/** The queue of ticks: one job per name, so that a slow one never overlaps itself and a missed one runs once, not once per slot. */
export const tickQueue = 'tick'

const minute = 60_000

export interface Ticks {
  /** @throws RangeError when it is no cron line. */
  add(name: string, line: string, handler: (slot: Instant) => Promise<void>): void
  /** Whether `take` has something to do. */
  due(now: number): boolean
  /** Writes the slots that are due, each with its job. */
  take(tx: Tx, now: number): Promise<void>
  /** What was taken is committed. */
  taken(now: number): void
  run(reads: Reads, name: string): Promise<void>
}

export function createTicks(): Ticks {
  const entries = new Map<string, Entry>()
  let seen = 0
  // Slots that were taken while the clock was wrong must not silence what comes every minute; what comes daily is not said twice.
  const setBack = (now: number) => now < seen - 2 * minute
  const dueOf = (now: number) => [...entries.values()].filter((entry) => entry.next === undefined || entry.next <= now)
  return {
    add(name, line, handler) {
      if (entries.has(name)) throw new RangeError(`two ticks are named '${name}'`)
      const slots = cron(line)
      const first = slots.next(0)
      entries.set(name, {
        name,
        cron: slots,
        handler,
        often: slots.next(first) - first <= 10 * minute,
        next: undefined,
      })
    },
    due: (now) => setBack(now) || dueOf(now).length > 0,
    async take(tx, now) {
      const back = setBack(now)
      for (const entry of back ? entries.values() : dueOf(now)) {
        // At our first look nobody remembers whether it was set back while we were away.
        if (back && entry.often) await forgetFutureTicks(tx, entry.name, instant(now))
        else if (entry.next === undefined && entry.often)
          await forgetFutureTicks(tx, entry.name, instant(now + 2 * minute))
        await takeSlot(tx, entry, now)
      }
    },
    taken(now) {
      const back = setBack(now)
      for (const entry of back ? entries.values() : dueOf(now)) entry.next = entry.cron.next(now)
      seen = back ? now : Math.max(seen, now)
    },
    async run(reads, name) {
      const slot = await lastTick(reads, name)
      if (slot) await entries.get(name)?.handler(slot)
    },
  }
}

async function takeSlot(tx: Tx, entry: Entry, now: number): Promise<void> {
  const slot = instant(entry.cron.last(now))
  const last = await lastTick(tx, entry.name)
  if (last !== undefined && last >= slot) return
  const ours = await takeTick(tx, entry.name, slot)
  // The very first look only marks where we begin: nothing was missed before there was anything.
  if (ours && last !== undefined) await sendJob(tx, tickQueue, entry.name, instant(now))
}
