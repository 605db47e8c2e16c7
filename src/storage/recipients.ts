import { Secret } from '../core/seal.ts'
import { type AccountId, asId, type ChannelId, instant, newId, type RecipientId, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { RecipientRow } from './tables.ts'

/** Who is told through a channel. */
export interface StoredRecipient {
  readonly id: RecipientId
  readonly tenant: TenantId
  readonly channel: ChannelId
  /** A mail address, an openid, a phone number: personal, so that it prints as '[secret]'. */
  readonly address: Secret
  /** What people call them. */
  readonly label: string
  /** Names of what they want to be told (`notify/interests`). */
  readonly wants: readonly string[]
  readonly enabled: boolean
  /** Why it was switched off by itself. */
  readonly offWhy?: string
}

export interface NewRecipient {
  readonly tenant: TenantId
  readonly channel: ChannelId
  /** In its one spelling. */
  readonly address: string
  readonly label: string
  readonly wants: readonly string[]
  readonly enabled: boolean
}

/** @returns undefined when the channel has that address. */
export async function createRecipient(tx: Tx, recipient: NewRecipient): Promise<StoredRecipient | undefined> {
  const row = await tx.db
    .insertInto('recipient')
    .values(rowOf(tx, recipient))
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && recipientOf(tx, row)
}

/** Whoever binds an own address again is on again, under the new name and wishes. */
export async function keepRecipient(tx: Tx, recipient: NewRecipient): Promise<StoredRecipient> {
  const row = rowOf(tx, recipient)
  const { label, wants, enabled } = row
  const kept = await tx.db
    .insertInto('recipient')
    .values(row)
    .onConflict((on) => on.columns(['channel', 'hash']).doUpdateSet({ label, wants, enabled, off_why: null }))
    .returningAll()
    .executeTakeFirstOrThrow()
  return recipientOf(tx, kept)
}

function rowOf(tx: Tx, { tenant, channel, address, label, wants, enabled }: NewRecipient): RecipientRow {
  const id = newId('recipient', tx.random, tx.clock.now())
  return {
    id,
    tenant,
    channel,
    address: tx.sealer.seal(addressOf(tenant, id), address),
    hash: tx.sealer.pseudonym(tenant, address),
    label,
    wants: JSON.stringify(wants),
    enabled: enabled ? 1 : 0,
    off_why: null,
    created_at: instant(tx.clock.now()),
  }
}

export interface RecipientChange {
  readonly address?: string
  readonly label?: string
  readonly wants?: readonly string[]
  readonly enabled?: boolean
}

/** Switched on, or with a new address, the reason for which it was off is forgotten. @returns undefined when there is none; 'taken' when another has the address */
export async function changeRecipient(
  tx: Tx,
  of: { readonly tenant: TenantId; readonly channel: ChannelId; readonly id: RecipientId },
  { address, label, wants, enabled }: RecipientChange,
): Promise<StoredRecipient | undefined | 'taken'> {
  const hash = address === undefined ? undefined : tx.sealer.pseudonym(of.tenant, address)
  const holder = address === undefined ? undefined : await recipientAt(tx, { ...of, address })
  if (holder && holder.id !== of.id) return 'taken'
  const row = await tx.db
    .updateTable('recipient')
    .set({
      id: of.id,
      ...(address === undefined || hash === undefined
        ? {}
        : { address: tx.sealer.seal(addressOf(of.tenant, of.id), address), hash }),
      ...(label === undefined ? {} : { label }),
      ...(wants === undefined ? {} : { wants: JSON.stringify(wants) }),
      ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
      ...(enabled === true || address !== undefined ? { off_why: null } : {}),
    })
    .where('id', '=', of.id)
    .where('channel', '=', of.channel)
    .where('tenant', '=', of.tenant)
    .returningAll()
    .executeTakeFirst()
  return row && recipientOf(tx, row)
}

export async function removeRecipient(
  tx: Tx,
  { tenant, channel, id }: { readonly tenant: TenantId; readonly channel: ChannelId; readonly id: RecipientId },
): Promise<boolean> {
  const gone = await tx.db
    .deleteFrom('recipient')
    .where('id', '=', id)
    .where('channel', '=', channel)
    .where('tenant', '=', tenant)
    .returning('id')
    .execute()
  return gone.length > 0
}

/** Nothing can reach them there. @returns false when it was off already, or is gone. */
export async function switchOff(tx: Tx, id: RecipientId, why: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('recipient')
    .set({ enabled: 0, off_why: why })
    .where('id', '=', id)
    .where('enabled', '=', 1)
    .returning('id')
    .execute()
  return done.length > 0
}

export async function listRecipients(reads: Reads, channel: ChannelId): Promise<readonly StoredRecipient[]> {
  const rows = await reads.db.selectFrom('recipient').selectAll().where('channel', '=', channel).orderBy('id').execute()
  return rows.map((row) => recipientOf(reads, row))
}

/** Whom a kind of channel may tell of something, without their addresses. */
export interface Listener {
  readonly channel: ChannelId
  readonly recipient: RecipientId
  readonly wants: readonly string[]
  /** Limited to these; undefined = all of the tenant. */
  readonly accounts?: readonly AccountId[]
}

/** All who are on, under channels that are on. */
export async function listeners(reads: Reads, tenant: TenantId, kind: string): Promise<readonly Listener[]> {
  const rows = await reads.db
    .selectFrom('channel')
    .innerJoin('recipient', 'recipient.channel', 'channel.id')
    .select(['channel.id as channel', 'channel.accounts', 'recipient.id as recipient', 'recipient.wants'])
    .where('channel.tenant', '=', tenant)
    .where('channel.kind', '=', kind)
    .where('channel.enabled', '=', 1)
    .where('recipient.enabled', '=', 1)
    .orderBy('recipient.id')
    .execute()
  return rows.map((row) => ({
    channel: asId(row.channel),
    recipient: asId(row.recipient),
    wants: ours(row.wants),
    ...(row.accounts === null ? {} : { accounts: ours<AccountId[]>(row.accounts) }),
  }))
}

/** By our id alone: for our own rows. */
export async function findRecipient(reads: Reads, id: RecipientId): Promise<StoredRecipient | undefined> {
  const row = await reads.db.selectFrom('recipient').selectAll().where('id', '=', id).executeTakeFirst()
  return row && recipientOf(reads, row)
}

export async function recipientAt(
  reads: Reads,
  of: { readonly tenant: TenantId; readonly channel: ChannelId; readonly address: string },
): Promise<StoredRecipient | undefined> {
  const row = await reads.db
    .selectFrom('recipient')
    .selectAll()
    .where('channel', '=', of.channel)
    .where('hash', '=', reads.sealer.pseudonym(of.tenant, of.address))
    .executeTakeFirst()
  return row && recipientOf(reads, row)
}

const addressOf = (tenant: string, row: string) => ({ tenant, table: 'recipient', row, column: 'address' })

const recipientOf = (reads: Reads, row: RecipientRow): StoredRecipient => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  channel: asId(row.channel),
  address: new Secret(reads.sealer.open(addressOf(row.tenant, row.id), row.address)),
  label: row.label,
  wants: ours(row.wants),
  enabled: row.enabled === 1,
  ...(row.off_why === null ? {} : { offWhy: row.off_why }),
})
