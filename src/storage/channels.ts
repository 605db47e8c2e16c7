import { Secret } from '../core/seal.ts'
import { type AccountId, asId, type ChannelId, type Instant, instant, newId, type TenantId } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { ChannelRow } from './tables.ts'

/** A sender of a tenant: a mailbox, an official account, an SMS application. Secrets print as '[secret]'. */
export interface StoredChannel {
  readonly id: ChannelId
  readonly tenant: TenantId
  readonly kind: string
  readonly name: string
  readonly enabled: boolean
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, Secret>>
  /** Limited to these accounts; undefined = all of the tenant. */
  readonly accounts?: readonly AccountId[]
  /** It stopped by itself: only a person can mend it. */
  readonly stopped?: { readonly at: Instant; readonly why: string }
  /** Nothing gets through: left alone until then. */
  readonly held?: { readonly until: Instant; readonly why: string }
  /** How often in a row it failed. */
  readonly failures: number
  /** Since when its secrets are these. */
  readonly secretsAt: Instant
  /** People were told that these secrets end. */
  readonly endingSaid: boolean
}

export interface NewChannel {
  readonly tenant: TenantId
  readonly kind: string
  readonly name: string
  readonly enabled: boolean
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
  readonly accounts?: readonly AccountId[]
}

/** @returns undefined when the tenant has a channel of that name. */
export async function createChannel(tx: Tx, channel: NewChannel): Promise<StoredChannel | undefined> {
  const id = newId('channel', tx.random, tx.clock.now())
  const row = await tx.db
    .insertInto('channel')
    .values({
      id,
      tenant: channel.tenant,
      kind: channel.kind,
      name: channel.name,
      enabled: channel.enabled ? 1 : 0,
      settings: JSON.stringify(channel.settings),
      secrets: tx.sealer.seal(secretsOf(channel.tenant, id), JSON.stringify(channel.secrets)),
      accounts: channel.accounts ? JSON.stringify(channel.accounts) : null,
      ...well,
      created_at: instant(tx.clock.now()),
      ...fresh(tx),
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && channelOf(tx, row)
}

const fresh = (tx: Tx) => ({ secrets_at: instant(tx.clock.now()), ending_said_at: null })

const well = { stopped_at: null, stopped_why: null, held_until: null, held_why: null, failures: 0 } as const

export interface ChannelChange {
  readonly name?: string
  readonly enabled?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
  readonly secrets?: Readonly<Record<string, string>>
  /** null = all. */
  readonly accounts?: readonly AccountId[] | null
}

/** Whoever changes how it sends, or switches it on, means it to be tried again: it is no longer stopped or held. @returns undefined when there is none; 'taken' when another has the name */
export async function changeChannel(
  tx: Tx,
  tenant: TenantId,
  id: ChannelId,
  change: ChannelChange,
): Promise<StoredChannel | undefined | 'taken'> {
  const { name, enabled, settings, accounts } = change
  if (name !== undefined && (await namedSo(tx, tenant, name)).some((other) => other !== id)) return 'taken'
  const secrets = change.secrets && tx.sealer.seal(secretsOf(tenant, id), JSON.stringify(change.secrets))
  const others = change.secrets !== undefined && (await areOthers(tx, { tenant, id }, change.secrets))
  const anew = enabled === true || settings !== undefined || secrets !== undefined
  const row = await tx.db
    .updateTable('channel')
    .set({
      id,
      ...(name === undefined ? {} : { name }),
      ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
      ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
      ...(secrets === undefined ? {} : { secrets }),
      ...(others ? fresh(tx) : {}),
      ...(accounts === undefined ? {} : { accounts: accounts && JSON.stringify(accounts) }),
      ...(anew ? well : {}),
    })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && channelOf(tx, row)
}

/** The same ones given again are as old as they were. */
async function areOthers(
  tx: Tx,
  { tenant, id }: { readonly tenant: TenantId; readonly id: ChannelId },
  given: Readonly<Record<string, string>>,
): Promise<boolean> {
  const known = (await findChannelOf(tx, tenant, id))?.secrets ?? {}
  const names = new Set([...Object.keys(known), ...Object.keys(given)])
  return [...names].some((name) => known[name]?.reveal() !== given[name])
}

async function namedSo(tx: Tx, tenant: TenantId, name: string): Promise<readonly string[]> {
  const rows = await tx.db
    .selectFrom('channel')
    .select('id')
    .where('tenant', '=', tenant)
    .where('name', '=', name)
    .execute()
  return rows.map(({ id }) => id)
}

/** With those who stand under it; what it has sent stays in the log. */
export async function removeChannel(tx: Tx, tenant: TenantId, id: ChannelId): Promise<boolean> {
  const gone = await tx.db
    .deleteFrom('channel')
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returning('id')
    .execute()
  if (gone.length === 0) return false
  await tx.db.deleteFrom('recipient').where('channel', '=', id).execute()
  await tx.db.deleteFrom('bind_request').where('channel', '=', id).execute()
  await tx.db.deleteFrom('early_report').where('channel', '=', id).execute()
  await tx.db.deleteFrom('token').where('account', '=', id).execute()
  return true
}

/** By our id alone: for our own rows, and for a callback whose address names it. */
export async function findChannel(reads: Reads, id: ChannelId): Promise<StoredChannel | undefined> {
  const row = await reads.db.selectFrom('channel').selectAll().where('id', '=', id).executeTakeFirst()
  return row && channelOf(reads, row)
}

/** Of this tenant, or not at all. */
export async function findChannelOf(reads: Reads, tenant: TenantId, id: ChannelId): Promise<StoredChannel | undefined> {
  const channel = await findChannel(reads, id)
  return channel?.tenant === tenant ? channel : undefined
}

/** Holds it until the end of the transaction, so that a change is made to what was read. */
export async function lockChannel(tx: Tx, tenant: TenantId, id: ChannelId): Promise<StoredChannel | undefined> {
  const query = tx.db.selectFrom('channel').selectAll().where('tenant', '=', tenant).where('id', '=', id)
  const row = await forUpdate(tx, query).executeTakeFirst()
  return row && channelOf(tx, row)
}

export async function listChannels(reads: Reads, tenant: TenantId): Promise<readonly StoredChannel[]> {
  const rows = await reads.db.selectFrom('channel').selectAll().where('tenant', '=', tenant).orderBy('id').execute()
  return rows.map((row) => channelOf(reads, row))
}

/** Only a person can mend it. @returns false when it had stopped already. */
export async function stopChannel(tx: Tx, id: ChannelId, why: string): Promise<boolean> {
  const done = await tx.db
    .updateTable('channel')
    .set({ ...well, stopped_at: instant(tx.clock.now()), stopped_why: why })
    .where('id', '=', id)
    .where('stopped_at', 'is', null)
    .returning('id')
    .execute()
  return done.length > 0
}

export async function holdChannel(
  tx: Tx,
  id: ChannelId,
  { until, why }: NonNullable<StoredChannel['held']>,
): Promise<void> {
  await tx.db
    .updateTable('channel')
    .set((old) => ({ held_until: until, held_why: why, failures: old('failures', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** All that are on, of every tenant. */
export async function enabledChannels(reads: Reads): Promise<readonly StoredChannel[]> {
  const rows = await reads.db.selectFrom('channel').selectAll().where('enabled', '=', 1).orderBy('id').execute()
  return rows.map((row) => channelOf(reads, row))
}

/** People are told once that these secrets end. @returns false when they were told already, or the secrets are others by now */
export async function markEndingSaid(tx: Tx, { id, secretsAt }: StoredChannel): Promise<boolean> {
  const done = await tx.db
    .updateTable('channel')
    .set({ ending_said_at: instant(tx.clock.now()) })
    .where('id', '=', id)
    .where('ending_said_at', 'is', null)
    .where((is) => is(is.fn.coalesce('secrets_at', 'created_at'), '=', secretsAt))
    .returning('id')
    .execute()
  return done.length > 0
}

/** Something got through: no longer stopped or held. */
export async function channelWorks(tx: Tx, id: ChannelId): Promise<void> {
  await tx.db.updateTable('channel').set(well).where('id', '=', id).execute()
}

const secretsOf = (tenant: string, row: string) => ({ tenant, table: 'channel', row, column: 'secrets' })

function channelOf(reads: Reads, row: ChannelRow): StoredChannel {
  const secrets = ours<Record<string, string>>(reads.sealer.open(secretsOf(row.tenant, row.id), row.secrets))
  return {
    id: asId(row.id),
    tenant: asId(row.tenant),
    kind: row.kind,
    name: row.name,
    enabled: row.enabled === 1,
    settings: ours(row.settings),
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, new Secret(text)])),
    ...(row.accounts === null ? {} : { accounts: ours<AccountId[]>(row.accounts) }),
    ...(row.stopped_at === null ? {} : { stopped: { at: row.stopped_at as Instant, why: row.stopped_why ?? '' } }),
    ...(row.held_until === null ? {} : { held: { until: row.held_until as Instant, why: row.held_why ?? '' } }),
    failures: row.failures,
    secretsAt: (row.secrets_at ?? row.created_at) as Instant,
    endingSaid: row.ending_said_at !== null,
  }
}
