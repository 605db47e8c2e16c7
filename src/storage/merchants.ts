import type { ExpressionBuilder } from 'kysely'
import type { Called } from '../complaints/complaint.ts'
import { Secret } from '../core/seal.ts'
import { type AccountId, asId, type Instant, instant, type MerchantId, newId, type TenantId } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { MerchantRow, Tables } from './tables.ts'

/** A business that stands under an account. Its token is not in here: `openToken` gives it. */
export interface StoredMerchant {
  readonly id: MerchantId
  readonly tenant: TenantId
  readonly account: AccountId
  /** PID or sub_mchid: unique within the account. */
  readonly outsideId: string
  /** Its own app, in whose name it authorised ours: unique within the account. */
  readonly authAppId?: string
  readonly name: string
  /** '' where nobody has said. */
  readonly company: string
  readonly enabled: boolean
  readonly autoRefund: boolean
  /** A token is there. */
  readonly authorised: boolean
  readonly tokenUntil?: Instant
  readonly refreshUntil?: Instant
  /** Grows with every authorisation and its end: who tells of a token names the one that he saw. */
  readonly fence: number
  /** When the authorisation was taken back; absent again after a new one. */
  readonly revokedAt?: Instant
  readonly createdAt: Instant
  readonly checkedAt?: Instant
  /** Calls that we would make and that it does not let us, as the platform last said. */
  readonly lacks: readonly string[]
}

/** Whose a merchant is. */
export interface Under {
  readonly tenant: TenantId
  readonly account: AccountId
}

export interface NewMerchant extends Under {
  readonly outsideId: string
  readonly name: string
  readonly company?: string
  readonly enabled?: boolean
  readonly autoRefund?: boolean
}

/** One that a person names. @returns undefined when the account has it. */
export async function createMerchant(tx: Tx, merchant: NewMerchant): Promise<StoredMerchant | undefined> {
  const row = await insert(tx, rowFor(tx, merchant))
  return row && merchantOf(row)
}

/** What a merchant has let an account do, as the platform tells it. */
export interface Authorisation {
  readonly outsideId: string
  readonly authAppId?: string
  readonly token: Secret
  readonly refreshToken?: Secret
  readonly tokenUntil?: Instant
  readonly refreshUntil?: Instant
}

/**
 * Keeps who has authorised the account. The new token takes the place of the old one, which is dead; what people have said of the merchant stays.
 * @returns the merchant: one that was known stays its tenant's, even where that is not `under.tenant`
 */
export async function keepMerchant(tx: Tx, under: Under, given: Authorisation): Promise<StoredMerchant> {
  // Another process may insert the same one between our look and our insert; the second look finds it.
  for (let tries = 0; tries < 3; tries++) {
    const known = await lockOf(tx, under.account, given)
    const before = known.find((row) => row.outside_id === given.outsideId)
    for (const other of known) if (other !== before) await letGo(tx, other)
    const row = before ? await renew(tx, before, given) : await insert(tx, authorisedRow(tx, under, given))
    if (row) return merchantOf(row)
  }
  throw new Error(`merchant ${given.outsideId} of ${under.account} comes and goes: it cannot be kept`)
}

/** All whom the authorisation is about, in one order for everybody: no two wait for each other. */
async function lockOf(tx: Tx, account: AccountId, { outsideId, authAppId }: Authorisation) {
  const query = tx.db
    .selectFrom('merchant')
    .selectAll()
    .where('account', '=', account)
    .where((is) =>
      is.or([
        is('outside_id', '=', outsideId),
        ...(authAppId === undefined ? [] : [is('auth_app_id', '=', authAppId)]),
      ]),
    )
    .orderBy('id')
  return forUpdate(tx, query).execute()
}

/** Its app has changed hands: it speaks for the new owner. What was complained of the former one stays the former one's. */
const letGo = (tx: Tx, { id }: MerchantRow) =>
  tx.db
    .updateTable('merchant')
    .set({ ...nothing, auth_app_id: null, revoked_at: instant(tx.clock.now()) })
    .set((old) => ({ fence: old('fence', '+', 1) }))
    .where('id', '=', id)
    .execute()

const renew = (tx: Tx, before: MerchantRow, given: Authorisation) =>
  tx.db
    .updateTable('merchant')
    .set({
      ...sealed(tx, before, given),
      ...(given.authAppId === undefined ? {} : { auth_app_id: given.authAppId }),
      // What it did not let us list has been missed since.
      ...(before.lacks === null ? {} : unlisted),
      fence: before.fence + 1,
    })
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirst()

function authorisedRow(tx: Tx, under: Under, given: Authorisation): MerchantRow {
  // Nobody tells its name; a person may.
  const row = rowFor(tx, { ...under, outsideId: given.outsideId, name: given.outsideId })
  return { ...row, ...sealed(tx, row, given), auth_app_id: given.authAppId ?? null, fence: 1 }
}

const insert = (tx: Tx, row: MerchantRow) =>
  tx.db
    .insertInto('merchant')
    .values(row)
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()

