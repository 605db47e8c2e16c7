import { asId, type BotId, instant, newId, type TenantId } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { BotRow } from './tables.ts'

/** A chat connection of a tenant, with its secrets opened. */
export interface StoredBot {
  readonly id: BotId
  readonly tenant: TenantId
  readonly kind: string
  readonly name: string
  readonly enabled: boolean
  readonly settings: Record<string, unknown>
  readonly secrets: Readonly<Record<string, string>>
}

/** @returns undefined when the tenant has a bot of that name. */
export async function createBot(tx: Tx, bot: Omit<StoredBot, 'id'>): Promise<StoredBot | undefined> {
  const id = newId('bot', tx.random, tx.clock.now())
  const row = await tx.db
    .insertInto('bot')
    .values({
      id,
      tenant: bot.tenant,
      kind: bot.kind,
      name: bot.name,
      enabled: bot.enabled ? 1 : 0,
      settings: JSON.stringify(bot.settings),
      secrets: tx.sealer.seal(secretsOf(bot.tenant, id), JSON.stringify(bot.secrets)),
      created_at: instant(tx.clock.now()),
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && botOf(tx, row)
}

export interface BotChange {
  readonly name?: string
  readonly enabled?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
  readonly secrets?: Readonly<Record<string, string>>
}

/** @returns undefined when there is none, 'taken' when another of the tenant has the name. */
export async function changeBot(
  tx: Tx,
  { tenant, id }: Pick<StoredBot, 'tenant' | 'id'>,
  { name, enabled, settings, secrets }: BotChange,
): Promise<StoredBot | 'taken' | undefined> {
  if (name !== undefined && (await isTaken(tx, { tenant, id }, name))) return 'taken'
  const row = await tx.db
    .updateTable('bot')
    .set({
      id,
      ...(name === undefined ? {} : { name }),
      ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
      ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
      ...(secrets === undefined ? {} : { secrets: tx.sealer.seal(secretsOf(tenant, id), JSON.stringify(secrets)) }),
    })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && botOf(tx, row)
}

export async function enableBot(tx: Tx, tenant: TenantId, id: BotId, enabled: boolean): Promise<StoredBot | undefined> {
  const changed = await changeBot(tx, { tenant, id }, { enabled })
  return changed === 'taken' ? undefined : changed
}

async function isTaken(reads: Reads, { tenant, id }: Pick<StoredBot, 'tenant' | 'id'>, name: string): Promise<boolean> {
  const other = await reads.db
    .selectFrom('bot')
    .select('id')
    .where('tenant', '=', tenant)
    .where('name', '=', name)
    .where('id', '<>', id)
    .executeTakeFirst()
  return other !== undefined
}

/** With its chats with one person alone; groups must have been let go before. @returns whether it was there */
export async function removeBot(tx: Tx, tenant: TenantId, id: BotId): Promise<boolean> {
  const gone = await tx.db.deleteFrom('bot').where('tenant', '=', tenant).where('id', '=', id).returning('id').execute()
  if (gone.length === 0) return false
  await tx.db.deleteFrom('room').where('bot', '=', id).where('alone', '=', 1).execute()
  return true
}

/** For whoever changes it: it stays as it is read here until the transaction ends. */
export async function lockBot(tx: Tx, tenant: TenantId, id: BotId): Promise<StoredBot | undefined> {
  const query = tx.db.selectFrom('bot').selectAll().where('tenant', '=', tenant).where('id', '=', id)
  const row = await forUpdate(tx, query).executeTakeFirst()
  return row && botOf(tx, row)
}

export async function listBots(reads: Reads, tenant: TenantId): Promise<readonly StoredBot[]> {
  const rows = await reads.db.selectFrom('bot').selectAll().where('tenant', '=', tenant).orderBy('id').execute()
  return rows.map((row) => botOf(reads, row))
}

export async function findBot(reads: Reads, id: BotId): Promise<StoredBot | undefined> {
  const row = await reads.db.selectFrom('bot').selectAll().where('id', '=', id).executeTakeFirst()
  return row && botOf(reads, row)
}

/** Of every tenant: what the process runs. */
export async function enabledBots(reads: Reads): Promise<readonly StoredBot[]> {
  const rows = await reads.db.selectFrom('bot').selectAll().where('enabled', '=', 1).orderBy('id').execute()
  return rows.map((row) => botOf(reads, row))
}

const secretsOf = (tenant: string, row: string) => ({ tenant, table: 'bot', row, column: 'secrets' })

const botOf = (reads: Reads, row: BotRow): StoredBot => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  kind: row.kind,
  name: row.name,
  enabled: row.enabled === 1,
  settings: ours(row.settings),
  secrets: ours(reads.sealer.open(secretsOf(row.tenant, row.id), row.secrets)),
})
