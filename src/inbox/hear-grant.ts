import type { Called } from '../complaints/complaint.ts'
import { OutsideError, told } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import { instant, later } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import type { Authorising, Grant, Platform } from '../platforms/platform.ts'
import type { StoredAccount } from '../storage/accounts.ts'
import { keepWaiting, spareOf } from '../storage/authorizations.ts'
import { type Callback, settleCallback } from '../storage/callbacks.ts'
import { merchantCalled, openToken, type StoredMerchant } from '../storage/merchants.ts'
import { type AdmitParts, admit, putAside } from './admit.ts'

/** The merchant's browser is on its way back with the same news, and says whose it is. */
const grace = 60_000
/** How long the platform may stay silent before a person must look. */
const patience = 24 * 3_600_000

export interface HearGrantParts extends AdmitParts {
  readonly logger: Logger
}

export interface HeardGrant {
  readonly callback: Pick<Callback, 'id' | 'receivedAt'>
  readonly account: StoredAccount
  readonly platform: Platform
  readonly heard: NonNullable<ReturnType<Authorising['heard']>>
}

/** A message about an authorisation: whatever it says, the platform is asked before it is believed, for old messages come again. */
export async function hearGrant(
  parts: HearGrantParts,
  { callback, account, platform, heard }: HeardGrant,
): Promise<Handled> {
  const { authorising } = platform
  if (!authorising) return
  if ('ended' in heard) return hearEnded(parts, { callback, account, ended: heard.ended })
  try {
    return await hearGiven(parts, { callback, account, authorising, given: heard.given })
  } catch (error) {
    if (!(error instanceof OutsideError) || now(parts) < later(callback.receivedAt, patience)) throw error
    parts.logger.error({ callback: callback.id, error: told(error) }, 'callback parked: a person must look at it')
    await parts.storage.transaction((tx) => settleCallback(tx, callback.id, 'parked'))
  }
}

const now = ({ storage }: Pick<AdmitParts, 'storage'>) => instant(storage.reads.clock.now())

interface Ended extends Pick<HeardGrant, 'callback' | 'account'> {
  readonly ended: readonly Called[]
}

async function hearEnded({ storage, engine }: HearGrantParts, { callback, account, ended }: Ended): Promise<void> {
  await storage.transaction(async (tx) => {
    for (const called of ended) {
      const merchant = await merchantCalled(tx, account.id, called)
      if (merchant) await engine.send(tx, queues.grant, merchant.id)
    }
    await settleCallback(tx, callback.id, 'drained')
  })
}

interface Given extends Pick<HeardGrant, 'callback' | 'account'> {
  readonly authorising: Authorising
  readonly given: Grant
}

async function hearGiven(parts: HearGrantParts, of: Given): Promise<Handled> {
  const { storage } = parts
  const { callback, account, given } = of
  const known = await merchantCalled(storage.reads, account.id, given)
  if (!known && now(parts) < later(callback.receivedAt, grace)) return { again: later(callback.receivedAt, grace) }
  const place = await placeFor(parts, of, known)
  await storage.transaction(async (tx) => {
    await settleCallback(tx, callback.id, 'drained')
    if (place === undefined) return
    // Whoever came in meanwhile has brought a newer word.
    const still = (await merchantCalled(tx, account.id, given))?.fence === known?.fence
    if (!still || place === 'spare') await keepWaiting(tx, account.id, given)
    else if (place === 'ours') await admit(parts, tx, account, given)
    else await putAside(parts, tx, account, given)
  })
}

/**
 * Where the word belongs. While two hold nobody can say which is newer, for the older one dies only after a while:
 * the one that we use stays, the other is kept beside it until `checkGrant` finds the first one dead.
 * @returns undefined when it is of no use: it does not hold, or it is here.
 */
async function placeFor(
  { storage: { reads } }: HearGrantParts,
  { account, authorising, given }: Given,
  known: StoredMerchant | undefined,
): Promise<'ours' | 'spare' | 'waiting' | undefined> {
  const holds = async ({ token }: Pick<Grant, 'token'>) => (await authorising.query(account, token)).valid
  const stored = known ? await openToken(reads, known.id) : await spareOf(reads, account.id, given.outsideId)
  if (stored?.token.reveal() === given.token.reveal() || !(await holds(given))) return undefined
  const both = stored !== undefined && (await holds(stored))
  if (known) return both ? 'spare' : 'ours'
  // A code that was told to the merchant stays good as long as what stands behind it.
  return both ? undefined : 'waiting'
}
