import type { Complaint } from '../complaints/complaint.ts'
import { OutsideError, type Trouble } from '../core/errors.ts'
import { instant, later } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import type { Engine, Handled } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import { findAccount } from '../storage/accounts.ts'
import { isKnown } from '../storage/complaints.ts'
import type { Tx } from '../storage/storage.ts'
import { findWanted, insertWanted, setTold, settleWanted, type Wanted, wantedKey } from '../storage/wanted.ts'
import { type About, readDetail } from './detail.ts'
import type { DrainParts } from './drain.ts'
import { fetchPictures } from './pictures.ts'
import { record } from './record.ts'

export type Imported =
  | { readonly outcome: 'new' | 'known'; readonly complaint: Complaint }
  | { readonly outcome: 'refused'; readonly trouble: Trouble; readonly why: string }

/** How long a number that cannot be read is tried: while somebody waits for it, or because the platform's own list named it. */
const patience = { asked: 15_000, listed: 3_600_000 }
const pause = { asked: 5_000, listed: 300_000 }

/** `＃２１５７` → `2157`. */
export const plainNumber = (written: string): string => written.normalize('NFKC').trim().replace(/^#/, '')

/** A complaint of which no callback came: asked for by its number, written down as if one had. */
export async function importNow(parts: DrainParts, about: About): Promise<Imported> {
  const { account } = about
  const platform = parts.platforms.get(account.platform)
  if (!platform) return { outcome: 'refused', trouble: 'forbidden', why: '@unsupported' }
  try {
    const { seat, said } = await readDetail(parts, platform, about)
    const { tenant, platform: name } = account
    const known = await isKnown(parts.storage.reads, {
      tenant,
      platform: name,
      scopes: [said.scope],
      number: said.number,
    })
    const complaint = await record(parts, { seat, said })
    await fetchPictures(parts, { platform, seat, complaint })
    return { outcome: known ? 'known' : 'new', complaint }
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    return { outcome: 'refused', trouble: error.trouble, why: error.message }
  }
}

/** Writes down that a complaint is wanted; fetching it comes after. @returns whether it is to be tried. */
export async function want(engine: Engine, tx: Tx, wanted: Omit<Wanted, 'state' | 'askedAt'>): Promise<boolean> {
  const fresh = await insertWanted(tx, wanted)
  if (fresh) await engine.send(tx, queues.fetchWanted, wantedKey(wanted))
  return fresh
}

export async function fetchWanted(parts: DrainParts, key: string): Promise<Handled> {
  const wanted = await findWanted(parts.storage.reads, key)
  const account = wanted && (await findAccount(parts.storage.reads, wanted.account))
  if (wanted?.state !== 'waiting' || !account) return
  const { number, merchant } = wanted
  const imported = await importNow(parts, { account, number, ...(merchant ? { merchant } : {}) })
  if (imported.outcome !== 'refused') return found(parts, wanted, imported)
  const how = wanted.room === undefined ? 'listed' : 'asked'
  const now = instant(parts.storage.reads.clock.now())
  const passing = imported.trouble === 'busy' || imported.trouble === 'unreachable'
  if (passing && now < later(wanted.askedAt, patience[how])) return { again: later(now, pause[how]) }
  return notFound(parts, wanted, imported.why)
}

async function found(
  { storage, engine }: DrainParts,
  wanted: Wanted,
  { outcome, complaint }: Extract<Imported, { complaint: Complaint }>,
): Promise<void> {
  const { tenant, account, room, number } = wanted
  await storage.transaction(async (tx) => {
    const settled = await settleWanted(tx, wanted, 'done')
    // A new one shows itself by its card.
    if (!settled || outcome === 'new' || room === undefined) return
    await announce(engine, tx, { tenant, account, room, notice: { kind: 'known', number, running: complaint.running } })
  })
}

async function notFound({ storage, engine, logger }: DrainParts, wanted: Wanted, why: string): Promise<void> {
  const { tenant, account, room, number } = wanted
  logger.warn({ account, number, why }, 'a complaint that was asked for by its number cannot be read')
  await storage.transaction(async (tx) => {
    const settled = await settleWanted(tx, wanted, 'failed')
    // The platform's list names it again every night: people are told once.
    if (!settled || (room === undefined && settled.told)) return
    await setTold(tx, wanted)
    const where = room === undefined ? {} : { room }
    await announce(engine, tx, { tenant, account, ...where, notice: { kind: 'not-imported', number, why } })
  })
}
