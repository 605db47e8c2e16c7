import { backoff } from '../core/backoff.ts'
import type { Cancel, Clock } from '../core/clock.ts'
import { OutsideError, told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import type { Logger } from '../core/logger.ts'
import { instant, type Random } from '../core/words.ts'
import * as jobs from '../storage/jobs.ts'
import type { Storage, Tx } from '../storage/storage.ts'
import type { Engine } from './engine.ts'
import { createLanes, type Handler, type Held } from './lanes.ts'
import { createTicks, tickQueue } from './ticks.ts'

export interface EmbeddedOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** How many jobs of a queue run at once; 4 where nothing is said. */
  readonly places?: Readonly<Record<string, number>>
  /** How many jobs run at once in all. */
  readonly cap?: number
  /** Not the only process on this database: what is locked at the start may be in good hands, so its lease is waited for. */
  readonly shared?: boolean
}

export interface EmbeddedEngine extends Engine {
  /** Something may be due: for those who write jobs by their own statements. */
  ring(): void
  /** failing: jobs could not be taken or put away at the last try. */
  health(): 'on' | 'failing' | 'off'
}

/** How a run ended, its claim still moving with the lease. */
interface Ended extends Omit<jobs.Finish, 'claim'> {
  readonly held: Held
}

const second = 1000
const pollEvery = second
const leaseFor = 60 * second
const renewEvery = 20 * second
/** From this attempt on a person should know. */
const worrying = 10

