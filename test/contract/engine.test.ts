import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { type Logger, silent } from '../../src/core/logger.ts'
import { type Instant, instant } from '../../src/core/words.ts'
import { createEmbeddedEngine, type EmbeddedOptions } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { type Finder, sweep } from '../../src/engine/sweep.ts'
import { jobFigures } from '../../src/storage/figures.ts'
import type { Database } from '../../src/storage/open.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { lastTick } from '../../src/storage/ticks.ts'
import { noon, onEachDatabase } from '../support/databases.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** The middle of the swing of every back-off. */
const steady = (size: number) => Buffer.alloc(size, 128)

function engineOn(database: Database, clock: ManualClock, more: Partial<EmbeddedOptions> = {}) {
  const engine = createEmbeddedEngine({ storage: database, clock, random: steady, logger: silent, ...more })
  onTestFinished(() => engine.stop())
  return engine
}

const send = (storage: Storage, engine: Engine, key: string, runAt?: Instant) =>
  storage.transaction((tx) => engine.send(tx, 'drain', key, runAt))

/** A promise and the hand that resolves it. */
function latch() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

const jobRows = (storage: Storage) => storage.reads.db.selectFrom('job').selectAll().orderBy('key').execute()

onEachDatabase('jobs', ({ open }) => {
  test('a job runs once and is gone', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const ran: string[] = []
    engine.work('drain', async (key, attempt) => {
      ran.push(`${key} ${attempt}`)
    })
    await engine.start()
    await send(database, engine, 'a')
    await engine.settle()
    clock.advance(hour)
    await engine.settle()
    expect(ran).toEqual(['a 1'])
    expect(await jobRows(database)).toEqual([])
  })

  test('a job of a transaction that is rolled back never runs', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const handler = vi.fn(async () => {})
    engine.work('drain', handler)
    await engine.start()
    const failing = database.transaction(async (tx) => {
      await engine.send(tx, 'drain', 'a')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    clock.advance(minute)
    await engine.settle()
    expect(handler).not.toHaveBeenCalled()
  })

  test('what was sent before the start runs after it', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const handler = vi.fn(async () => {})
    engine.work('drain', handler)
    await send(database, engine, 'a')
    await engine.settle()
    expect(handler).not.toHaveBeenCalled()
    await engine.start()
    await engine.settle()
    expect(handler).toHaveBeenCalledOnce()
  })

  test('wished for twice before it runs, it runs once', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const handler = vi.fn(async () => {})
    engine.work('drain', handler)
    await send(database, engine, 'a')
    await send(database, engine, 'a')
    await engine.start()
    await engine.settle()
    expect(handler).toHaveBeenCalledOnce()
  })

  test('wished for while it runs, it runs once more, and never beside itself', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const gate = latch()
    const started = latch()
    let inside = 0
    let runs = 0
    engine.work('drain', async () => {
      runs += 1
      inside += 1
      expect(inside).toBe(1)
      started.open()
      await gate.opened
      inside -= 1
    })
    await engine.start()
    await send(database, engine, 'a')
    await started.opened
    await send(database, engine, 'a')
    await send(database, engine, 'a')
    clock.advance(10 * second)
    gate.open()
    await engine.settle()
    expect(runs).toBe(2)
    expect(await jobRows(database)).toEqual([])
  })

  test('a handler that wishes for itself later is not called before then', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const at: number[] = []
    engine.work('drain', async (key) => {
      at.push(clock.now() - noon)
      if (at.length < 3) await send(database, engine, key, instant(clock.now() + minute))
    })
    await engine.start()
    await send(database, engine, 'a')
    await engine.settle()
    expect(at).toEqual([0])
    for (let n = 0; n < 3; n++) {
      clock.advance(minute)
      await engine.settle()
    }
    expect(at).toEqual([0, minute, 2 * minute])
  })

  test('a job for later waits; a wish for earlier brings it forward, one for later does not put it off', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const at: number[] = []
    engine.work('drain', async () => {
      at.push(clock.now() - noon)
    })
    await engine.start()
    await send(database, engine, 'a', instant(noon + hour))
    await send(database, engine, 'a', instant(noon + minute))
    await send(database, engine, 'a', instant(noon + day))
    await engine.settle()
    expect(at).toEqual([])
    clock.advance(minute)
    await engine.settle()
    expect(at).toEqual([minute])
  })

  test('the poll finds what nobody rang for', async () => {
    const { database, clock, beside } = await open()
    const engine = engineOn(database, clock)
    const ran = latch()
    engine.work('drain', async () => ran.open())
    await engine.start()
    await engine.settle()
    const deaf = createEmbeddedEngine({ storage: beside(), clock, random: randomBytes, logger: silent })
    await send(database, deaf, 'a')
    clock.advance(second)
    await ran.opened
  })

  test('asked for again, it comes back then, as a first attempt', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const seen: string[] = []
    engine.work('drain', async (_key, attempt) => {
      seen.push(`${(clock.now() - noon) / minute} ${attempt}`)
      return seen.length < 3 ? { again: instant(clock.now() + 5 * minute) } : undefined
    })
    await engine.start()
    await send(database, engine, 'a')
    for (let n = 0; n < 20; n++) {
      await engine.settle()
      clock.advance(minute)
    }
    expect(seen).toEqual(['0 1', '5 1', '10 1'])
  })

  test('a failure is tried again with growing pauses, is logged, and starts anew after a success', async () => {
    const { database, clock } = await open()
    const warn = vi.fn()
    const error = vi.fn()
    const logger: Logger = { ...silent, warn, error }
    const engine = engineOn(database, clock, { logger })
    const at: number[] = []
    const attempts: number[] = []
    let broken = true
    engine.work('drain', async (_key, attempt) => {
      attempts.push(attempt)
      at.push(clock.now())
      if (broken) throw new Error('out of order')
    })
    await engine.start()
    await send(database, engine, 'a')
    await engine.settle()
    expect(await jobRows(database)).toMatchObject([
      { attempts: 1, last_error: 'Error: out of order', locked_until: null },
    ])
    for (let n = 0; n < 90; n++) {
      clock.advance(n < 80 ? second : 11 * minute)
      await engine.settle()
    }
    expect(attempts).toEqual(attempts.map((_, n) => n + 1))
    const pauses = at.slice(1).map((time, n) => Math.round((time - (at[n] ?? 0)) / second))
    expect(pauses.slice(0, 6)).toEqual(
      [1, 2, 4, 8, 16, 32].map((pause) => expect.toSatisfy((real) => real >= pause && real <= pause + 1)),
    )
    expect(warn).toHaveBeenCalledTimes(9)
    expect(error).toHaveBeenCalledTimes(attempts.length - 9)
    expect(attempts.length).toBeGreaterThan(12)
    broken = false
    clock.advance(11 * minute)
    await engine.settle()
    expect(await jobRows(database)).toEqual([])
    await send(database, engine, 'a')
    await engine.settle()
    expect(attempts.at(-1)).toBe(1)
  })

  test('they say how long to wait: it is not tried before', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    engine.work('drain', async () => {
      throw new OutsideError('busy', 'slow down', { wait: 90 * second })
    })
    await engine.start()
    await send(database, engine, 'a')
    await engine.settle()
    expect(await jobRows(database)).toMatchObject([{ run_at: instant(noon + 90 * second) }])
  })

  test('a wish brings a job in back-off forward', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const handler = vi.fn(async () => {
      throw new Error('no')
    })
    engine.work('drain', handler)
    await engine.start()
    await send(database, engine, 'a')
    await engine.settle()
    await send(database, engine, 'a')
    await engine.settle()
    expect(handler).toHaveBeenCalledTimes(2)
  })

  test('poison does not hold up the others', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const done: string[] = []
    engine.work('drain', async (key) => {
      if (key.startsWith('poison')) throw new Error('undrinkable')
      done.push(key)
    })
    for (let n = 0; n < 20; n++) await send(database, engine, `poison ${n}`)
    for (let n = 0; n < 20; n++) await send(database, engine, `water ${n}`)
    await engine.start()
    await engine.settle()
    expect(done).toHaveLength(20)
    expect(await jobFigures(database.reads)).toMatchObject([{ queue: 'drain', waiting: 20, failing: 20 }])
  })

  test('a slow queue does not hold up another, and keeps to its places', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock, { places: { drain: 3 } })
    const gate = latch()
    let inside = 0
    let most = 0
    engine.work('drain', async () => {
      inside += 1
      most = Math.max(most, inside)
      await gate.opened
      inside -= 1
    })
    const other = latch()
    engine.work('deliver', async () => other.open())
    await engine.start()
    for (let n = 0; n < 10; n++) await send(database, engine, `k${n}`)
    await database.transaction((tx) => engine.send(tx, 'deliver', 'room'))
    await other.opened
    gate.open()
    await engine.settle()
    expect(most).toBe(3)
    expect(await jobRows(database)).toEqual([])
  })

  test('the cap holds over all queues, and each gets its share', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock, { cap: 2 })
    const order: string[] = []
    let inside = 0
    const handler = (queue: string) => async () => {
      inside += 1
      expect(inside).toBeLessThanOrEqual(2)
      order.push(queue)
      await new Promise((resolve) => setImmediate(resolve))
      inside -= 1
    }
    engine.work('drain', handler('drain'))
    engine.work('deliver', handler('deliver'))
    await database.transaction(async (tx) => {
      for (let n = 0; n < 4; n++) {
        await engine.send(tx, 'drain', `d${n}`)
        await engine.send(tx, 'deliver', `r${n}`)
      }
    })
    await engine.start()
    await engine.settle()
    expect(order).toHaveLength(8)
    expect(new Set(order.slice(0, 2))).toEqual(new Set(['drain', 'deliver']))
  })

  test('many quick jobs all run once', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const ran = new Map<string, number>()
    engine.work('drain', async (key) => {
      ran.set(key, (ran.get(key) ?? 0) + 1)
    })
    await database.transaction(async (tx) => {
      for (let n = 0; n < 1500; n++) await engine.send(tx, 'drain', `k${n}`)
    })
    await engine.start()
    await engine.settle()
    expect(ran.size).toBe(1500)
    expect(new Set(ran.values())).toEqual(new Set([1]))
    expect(await jobRows(database)).toEqual([])
  })

  test('a queue without a handler keeps its jobs', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    await engine.start()
    await send(database, engine, 'a')
    await engine.settle()
    expect(await jobRows(database)).toHaveLength(1)
  })

  test('a queue has one handler', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    engine.work('drain', async () => {})
    expect(() => engine.work('drain', async () => {})).toThrow("two handlers for the queue 'drain'")
  })
})

