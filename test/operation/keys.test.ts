import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { armFailpoints } from '../../src/core/failpoint.ts'
import { createSealer, type Sealed, WrongMaster } from '../../src/core/seal.ts'
import { fen, instant } from '../../src/core/words.ts'
import { dataKeys, holdKeys, openKeys } from '../../src/storage/data-keys.ts'
import { adoptNextMasterKey, masterKey } from '../../src/storage/master-key.ts'
import { type Database, openPostgres, openSqlite } from '../../src/storage/open.ts'
import { reseal, sealedColumns } from '../../src/storage/reseal.ts'
import { rotateMaster } from '../../src/storage/rotate.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { type DatabaseKind, onEachDatabase, type TestDatabase } from '../support/databases.ts'
import { upkeepPoints } from '../support/kill-points.ts'

afterEach(() => armFailpoints(undefined))

const reached = new Set<string>()
/** Dies at the point, once. */
function dieAt(point: string): void {
  armFailpoints((name) => {
    reached.add(name)
    if (name !== point) return
    armFailpoints(undefined)
    throw new Error(`died at ${name}`)
  })
}

function openedBy(db: TestDatabase, master: Buffer, next?: Buffer): Database {
  const parts = { sealer: createSealer(master, randomBytes, next), clock: db.clock, random: randomBytes }
  const database = db.where.startsWith('postgres')
    ? openPostgres({ ...parts, url: db.where })
    : openSqlite({ ...parts, file: db.where, synchronous: 'off' })
  onTestFinished(() => database.close())
  return database
}

const first = Buffer.alloc(32, 7)
const values = 3

interface Kept {
  readonly table: string
  readonly column: string
  readonly tenant: string
  readonly row: string
  readonly text: string
}

/** Two businesses with something sealed in every place where something may be, some of it older than data keys. */
async function filled({ open }: DatabaseKind) {
  const db = await open()
  // As an older version left it: sealed by what the master key itself stands for.
  const kept = [...(await fill(db.database, 'ten_older', 'a'))]
  await openKeys(db.database)
  const tenants = await db.database.transaction(async (tx) =>
    Promise.all(
      ['one', 'two'].map((handle) =>
        createTenant(tx, { handle, name: handle, zone: 'Asia/Shanghai', language: 'en', secondPersonFrom: fen(1) }),
      ),
    ),
  )
  for (const [index, tenant] of tenants.entries())
    kept.push(...(await fill(db.database, tenant?.id ?? '', `b${index}`)))
  return { db, kept }
}

async function fill(database: Database, tenant: string, mark: string): Promise<readonly Kept[]> {
  const { sealer } = database.reads
  const tables = await database.reads.db.introspection.getTables()
  const kept: Kept[] = []
  await database.bare(async (typed) => {
    // biome-ignore lint/suspicious/noExplicitAny: rows of tables that are named by text
    const db = typed as Kysely<any>
    for (const table of new Set(sealedColumns.map(({ table }) => table)))
      for (let n = 0; n < values; n++) {
        const columns = tables.find(({ name }) => name === table)?.columns ?? []
        const row = Object.fromEntries(
          columns
            .filter(({ isNullable }) => !isNullable)
            .map(({ name, dataType }) => [name, /int/i.test(dataType) ? n : `${mark}${n}-${name}`]),
        )
        if ('tenant' in row) row.tenant = tenant
        for (const place of sealedColumns.filter((one) => one.table === table)) {
          const at = { tenant: place.tenant ? tenant : '', table, row: String(row[place.row]), column: place.column }
          const text = `${table} ${place.column} ${mark}${n} 张三`
          row[place.column] = sealer.seal(at, text)
          kept.push({ ...at, text })
        }
        if (table === 'complaint') row.running = Number(`${mark.charCodeAt(0)}${mark.charCodeAt(1) || 0}${n}`)
        await db.insertInto(table).values(row).execute()
      }
  })
  return kept
}

/** All of it, as this handle opens it, and the key by which each is sealed. */
async function read(database: Database, kept: readonly Kept[]) {
  const { sealer, db } = database.reads
  const found: { text: string; key: string }[] = []
  for (const { text: _, ...place } of kept) {
    const column = sealedColumns.find((one) => one.table === place.table && one.column === place.column)
    const { rows } = await sql<{ value: Sealed }>`
      select ${sql.ref(place.column)} as value from ${sql.table(place.table)}
      where ${sql.ref(column?.row ?? '')} = ${place.row}`.execute(db)
    const value = rows[0]?.value ?? ('' as Sealed)
    found.push({ text: sealer.open(place, value), key: value.split('.')[1] ?? '' })
  }
  return found
}

const texts = (kept: readonly { readonly text: string }[]) => kept.map(({ text }) => text)

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'redress-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  writeFileSync(join(path, 'master.key'), `${first.toString('base64')}\n`, { mode: 0o600 })
  return path
}

