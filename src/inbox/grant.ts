import { OutsideError, told } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import { instant, later, type MerchantId } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import type { Handled } from '../engine/engine.ts'
import { queues } from '../engine/queues.ts'
import type { Authorising, GrantState } from '../platforms/platform.ts'
import type { Platforms } from '../platforms/registry.ts'
import { findAccount, type StoredAccount } from '../storage/accounts.ts'
import { forgetAuthorisations, spareOf } from '../storage/authorizations.ts'
import {
  type Authorisation,
  findMerchant,
  listAnew,
  openToken,
  revokeMerchant,
  type StoredMerchant,
  tokenAsked,
  tokenHolds,
  tokensToCheck,
} from '../storage/merchants.ts'
import { type AdmitParts, admit } from './admit.ts'

export interface GrantParts extends AdmitParts {
  readonly platforms: Platforms
  readonly logger: Logger
}

const hour = 3_600_000

/** One merchant's word: does it hold, and for what? What cannot be asked now is asked later: the job goes on until it can. */
export async function checkGrant(parts: GrantParts, id: MerchantId): Promise<Handled> {
  try {
    await check(parts, id)
  } catch (error) {
    // Where a person must mend the account first, an hour is soon enough; all else is tried again in its own time.
    if (!(error instanceof OutsideError) || (error.trouble !== 'forbidden' && error.trouble !== 'refused')) throw error
    parts.logger.warn({ merchant: id, error: told(error) }, 'an authorisation could not be asked about')
    return { again: later(instant(parts.storage.reads.clock.now()), hour) }
  }
}

async function check(parts: GrantParts, id: MerchantId): Promise<void> {
  const { reads } = parts.storage
  const merchant = await findMerchant(reads, id)
  const account = merchant && (await findAccount(reads, merchant.account))
  const authorising = account && parts.platforms.get(account.platform)?.authorising
  const given = merchant && (await openToken(reads, id))
  if (!merchant || !account || !authorising || !given) return
  // What is told of it is told of the word that was asked about.
  const seen = { ...merchant, fence: given.fence }
  const state = await authorising.query(account, given.token)
  if (state.valid) return keep(parts, seen, state)
  const newer = await newerWord(parts, { account, merchant, authorising })
  parts.logger.warn({ account: account.id, merchant: id, newer: newer !== undefined }, 'an authorisation has ended')
  await (newer ? replace(parts, { account, seen, newer }) : end(parts, seen))
}

/** Permissions are named once for each change of them. */
async function keep({ storage, engine }: GrantParts, seen: StoredMerchant, { lacks }: GrantState): Promise<void> {
  await storage.transaction(async (tx) => {
    const before = await findMerchant(tx, seen.id)
    if (!before || !(await tokenHolds(tx, seen, lacks))) return
    if (before.lacks.some((each) => !lacks.includes(each))) await listAnew(tx, seen.id)
    const same = before.lacks.length === lacks.length && lacks.every((each) => before.lacks.includes(each))
    if (same || lacks.length === 0 || !before.enabled) return
    const { tenant, account, name: merchant } = before
    await announce(engine, tx, { tenant, account, notice: { kind: 'lacking', merchant, lacks } })
  })
}

interface Lost {
  readonly account: StoredAccount
  readonly merchant: StoredMerchant
  readonly authorising: Authorising
}

/** One that came by message while the old one still held. */
async function newerWord({ storage }: GrantParts, { account, merchant, authorising }: Lost) {
  const spare = await spareOf(storage.reads, account.id, merchant.outsideId)
  return spare && (await authorising.query(account, spare.token)).valid ? spare : undefined
}

interface Replaced {
  readonly account: StoredAccount
  readonly seen: StoredMerchant
  readonly newer: Authorisation
}

const replace = ({ storage, engine }: GrantParts, { account, seen, newer }: Replaced): Promise<void> =>
  storage.transaction(async (tx) => {
    if ((await findMerchant(tx, seen.id))?.fence === seen.fence) await admit({ engine }, tx, account, newer)
  })

async function end({ storage, engine }: GrantParts, seen: StoredMerchant): Promise<void> {
  await storage.transaction(async (tx) => {
    if (!(await revokeMerchant(tx, seen))) return
    const { tenant, account, name: merchant, enabled } = seen
    if (enabled) await announce(engine, tx, { tenant, account, notice: { kind: 'revoked', merchant } })
  })
}

const day = 24 * 3_600_000
/** In ten minutes: 72,000 a day. */
const atOnce = 500

/** Every word is asked about once a day; whoever cannot be asked holds nobody up. */
export async function checkGrants({ storage, engine }: AdmitParts): Promise<void> {
  const now = instant(storage.reads.clock.now())
  const due = await tokensToCheck(storage.reads, later(now, -day), atOnce)
  if (due.length === 0) return
  await storage.transaction(async (tx) => {
    for (const merchant of due) {
      await tokenAsked(tx, merchant)
      await engine.send(tx, queues.grant, merchant.id)
    }
  })
}

/** Links and waiting authorisations that nobody can use any more. */
export async function forgetInvitations({ storage }: Pick<AdmitParts, 'storage'>): Promise<void> {
  await storage.transaction((tx) => forgetAuthorisations(tx, instant(tx.clock.now())))
}
