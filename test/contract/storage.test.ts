import { type Kysely, sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { silent } from '../../src/core/logger.ts'
import { asId, instant } from '../../src/core/words.ts'
import { lacking, migrate } from '../../src/storage/migrate.ts'
import type { Reads, Tx } from '../../src/storage/storage.ts'
import { lastTick, takeTick } from '../../src/storage/ticks.ts'
import { noon, onEachDatabase } from '../support/databases.ts'

const aWhile = () => new Promise<void>((resolve) => setImmediate(resolve))
const add = (tx: Tx, name: string, slot = 'x') => tx.db.insertInto('tick').values({ name, slot }).execute()
const names = async (reads: Reads) => {
  const rows = await reads.db.selectFrom('tick').select('name').orderBy('name').execute()
  return rows.map((row) => row.name)
}

onEachDatabase('transactions', ({ name, open }) => {
  test('all of a transaction is there, and its result is given back', async () => {
    const { database } = await open()
    const result = await database.transaction(async (tx) => {
      await add(tx, 'a')
      await add(tx, 'b')
      return 'both'
    })
    expect(result).toBe('both')
    expect(await names(database.reads)).toEqual(['a', 'b'])
  })

  test('a throw leaves nothing behind, and the next transaction goes on', async () => {
    const { database } = await open()
    const failing = database.transaction(async (tx) => {
      await add(tx, 'a')
      throw new Error('changed our mind')
    })
    await expect(failing).rejects.toThrow('changed our mind')
    await database.transaction((tx) => add(tx, 'b'))
    expect(await names(database.reads)).toEqual(['b'])
  })

  test('a statement that failed inside dooms the transaction even where its error was swallowed', async () => {
    const { database } = await open()
    const after = vi.fn()
    const doomed = database.transaction(async (tx) => {
      tx.afterCommit(after)
      await add(tx, 'a')
      await add(tx, 'a').catch(() => undefined)
    })
    await expect(doomed).rejects.toThrow('nothing is committed')
    expect(after).not.toHaveBeenCalled()
    expect(await names(database.reads)).toEqual([])
  })

  test('afterCommit runs when the rows are there to be seen', async () => {
    const { database } = await open()
    let seen: Promise<string[]> | undefined
    await database.transaction(async (tx) => {
      tx.afterCommit(() => {
        seen = names(database.reads)
      })
      await add(tx, 'a')
      expect(seen).toBeUndefined()
    })
    expect(await seen).toEqual(['a'])
  })

  test('afterCommit never runs after a rollback', async () => {
    const { database } = await open()
    const after = vi.fn()
    const failing = database.transaction(async (tx) => {
      tx.afterCommit(after)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await database.transaction((tx) => add(tx, 'b'))
    expect(after).not.toHaveBeenCalled()
  })

  test('a failing afterCommit is logged; the others run and the caller has its result', async () => {
    const error = vi.fn()
    const { database } = await open({ logger: { ...silent, error } })
    const second = vi.fn()
    const result = await database.transaction(async (tx) => {
      tx.afterCommit(() => {
        throw new Error('too late')
      })
      tx.afterCommit(second)
      return 'kept'
    })
    expect(result).toBe('kept')
    expect(second).toHaveBeenCalledOnce()
    expect(error).toHaveBeenCalledWith({ error: 'Error: too late' }, expect.any(String))
  })

  test('reads do not see what is not committed', async () => {
    const { database } = await open()
    let seen: string[] = ['?']
    await database.transaction(async (tx) => {
      await add(tx, 'a')
      expect(await names(tx)).toEqual(['a'])
      seen = await names(database.reads)
    })
    expect(seen).toEqual([])
    expect(await names(database.reads)).toEqual(['a'])
  })

  test('the handle for reading cannot write', async () => {
    const { database } = await open()
    const write = database.reads.db.insertInto('tick').values({ name: 'a', slot: 'x' }).execute()
    await expect(write).rejects.toThrow(/read-?only/)
    expect(await names(database.reads)).toEqual([])
  })

  test('transactions that overlap in time all commit', async () => {
    const { database } = await open()
    const one = (n: number) =>
      database.transaction(async (tx) => {
        await add(tx, `t${n}`)
        await aWhile()
        await add(tx, `t${n}`, 'y')
      })
    await Promise.all(Array.from({ length: 20 }, (_, n) => one(n)))
    expect(await names(database.reads)).toHaveLength(40)
  })

  test('a read, changed and written back under a lock loses no update', async () => {
    const { database } = await open()
    await database.transaction((tx) => add(tx, 'count', '0'))
    const raise = () =>
      database.transaction(async (tx) => {
        const lock = name === 'postgres' ? sql`for update` : sql``
        const { rows } = await sql<{ slot: string }>`select slot from tick where name = 'count' ${lock}`.execute(tx.db)
        await aWhile()
        const next = String(Number(rows[0]?.slot) + 1)
        await tx.db.updateTable('tick').set({ slot: next }).where('name', '=', 'count').execute()
      })
    await Promise.all(Array.from({ length: 25 }, raise))
    expect(await lastTick(database.reads, 'count')).toBe('25')
  })

  test('a raw statement beside an open transaction is not swallowed by its rollback', async () => {
    const { database } = await open()
    let raw: Promise<unknown> | undefined
    const failing = database.transaction(async (tx) => {
      await add(tx, 'lost')
      raw = database.batch
        ? database.batch(() => ({
            first: "insert into tick (name, slot) values ('kept', 'x')",
            follow: '',
            rows: [{ first: [] }],
          }))
        : database.bare((db) => db.insertInto('tick').values({ name: 'kept', slot: 'x' }).execute())
      await aWhile()
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await raw
    expect(await names(database.reads)).toEqual(['kept'])
  })

  test('a statement that outlives its transaction is refused', async () => {
    const { database } = await open()
    let kept: Tx | undefined
    await database.transaction(async (tx) => {
      kept = tx
    })
    await expect(kept && add(kept, 'late')).rejects.toThrow('already committed')
    expect(await names(database.reads)).toEqual([])
  })

  test('a statement that nobody awaits is in its transaction or fails; it never lands beside it', async () => {
    const { database } = await open()
    const late: Promise<boolean>[] = []
    const attempt = (tx: Tx, name: string) =>
      add(tx, name).then(
        () => true,
        () => false,
      )
    await database
      .transaction(async (tx) => {
        await add(tx, 'a')
        // Each begins a little later: before, while and after the commit is on its way.
        let pause = Promise.resolve()
        for (let n = 0; n < 30; n++) {
          pause = pause.then(() => {
            late.push(attempt(tx, `late ${n}`))
          })
        }
      })
      .catch(() => undefined)
    await aWhile()
    const written = (await Promise.all(late)).filter((did) => did).length
    const there = await names(database.reads)
    expect(late).toHaveLength(30)
    expect(written).toBeLessThan(30)
    // Either all that was said to be written is there with the rest, or nothing is.
    expect([0, 1 + written]).toContain(there.length)
  })

  test('a transaction that is open for long is told of', async () => {
    const warn = vi.fn()
    const { database, clock } = await open({ logger: { ...silent, warn } })
    await database.transaction(async () => clock.advance(4_999))
    expect(warn).not.toHaveBeenCalled()
    await database.transaction(async () => clock.advance(5_001))
    expect(warn).toHaveBeenCalledOnce()
  })

  test('closing waits for what runs and refuses what comes', async () => {
    const { database, again } = await open()
    const running = database.transaction(async (tx) => {
      await aWhile()
      await add(tx, 'a')
    })
    await database.close()
    await running
    await expect(database.transaction((tx) => add(tx, 'b'))).rejects.toThrow('the database is closed')
    expect(await names(again().reads)).toEqual(['a'])
  })
})

onEachDatabase('values', ({ open }) => {
  test('instants sort and compare as time does', async () => {
    const { database } = await open()
    const times = [noon, noon - 1, noon + 1000, Date.UTC(1999, 11, 31), Date.UTC(2031, 0, 1)].map(instant)
    await database.transaction(async (tx) => {
      for (const at of times) await takeTick(tx, at, at)
    })
    expect(await names(database.reads)).toEqual([...times].sort())
    const early = await database.reads.db
      .selectFrom('tick')
      .select('slot')
      .where('slot', '<', instant(noon))
      .orderBy('slot', 'desc')
      .execute()
    expect(early.map((row) => row.slot)).toEqual([times[1], times[3]])
  })

  test('text is ordered by its bytes, whatever the language of the database', async () => {
    const { database } = await open()
    const words = ['b', 'B', 'a', 'A', '_', '-', '1', '投', '诉', 'é', 'z9', 'z10', 'cmp_1', 'cmp-1']
    await database.transaction(async (tx) => {
      for (const word of words) await add(tx, word)
    })
    const bytes = [...words].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(await names(database.reads)).toEqual(bytes)
    const before = await database.reads.db
      .selectFrom('tick')
      .select('name')
      .where('name', '<', 'a')
      .orderBy('name')
      .execute()
    expect(before.map((row) => row.name)).toEqual(
      bytes.filter((word) => Buffer.compare(Buffer.from(word), Buffer.from('a')) < 0),
    )
  })

  test('whole numbers come back as numbers, counts and sums too', async () => {
    const { database } = await open()
    const most = Number.MAX_SAFE_INTEGER
    await database.transaction((tx) =>
      tx.db
        .insertInto('job')
        .values({
          queue: 'q',
          key: 'k',
          run_at: instant(noon),
          wanted: most,
          attempts: 0,
          locked_until: null,
          last_error: null,
        })
        .execute(),
    )
    const row = await database.reads.db
      .selectFrom('job')
      .select(({ fn }) => ['wanted', fn.countAll<number>().as('count'), fn.sum<number>('attempts').as('sum')])
      .groupBy('wanted')
      .executeTakeFirst()
    expect(row).toEqual({ wanted: most, count: 1, sum: 0 })
  })

  test('bytes come back as they were', async () => {
    const { database } = await open()
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
    const row = { hash: 'h', type: 'image/png', bytes, created_at: instant(noon) }
    await database.transaction((tx) => tx.db.insertInto('picture').values(row).execute())
    const read = await database.reads.db.selectFrom('picture').select('bytes').executeTakeFirst()
    expect(Buffer.isBuffer(read?.bytes) && bytes.equals(read.bytes)).toBe(true)
  })

  test('ids are text and stay it', async () => {
    const { database } = await open()
    await database.transaction((tx) => add(tx, asId('00123'), '1e5'))
    expect(await lastTick(database.reads, '00123')).toBe('1e5')
  })
})

const table = (name: string) => ({
  up: async (db: Kysely<unknown>) => sql`create table ${sql.table(name)} (x integer)`.execute(db).then(() => {}),
})

onEachDatabase('migrations', ({ open }) => {
  const first = { '0001-one': table('one') }

  test('run once, in order of their names', async () => {
    const { database } = await open({ migrations: first })
    const all = { ...first, '0003-three': table('three'), '0002-two': table('two') }
    expect(await lacking(database, all)).toEqual(['0002-two', '0003-three'])
    expect(await migrate(database, all)).toEqual(['0002-two', '0003-three'])
    expect(await migrate(database, all)).toEqual([])
    expect(await lacking(database, all)).toEqual([])
  })

  test('one that fails leaves nothing of itself nor of those before it', async () => {
    const { database } = await open({ migrations: first })
    const failing = {
      up: async (db: Kysely<unknown>) => {
        await table('half').up(db)
        throw new Error('out of luck')
      },
    }
    await expect(migrate(database, { ...first, '0002-two': table('two'), '0003-bad': failing })).rejects.toThrow(
      'out of luck',
    )
    expect(await migrate(database, { ...first, '0002-two': table('two'), '0003-good': table('half') })).toHaveLength(2)
  })

  test('a database newer than the program is refused and left as it is', async () => {
    const { database } = await open({ migrations: { ...first, '0002-two': table('two') } })
    await expect(migrate(database, first)).rejects.toThrow(/newer than this program: it has 0002-two/)
    expect(await lacking(database, { ...first, '0002-two': table('two') })).toEqual([])
  })
})
