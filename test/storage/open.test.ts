import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { manualClock } from '../../src/core/clock.ts'
import { createSealer } from '../../src/core/seal.ts'
import { openSqlite } from '../../src/storage/open.ts'
import { noon, sqlite } from '../support/databases.ts'

const parts = { sealer: createSealer(Buffer.alloc(32, 1), randomBytes), clock: manualClock(noon), random: randomBytes }

test('a database in memory is refused: it has no second connection to read by', () => {
  expect(() => openSqlite({ ...parts, file: ':memory:' })).toThrow('SQLite needs a file')
})

test('by default every commit is on the disk before it is answered', async () => {
  const { where } = await sqlite.open()
  const database = openSqlite({ ...parts, file: where })
  const pragma = (name: string) => database.stretch?.((file) => file.prepare(`pragma ${name}`).all())
  expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }])
  expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(await pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }])
  await database.close()
})

test('a stretch that throws leaves nothing behind', async () => {
  const { database } = await sqlite.open()
  const broken = database.stretch?.((file) => {
    file.prepare("insert into tick (name, slot) values ('a', 'x')").run()
    throw new Error('half way')
  })
  await expect(broken).rejects.toThrow('half way')
  expect(await database.reads.db.selectFrom('tick').selectAll().execute()).toEqual([])
})
