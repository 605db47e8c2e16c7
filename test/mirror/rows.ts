import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { TenantId } from '../../src/core/words.ts'
import type { Reads } from '../../src/storage/storage.ts'

export type Row = Readonly<Record<string, unknown>>

export interface Table {
  readonly name: string
  readonly columns: readonly string[]
}

const known = new WeakMap<Reads['db'], readonly Table[]>()

/** As they are in the database, whatever our types say. */
export async function tablesOf(reads: Reads): Promise<readonly Table[]> {
  const tables = known.get(reads.db) ?? (await readTables(reads))
  known.set(reads.db, tables)
  return tables
}

async function readTables({ db }: Reads): Promise<readonly Table[]> {
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'kysely%' and name not like 'sqlite%'
    order by name`.execute(db)
  const found: Table[] = []
  for (const { name } of rows) {
    const columns = await sql<{ name: string }>`select name from pragma_table_info(${name})`.execute(db)
    found.push({ name, columns: columns.rows.map((column) => column.name) })
  }
  return found
}

export const hasTenant = ({ columns }: Table): boolean => columns.includes('tenant')

export async function rowsOf({ db }: Reads, table: string): Promise<readonly Row[]> {
  return (await sql<Row>`select * from ${sql.table(table)}`.execute(db)).rows
}

/** What names a row of this tenant in other tables. */
const naming = ['id', 'hash', 'token', 'handle'] as const

/** Everything of one tenant: rows that say so, and rows without a tenant that name one of those; a text for each table. */
export async function dumpOf(reads: Reads, tenant: TenantId): Promise<ReadonlyMap<string, string>> {
  const tables = await tablesOf(reads)
  const all = new Map<string, readonly Row[]>()
  for (const { name } of tables) all.set(name, await rowsOf(reads, name))
  const names = new Set<string>([tenant])
  const own = (name: string) => (all.get(name) ?? []).filter((row) => row.tenant === tenant)
  for (const table of tables.filter(hasTenant))
    for (const row of own(table.name)) if (typeof row.id === 'string') names.add(row.id)
  const isTheirs = (row: Row) =>
    Object.values(row).some(
      (value) =>
        typeof value === 'string' && (names.has(value) || value.split(/[:/ ]/).some((part) => names.has(part))),
    )
  return new Map(
    tables.map((table) => {
      // The bytes of pictures are nobody's row: none of them may go or change.
      const whole = table.name === 'picture'
      const rows = hasTenant(table)
        ? own(table.name)
        : (all.get(table.name) ?? []).filter((row) => whole || isTheirs(row))
      return [table.name, rows.map(lineOf).sort().join('\n')] as const
    }),
  )
}

const lineOf = (row: Row): string =>
  JSON.stringify(row, (_, value) => (Buffer.isBuffer(value) ? createHash('sha256').update(value).digest('hex') : value))

/** The names of the tables in which something differs. @param grow tables that may have more rows than before */
export function differing(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  grow: readonly string[] = [],
): readonly string[] {
  const lines = (text = '') => text.split('\n').filter(Boolean)
  return [...after.keys()].filter((table) => {
    if (before.get(table) === after.get(table)) return false
    const now = new Set(lines(after.get(table)))
    return !grow.includes(table) || lines(before.get(table)).some((line) => !now.has(line))
  })
}

/** Ids and the like by which a tenant's rows are known. */
export async function namesOf(reads: Reads, tenant: TenantId): Promise<readonly string[]> {
  const found = new Set<string>([tenant])
  for (const table of (await tablesOf(reads)).filter(hasTenant))
    for (const row of await rowsOf(reads, table.name))
      if (row.tenant === tenant)
        for (const name of naming) {
          const value = row[name]
          if (typeof value === 'string' && value.length > 8) found.add(value)
        }
  return [...found]
}
