import { instant, later } from '../core/words.ts'
import { forgetDispatches } from '../storage/dispatches.ts'
import type { Storage } from '../storage/storage.ts'

/** So long the log says what went. */
const window = 90 * 24 * 3_600_000
/** In one transaction, so that nobody waits long, and in one run. */
const atOnce = 500
const most = 100_000

/** The log forgets what is long over. What was given up is a delivery, and stays until somebody decides. */
export async function forgetLog(storage: Storage): Promise<void> {
  const before = later(instant(storage.reads.clock.now()), -window)
  for (let done = 0, count = atOnce; count === atOnce && done < most; done += count)
    count = await storage.transaction((tx) => forgetDispatches(tx, before, atOnce))
}
