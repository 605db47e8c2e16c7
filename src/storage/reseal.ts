import { sql } from 'kysely'
import { failpoint } from '../core/failpoint.ts'
import type { Sealed } from '../core/seal.ts'
import { dataKeys, insertKeys } from './data-keys.ts'
import type { Database } from './open.ts'
import type { Tx } from './storage.ts'

interface SealedColumn {
  readonly table: string
  readonly column: string
  /** By what a row is named, and what of it the value is bound to. */
  readonly key: readonly string[]
  readonly row: string
  /** Absent = of no tenant. */
  readonly tenant?: 'tenant'
}

const ofTenant = (table: string, column: string): SealedColumn => ({
  table,
  column,
  key: ['id'],
  row: 'id',
  tenant: 'tenant',
})

/** Every place where something sealed stands. */
export const sealedColumns: readonly SealedColumn[] = [
  ofTenant('account', 'secrets'),
  ofTenant('bot', 'secrets'),
  ofTenant('channel', 'secrets'),
  ofTenant('recipient', 'address'),
  ofTenant('merchant', 'token'),
  ofTenant('merchant', 'refresh_token'),
  ofTenant('complaint', 'person'),
  ofTenant('callback', 'told'),
  { table: 'auth_waiting', column: 'token', key: ['account', 'outside_id'], row: 'hash' },
  { table: 'auth_waiting', column: 'refresh_token', key: ['account', 'outside_id'], row: 'hash' },
  { table: 'token', column: 'value', key: ['account', 'merchant'], row: 'account' },
  { table: 'repeat', column: 'answer', key: ['id'], row: 'id' },
]

/** Rows of one transaction. */
const page = 200

export interface Resealed {
  /** Values that were sealed anew by this call. */
  readonly values: number
  /** Keys that nothing needs any more. */
  readonly dropped: number
}

/**
 * A new key for every tenant, and every sealed value under it; then the old keys are dropped. Nobody else may be writing.
 * May be cut off anywhere: until the end both keys are there, and the next call goes on where this one stopped.
 */
export async function reseal(database: Database, said: (table: string, values: number) => void): Promise<Resealed> {
  await renewKeys(database)
  let values = 0
  for (const where of sealedColumns) {
    const here = await resealColumn(database, where)
    values += here
    if (here > 0) said(`${where.table}.${where.column}`, here)
  }
  failpoint('upkeep.reseal-sealed')
  return { values, dropped: await dropKeys(database) }
}

async function renewKeys(database: Database): Promise<void> {
  const { keys } = database.reads.sealer
  const made = await database.transaction(async (tx) => {
    const there = (await dataKeys(tx)).filter(({ purpose }) => purpose === 'seal')
    const owners = [...new Set(there.map(({ tenant }) => tenant))]
    // Somebody has two: an earlier call was cut off, and its new keys are to be used up first.
    if (owners.length < there.length) return []
    const fresh = owners.map((tenant) => keys.make(tenant))
    await insertKeys(tx, fresh)
    return fresh
  })
  keys.hold(made)
  failpoint('upkeep.reseal-renewed')
}

async function resealColumn(database: Database, where: SealedColumn): Promise<number> {
  let values = 0
  for (let after: readonly string[] | undefined = []; after; ) {
    const reached: readonly string[] = after
    const done = await database.transaction((tx) => resealPage(tx, where, reached))
    failpoint('upkeep.reseal-page')
    values += done.values
    after = done.last
  }
  return values
}

interface Page {
  readonly values: number
  /** Absent = there are no more. */
  readonly last?: readonly string[]
}

async function resealPage(tx: Tx, where: SealedColumn, after: readonly string[]): Promise<Page> {
  const { table, column, key } = where
  const names = sql.join(key.map((name) => sql.ref(name)))
  const beyond = after.length === 0 ? sql`` : sql`where (${names}) > (${sql.join(after.map((part) => sql`${part}`))})`
  const { rows } = await sql<Record<string, string | null>>`
    select * from ${sql.table(table)} ${beyond} order by ${names} limit ${page}`.execute(tx.db)
  let values = 0
  for (const row of rows) {
    const old = row[column] as Sealed | null
    const tenant = where.tenant ? String(row.tenant) : ''
    if (old === null || tx.sealer.keys.current(tenant, old)) continue
    const place = { tenant, table, row: String(row[where.row]), column }
    const fresh = tx.sealer.seal(place, tx.sealer.open(place, old))
    const same = sql.join(
      key.map((name) => sql`${sql.ref(name)} = ${row[name]}`),
      sql` and `,
    )
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${fresh} where ${same}`.execute(tx.db)
    values += 1
  }
  const last = rows.length < page ? undefined : rows.at(-1)
  return last ? { values, last: key.map((name) => String(last[name])) } : { values }
}

async function dropKeys(database: Database): Promise<number> {
  return database.transaction(async (tx) => {
    const there = (await dataKeys(tx)).filter(({ purpose }) => purpose === 'seal')
    const newest = new Set(new Map(there.map(({ id, tenant }) => [tenant, id])).values())
    const old = there.filter(({ id }) => !newest.has(id)).map(({ id }) => id)
    if (old.length > 0) await tx.db.deleteFrom('data_key').where('id', 'in', old).execute()
    return old.length
  })
}
