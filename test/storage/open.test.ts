import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { manualClock } from '../../src/core/clock.ts'
import { createSealer } from '../../src/core/seal.ts'
import { type Batch, createBatchWriter } from '../../src/storage/batch-writer.ts'
import { type Database, openSqlite } from '../../src/storage/open.ts'
import { noon, sqlite } from '../support/databases.ts'

const parts = { sealer: createSealer(Buffer.alloc(32, 1), randomBytes), clock: manualClock(noon), random: randomBytes }

test('a database in memory is refused: it has no second connection to read by', () => {
  expect(() => openSqlite({ ...parts, file: ':memory:' })).toThrow('SQLite needs a file')
})

test('by default every commit is on the disk before it is answered', async () => {
  const { where } = await sqlite.open()
  const database = openSqlite({ ...parts, file: where })
  const pragma = (name: string) => database.bare(async (db) => (await sql.raw(`pragma ${name}`).execute(db)).rows)
  expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }])
  expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(await pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }])
  await database.close()
})

describe('batches on the writing thread', () => {
  const insert = (...names: readonly string[]): Batch => ({
    first: "insert into tick (name, slot) values (?, 'x') on conflict do nothing",
    follow: "insert into tick (name, slot) values (?, 'y')",
    rows: names.map((name) => ({ first: [name], follow: [name] })),
  })
  const ticks = async (database: Database) =>
    (await database.reads.db.selectFrom('tick').selectAll().orderBy('name').orderBy('slot').execute()).map(
      ({ name, slot }) => `${name}${slot}`,
    )

  test('what follows is written only for what was new, and how much was is told', async () => {
    const { database } = await sqlite.open()
    expect(await database.batch?.(() => insert('a', 'b', 'a'))).toEqual([1, 1, 0])
    expect(await ticks(database)).toEqual(['ax', 'ay', 'bx', 'by'])
  })

  test('one that fails half way leaves nothing behind, says why, and the next one is written', async () => {
    const { database } = await sqlite.open()
    const half = { ...insert('a', 'b'), follow: 'insert into tick (name, slot) values (?, null)' }
    await expect(database.batch?.(() => half)).rejects.toThrow('NOT NULL')
    expect(await ticks(database)).toEqual([])
    expect(await database.batch?.(() => insert('c'))).toEqual([1])
    expect(await ticks(database)).toEqual(['cx', 'cy'])
  })

  test('a statement that is none is refused, and the next batch is written', async () => {
    const { database } = await sqlite.open()
    await expect(database.batch?.(() => ({ ...insert('a'), first: 'insert nothing' }))).rejects.toThrow('syntax error')
    expect(await database.batch?.(() => insert('c'))).toEqual([1])
  })

  test('a file that is no database is told as an error, again and again', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'redress-')), 'none.db')
    writeFileSync(path, 'this is no database, but long enough to be looked at as one. '.repeat(20))
    const writer = createBatchWriter({ path, pragmas: ['synchronous = full', 'journal_mode = wal'], timeout: 100 })
    for (let n = 0; n < 2; n++) await expect(writer.write(insert('a'))).rejects.toThrow('not a database')
    await writer.close()
  })

  test('a batch under way is written before the database closes', async () => {
    const { database, where } = await sqlite.open()
    const written = database.batch?.(() => insert('a'))
    await database.close()
    expect(await written).toEqual([1])
    const again = openSqlite({ ...parts, file: where })
    expect(await ticks(again)).toEqual(['ax', 'ay'])
    await again.close()
  })
})
