import { createHash } from 'node:crypto'
import { asId, type Instant, instant, type KeyId, later, newId, type TenantId } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import type { Reads, Tx } from './storage.ts'
import type { ApiKeyRow } from './tables.ts'

export type Access = 'read' | 'write'

/** Whoever calls the admin API. The text itself is known to its holder alone. */
export interface ApiKey {
  readonly id: KeyId
  readonly name: string
  /** The first characters of the text, by which people tell keys apart; absent for keys from before they were kept. */
  readonly prefix?: string
  /** Reaches this tenant alone; absent = the whole installation. */
  readonly tenant?: TenantId
  readonly access: Access
  readonly createdAt: Instant
  readonly expiresAt?: Instant
  /** To the minute. */
  readonly lastUsedAt?: Instant
  readonly revokedAt?: Instant
  /** The key in whose place it came. */
  readonly replaces?: KeyId
}

export interface NewKey extends Pick<ApiKey, 'name' | 'access' | 'tenant' | 'expiresAt' | 'replaces'> {
  readonly text: string
}

/** 256 random bits: a plain hash is enough, and it is looked up by the hash, never compared with what was sent. */
export const keyHash = (key: string): string => createHash('sha256').update(key).digest('hex')

/** Says whose it is, so that one that got out is recognised. */
export const newKeyText = (random: Reads['random']): string => `rdk_${random(32).toString('base64url')}`

export const prefixOf = (key: string): string => key.slice(0, 8)

/** The installation's first; one that was there stays as it is, ended or not. */
export async function addKey(
  tx: Tx,
  key: { readonly name: string; readonly hash: string; readonly prefix?: string },
): Promise<void> {
  await tx.db
    .insertInto('api_key')
    .values({
      ...nobody,
      id: newId('key', tx.random, tx.clock.now()),
      hash: key.hash,
      name: key.name,
      prefix: key.prefix ?? null,
      created_at: instant(tx.clock.now()),
    })
    .onConflict((on) => on.doNothing())
    .execute()
}

const nobody = { last_used_at: null, tenant: null, access: null, expires_at: null, revoked_at: null, replaces: null }

export async function createKey(tx: Tx, key: NewKey): Promise<ApiKey> {
  const row = await tx.db
    .insertInto('api_key')
    .values({
      ...nobody,
      id: newId('key', tx.random, tx.clock.now()),
      hash: keyHash(key.text),
      name: key.name,
      prefix: prefixOf(key.text),
      tenant: key.tenant ?? null,
      access: key.access,
      expires_at: key.expiresAt ?? null,
      replaces: key.replaces ?? null,
      created_at: instant(tx.clock.now()),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return keyOf(row)
}

/** Whether it may still be used is the caller's to judge. */
export async function findKey(reads: Reads, text: string): Promise<ApiKey | undefined> {
  const row = await reads.db.selectFrom('api_key').selectAll().where('hash', '=', keyHash(text)).executeTakeFirst()
  return row && keyOf(row)
}

/** Holds it until the end of the transaction. @param tenant its own; undefined = whoever's */
export async function lockKey(tx: Tx, id: KeyId, tenant: TenantId | undefined): Promise<ApiKey | undefined> {
  let query = tx.db.selectFrom('api_key').selectAll().where('id', '=', id)
  if (tenant !== undefined) query = query.where('tenant', '=', tenant)
  const row = await forUpdate(tx, query).executeTakeFirst()
  return row && keyOf(row)
}

/** The newest first. @param tenant its own; undefined = all */
export async function listKeys(reads: Reads, tenant: TenantId | undefined): Promise<readonly ApiKey[]> {
  let query = reads.db.selectFrom('api_key').selectAll()
  if (tenant !== undefined) query = query.where('tenant', '=', tenant)
  return (await query.orderBy('created_at', 'desc').orderBy('id', 'desc').execute()).map(keyOf)
}

export async function endKey(tx: Tx, id: KeyId, at: Instant): Promise<void> {
  await tx.db.updateTable('api_key').set({ expires_at: at }).where('id', '=', id).execute()
}

export async function revokeKey(tx: Tx, id: KeyId): Promise<void> {
  await tx.db
    .updateTable('api_key')
    .set({ revoked_at: instant(tx.clock.now()) })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Whether somebody could still change everything if this key were gone; they are held until the end of the transaction. */
export async function othersRule(tx: Tx, but: KeyId): Promise<boolean> {
  const query = tx.db
    .selectFrom('api_key')
    .selectAll()
    .where('tenant', 'is', null)
    .where('revoked_at', 'is', null)
    .where('id', '<>', but)
  const now = instant(tx.clock.now())
  const others = (await forUpdate(tx, query).execute()).map(keyOf)
  return others.some((key) => key.access === 'write' && !isOver(key, now))
}

export const isOver = ({ expiresAt, revokedAt }: ApiKey, now: Instant): boolean =>
  revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= now)

const minute = 60_000

/** That it was used, at most once a minute: a busy key would otherwise write with each request. */
export const wasUsedAnew = (key: ApiKey, now: Instant): boolean =>
  key.lastUsedAt === undefined || later(key.lastUsedAt, minute) <= now

export async function keyUsed(tx: Tx, id: KeyId): Promise<void> {
  await tx.db
    .updateTable('api_key')
    .set({ last_used_at: instant(tx.clock.now()) })
    .where('id', '=', id)
    .execute()
}

const keyOf = (row: ApiKeyRow): ApiKey => ({
  id: asId(row.id),
  name: row.name,
  access: row.access === 'read' ? 'read' : 'write',
  createdAt: row.created_at as Instant,
  ...(row.prefix === null ? {} : { prefix: row.prefix }),
  ...(row.tenant === null ? {} : { tenant: asId<'tenant'>(row.tenant) }),
  ...(row.expires_at === null ? {} : { expiresAt: row.expires_at as Instant }),
  ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at as Instant }),
  ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at as Instant }),
  ...(row.replaces === null ? {} : { replaces: asId<'key'>(row.replaces) }),
})
