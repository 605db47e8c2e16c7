import { createHash } from 'node:crypto'
import type { By } from '../complaints/fact.ts'
import { Secret } from '../core/seal.ts'
import { type AccountId, asId, type Instant, instant, later } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import { ours } from './json.ts'
import { type Authorisation, keepMerchant, type StoredMerchant, type Under } from './merchants.ts'
import type { Reads, Tx } from './storage.ts'
import type { AuthWaitingRow } from './tables.ts'

/** What an authorisation link was given out for. */
export interface AuthState extends Under {
  readonly by: By
}

const stateLife = 15 * 60_000

/** @returns the state for a link, which is not kept: only its hash is. 192 bits as base64 of 64 characters (at most 100 are taken), one use, 15 minutes. */
export async function createAuthState(
  tx: Tx,
  { tenant, account, by }: AuthState,
): Promise<{ state: string; expiresAt: Instant }> {
  // Of hex, base64 is letters and digits alone: nothing on its way through links and redirects makes a blank of a `+`.
  const state = Buffer.from(tx.random(24).toString('hex')).toString('base64')
  const expiresAt = later(instant(tx.clock.now()), stateLife)
  await tx.db
    .insertInto('auth_state')
    .values({
      hash: hashOf(state),
      tenant,
      account,
      created_by: JSON.stringify(by),
      expires_at: expiresAt,
      used_at: null,
    })
    .execute()
  return { state, expiresAt }
}

/** Uses the state up, at the account that it was made for. @returns undefined when it is unknown, used or too old: the three are not told apart. */
export async function useAuthState(tx: Tx, account: AccountId, state: string): Promise<AuthState | undefined> {
  const now = instant(tx.clock.now())
  const row = await tx.db
    .updateTable('auth_state')
    .set({ used_at: now })
    .where('hash', '=', hashOf(state))
    .where('account', '=', account)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
  return row && { tenant: asId<'tenant'>(row.tenant), account, by: ours<By>(row.created_by) }
}

/** Whether `useAuthState` would take it now; a look uses nothing up. */
export async function isAuthState(reads: Reads, account: AccountId, state: string): Promise<boolean> {
  const row = await reads.db
    .selectFrom('auth_state')
    .select('hash')
    .where('hash', '=', hashOf(state))
    .where('account', '=', account)
    .where('used_at', 'is', null)
    .where('expires_at', '>', instant(reads.clock.now()))
    .executeTakeFirst()
  return row !== undefined
}

export interface Authorised {
  /** `elsewhere`: it was another tenant's and stays that, with its new token; say nothing of it to this one. */
  readonly outcome: 'new' | 'renewed' | 'elsewhere'
  readonly merchant: StoredMerchant
}

/** Keeps the merchant, and lets go what waited of it: that token is older. */
export async function authorise(tx: Tx, under: Under, given: Authorisation): Promise<Authorised> {
  // Before the merchant, as in `takeWaiting`: rows are held in one order.
  await tx.db
    .deleteFrom('auth_waiting')
    .where('account', '=', under.account)
    .where('outside_id', '=', given.outsideId)
    .execute()
  const merchant = await keepMerchant(tx, under, given)
  if (merchant.tenant !== under.tenant) return { outcome: 'elsewhere', merchant }
  return { outcome: merchant.fence === 1 ? 'new' : 'renewed', merchant }
}

const waitingLife = 7 * 24 * 3_600_000
/** No letters that are read as each other. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/**
 * An authorisation that came without a state waits until somebody says whose it is. One that waits of the same merchant is replaced, with its code.
 * @returns the code, which is not kept: only its hash is. 10 characters of 32 = 50 bits, one use, 7 days.
 */
export async function keepWaiting(
  tx: Tx,
  account: AccountId,
  given: Authorisation,
): Promise<{ code: string; expiresAt: Instant }> {
  const code = [...tx.random(10)].map((byte) => alphabet[byte % alphabet.length]).join('')
  const now = instant(tx.clock.now())
  const expiresAt = later(now, waitingLife)
  const hash = hashOf(code)
  const { refreshToken } = given
  const row = {
    hash,
    auth_app_id: given.authAppId ?? null,
    token: tx.sealer.seal(placeOf(hash, 'token'), given.token.reveal()),
    refresh_token: refreshToken ? tx.sealer.seal(placeOf(hash, 'refresh_token'), refreshToken.reveal()) : null,
    token_until: given.tokenUntil ?? null,
    refresh_until: given.refreshUntil ?? null,
    created_at: now,
    expires_at: expiresAt,
  }
  await tx.db
    .insertInto('auth_waiting')
    .values({ account, outside_id: given.outsideId, ...row })
    .onConflict((on) => on.columns(['account', 'outside_id']).doUpdateSet(row))
    .execute()
  return { code, expiresAt }
}