/** Asked for its complaints at once, for all that may be left of them, and for all that is open. */
const unlisted = { poll_due: null, polled_at: null, swept_at: null } as const
const unasked = { ...unlisted, heard_at: null, lacks: null } as const

/** As people may name it. */
const longestName = 80

const nothing = { token: null, refresh_token: null, token_until: null, refresh_until: null } as const

function rowFor(tx: Tx, merchant: NewMerchant): MerchantRow {
  const { tenant, account, outsideId, name, company = '', enabled = true, autoRefund = false } = merchant
  return {
    ...nothing,
    id: newId('merchant', tx.random, tx.clock.now()),
    tenant,
    account,
    outside_id: outsideId,
    auth_app_id: null,
    name,
    company,
    enabled: enabled ? 1 : 0,
    auto_refund: autoRefund ? 1 : 0,
    fence: 0,
    revoked_at: null,
    created_at: instant(tx.clock.now()),
    checked_at: null,
    ...unasked,
  }
}

type Row = Pick<MerchantRow, 'id' | 'tenant'>
const placeOf = ({ id, tenant }: Row, column: 'token' | 'refresh_token') => ({
  tenant,
  table: 'merchant',
  row: id,
  column,
})

const sealed = (tx: Tx, row: Row, { token, refreshToken, tokenUntil, refreshUntil }: Authorisation) => ({
  token: tx.sealer.seal(placeOf(row, 'token'), token.reveal()),
  refresh_token: refreshToken ? tx.sealer.seal(placeOf(row, 'refresh_token'), refreshToken.reveal()) : null,
  token_until: tokenUntil ?? null,
  refresh_until: refreshUntil ?? null,
  revoked_at: null,
  checked_at: instant(tx.clock.now()),
  // It may have been silent for long: asked at once.
  poll_due: null,
  // What the former one did not cover is to be said again where this one does not either.
  lacks: null,
})

export interface MerchantToken {
  readonly token: Secret
  readonly refreshToken?: Secret
  readonly fence: number
}

/** @returns undefined when none was given, or it was taken back. */
export async function openToken(reads: Reads, id: MerchantId): Promise<MerchantToken | undefined> {
  const row = await reads.db.selectFrom('merchant').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row?.token) return undefined
  const { token, refresh_token: refresh, fence } = row
  return {
    token: new Secret(reads.sealer.open(placeOf(row, 'token'), token)),
    ...(refresh ? { refreshToken: new Secret(reads.sealer.open(placeOf(row, 'refresh_token'), refresh)) } : {}),
    fence,
  }
}

/** The platform says that the token holds, now, and what it does not cover. @returns false when it is no longer the one that was seen. */
export async function tokenHolds(
  tx: Tx,
  { id, fence }: Pick<StoredMerchant, 'id' | 'fence'>,
  lacks?: readonly string[],
): Promise<boolean> {
  const now = instant(tx.clock.now())
  const known = lacks === undefined ? {} : { lacks: lacks.length === 0 ? null : JSON.stringify(lacks) }
  const done = await seen(tx, id, fence)
    .set({ checked_at: now, ...known })
    .returning('id')
    .execute()
  return done.length > 0
}

/** It lets us list what it did not: all that was missed is asked for, at once. */
export async function listAnew(tx: Tx, id: MerchantId): Promise<void> {
  await tx.db.updateTable('merchant').set(unlisted).where('id', '=', id).execute()
}

/** It is being asked about: not again for this round, whatever comes of it. */
export async function tokenAsked(tx: Tx, { id, fence }: Pick<StoredMerchant, 'id' | 'fence'>): Promise<void> {
  await seen(tx, id, fence)
    .set({ checked_at: instant(tx.clock.now()) })
    .execute()
}

/** The authorisation is over; its tokens are forgotten. @returns false when a newer one stands there, or it was over already. */
export async function revokeMerchant(tx: Tx, { id, fence }: Pick<StoredMerchant, 'id' | 'fence'>): Promise<boolean> {
  const now = instant(tx.clock.now())
  const over = { ...nothing, revoked_at: now, checked_at: now, fence: fence + 1 }
  const done = await seen(tx, id, fence).set(over).returning('id').execute()
  return done.length > 0
}

const seen = (tx: Tx, id: MerchantId, fence: number) =>
  tx.db.updateTable('merchant').where('id', '=', id).where('fence', '=', fence).where('token', 'is not', null)

/** Those of every tenant whose token nobody has asked about since `before`, the longest unasked first. */
export async function tokensToCheck(reads: Reads, before: Instant, limit: number): Promise<readonly StoredMerchant[]> {
  const rows = await reads.db
    .selectFrom('merchant')
    .selectAll()
    .where('token', 'is not', null)
    .where('checked_at', '<=', before)
    .orderBy('checked_at')
    .limit(limit)
    .execute()
  return rows.map(merchantOf)
}

export interface MerchantChange {
  readonly name?: string
  readonly company?: string
  readonly enabled?: boolean
  readonly autoRefund?: boolean
}

