import { type Instant, instant } from '../core/words.ts'
import { unrung } from '../storage/jobs.ts'
import type { Reads, Storage } from '../storage/storage.ts'
import type { Engine } from './engine.ts'
import type { Queue } from './queues.ts'

/** Finds rows that are due and wait for a job. */
export interface Finder {
  readonly queue: Queue
  /** Keys, longest waiting first. */
  find(reads: Reads, now: Instant, limit: number): Promise<readonly string[]>
}

/** Most rows of one finder that a sweep rings for; the next sweep takes the rest. */
const most = 500

/**
 * Rings for every due row that no job rings for. Rows and jobs commit together, so that this finds nothing, unless a job was lost by hand or by a mistake of ours.
 * A row whose job waits (in back-off, say) is left alone: ringing would bring it forward.
 * @returns how often it rang.
 */
export async function sweep(
  storage: Storage,
  engine: Pick<Engine, 'send'>,
  finders: readonly Finder[],
): Promise<number> {
  const now = instant(storage.reads.clock.now())
  let rang = 0
  for (const { queue, find } of finders) {
    const keys = await find(storage.reads, now, most)
    if (keys.length === 0) continue
    rang += await storage.transaction(async (tx) => {
      const silent = await unrung(tx, queue, keys)
      for (const key of silent) await engine.send(tx, queue, key, now)
      return silent.length
    })
  }
  return rang
}
