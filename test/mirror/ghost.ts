import { sql } from 'kysely'
import { asId, type TenantId } from '../../src/core/words.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { namesOf, type Row, rowsOf, type Table, tablesOf } from './rows.ts'

export const ghost = asId<'tenant'>('ten_ghost')

/** How what is `name` in one business is called in its ghost. */
export const inGhost = (name: string): string => `${name}g`

/** Nothing here is a business's to copy: work that waits, and bytes. */
const uncopied = new Set(['job', 'tick', 'forgetting', 'picture', 'repeat', 'data_key'])

/**
 * A business that is another one in everything but its name: each row once more, with ids of its own, and all else as it is there.
 * What such a business does or has can be told apart by the tenant alone.
 */
export async function haunt(tx: Tx, tenant: TenantId): Promise<void> {
  const names = (await namesOf(tx, tenant)).filter((name) => name !== tenant)
  const known = new Set(names)
  const renamed = (value: unknown): unknown =>
    typeof value !== 'string'
      ? value
      : value === tenant
        ? ghost
        : value.replace(/[\w-]{9,}/g, (word) => (known.has(word) ? inGhost(word) : word))
  for (const table of await tablesOf(tx)) {
    if (uncopied.has(table.name)) continue
    const unique = await uniqueOf(tx, table)
    for (const row of await rowsOf(tx, table.name)) {
      const copy = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, renamed(value)]))
      if (Object.keys(row).every((column) => copy[column] === row[column])) continue
      for (const columns of unique) {
        const last = columns.findLast((column) => typeof copy[column] === 'string') ?? ''
        if (columns.every((column) => copy[column] === row[column])) copy[last] = inGhost(String(copy[last]))
      }
      if ('nr' in copy && table.name === 'audit') copy.nr = Number(copy.nr) + 100_000
      await insert(tx, table, copy)
    }
  }
}

const insert = (tx: Tx, { name, columns }: Table, row: Row) =>
  sql`insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.id(column)))})
    values (${sql.join(columns.map((column) => sql`${row[column]}`))})`.execute(tx.db)

async function uniqueOf(tx: Tx, { name }: Table): Promise<readonly (readonly string[])[]> {
  const indexes = await sql<{ name: string }>`select name from pragma_index_list(${name}) where "unique" = 1`.execute(
    tx.db,
  )
  const found: string[][] = []
  for (const index of indexes.rows) {
    const { rows } = await sql<{ name: string }>`select name from pragma_index_info(${index.name})`.execute(tx.db)
    found.push(rows.map((column) => column.name).filter(Boolean))
  }
  return found
}

/** Runs it, and lets nothing of it stay. */
export async function undone<Result>(storage: Database, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const held: { result?: Result } = {}
  const back = new Error('undone')
  await storage
    .transaction(async (tx) => {
      held.result = await work(tx)
      throw back
    })
    .catch((error: unknown) => {
      if (error !== back) throw error
    })
  return held.result as Result
}
