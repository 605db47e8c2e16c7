import { told } from '../core/errors.ts'
import { type DataKey, type KeyRing, WrongMaster } from '../core/seal.ts'
import { instant } from '../core/words.ts'
import type { Database } from './open.ts'
import type { Reads, Tx } from './storage.ts'

/** The keys that are kept, the oldest first: of each tenant the last one seals. */
export async function dataKeys(reads: Reads): Promise<readonly DataKey[]> {
  return reads.db
    .selectFrom('data_key')
    .select(['id', 'tenant', 'purpose', 'wrapped', 'master'])
    .orderBy('nr')
    .orderBy('id')
    .execute()
}

/**
 * Opens the keys, and makes what is missing: the first ones of an installation, and those of tenants without one.
 * @throws WrongMaster
 */
export async function openKeys(database: Database): Promise<void> {
  const { keys } = database.reads.sealer
  const kept = await database.transaction(async (tx) => {
    const there = await dataKeys(tx)
    if (there.length === 0) {
      await openOne(tx)
      await insertKeys(tx, keys.first())
    } else keys.hold(there)
    for (const tenant of await tenantsWithout(tx)) await insertKeys(tx, [keys.make(tenant)])
    return dataKeys(tx)
  })
  keys.hold(kept)
}

/** A database that is older than data keys: what is wrapped for it by a wrong master key would open nothing of it. @throws WrongMaster */
async function openOne(tx: Tx): Promise<void> {
  const account = await tx.db.selectFrom('account').select(['id', 'tenant', 'secrets']).limit(1).executeTakeFirst()
  const bot = await tx.db.selectFrom('bot').select(['id', 'tenant', 'secrets']).limit(1).executeTakeFirst()
  for (const [table, row] of [['account', account] as const, ['bot', bot] as const])
    try {
      if (row) tx.sealer.open({ tenant: row.tenant, table, row: row.id, column: 'secrets' }, row.secrets)
    } catch (error) {
      throw new WrongMaster(
        `the master key does not open what is in the database (${told(error)}): put back the one that it was sealed with`,
      )
    }
}

/** Opens what is there and writes nothing: of a database that an older program left there may be none. @throws WrongMaster */
export async function holdKeys({ reads }: Pick<Database, 'reads'>): Promise<void> {
  const tables = await reads.db.introspection.getTables()
  if (tables.some(({ name }) => name === 'data_key')) reads.sealer.keys.hold(await dataKeys(reads))
}

/** A new tenant's own key; it seals once the tenant is there. */
export async function giveKey(tx: Tx, tenant: string): Promise<void> {
  const { keys } = tx.sealer
  if (!keys.held) return
  const made = keys.make(tenant)
  await insertKeys(tx, [made])
  tx.afterCommit(() => keys.hold([made]))
}

export async function insertKeys(tx: Tx, keys: readonly DataKey[]): Promise<void> {
  if (keys.length === 0) return
  const created_at = instant(tx.clock.now())
  const { last } = await tx.db
    .selectFrom('data_key')
    .select(({ fn }) => fn.max<number | null>('nr').as('last'))
    .executeTakeFirstOrThrow()
  await tx.db
    .insertInto('data_key')
    .values(keys.map((key, index) => ({ ...key, nr: Number(last ?? 0) + index + 1, created_at })))
    .execute()
}

/** All or none of them, under another master key. */
export async function rewrapKeys(tx: Tx, ring: KeyRing, master: Buffer): Promise<number> {
  const rewrapped = ring.rewrap(await dataKeys(tx), master)
  for (const { id, wrapped, master: by } of rewrapped)
    await tx.db.updateTable('data_key').set({ wrapped, master: by }).where('id', '=', id).execute()
  return rewrapped.length
}

async function tenantsWithout(reads: Reads): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('tenant')
    .select('tenant.id')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('data_key').select('data_key.id').whereRef('data_key.tenant', '=', 'tenant.id'))),
    )
    .orderBy('tenant.id')
    .execute()
  return rows.map(({ id }) => id)
}
