import { instant, later } from '../core/words.ts'
import type { Storage, Tx } from '../storage/storage.ts'
import { forgetTerms } from '../storage/terms.ts'
import { indexWordless } from '../storage/wordless.ts'

/** So long a complaint is found by its words. */
const window = 365 * 24 * 3600_000
/** Complaints in one transaction, so that nobody waits long, and in one run. */
const atOnce = 25
const most = 2000

/** What was here before there was a search comes to be found, the newest first; goes on where it was left. */
export async function indexOlder(storage: Storage): Promise<void> {
  await inSteps(storage, (tx, since) => indexWordless(tx, since, atOnce))
}

/** What is too old is found by its words no more. */
export async function forgetOld(storage: Storage): Promise<void> {
  await inSteps(storage, (tx, since) => forgetTerms(tx, since, atOnce))
}

async function inSteps(storage: Storage, step: (tx: Tx, since: ReturnType<typeof instant>) => Promise<number>) {
  const since = later(instant(storage.reads.clock.now()), -window)
  for (let done = 0, count = atOnce; count === atOnce && done < most; done += count)
    count = await storage.transaction((tx) => step(tx, since))
}