export interface Waiting {
  readonly outsideId: string
  readonly authAppId?: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** Those whose merchant is not known. What is kept beside the word of a known one is nobody's to claim: `spareOf`. */
export async function listWaiting(reads: Reads, account: AccountId): Promise<readonly Waiting[]> {
  const rows = await unclaimed(reads, account)
    .select(['outside_id', 'auth_app_id', 'created_at', 'expires_at'])
    .orderBy('outside_id')
    .execute()
  return rows.map((row) => ({
    outsideId: row.outside_id,
    ...(row.auth_app_id === null ? {} : { authAppId: row.auth_app_id }),
    createdAt: row.created_at as Instant,
    expiresAt: row.expires_at as Instant,
  }))
}

const unclaimed = (reads: Reads, account: AccountId) =>
  reads.db
    .selectFrom('auth_waiting')
    .where('account', '=', account)
    .where('expires_at', '>', instant(reads.clock.now()))
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('merchant')
            .select('merchant.id')
            .where('merchant.account', '=', account)
            .whereRef('merchant.outside_id', '=', 'auth_waiting.outside_id'),
        ),
      ),
    )

/** What waits of a merchant, known or not. Where it holds and the word that we use does not, it is the newer one. */
export async function spareOf(reads: Reads, account: AccountId, outsideId: string): Promise<Authorisation | undefined> {
  const row = await reads.db
    .selectFrom('auth_waiting')
    .selectAll()
    .where('account', '=', account)
    .where('outside_id', '=', outsideId)
    .where('expires_at', '>', instant(reads.clock.now()))
    .executeTakeFirst()
  return row && opened(reads, row)
}

/** As `takeWaiting`, by what the platform calls it: for whoever sees the account's list. */
export async function takeWaitingOf(tx: Tx, under: Under, outsideId: string): Promise<Authorised | undefined> {
  const query = unclaimed(tx, under.account).selectAll().where('outside_id', '=', outsideId)
  const row = await forUpdate(tx, query).executeTakeFirst()
  return row && authorise(tx, under, opened(tx, row))
}

/** Makes the merchant behind the code the tenant's, and uses the code up. @returns undefined when it is unknown, used or too old. */
export async function takeWaiting(tx: Tx, under: Under, code: string): Promise<Authorised | undefined> {
  const query = tx.db
    .selectFrom('auth_waiting')
    .selectAll()
    .where('hash', '=', hashOf(code.trim().toUpperCase()))
    .where('account', '=', under.account)
    .where('expires_at', '>', instant(tx.clock.now()))
  const row = await forUpdate(tx, query).executeTakeFirst()
  return row && authorise(tx, under, opened(tx, row))
}

/** What nobody can use any more, with the tokens in it. @returns how many */
export async function forgetAuthorisations(tx: Tx, until: Instant): Promise<number> {
  const states = await tx.db.deleteFrom('auth_state').where('expires_at', '<=', until).returning('hash').execute()
  const waiting = await tx.db.deleteFrom('auth_waiting').where('expires_at', '<=', until).returning('hash').execute()
  return states.length + waiting.length
}

/** Nobody's yet, so sealed to no tenant; taken in, it is sealed anew to its merchant. */
const placeOf = (hash: string, column: 'token' | 'refresh_token') => ({
  tenant: '',
  table: 'auth_waiting',
  row: hash,
  column,
})

const opened = (reads: Reads, row: AuthWaitingRow): Authorisation => ({
  outsideId: row.outside_id,
  ...(row.auth_app_id === null ? {} : { authAppId: row.auth_app_id }),
  token: new Secret(reads.sealer.open(placeOf(row.hash, 'token'), row.token)),
  ...(row.refresh_token === null
    ? {}
    : { refreshToken: new Secret(reads.sealer.open(placeOf(row.hash, 'refresh_token'), row.refresh_token)) }),
  ...(row.token_until === null ? {} : { tokenUntil: row.token_until as Instant }),
  ...(row.refresh_until === null ? {} : { refreshUntil: row.refresh_until as Instant }),
})

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