/** Jobs in the database's own table, run in this process; woken by a function call after the commit, and once a second. */
export function createEmbeddedEngine(options: EmbeddedOptions): EmbeddedEngine {
  const { storage, clock, logger } = options
  const lanes = createLanes({ places: { deliver: 8, email: 16, poll: 16, ...options.places }, cap: options.cap ?? 64 })
  const ticks = createTicks()
  /** All that the database has locked for us. */
  const held = new Map<string, Held>()
  const runs = new Set<Promise<void>>()
  let ended: Ended[] = []
  let state: 'new' | 'on' | 'stopping' | 'off' = 'new'
  let cancelPoll: Cancel = () => {}
  let renewAt = 0
  let asked = false
  let looping: Promise<void> | undefined
  let stopping: Promise<void> | undefined
  let trouble: unknown

  lanes.add(tickQueue, (name) => ticks.run(storage.reads, name))

  function wake(): void {
    asked = true
    if (state === 'new' || state === 'off' || looping) return
    looping = loop().finally(() => {
      looping = undefined
      // Asked between its last look and now.
      if (asked) wake()
    })
  }

  async function loop(): Promise<void> {
    // Not in the caller's own stretch: it may have an answer to send.
    await null
    while (asked) {
      asked = false
      await round().then(
        () => {
          trouble = undefined
        },
        (error) => {
          trouble = error
          logger.error({ error: told(error) }, 'jobs could not be taken or put away; the next poll tries again')
        },
      )
    }
  }

  /** One look and at most one transaction: put away what ended, take what is due. */
  async function round(): Promise<void> {
    const now = clock.now()
    const todo = await look(now)
    if (!todo) return
    const ends = ended
    ended = []
    const taken = await storage
      .transaction((tx) => write(tx, now, ends, todo))
      .catch((error) => {
        ended = [...ends, ...ended]
        throw error
      })
    failpoint('engine.taken')
    for (const end of ends) held.delete(name(end.held.claim))
    if (todo.tick) ticks.taken(now)
    if (todo.renew) renewAt = now + renewEvery
    for (const claim of taken.renewed) moveLease(claim)
    for (const queue of todo.due) {
      const claims = taken.claims.filter((claim) => claim.queue === queue)
      lanes.give(queue, claims.filter((claim) => !moveLease(claim)).map(hold))
    }
    begin()
    // A tick has just written a job, and what ended may have been wished for meanwhile.
    asked ||= todo.tick || ends.length > 0
  }

  interface Todo {
    readonly due: readonly string[]
    readonly tick: boolean
    readonly renew: boolean
  }

  async function look(now: number): Promise<Todo | undefined> {
    const takes = state === 'on'
    const due = takes ? await jobs.dueQueues(storage.reads, lanes.withRoom(), instant(now)) : []
    const tick = takes && ticks.due(now)
    const ourTurn = now >= renewAt || now < renewAt - renewEvery
    const renew =
      ourTurn && (held.size > 0 || (options.shared === true && (await jobs.anyLeaseEnded(storage.reads, instant(now)))))
    return ended.length > 0 || due.length > 0 || tick || renew ? { due, tick, renew } : undefined
  }

  async function write(tx: Tx, now: number, ends: readonly Ended[], todo: Todo) {
    const at = instant(now)
    const lease = instant(now + leaseFor)
    await jobs.finishJobs(
      tx,
      ends.map(({ held, ...end }) => ({ ...end, claim: held.claim })),
    )
    const finished = new Set(ends.map((end) => end.held))
    const ours = [...held.values()].filter((each) => !finished.has(each)).map((each) => each.claim)
    const renewed = todo.renew ? await jobs.renewLeases(tx, ours, lease) : []
    if (todo.renew) await jobs.freeJobs(tx, at, at)
    if (todo.tick) await ticks.take(tx, now)
    const claims: jobs.Claim[] = []
    for (const queue of todo.due)
      claims.push(...(await jobs.claimJobs(tx, { queue, limit: lanes.room(queue), now: at, lease })))
    return { renewed, claims }
  }

  function hold(claim: jobs.Claim): Held {
    const job = { claim }
    held.set(name(claim), job)
    return job
  }

  /** @returns false when we do not hold it. A lease that ended while its job runs here (the clock jumped) is simply ours again: no second run beside the first. */
  function moveLease({ lease, ...claim }: jobs.Claim): boolean {
    const job = held.get(name(claim))
    if (job) job.claim = { ...job.claim, lease }
    return job !== undefined
  }

  function begin(): void {
    for (let next = state === 'on' && lanes.next(); next; next = lanes.next()) {
      const running: Promise<void> = run(next.held, next.handler).then((end) => {
        failpoint('engine.ended')
        runs.delete(running)
        lanes.ended(end.held)
        ended.push(end)
        begin()
        wake()
      })
      runs.add(running)
    }
  }

  async function run(job: Held, handler: Handler): Promise<Ended> {
    const { queue, key, attempt } = job.claim
    try {
      const handled = await handler(key, attempt)
      return handled ? { held: job, again: handled.again } : { held: job }
    } catch (error) {
      const again = instant(clock.now() + pause(error, attempt))
      const level = attempt >= worrying ? 'error' : 'warn'
      logger[level]({ queue, key, attempt, again, error: told(error) }, 'a job failed and will be tried again')
      return { held: job, again, error: told(error).slice(0, 500) }
    }
  }

  function pause(error: unknown, attempt: number): number {
    const asked = error instanceof OutsideError ? (error.wait ?? 0) : 0
    return Math.max(asked, backoff(attempt, options.random))
  }

  function poll(): void {
    cancelPoll = clock.after(pollEvery, poll)
    wake()
  }

  async function halt(): Promise<void> {
    state = 'stopping'
    while (runs.size > 0 || looping) await (looping ?? Promise.all(runs))
    cancelPoll()
    state = 'off'
    await round()
    const unbegun = lanes.drain().map((job) => job.claim)
    if (unbegun.length > 0) await storage.transaction((tx) => jobs.returnJobs(tx, unbegun, instant(clock.now())))
  }

  return {
    async send(tx, queue, key, runAt) {
      await jobs.sendJob(tx, queue, key, runAt ?? instant(clock.now()))
      tx.afterCommit(wake)
    },
    work: (queue, handler) => lanes.add(queue, handler),
    every: (name, line, handler) => ticks.add(name, line, handler),
    ring: wake,
    health: () => (state !== 'on' ? 'off' : trouble === undefined ? 'on' : 'failing'),
    async start() {
      if (state !== 'new') throw new Error('an engine starts once')
      if (!options.shared) await storage.transaction((tx) => jobs.freeJobs(tx, instant(clock.now()), 'all'))
      state = 'on'
      poll()
    },
    async stop() {
      if (state === 'on') stopping = halt()
      await stopping
    },
    async settle() {
      while (state === 'on') {
        wake()
        await looping
        if (trouble) throw trouble
        if (runs.size > 0) await Promise.race(runs)
        else if (ended.length === 0 && !(await anythingDue())) return
      }
    },
  }

  async function anythingDue(): Promise<boolean> {
    const now = clock.now()
    return ticks.due(now) || (await jobs.dueQueues(storage.reads, lanes.names(), instant(now))).length > 0
  }
}

const name = (job: { readonly queue: string; readonly key: string }) => `${job.queue} ${job.key}`