export async function changeMerchant(
  tx: Tx,
  { tenant, account }: Under,
  id: MerchantId,
  change: MerchantChange,
): Promise<StoredMerchant | undefined> {
  const row = await tx.db
    .updateTable('merchant')
    .set({
      id,
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.company === undefined ? {} : { company: change.company }),
      ...(change.enabled === undefined ? {} : { enabled: change.enabled ? 1 : 0 }),
      ...(change.autoRefund === undefined ? {} : { auto_refund: change.autoRefund ? 1 : 0 }),
    })
    .$if(change.enabled === true, (query) => query.set(dueIfOff))
    .where('id', '=', id)
    .where('tenant', '=', tenant)
    .where('account', '=', account)
    .returningAll()
    .executeTakeFirst()
  return row && merchantOf(row)
}

/** One that was switched off was asked seldom: now at once. */
const dueIfOff = (is: ExpressionBuilder<Tables, 'merchant'>) => ({
  poll_due: is.case().when('enabled', '=', 0).then(null).else(is.ref('poll_due')).end(),
})

/** The same for all who stand under an account. */
export async function hurryMerchants(tx: Tx, account: AccountId): Promise<void> {
  await tx.db
    .updateTable('merchant')
    .set({ poll_due: null })
    .where('account', '=', account)
    .where('token', 'is not', null)
    .execute()
}

export async function listMerchants(reads: Reads, { tenant, account }: Under): Promise<readonly StoredMerchant[]> {
  const rows = await reads.db
    .selectFrom('merchant')
    .selectAll()
    .where('account', '=', account)
    .where('tenant', '=', tenant)
    .orderBy('outside_id')
    .execute()
  return rows.map(merchantOf)
}

/** By our id alone: for our own rows. */
export async function findMerchant(reads: Reads, id: MerchantId): Promise<StoredMerchant | undefined> {
  const row = await reads.db.selectFrom('merchant').selectAll().where('id', '=', id).executeTakeFirst()
  return row && merchantOf(row)
}

/** A complaint about it has come: it is asked more often for a while. */
export async function merchantHeard(tx: Tx, id: MerchantId): Promise<void> {
  await tx.db
    .updateTable('merchant')
    .set({ heard_at: instant(tx.clock.now()) })
    .where('id', '=', id)
    .execute()
}

/** Called as the platform calls it, as long as it is known by its number alone. */
export async function nameMerchant(
  tx: Tx,
  { id, outsideId, name: before }: Pick<StoredMerchant, 'id' | 'outsideId' | 'name'>,
  called: Called & { readonly name?: string },
): Promise<void> {
  const name = called.name?.trim().slice(0, longestName)
  if (!name || before !== outsideId || !('outsideId' in called) || called.outsideId !== outsideId) return
  // Somebody may have named it since it was read.
  await tx.db.updateTable('merchant').set({ name }).where('id', '=', id).where('name', '=', outsideId).execute()
}

/** Those of whom a message without a name may speak, whoever had a complaint last first. */
export async function likelyMerchants(
  reads: Reads,
  account: Pick<Under, 'tenant'> & { readonly id: AccountId },
  limit: number,
): Promise<readonly StoredMerchant[]> {
  const rows = await reads.db
    .selectFrom('merchant')
    .selectAll()
    .where('account', '=', account.id)
    .where('tenant', '=', account.tenant)
    .where('token', 'is not', null)
    .orderBy((is) => is.fn.coalesce('heard_at', 'created_at'), 'desc')
    .limit(limit)
    .execute()
  return rows.map(merchantOf)
}

/** By what the platform calls it: whom a complaint names, or whose app has taken its word back. */
export async function merchantCalled(
  reads: Reads,
  account: AccountId,
  called: Called,
): Promise<StoredMerchant | undefined> {
  const all = reads.db.selectFrom('merchant').selectAll().where('account', '=', account)
  const row = await ('outsideId' in called
    ? all.where('outside_id', '=', called.outsideId)
    : all.where('auth_app_id', '=', called.authAppId)
  ).executeTakeFirst()
  return row && merchantOf(row)
}

/** For storage/ alone. */
export const merchantOf = (row: MerchantRow): StoredMerchant => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  account: asId(row.account),
  outsideId: row.outside_id,
  ...(row.auth_app_id === null ? {} : { authAppId: row.auth_app_id }),
  name: row.name,
  company: row.company,
  enabled: row.enabled === 1,
  autoRefund: row.auto_refund === 1,
  authorised: row.token !== null,
  ...stamp('tokenUntil', row.token_until),
  ...stamp('refreshUntil', row.refresh_until),
  fence: row.fence,
  ...stamp('revokedAt', row.revoked_at),
  createdAt: row.created_at as Instant,
  ...stamp('checkedAt', row.checked_at),
  lacks: row.lacks === null ? [] : ours(row.lacks),
})

const stamp = <Name extends string>(name: Name, at: string | null) =>
  (at === null ? {} : { [name]: at }) as { readonly [Each in Name]?: Instant }