onEachDatabase('crash and stop', ({ open }) => {
  test('what a dead process had begun runs again at the next start, as the next attempt', async () => {
    const { database, clock, beside } = await open()
    const dead = createEmbeddedEngine({ storage: database, clock: manualClock(noon), random: steady, logger: silent })
    const begun = latch()
    dead.work('drain', () => {
      begun.open()
      return new Promise(() => {})
    })
    await dead.start()
    await send(database, dead, 'a')
    await begun.opened
    const next = engineOn(beside(), clock)
    const attempts: number[] = []
    next.work('drain', async (_key, attempt) => {
      attempts.push(attempt)
    })
    await next.start()
    await next.settle()
    expect(attempts).toEqual([2])
    expect(await jobRows(database)).toEqual([])
  })

  test('beside other processes a lease is waited for', async () => {
    const { database, clock, beside } = await open()
    const dead = createEmbeddedEngine({
      storage: database,
      clock: manualClock(noon),
      random: steady,
      logger: silent,
      shared: true,
    })
    const begun = latch()
    dead.work('drain', () => {
      begun.open()
      return new Promise(() => {})
    })
    await dead.start()
    await send(database, dead, 'a')
    await begun.opened
    const next = engineOn(beside(), clock, { shared: true })
    const handler = vi.fn(async () => {})
    next.work('drain', handler)
    await next.start()
    await next.settle()
    expect(handler).not.toHaveBeenCalled()
    clock.advance(61 * second)
    await next.settle()
    clock.advance(second)
    await next.settle()
    expect(handler).toHaveBeenCalledOnce()
  })

  test('a long run keeps its lease', async () => {
    const { database, clock, beside } = await open()
    const engine = engineOn(database, clock, { shared: true })
    const gate = latch()
    const begun = latch()
    let runs = 0
    engine.work('drain', async () => {
      runs += 1
      begun.open()
      await gate.opened
    })
    await engine.start()
    await send(database, engine, 'a')
    await begun.opened
    const other = engineOn(beside(), clock, { shared: true })
    const stolen = vi.fn(async () => {})
    other.work('drain', stolen)
    await other.start()
    for (let n = 0; n < 20; n++) {
      clock.advance(10 * second)
      await other.settle()
      await vi.waitFor(async () => {
        const [row] = await jobRows(database)
        expect(row?.locked_until).toSatisfy((until) => until > instant(clock.now() + 30 * second))
      })
    }
    expect(stolen).not.toHaveBeenCalled()
    gate.open()
    await engine.settle()
    expect(runs).toBe(1)
    expect(await jobRows(database)).toEqual([])
  })

  test('a clock that jumps over its lease starts no second run beside the first', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const gate = latch()
    const begun = latch()
    let runs = 0
    engine.work('drain', async () => {
      runs += 1
      begun.open()
      await gate.opened
    })
    await engine.start()
    await send(database, engine, 'a')
    await begun.opened
    clock.step(day)
    clock.advance(minute)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(runs).toBe(1)
    gate.open()
    await engine.settle()
    expect(await jobRows(database)).toEqual([])
  })

  test('stop waits for what runs, begins nothing new, and gives back what it had taken', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock, { places: { drain: 2 } })
    const gate = latch()
    const begun: string[] = []
    engine.work('drain', async (key) => {
      begun.push(key)
      await gate.opened
    })
    await database.transaction(async (tx) => {
      for (let n = 0; n < 6; n++) await engine.send(tx, 'drain', `k${n}`)
    })
    await engine.start()
    await vi.waitFor(() => expect(begun).toHaveLength(2))
    let stopped = false
    const stopping = engine.stop().then(() => {
      stopped = true
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(stopped).toBe(false)
    gate.open()
    await stopping
    expect(begun).toHaveLength(2)
    const left = await jobRows(database)
    expect(left).toHaveLength(4)
    expect(left.every((row) => row.locked_until === null && row.attempts === 0 && row.run_at <= instant(noon))).toBe(
      true,
    )
    clock.advance(hour)
    await send(database, engine, 'late')
    expect(begun).toHaveLength(2)
  })

  test('an engine that was never started, or is stopped twice, stops', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    await engine.stop()
    const second = engineOn(database, clock)
    await second.start()
    await Promise.all([second.stop(), second.stop()])
    await second.stop()
  })

  test('a database that fails for a moment costs no job', async () => {
    const { database, clock } = await open()
    let failing = false
    const error = vi.fn()
    const flaky: Storage = {
      ...database,
      transaction: (work) => (failing ? Promise.reject(new Error('disk full')) : database.transaction(work)),
    }
    const engine = createEmbeddedEngine({ storage: flaky, clock, random: steady, logger: { ...silent, error } })
    onTestFinished(() => engine.stop())
    const ran: string[] = []
    engine.work('drain', async (key) => {
      ran.push(key)
      failing = key === 'a'
    })
    await engine.start()
    await send(database, engine, 'a')
    await expect(engine.settle()).rejects.toThrow('disk full')
    await send(database, engine, 'b')
    await expect(engine.settle()).rejects.toThrow('disk full')
    failing = false
    clock.advance(second)
    await engine.settle()
    expect(ran).toEqual(['a', 'b'])
    expect(error).toHaveBeenCalled()
    expect(await jobRows(database)).toEqual([])
  })
})

