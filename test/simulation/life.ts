import { CompiledQuery } from 'kysely'
import type { Push, SandboxReply } from '../../sandbox/wire.ts'
import { carryOut } from '../../src/actions/carry-out.ts'
import { followUp } from '../../src/actions/follow-up.ts'
import type { RequestParts } from '../../src/actions/request.ts'
import type { Cancel, Clock } from '../../src/core/clock.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import type { Transport } from '../../src/core/transport.ts'
import { asId } from '../../src/core/words.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { queues } from '../../src/engine/queues.ts'
import { drain } from '../../src/inbox/drain.ts'
import { receive } from '../../src/inbox/receive.ts'
import { reread } from '../../src/inbox/sync.ts'
import type { Platform } from '../../src/platforms/platform.ts'
import { registry } from '../../src/platforms/registry.ts'
import { heldAccounts } from '../../src/storage/accounts.ts'
import type { Database } from '../../src/storage/open.ts'
import { createReceipts } from '../../src/storage/receipts.ts'
import type { Storage } from '../../src/storage/storage.ts'
import type { Chance } from './chance.ts'
import type { Outside } from './side.ts'

/** What a planted mistake replaces; each is the identity where nothing is planted. */
export interface Planted {
  storage(storage: Storage): Storage
  engine(engine: Engine, storage: Storage): Engine
  platform(platform: Platform): Platform
}

/** One process of ours, from its start to its end. */
export interface Life {
  readonly parts: RequestParts
  /** Transactions that are under way or wait for their turn. */
  pending(): number
  /** As a machine that sleeps: nothing is done, and what comes waits. */
  freeze(): void
  thaw(): void
  /** From here on nothing of it reaches the database or the world, and nothing reaches it. What it has sent travels on. */
  kill(): void
  readonly dead: boolean
  hear(push: Push): Promise<SandboxReply>
}

const metrics = createMetrics()
const forever = <Result>() => new Promise<Result>(() => {})

export async function startLife(given: {
  readonly database: Database
  readonly clock: Clock
  readonly chance: Chance
  readonly planted: Planted
  readonly platforms: Outside['platforms']
  /** Beside another one: whatever that has taken is waited for. */
  readonly shared?: boolean
  /** Carries a request over; how long that takes is the world's business. */
  readonly carry: Transport['send']
}): Promise<Life> {
  const { database, chance, planted } = given
  let [dead, pending] = [false, 0]
  let thawed: (() => void)[] | undefined
  const awake = () => (thawed ? new Promise<void>((resolve) => thawed?.push(resolve)) : Promise.resolve())
  const timers = new Set<Cancel>()
  const clock: Clock = {
    now: given.clock.now,
    after(ms, run) {
      const cancel = given.clock.after(ms, () => {
        timers.delete(cancel)
        if (thawed) thawed.push(() => !dead && run())
        else if (!dead) run()
      })
      timers.add(cancel)
      return cancel
    },
  }
  // As a kill does it: what was not committed is rolled back, and whoever waits never hears of it.
  const killable: Storage = {
    reads: { ...database.reads, clock },
    async transaction(work) {
      await awake()
      if (dead) return forever()
      pending += 1
      try {
        return await database.transaction(async (tx) => {
          if (dead) throw new Error('killed before it began')
          const result = await work(tx)
          if (dead) throw new Error('killed before the commit')
          return result
        })
      } catch (error) {
        if (dead) return forever()
        throw error
      } finally {
        pending -= 1
      }
    },
    close: () => database.close(),
  }
  const storage = planted.storage(killable)
  const transport: Transport = {
    async send(request) {
      await awake()
      if (dead) return forever()
      const answer = await given.carry(request).catch((error: unknown) => ({ error }))
      await awake()
      if (dead) return forever()
      if ('error' in answer) throw answer.error
      return answer
    },
  }
  const shared = { transport, clock, random: chance.bytes, logger: silent }
  const engine = createEmbeddedEngine({
    storage,
    clock,
    random: chance.bytes,
    logger: silent,
    shared: given.shared ?? false,
  })
  const platforms = registry(given.platforms({ ...shared, storage }).map(planted.platform))
  const parts = { ...shared, storage, engine: planted.engine(engine, storage), platforms, metrics }
  engine.work(queues.carryOut, (id) => carryOut(parts, asId(id)))
  engine.work(queues.followUp, (id) => followUp(parts, asId(id)))
  engine.work(queues.drain, (id) => drain(parts, asId(id)))
  engine.work(queues.reread, (id) => reread(parts, asId(id)))
  const receipts = createReceipts({
    database: { ...database, ...storage, batch: unthreaded(storage) },
    queue: queues.drain,
    ring: engine.ring,
  })
  const hearing = { ...parts, receipts, accounts: heldAccounts(storage.reads), random: chance.bytes }
  await engine.start()
  return {
    parts,
    pending: () => pending,
    get dead() {
      return dead
    },
    freeze() {
      thawed ??= []
    },
    thaw() {
      const waiting = thawed ?? []
      thawed = undefined
      for (const go of waiting) go()
    },
    kill() {
      dead = true
      for (const cancel of timers) cancel()
    },
    async hear({ url, method, headers, body }) {
      const { pathname } = new URL(url)
      const request = { method, path: pathname, query: '', headers, body }
      const answer = await receive(hearing, asId(pathname.slice('/hooks/'.length)), request)
      return dead ? forever() : { ...answer, body: Buffer.from(answer.body) }
    },
  }
}

/** The writing thread has a time of its own; so its statements go through a transaction, in the one order that the schedule gives. */
const unthreaded =
  (storage: Storage): NonNullable<Database['batch']> =>
  (next) =>
    storage.transaction(async ({ db }) => {
      const changes: number[] = []
      const { first, follow, rows } = next()
      for (const row of rows) {
        const { numAffectedRows = 0n } = await db.executeQuery(CompiledQuery.raw(first, [...row.first]))
        if (numAffectedRows > 0n && row.follow) await db.executeQuery(CompiledQuery.raw(follow, [...row.follow]))
        changes.push(Number(numAffectedRows))
      }
      return changes
    })

/** One request to the platforms as if by a socket: an answer that gets lost may mean anything. */
export async function ask(
  { hosts }: Pick<Outside, 'hosts'>,
  { method, url, headers = {}, body = '' }: Parameters<Transport['send']>[0],
): ReturnType<Transport['send']> {
  const { host, origin } = new URL(url)
  const sandbox = hosts[host]
  if (!sandbox) throw new OutsideError('unreachable', `nobody is ${host}`, { code: 'ENOTFOUND' })
  try {
    const answer = await sandbox.handle({ method, url: url.slice(origin.length), headers, body: Buffer.from(body) })
    return { ...answer, body: Buffer.from(answer.body) }
  } catch (error) {
    if (error instanceof Error && error.name === 'SandboxLost')
      throw new OutsideError('unknown', error.message, { code: 'ECONNRESET' })
    throw error
  }
}
