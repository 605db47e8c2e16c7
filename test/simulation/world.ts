import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { OutsideError } from '../../src/core/errors.ts'
import { armFailpoints } from '../../src/core/failpoint.ts'
import type { Database } from '../../src/storage/open.ts'
import { type Judge, judgeFor } from './judge.ts'
import { ask, type Life, type Planted, startLife } from './life.ts'
import { createMix, type Mix } from './mix.ts'
import { fileIn, openShop, type Shop, shop } from './shop.ts'
import type { Outside, Side } from './side.ts'

export interface WorldOptions {
  readonly side: Side
  readonly seed: number
  /** How long the platform takes from accepting a refund to its end. */
  readonly settleMs: number
  readonly planted: Planted
  /** Changes the tables before anything begins. */
  readonly tables?: (database: Database) => Promise<void>
}

/** The shop, its platforms, and one life of ours after the other on one file. */
export interface World {
  readonly side: Side
  readonly shop: Shop
  readonly outside: Outside
  readonly mix: Mix
  readonly judge: Judge
  readonly life: Life
  readonly database: Database
  /** The world's own count, for keys. */
  next(): number
  /** Dies at the nth time that this place is passed. */
  armed(name: string, nth: number): void
  /** Dies now and begins again on the same file. */
  crash(): Promise<void>
  /** This life falls asleep over its work, and another one begins beside it. */
  twin(): Promise<void>
  /** Who fell asleep goes on where it was. */
  wake(): Promise<void>
  backup(): Promise<void>
  /** Begins again on the file as it was at the backup. @returns false without one */
  restore(): Promise<boolean>
  /** Nothing connects for so long. */
  down(ms: number): void
  /** Everything that needs no time has happened. */
  quiet(): Promise<void>
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

/** Where a process may die in what is simulated here. */
export const deaths = [
  'request.before-commit',
  'request.committed',
  'engine.taken',
  'engine.ended',
  'carry-out.marked',
  'carry-out.performed',
  'carry-out.before-settle-commit',
  'carry-out.settled',
  'follow-up.requested',
] as const

let worlds = 0

export async function createWorld({ side, seed, settleMs, planted, tables }: WorldOptions): Promise<World> {
  const mix = createMix()
  const shopAt = await shop(side)
  let life: Life | undefined
  const outside = await side.create({
    seed,
    settleMs,
    hear: (push) => (life && !life.dead ? life.hear(push) : Promise.reject(new Error('nobody listens'))),
  })
  const { clock, chance } = outside
  const name = `${side.name}-${++worlds % 4}.db`
  for (const more of ['', '-wal', '-shm', '.backup', '.backup-wal']) rmSync(fileIn(name + more), { force: true })
  const file = shopAt.copy(name)
  const open = () => openShop(file, clock, chance.bytes)
  let database = open()
  await tables?.(database)
  let [downUntil, count] = [0, 0]
  const older: Life[] = []
  const judge = judgeFor({ shop: shopAt, outside, reads: () => database.reads })

  // Half of the calls travel for a while, so that others happen meanwhile.
  const travel = () => {
    const ms = chance.pick(2) === 0 ? 0 : chance.pick(2_500)
    return ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => clock.after(ms, resolve))
  }
  const carry: Parameters<typeof startLife>[0]['carry'] = async (request) => {
    if (clock.now() < downUntil) throw new OutsideError('unreachable', 'connection refused', { code: 'ECONNREFUSED' })
    await judge.called(request)
    await travel()
    const answer = await ask(outside, request).catch((error: unknown) => ({ error }))
    await travel()
    if ('error' in answer) throw answer.error
    return answer
  }

  const pending = () => [life, ...older].reduce((sum, each) => sum + (each?.pending() ?? 0), 0)
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  async function quiet() {
    for (let calm = 0; calm < 4; calm = pending() === 0 ? calm + 1 : 0) await turn()
  }

  const start = async (shared = false) => {
    life = await startLife({ ...outside, database, planted, carry, shared })
  }

  async function end() {
    for (const each of [life, ...older.splice(0)]) each?.kill()
    armFailpoints(undefined)
    await mix.crashed({ database, outside })
    await judge.interrupted()
    await quiet()
    await database.close()
  }

  async function begin() {
    database = open()
    await start()
    await quiet()
  }

  async function bornAgain() {
    await end()
    // To start takes a while, and what was on its way arrives meanwhile.
    clock.advance(chance.pick(5_000))
    await begin()
  }

  let birth: Promise<void> | undefined
  async function quietOrDead() {
    await quiet()
    if (!life?.dead) return
    // Several may wait for quiet at once; only one life begins.
    birth ??= bornAgain().finally(() => {
      birth = undefined
    })
    await birth
  }

  await start()
  const world: World = {
    side,
    shop: shopAt,
    outside,
    mix,
    judge,
    get life() {
      if (!life) throw new Error('not begun')
      return life
    },
    get database() {
      return database
    },
    next: () => ++count,
    armed(at, nth) {
      let left = nth
      armFailpoints((passed) => {
        if (passed === at && --left === 0) life?.kill()
      })
    },
    async crash() {
      life?.kill()
      await quietOrDead()
    },
    async twin() {
      const asleep = world.life
      asleep.freeze()
      await judge.interrupted()
      older.push(asleep)
      await start(true)
      await quiet()
    },
    async wake() {
      for (const each of older) each.thaw()
      await quiet()
    },
    async backup() {
      await judge.interrupted()
      for (const more of ['', '-wal']) if (existsSync(file + more)) copyFileSync(file + more, `${file}.backup${more}`)
    },
    async restore() {
      if (!existsSync(`${file}.backup`)) return false
      await judge.forget()
      await end()
      for (const more of ['', '-wal', '-shm']) rmSync(file + more, { force: true })
      for (const more of ['', '-wal'])
        if (existsSync(`${file}.backup${more}`)) copyFileSync(`${file}.backup${more}`, file + more)
      await begin()
      return true
    },
    down(ms) {
      downUntil = clock.now() + ms
    },
    quiet: quietOrDead,
    async pass(ms) {
      const stride = Math.max(1_000, Math.ceil(ms / 10))
      for (let left = ms; left > 0; left -= stride) {
        const step = Math.min(left, stride)
        clock.advance(step)
        await outside.advance()
        await quietOrDead()
      }
    },
    async close() {
      for (const each of [life, ...older]) each?.kill()
      armFailpoints(undefined)
      await quiet()
      await database.close()
    },
  }
  await quiet()
  return world
}
