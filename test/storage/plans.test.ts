import { CompiledQuery, sql } from 'kysely'
import { expect, test } from 'vitest'
import { openKeys } from '../../src/storage/data-keys.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Reads } from '../../src/storage/storage.ts'
import { sqlite } from '../support/databases.ts'
import { askingFunctions } from './plans/asking.ts'
import { caseCases } from './plans/case-cases.ts'
import type { Cases } from './plans/cases.ts'
import { type Heard, listening, planOf } from './plans/ears.ts'
import { houseCases } from './plans/house-cases.ts'
import { faultsOf } from './plans/judge.ts'
import { roomCases } from './plans/room-cases.ts'
import { setUpCases } from './plans/set-up-cases.ts'
import { makeWorld } from './plans/world.ts'

// Without statistics SQLite takes the same way whatever is in its tables: https://sqlite.org/queryplanner-ng.html#qpstab.
// So a small database shows the way; the test of 300,000 rows shows that this is so.

const cases: Cases = { ...setUpCases, ...caseCases, ...roomCases, ...houseCases }
const { functions, sites } = askingFunctions(new URL('../../src/storage/', import.meta.url))

/** What is not asked here, and why. By function, its file's for `*`. */
const notAsked: Readonly<Record<string, string>> = {
  'audit.inTurn': 'a lock of PostgreSQL',
  'refunds.lockOrder': 'a lock of PostgreSQL',
  'health.checksumFailures': 'a question to PostgreSQL about itself',
  'receipts.createReceipts': 'two plain inserts, by the writing thread; the other way is of PostgreSQL',
  'receipts.postgresWrite': 'PostgreSQL',
  'migrate.*': 'migrations read and write as much as they must, once',
  'open.*': 'opens and ends transactions',
}

/** Who may read all of something, and why. */
const readsAll: Readonly<Record<string, string>> = {
  'merchants.listMerchants': 'the list of an account is what is asked for',
  'merchants.hurryMerchants': 'all under an account are to be asked at once, when it is switched on',
  'accounts.changeAccount': 'the same',
  'rooms.removeRoom': 'its buttons go with it, all of them',
  'figures.jobFigures': 'how many wait is the question: they are counted out of an index',
}

const isListed = (name: string) => name in notAsked || `${name.split('.')[0]}.*` in notAsked

test('every function of storage/ that asks the database is asked here, or says why not', () => {
  const expected = functions.filter((name) => !isListed(name)).sort()
  expect(Object.keys(cases).sort()).toEqual(expected)
  expect(expected.length).toBeGreaterThan(330)
  const known = [...functions, ...sites.values()]
  for (const name of Object.keys(notAsked))
    expect(
      known.some((one) => one === name || (name.endsWith('.*') && one.startsWith(name.slice(0, -1)))),
      name,
    ).toBe(true)
})

test('every statement of storage/ is heard here, and none goes through what it does not need', async () => {
  const { database } = await sqlite.open()
  const { asked, failed } = await askAll(database)
  expect(failed).toEqual([])
  const heard = new Set([...asked].flatMap(([, all]) => all.map(({ site }) => site)))
  const unheard = [...sites].filter(([site, name]) => !heard.has(site) && !isListed(name)).map(([site]) => site)
  expect(unheard).toEqual([])
  const faults: string[] = []
  const allowed = new Set<string>()
  for (const [name, all] of asked)
    for (const one of all)
      for (const fault of faultsOf(one.sql, await planOf(database.reads, one))) {
        if (name in readsAll) allowed.add(name)
        else faults.push(`${name}: ${fault} · ${one.sql}`)
      }
  expect([...new Set(faults)]).toEqual([])
  // One that is listed and needs it no more is to be taken off.
  expect([...allowed].sort()).toEqual(Object.keys(readsAll).sort())
})

test('with 300,000 rows, and once it was closed while it was small, it goes the same ways', async () => {
  const { database, again } = await sqlite.open()
  const { asked } = await askAll(database)
  const statements = [...new Map([...asked].flatMap(([, all]) => all.map((one) => [one.sql, one]))).values()]
  const before = await plansOf(database.reads, statements)
  await database.close()
  const later = again()
  expect(await plansOf(later.reads, statements)).toEqual(before)
  for (const table of ['complaint', 'fact', 'delivery', 'job']) await grow(later, table, 300_000)
  expect(await plansOf(later.reads, statements)).toEqual(before)
}, 120_000)