test('every sealed column of the tables is among those that are sealed anew', () => {
  const source = readFileSync(new URL('../../src/storage/tables.ts', import.meta.url), 'utf8')
  const [, names = ''] = /export interface Tables \{([^}]*)\}/.exec(source) ?? []
  const tableOf = new Map([...names.matchAll(/(\w+): (\w+)/g)].map(([, table, row]) => [row, table]))
  const sealed = [...source.matchAll(/export interface (\w+Row) \{([^}]*)\}/g)].flatMap(([, row, body = '']) =>
    [...body.matchAll(/(\w+): Sealed/g)].map(([, column]) => `${tableOf.get(row)}.${column}`),
  )
  expect(sealed.length).toBeGreaterThan(10)
  expect(sealed.sort()).toEqual(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort())
})

onEachDatabase('keys that seal', (kind) => {
  test('each business has its own; what is older still opens; the next start finds them all', async () => {
    const { db, kept } = await filled(kind)
    const ids = (await read(db.database, kept)).map(({ key }, index) => `${kept[index]?.tenant} ${key}`)
    const ofTenants = [...new Set(ids)].filter((id) => !id.startsWith(' ')).map((id) => id.split(' '))
    expect(ofTenants).toHaveLength(3)
    expect(new Set(ofTenants.map(([tenant]) => tenant)).size).toBe(3)
    expect(new Set(ofTenants.map(([, key]) => key)).size).toBe(3)
    const next = openedBy(db, first)
    await openKeys(next)
    expect(texts(await read(next, kept))).toEqual(texts(kept))
    expect(next.reads.sealer.pseudonym('t', 'phone 1')).toBe(createSealer(first, randomBytes).pseudonym('t', 'phone 1'))
  })

  test('an older database is not taken over by a wrong master key', async () => {
    const db = await kind.open()
    await fill(db.database, 'ten_older', 'a')
    await expect(openKeys(openedBy(db, Buffer.alloc(32, 9)))).rejects.toThrow(WrongMaster)
    expect(await dataKeys(db.database.reads)).toEqual([])
    await openKeys(db.database)
  })

  test('one who holds only the database and another master key opens nothing', async () => {
    const { db } = await filled(kind)
    const stranger = openedBy(db, Buffer.alloc(32, 9))
    await expect(openKeys(stranger)).rejects.toThrow(WrongMaster)
    await expect(holdKeys(stranger)).rejects.toThrow(/master key/)
    // Nor by giving a key of one business out as another's.
    await db.database.bare((typed) =>
      typed.updateTable('data_key').set({ tenant: 'ten_x' }).where('nr', '=', 3).execute(),
    )
    await expect(holdKeys(openedBy(db, first))).rejects.toThrow()
  })

  const points = upkeepPoints().filter((point) => point.startsWith('upkeep.master-'))
  test.each(['', ...points])('a new master key: nothing is lost, killed at "%s"', async (point) => {
    const { db, kept } = await filled(kind)
    const who = db.database.reads.sealer.pseudonym('t', 'phone 13800136688')
    const data = folder()
    dieAt(point)
    const done = await rotateMaster(db.database, data).catch(() => 'died' as const)
    armFailpoints(undefined)
    expect(done === 'died').toBe(point !== '')
    // The next start, and the command once more where it had not come through.
    let later = 0
    const start = async () => {
      const { key, next } = masterKey(data, true)
      const database = openedBy(db, key, next)
      await openKeys(database)
      if (database.reads.sealer.keys.onNext) adoptNextMasterKey(data, instant(db.clock.now() + ++later))
      return database
    }
    const started = await start()
    expect(texts(await read(started, kept))).toEqual(texts(kept))
    if (masterKey(data, true).key.equals(first)) await rotateMaster(started, data)
    const after = await start()
    expect(masterKey(data, true).key.equals(first)).toBe(false)
    expect(existsSync(join(data, 'master.key.next'))).toBe(false)
    expect(readdirSync(data).some((name) => name.startsWith('master.key.until-'))).toBe(true)
    expect(texts(await read(after, kept))).toEqual(texts(kept))
    expect(after.reads.sealer.pseudonym('t', 'phone 13800136688')).toBe(who)
    await expect(openKeys(openedBy(db, first))).rejects.toThrow(WrongMaster)
  })

  const sealing = upkeepPoints().filter((point) => point.startsWith('upkeep.reseal-'))
  test.each(['', ...sealing])('everything sealed anew: nothing is lost, killed at "%s"', async (point) => {
    const { db, kept } = await filled(kind)
    const before = await read(db.database, kept)
    dieAt(point)
    const died = await reseal(db.database, () => {}).then(
      () => false,
      () => true,
    )
    armFailpoints(undefined)
    expect(died).toBe(point !== '')
    const between = openedBy(db, first)
    await openKeys(between)
    expect(texts(await read(between, kept))).toEqual(texts(kept))
    const keys = (await dataKeys(between.reads)).length
    if (died) await reseal(between, () => {})
    if (point !== '') expect((await dataKeys(between.reads)).length).toBeLessThan(keys)
    const after = openedBy(db, first)
    await openKeys(after)
    const now = await read(after, kept)
    expect(texts(now)).toEqual(texts(kept))
    const old = new Set(before.map(({ key }) => key))
    expect(now.filter(({ key }) => old.has(key))).toEqual([])
    // One of each business and one of nobody's, and the one that hashes.
    expect(await dataKeys(after.reads)).toHaveLength(4)
  })
})

test('every point at which these commands may die was died at', () => {
  expect(upkeepPoints().filter((point) => /\.(master|reseal)-/.test(point) && !reached.has(point))).toEqual([])
})
