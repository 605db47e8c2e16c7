import type { Logger } from '../core/logger.ts'
import { instant, later } from '../core/words.ts'
import { letAuditGo } from '../storage/audit.ts'
import { letPassesGo } from '../storage/case-links.ts'
import { letCallbacksGo, letPersonsGo, letPicturesGo } from '../storage/forget.ts'
import { letOffersGo } from '../storage/offers.ts'
import type { Storage } from '../storage/storage.ts'

/** Days after which what was closed loses its personal data, and its pictures; and a change by API that was not about money its line. */
export interface Keep {
  readonly personDays: number
  readonly pictureDays: number
  readonly auditDays: number
}

export interface ForgetParts {
  readonly storage: Storage
  readonly logger: Logger
  readonly keep?: Keep
}

const usual: Keep = { personDays: 365, pictureDays: 180, auditDays: 1095 }
const day = 86_400_000
/** Complaints of one transaction, and transactions of one hour: others want to write too. */
const page = 50
const pages = 200
const rowsAtOnce = 500

/** What nobody needs any more is let go of. A kill in between loses nothing: the next hour goes on. */
export async function forget({ storage, logger, keep = usual }: ForgetParts): Promise<void> {
  const now = instant(storage.reads.clock.now())
  const before = (days: number) => later(now, -days * day)
  const persons = await inPages(() => storage.transaction((tx) => letPersonsGo(tx, before(keep.personDays), page)))
  const pictures = await inPages(() => storage.transaction((tx) => letPicturesGo(tx, before(keep.pictureDays), page)))
  for (let more = true, turn = 0; more && turn < pages; turn++)
    more = await storage.transaction((tx) => letCallbacksGo(tx, before(keep.personDays), rowsAtOnce))
  for (let more = true, turn = 0; more && turn < pages; turn++)
    more = await storage.transaction((tx) => letAuditGo(tx, before(keep.auditDays), rowsAtOnce))
  await storage.transaction((tx) => letPassesGo(tx, before(1)))
  await storage.transaction((tx) => letOffersGo(tx, before(1)))
  if (persons + pictures > 0) logger.info({ persons, pictures }, 'what is old was let go of')
}

async function inPages(turn: () => Promise<number>): Promise<number> {
  let all = 0
  for (let left = pages; left > 0; left--) {
    const done = await turn()
    all += done
    if (done < page) break
  }
  return all
}
