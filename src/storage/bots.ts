import { asId, type BotId, instant, newId, type TenantId } from '../core/words.ts'
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

export async function enableBot(tx: Tx, tenant: TenantId, id: BotId, enabled: boolean): Promise<StoredBot | undefined> {
  const row = await tx.db
    .updateTable('bot')
    .set({ enabled: enabled ? 1 : 0 })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
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
