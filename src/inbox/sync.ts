import { OutsideError } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import { type ComplaintId, type Instant, instant, later, millis } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { findAccount } from '../storage/accounts.ts'
import { complaintOfJob, dueToRead, setReadDue } from '../storage/complaints.ts'
import { readDetail } from './detail.ts'
import type { DrainParts } from './drain.ts'
import { anyUntried, fetchPictures } from './pictures.ts'
import { readEveryOf, record } from './record.ts'

const minute = 60_000
/** One tick asks about at most so many, nearest deadline first, so that a backlog cannot eat the platform's quota. */
const perTick = 200

/** Asks the platform how one known complaint stands now. */
export async function reread(parts: DrainParts, id: ComplaintId): Promise<Handled> {
  const { storage, platforms } = parts
  const complaint = await complaintOfJob(storage.reads, id)
  const account = complaint && (await findAccount(storage.reads, complaint.account))
  const platform = account && platforms.get(account.platform)
  if (!platform) return
  try {
    const { seat, said } = await readDetail(parts, platform, { ...complaint, account })
    failpoint('reread.fetched')
    const after = await record(parts, { seat, said })
    await fetchPictures(parts, { platform, seat, complaint: after })
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    const every = readEveryOf(platforms, account)
    const again = nextTry(complaint.asOf, instant(storage.reads.clock.now()), every)
    parts.logger.warn({ complaint: id, code: error.code, error: error.message }, 'could not be read again')
    await storage.transaction((tx) => setReadDue(tx, id, again))
  }
}

/** Rings after every answer that names new pictures; when they were fetched at once, as they should be, nothing is asked. */
export async function picturesLeft(parts: DrainParts, id: ComplaintId): Promise<Handled> {
  const complaint = await complaintOfJob(parts.storage.reads, id)
  if (complaint && (await anyUntried(parts.storage.reads, complaint))) return reread(parts, id)
}

/** The longer it has failed, the longer the pause; never longer than between two good reads. */
const nextTry = (lastRead: Instant, now: Instant, every: number): Instant =>
  later(now, Math.min(every, Math.max(minute, (millis(now) - millis(lastRead)) / 4)))

/** Every minute: whoever is due is asked about. */
export async function rereadDue({ storage, engine }: Pick<DrainParts, 'storage' | 'engine'>): Promise<void> {
  const now = instant(storage.reads.clock.now())
  const due = await dueToRead(storage.reads, now, perTick)
  if (due.length === 0) return
  await storage.transaction(async (tx) => {
    for (const id of due) await engine.send(tx, queues.reread, id)
  })
}