onEachDatabase('ticks', ({ open }) => {
  test('a slot runs when it is due, once', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const slots: Instant[] = []
    engine.every('half hours', '*/30 * * * *', async (slot) => {
      slots.push(slot)
    })
    await engine.start()
    await engine.settle()
    expect(slots).toEqual([])
    for (let n = 0; n < 120; n++) {
      clock.advance(minute)
      await engine.settle()
    }
    expect(slots).toEqual([30, 60, 90, 120].map((minutes) => instant(noon + minutes * minute)))
  })

  test('a slot runs once across two engines on one database', async () => {
    const { database, clock, beside } = await open()
    const slots: string[] = []
    const engines = [database, beside()].map((each) => {
      const engine = engineOn(each, clock, { shared: true })
      engine.every('minute', '* * * * *', async (slot) => {
        slots.push(slot)
      })
      return engine
    })
    await Promise.all(engines.map((engine) => engine.start()))
    await Promise.all(engines.map((engine) => engine.settle()))
    for (let n = 0; n < 10; n++) {
      clock.advance(minute)
      await Promise.all(engines.map((engine) => engine.settle()))
    }
    expect(slots.sort()).toEqual(Array.from({ length: 10 }, (_, n) => instant(noon + (n + 1) * minute)))
  })

  test('missed while the process was down, the last slot runs once at the start', async () => {
    const { database, clock } = await open()
    const slots: Instant[] = []
    const start = async () => {
      const engine = engineOn(database, clock)
      engine.every('nine', '0 9 * * *', async (slot) => {
        slots.push(slot)
      })
      await engine.start()
      await engine.settle()
      return engine
    }
    await (await start()).stop()
    expect(slots).toEqual([])
    clock.step(3 * day)
    await (await start()).stop()
    expect(slots).toEqual(['2026-03-04T09:00:00.000Z'])
    await (await start()).stop()
    expect(slots).toHaveLength(1)
  })

  test('one that fails is tried again and keeps its slot', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const slots: Instant[] = []
    engine.every('hourly', '0 * * * *', async (slot) => {
      slots.push(slot)
      if (slots.length < 3) throw new Error('no printer')
    })
    await engine.start()
    await engine.settle()
    clock.advance(hour)
    for (let n = 0; n < 20; n++) {
      await engine.settle()
      clock.advance(second)
    }
    expect(slots).toEqual([1, 1, 1].map(() => instant(noon + hour)))
  })

  test('one that takes longer than its period never runs beside itself', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const gate = latch()
    const slots: Instant[] = []
    let inside = 0
    engine.every('minute', '* * * * *', async (slot) => {
      inside += 1
      expect(inside).toBe(1)
      slots.push(slot)
      await gate.opened
      inside -= 1
    })
    await engine.start()
    await engine.settle()
    for (let n = 1; n <= 5; n++) {
      clock.advance(minute)
      await vi.waitFor(async () => {
        expect(await lastTick(database.reads, 'minute')).toBe(instant(noon + n * minute))
        expect(slots).toHaveLength(1)
      })
    }
    gate.open()
    await engine.settle()
    expect(slots).toEqual([instant(noon + minute), instant(noon + 5 * minute)])
  })

  test('a clock that is set back runs nothing daily twice and silences nothing that comes every minute', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const daily = vi.fn(async () => {})
    const often = vi.fn(async () => {})
    engine.every('daily', '0 13 * * *', daily)
    engine.every('often', '* * * * *', often)
    await engine.start()
    await engine.settle()
    clock.advance(2 * hour)
    await engine.settle()
    expect(daily).toHaveBeenCalledOnce()
    clock.step(-2 * hour)
    for (let n = 0; n < 2 * hour; n += minute) {
      clock.step(minute)
      engine.ring()
      await engine.settle()
    }
    expect(daily).toHaveBeenCalledOnce()
    expect(often.mock.calls.length).toBeGreaterThanOrEqual(119)
  })

  test('a line that is no cron line is refused at once', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    for (const line of ['', 'soon', '* * * *', '60 * * * *', '* * 30 2 *', '* * 1 * 1', '5-1 * * * *', '*/0 * * * *'])
      expect(() => engine.every(line, line, async () => {})).toThrow(RangeError)
  })
})

onEachDatabase('sweep', ({ open }) => {
  const finder: Finder = {
    queue: 'drain',
    async find(reads, _now, limit) {
      const rows = await reads.db
        .selectFrom('tick')
        .select('name')
        .where('slot', '=', 'due')
        .orderBy('name')
        .limit(limit)
        .execute()
      return rows.map((row) => row.name)
    },
  }
  const add = (storage: Storage, name: string) =>
    storage.transaction((tx) => tx.db.insertInto('tick').values({ name, slot: 'due' }).execute())

  test('rings for a row that no job rings for, and leaves the others alone', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    const ran: string[] = []
    engine.work('drain', async (key) => {
      ran.push(key)
    })
    for (const name of ['forgotten', 'rung']) await add(database, name)
    await send(database, engine, 'rung', instant(noon + hour))
    await engine.start()
    expect(await sweep(database, engine, [finder])).toBe(1)
    await engine.settle()
    expect(ran).toEqual(['forgotten'])
  })

  test('finds nothing where nothing was lost', async () => {
    const { database, clock } = await open()
    const engine = engineOn(database, clock)
    expect(await sweep(database, engine, [finder])).toBe(0)
  })
})
