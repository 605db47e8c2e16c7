import type { Snapshot } from '../complaints/complaint.ts'
import { OutsideError, told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import { type CallbackId, instant, later } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import type { Platform } from '../platforms/platform.ts'
import type { Platforms } from '../platforms/registry.ts'
import { findAccount, type StoredAccount } from '../storage/accounts.ts'
import { type Callback, findCallback, settleCallback } from '../storage/callbacks.ts'
import { hurryPolls } from '../storage/polling.ts'
import { openRefund } from '../storage/refunds.ts'
import { readDetail } from './detail.ts'
import { hearGrant } from './hear-grant.ts'
import { fetchPictures, type PictureParts } from './pictures.ts'
import { record } from './record.ts'

/** How long the detail may fail before the callback itself has to stand for it. */
const patience = 60_000
const pause = 5_000
const minute = 60_000
/** So many are asked for one hint at most. */
const hurried = 1_000

export interface DrainParts extends PictureParts {
  readonly platforms: Platforms
}

/** One callback: ask the platform for the whole story, write it down. If it cannot be had, what we were told is not lost. */
export async function drain(parts: DrainParts, id: CallbackId): Promise<Handled> {
  const { storage, platforms } = parts
  const callback = await findCallback(storage.reads, id)
  if (callback?.state !== 'new') return
  const account = await findAccount(storage.reads, callback.account)
  const platform = account && platforms.get(account.platform)
  if (!platform) return park(parts, callback, 'its account is gone')
  if (callback.number === undefined) return withoutNumber(parts, { callback, account, platform })
  failpoint('drain.before-fetch')
  const read = await readDetail(parts, platform, { account, number: callback.number }).catch((error: unknown) => ({
    error,
  }))
  if ('error' in read) return withoutDetail(parts, { callback, account, error: read.error })
  failpoint('drain.fetched')
  const complaint = await record(parts, { ...read, callback: id })
  await fetchPictures(parts, { platform, seat: read.seat, complaint })
}

interface Unnumbered {
  readonly callback: Callback
  readonly account: StoredAccount
  readonly platform: Platform
}

function withoutNumber(parts: DrainParts, { callback, account, platform }: Unnumbered): Promise<Handled> {
  const heard = platform.authorising?.heard(callback.told)
  if (heard) return hearGrant(parts, { callback, account, platform, heard })
  if (platform.isHint?.(account, callback.told)) return hurry(parts, callback)
  return wakeRefund(parts, callback, platform)
}

/** Whose complaint it is is not said: those who would be asked next are asked now, and nobody twice in a minute. */
async function hurry({ storage, engine }: DrainParts, { id, account }: Callback): Promise<void> {
  const now = instant(storage.reads.clock.now())
  await storage.transaction(async (tx) => {
    await hurryPolls(tx, account, { now, before: later(now, -minute), most: hurried })
    await engine.send(tx, queues.poll, account)
    await settleCallback(tx, id, 'drained')
  })
}

/** What a notice says of a refund is a hint: whoever waits for it asks. One that is none of ours, or settled, wakes nobody. */
async function wakeRefund({ storage, engine }: DrainParts, callback: Callback, platform: Platform): Promise<void> {
  const number = platform.refundIn?.(callback.told)
  await storage.transaction(async (tx) => {
    const action = number === undefined ? undefined : await openRefund(tx, callback.account, number)
    if (action) await engine.send(tx, queues.carryOut, action)
    await settleCallback(tx, callback.id, 'drained')
  })
}

async function withoutDetail(
  parts: DrainParts,
  { callback, account, error }: { callback: Callback; account: StoredAccount; error: unknown },
): Promise<Handled> {
  if (!(error instanceof OutsideError))
    parts.logger.error({ callback: callback.id, error: told(error) }, 'the detail makes no sense')
  const now = instant(parts.storage.reads.clock.now())
  const giveUp = later(callback.receivedAt, patience)
  const next = later(now, pause)
  // The callback stays new, so whatever happens to us, it is looked at again.
  if (now < giveUp) return { again: next < giveUp ? next : giveUp }
  const why = error instanceof OutsideError ? error.message : told(error)
  const said = provisional(parts, callback, account, why)
  if (!said) return park(parts, callback, why)
  const complaint = await record(parts, { seat: { account }, said, callback: callback.id })
  await parts.storage.transaction((tx) => parts.engine.send(tx, queues.reread, complaint.id, next))
  parts.logger.warn({ complaint: complaint.id, why }, 'the detail cannot be read; the callback stands for it')
}

function provisional(parts: DrainParts, callback: Callback, account: StoredAccount, why: string): Snapshot | undefined {
  try {
    const said = parts.platforms.get(account.platform)?.provisional?.(account, callback.told, callback.receivedAt)
    return said && { ...said, moves: [], provisional: why }
  } catch (error) {
    parts.logger.error({ callback: callback.id, error: told(error) }, 'nothing can be made of a callback')
    return undefined
  }
}

async function park(parts: DrainParts, callback: Callback, why: string): Promise<void> {
  parts.logger.error({ callback: callback.id, why }, 'callback parked: a person must look at it')
  await parts.storage.transaction((tx) => settleCallback(tx, callback.id, 'parked'))
}
