import type { PlatformName } from '../complaints/complaint.ts'
import { Secret } from '../core/seal.ts'
import { type AccountId, asId, instant, newId, type TenantId } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import { ours } from './json.ts'
import { hurryMerchants } from './merchants.ts'
import type { Reads, Tx } from './storage.ts'
import type { AccountRow } from './tables.ts'

/** Credentials for one platform, opened: secrets print as '[secret]'. */
export interface StoredAccount {
  readonly id: AccountId
  readonly tenant: TenantId
  readonly platform: PlatformName
  readonly outsideId: string
  readonly name: string
  readonly enabled: boolean
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, Secret>>
}

export interface NewAccount {
  readonly tenant: TenantId
  readonly platform: PlatformName
  readonly outsideId: string
  readonly name: string
  readonly enabled: boolean
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
}

/** @returns undefined when the outside id is already served here, by whichever tenant. */
export async function createAccount(tx: Tx, account: NewAccount): Promise<StoredAccount | undefined> {
  const id = newId('account', tx.random, tx.clock.now())
  const row = await tx.db
    .insertInto('account')
    .values({
      id,
      tenant: account.tenant,
      platform: account.platform,
      outside_id: account.outsideId,
      name: account.name,
      enabled: account.enabled ? 1 : 0,
      settings: JSON.stringify(account.settings),
      secrets: tx.sealer.seal(secretsOf(account.tenant, id), JSON.stringify(account.secrets)),
      created_at: instant(tx.clock.now()),
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  tx.afterCommit(changed)
  return row && accountOf(tx, row)
}

export interface AccountChange {
  readonly name?: string
  readonly enabled?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
  readonly secrets?: Readonly<Record<string, string>>
}

export async function changeAccount(
  tx: Tx,
  tenant: TenantId,
  id: AccountId,
  change: AccountChange,
): Promise<StoredAccount | undefined> {
  const secrets = change.secrets && tx.sealer.seal(secretsOf(tenant, id), JSON.stringify(change.secrets))
  const before = change.enabled === true ? await findAccountOf(tx, tenant, id) : undefined
  const row = await tx.db
    .updateTable('account')
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.enabled === undefined ? {} : { enabled: change.enabled ? 1 : 0 }),
      ...(change.settings === undefined ? {} : { settings: JSON.stringify(change.settings) }),
      ...(secrets === undefined ? {} : { secrets }),
      id,
    })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (before?.enabled === false) await hurryMerchants(tx, id)
  tx.afterCommit(changed)
  return row && accountOf(tx, row)
}

/** By our id alone: for callbacks, whose address names the account, and for our own rows. */
export async function findAccount(reads: Reads, id: AccountId): Promise<StoredAccount | undefined> {
  const row = await reads.db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()
  return row && accountOf(reads, row)
}

/** How often accounts were changed in this process, in whichever of its databases: a needless look costs nothing. */
let changes = 0
const changed = () => {
  changes += 1
}

/** What another process changes is seen after this long. */
const fresh = 2_000

/**
 * As `findAccount`, but looking and unsealing are not done for every callback. What this process changes counts from its commit on.
 * Only what is there is held: an address that nobody has must not push out one that somebody has.
 */
export function heldAccounts(
  reads: Reads,
  most = 1_000,
): (id: AccountId) => StoredAccount | Promise<StoredAccount | undefined> {
  const held = new Map<
    AccountId,
    { readonly account: StoredAccount; readonly change: number; readonly until: number }
  >()
  async function look(id: AccountId): Promise<StoredAccount | undefined> {
    // Before the look: a change that commits during it makes it stale.
    const change = changes
    const until = reads.clock.now() + fresh
    const account = await findAccount(reads, id)
    held.delete(id)
    if (account) held.set(id, { account, change, until })
    const [oldest] = held.keys()
    if (oldest !== undefined && held.size > most) held.delete(oldest)
    return account
  }
  return (id) => {
    const known = held.get(id)
    const now = reads.clock.now()
    // A clock that was set back must not make it live longer.
    const valid = known && known.change === changes && now < known.until && now >= known.until - fresh
    return valid ? known.account : look(id)
  }
}

/** Of this tenant, or not at all. */
export async function findAccountOf(reads: Reads, tenant: TenantId, id: AccountId): Promise<StoredAccount | undefined> {
  const account = await findAccount(reads, id)
  return account?.tenant === tenant ? account : undefined
}

/** Holds the account until the end of the transaction, so that a change is made to what was read. */
export async function lockAccount(tx: Tx, tenant: TenantId, id: AccountId): Promise<StoredAccount | undefined> {
  const query = tx.db.selectFrom('account').selectAll().where('tenant', '=', tenant).where('id', '=', id)
  const row = await forUpdate(tx, query).executeTakeFirst()
  return row && accountOf(tx, row)
}

export async function listAccounts(reads: Reads, tenant: TenantId): Promise<readonly StoredAccount[]> {
  const rows = await reads.db.selectFrom('account').selectAll().where('tenant', '=', tenant).orderBy('id').execute()
  return rows.map((row) => accountOf(reads, row))
}

/** Of every tenant: for what happens by the clock. */
export async function enabledAccounts(reads: Reads): Promise<readonly StoredAccount[]> {
  const rows = await reads.db.selectFrom('account').selectAll().where('enabled', '=', 1).orderBy('id').execute()
  return rows.map((row) => accountOf(reads, row))
}

const secretsOf = (tenant: string, row: string) => ({ tenant, table: 'account', row, column: 'secrets' })

function accountOf(reads: Reads, row: AccountRow): StoredAccount {
  const secrets = ours<Record<string, string>>(reads.sealer.open(secretsOf(row.tenant, row.id), row.secrets))
  return {
    id: asId(row.id),
    tenant: asId(row.tenant),
    platform: row.platform as PlatformName,
    outsideId: row.outside_id,
    name: row.name,
    enabled: row.enabled === 1,
    settings: ours(row.settings),
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, new Secret(text)])),
  }
}
