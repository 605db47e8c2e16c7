import { randomBytes } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import type { Sealed } from '../../src/core/seal.ts'
import { asId, newId } from '../../src/core/words.ts'
import { createReceipts, type Receipt } from '../../src/storage/receipts.ts'
import type { Reads } from '../../src/storage/storage.ts'
import { noon, onEachDatabase } from '../support/databases.ts'

const receipt = (key: string, more: Partial<Receipt> = {}): Receipt => ({
  id: newId('callback', randomBytes, noon),
  tenant: asId('ten_1'),
  account: asId('acc_1'),
  key,
  event: 'create',
  number: '4001',
  told: 'v1.key.sealed' as Sealed,
  ...more,
})

const callbacks = (reads: Reads) => reads.db.selectFrom('callback').selectAll().orderBy('key').execute()
const jobs = (reads: Reads) => reads.db.selectFrom('job').selectAll().orderBy('key').execute()

onEachDatabase('receipts', ({ open }) => {
  test('a receipt is a callback row and its job', async () => {
    const { database } = await open()
    const ring = vi.fn()
    const receipts = createReceipts({ database, queue: 'drain', ring })
    const one = receipt('k1')
    expect(await receipts.take(one)).toBe('new')
    expect(await callbacks(database.reads)).toEqual([
      {
        id: one.id,
        tenant: 'ten_1',
        account: 'acc_1',
        key: 'k1',
        event: 'create',
        number: '4001',
        told: 'v1.key.sealed',
        state: 'new',
        received_at: '2026-03-01T12:00:00.000Z',
        drained_at: null,
      },
    ])
    expect(await jobs(database.reads)).toEqual([
      {
        queue: 'drain',
        key: one.id,
        run_at: '2026-03-01T12:00:00.000Z',
        wanted: 1,
        attempts: 0,
        locked_until: null,
        last_error: null,
      },
    ])
    expect(ring).toHaveBeenCalledOnce()
  })

  test('one without a complaint number is kept, and nothing is to be done', async () => {
    const { database } = await open()
    const ring = vi.fn()
    const receipts = createReceipts({ database, queue: 'drain', ring })
    expect(await receipts.take(receipt('k1', { number: undefined }))).toBe('new')
    expect((await callbacks(database.reads)).map((row) => [row.state, row.number])).toEqual([['ignored', null]])
    expect(await jobs(database.reads)).toEqual([])
    expect(ring).not.toHaveBeenCalled()
  })

  test('a repetition later is a duplicate', async () => {
    const { database } = await open()
    const ring = vi.fn()
    const receipts = createReceipts({ database, queue: 'drain', ring })
    expect(await receipts.take(receipt('k1'))).toBe('new')
    expect(await receipts.take(receipt('k1'))).toBe('duplicate')
    expect(await callbacks(database.reads)).toHaveLength(1)
    expect(await jobs(database.reads)).toHaveLength(1)
    expect(ring).toHaveBeenCalledOnce()
  })

  test('a repetition in the same batch is a duplicate', async () => {
    const { database } = await open()
    const receipts = createReceipts({ database, queue: 'drain', ring() {} })
    const taken = await Promise.all([receipt('k1'), receipt('k1'), receipt('k2'), receipt('k1')].map(receipts.take))
    expect(taken).toEqual(['new', 'duplicate', 'new', 'duplicate'])
    expect(await callbacks(database.reads)).toHaveLength(2)
    expect(await jobs(database.reads)).toHaveLength(2)
  })

  test('of repetitions that two instances receive at once, one is new', async () => {
    const { database, beside } = await open()
    const doors = [database, beside()].map((each) => createReceipts({ database: each, queue: 'drain', ring() {} }))
    const keys = Array.from({ length: 40 }, (_, n) => `k${n}`)
    const taken = await Promise.all(
      doors.flatMap((door, n) => (n === 0 ? keys : [...keys].reverse()).map((key) => door.take(receipt(key)))),
    )
    expect(taken.filter((each) => each === 'new')).toHaveLength(40)
    expect(taken.filter((each) => each === 'duplicate')).toHaveLength(40)
    expect(await callbacks(database.reads)).toHaveLength(40)
    expect(await jobs(database.reads)).toHaveLength(40)
  })

  test('the same key of another account is another message', async () => {
    const { database } = await open()
    const receipts = createReceipts({ database, queue: 'drain', ring() {} })
    const taken = await Promise.all([receipt('k1'), receipt('k1', { account: asId('acc_2') })].map(receipts.take))
    expect(taken).toEqual(['new', 'new'])
  })

  test('when the answer is given the row is there for every reader', async () => {
    const { database, again } = await open()
    const other = again()
    const receipts = createReceipts({ database, queue: 'drain', ring() {} })
    for (let n = 0; n < 10; n++) {
      const one = receipt(`k${n}`)
      await receipts.take(one)
      const seen = await other.reads.db.selectFrom('callback').select('id').where('id', '=', one.id).executeTakeFirst()
      expect(seen?.id).toBe(one.id)
    }
  })

  test('what arrives in one turn of the event loop shares a transaction', async () => {
    const { database } = await open()
    let transactions = 0
    const { batch } = database
    const counted = {
      ...database,
      transaction: (work: Parameters<typeof database.transaction>[0]) => {
        transactions += 1
        return database.transaction(work)
      },
      ...(batch && {
        batch: (next: Parameters<typeof batch>[0]) => {
          transactions += 1
          return batch(next)
        },
      }),
    } as typeof database
    const receipts = createReceipts({ database: counted, queue: 'drain', ring() {} })
    const taken = await Promise.all(Array.from({ length: 300 }, (_, n) => receipts.take(receipt(`k${n}`))))
    expect(taken.every((each) => each === 'new')).toBe(true)
    expect(transactions).toBe(1)
  })

  test('a batch that cannot be written fails for each of its receipts, and the next one goes on', async () => {
    const { database } = await open()
    const receipts = createReceipts({ database, queue: 'drain', ring() {} })
    const same = receipt('k1').id
    const taken = await Promise.allSettled(
      [receipt('k1', { id: same }), receipt('k2', { id: same }), receipt('k3')].map(receipts.take),
    )
    expect(taken.map((each) => each.status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await callbacks(database.reads)).toEqual([])
    expect(await jobs(database.reads)).toEqual([])
    expect(await receipts.take(receipt('k4'))).toBe('new')
  })

  test('a transaction that rolls back beside it takes no receipt with it', async () => {
    const { database } = await open()
    const receipts = createReceipts({ database, queue: 'drain', ring() {} })
    let taken: Promise<unknown> | undefined
    const failing = database.transaction(async (tx) => {
      await tx.db.insertInto('tick').values({ name: 'lost', slot: 'x' }).execute()
      taken = receipts.take(receipt('k1'))
      for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve))
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await taken).toBe('new')
    expect(await callbacks(database.reads)).toHaveLength(1)
  })

  test('more than may wait are turned away at once, and the others are written', async () => {
    const { database } = await open()
    const receipts = createReceipts({ database, queue: 'drain', ring() {}, limit: 5 })
    const taken = await Promise.all(Array.from({ length: 8 }, (_, n) => receipts.take(receipt(`k${n}`))))
    expect(taken).toEqual(['new', 'new', 'new', 'new', 'new', 'busy', 'busy', 'busy'])
    expect(await callbacks(database.reads)).toHaveLength(5)
    expect(await receipts.take(receipt('k6'))).toBe('new')
  })

  test('idle waits until all is written', async () => {
    const { database } = await open()
    const receipts = createReceipts({ database, queue: 'drain', ring() {} })
    const taken = Array.from({ length: 1200 }, (_, n) => receipts.take(receipt(`k${n}`)))
    await receipts.idle()
    expect(await callbacks(database.reads)).toHaveLength(1200)
    expect(new Set(await Promise.all(taken))).toEqual(new Set(['new']))
    await receipts.idle()
  })
})