test('the judge sees what reads too much, whatever it is called', () => {
  const all = 'select * from "fact" where "at" > ?'
  expect(faultsOf(all, ['SCAN fact'])).toEqual(['SCAN fact'])
  const covering = 'SCAN fact USING COVERING INDEX sqlite_autoindex_fact_2'
  expect(faultsOf(all, [covering])).toEqual([covering])
  expect(faultsOf('select 1 from "fact" as "other"', ['SCAN other'])).toEqual(['SCAN other'])
  const ofTenant = 'SEARCH fact USING INDEX x (tenant=?)'
  expect(faultsOf(all, [ofTenant])).toEqual([ofTenant])
  expect(faultsOf(`${all} limit ?`, [ofTenant])).toEqual([])
  expect(faultsOf(`${all} limit ?`, [ofTenant, 'USE TEMP B-TREE FOR ORDER BY'])).toEqual([ofTenant])
  expect(faultsOf(all, ['SEARCH fact USING INDEX x (tenant=? AND id>?)'])).toEqual([])
  expect(faultsOf(all, ['SEARCH complaint USING INDEX x (tenant=? AND running<?)'])).toHaveLength(1)
  expect(faultsOf(all, ['SCAN tenant', 'SCAN delivery USING INDEX delivery_waiting'])).toEqual([])
  expect(faultsOf(all, ['SCAN template', 'SEARCH template USING INDEX x (tenant=?)'])).toEqual(['SCAN template'])
  // What reads its first rows in their order, and nothing else, reads as many as are wanted.
  expect(faultsOf('select * from "audit" order by "nr" desc limit ?', ['SCAN audit'])).toEqual([])
  expect(faultsOf('select * from "audit" where "at" > ? limit ?', ['SCAN audit'])).toEqual(['SCAN audit'])
})

const undone = new Error('undone')

/** Each case in the same world: what it changes is undone. */
async function askAll(database: Database) {
  await openKeys(database)
  const world = await database.transaction(makeWorld)
  const asked = new Map<string, readonly Heard[]>()
  const failed: string[] = []
  for (const [name, ask] of Object.entries(cases)) {
    const heard: Heard[] = []
    const work = database.transaction(async (tx) => {
      await ask(
        listening(tx, (one) => heard.push(one)),
        world,
      )
      throw undone
    })
    await work.catch((error: unknown) => {
      if (error !== undone) failed.push(`${name}: ${error}`)
    })
    if (heard.length === 0) failed.push(`${name} asks nothing`)
    asked.set(name, heard)
  }
  return { asked, failed }
}

async function plansOf(reads: Reads, statements: readonly Heard[]): Promise<readonly string[]> {
  const plans: string[] = []
  for (const one of statements) plans.push(`${one.sql}: ${(await planOf(reads, one)).join(' | ')}`)
  return plans
}

/** So many rows as one that is there; where rows must differ, they do by a number. */
async function grow(database: Database, table: string, rows: number): Promise<void> {
  await database.transaction(async ({ db }) => {
    await sql`insert or ignore into job (queue, key, run_at, wanted, attempts) values ('q', 'k', 'x', 1, 0)`.execute(db)
    const ask = <Row>(text: string) => db.executeQuery<Row>(CompiledQuery.raw(text)).then((found) => found.rows)
    const columns = await ask<{ name: string }>(`select name from pragma_table_info('${table}')`)
    // Made anew at the end: that is ten times faster.
    const indexes = await ask<{ name: string; sql: string }>(
      `select name, sql from sqlite_schema where tbl_name = '${table}' and type = 'index' and sql is not null`,
    )
    for (const { name } of indexes) await ask(`drop index ${name}`)
    const own = ['id', 'key', 'number', 'fact', 'running', 'nr']
    // In no index, and most of the bytes.
    const long = ['snapshot', 'person', 'body', 'grams']
    const value = (name: string) => (own.includes(name) ? `"${name}" || n` : long.includes(name) ? "''" : `"${name}"`)
    const values = columns.map(({ name }) => value(name))
    await ask(`insert into ${table}
      with recursive count(n) as (select 1000000 union all select n + 1 from count where n < ${1_000_000 + rows - 1})
      select ${values} from (select * from ${table} limit 1), count`)
    for (const { sql: text } of indexes) await ask(text)
    expect(await ask(`select count(*) >= ${rows} as enough from ${table}`)).toEqual([{ enough: 1 }])
  })
}
