import { type Instant, instant, later, millis } from '../../src/core/words.ts'
import type { Happening } from './mix.ts'
import { mchid, orders } from './outside.ts'
import { lateFrom, type Schedule, take } from './steps.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

export interface Ran {
  readonly wrong: readonly string[]
  readonly seen: ReadonlySet<Happening>
  /** All that the platforms saw, in order. */
  readonly course: readonly unknown[]
}

export const nothingPlanted: WorldOptions['planted'] = {
  storage: (same) => same,
  engine: (same) => same,
  paying: (same) => same,
}

/** One schedule from noon to where nothing changes any more, and what the judge says. */
export async function run(schedule: Schedule, mistake: Partial<WorldOptions> = {}): Promise<Ran> {
  const world = await createWorld({ planted: nothingPlanted, ...mistake, ...schedule })
  try {
    for (const step of schedule.steps) await take(world, step)
    await calm(world)
    await world.judge.end()
    await see(world)
    const { pay, mini } = world.outside
    const course = [...pay.calls(), ...pay.ledger(), ...mini.calls(), ...mini.ledger()]
    return { wrong: world.judge.wrong, seen: world.mix.seen, course }
  } finally {
    await world.close()
  }
}

/** Faults stop, and the clock runs on until nothing changes. */
async function calm(world: World): Promise<void> {
  const { pay } = world.outside
  world.mix.over()
  for (const trouble of pay.misbehaviours()) trouble.stop()
  world.down(0)
  pay.setBalance(mchid, 1_000_000)
  for (const order of orders) await pay.order({ mchid, ...order, refundEnds: 'SUCCESS' })
  for (const { status, mchid: payee, outRefundNo, dueAt } of pay.refunds())
    if (status === 'PROCESSING' && dueAt === Number.POSITIVE_INFINITY)
      await pay.endRefund(payee, outRefundNo, 'SUCCESS')
  await world.crash()
  // What is still under way in the world arrives.
  await world.pass(300_000)
  for (let rounds = 0; rounds < 60; rounds++) {
    await world.judge.look()
    const at = await nextJob(world)
    if (at === undefined) return
    await world.pass(Math.max(1_000, millis(at) - world.outside.clock.now()))
  }
}

/** When something happens that is not only another look at a refund that waits for a person. */
async function nextJob({ database, outside }: World): Promise<Instant | undefined> {
  const { db } = database.reads
  const stuck = await db
    .selectFrom('refund')
    .select('action')
    .where('state', '=', 'open')
    .where('stuck', '=', 1)
    .execute()
  const waits = new Set(stuck.map(({ action }) => action))
  const jobs = await db
    .selectFrom('job')
    .select(['key', 'run_at'])
    .where('queue', 'in', ['carry-out', 'follow-up', 'drain'])
    .orderBy('run_at')
    .execute()
  const next = jobs.find(({ key }) => !waits.has(key))
  const soon = later(instant(outside.clock.now()), 3_600_000)
  return next && ((next.run_at < soon ? next.run_at : soon) as Instant)
}

async function see({ outside, mix, database }: World): Promise<void> {
  const { pay, mini } = outside
  const calls = pay.calls().filter(({ on }) => on === 'refund')
  const withEffect = ['lost-answer', 'unverifiable', 'malformed', 'http', 'frequency-limited']
  if (calls.some(({ ran, how }) => ran === 'yes' && withEffect.includes(how ?? '')))
    mix.add('an answer lost after the effect')
  const late = pay
    .misbehaviours()
    .some(({ script, happened }) => script.how === 'late-effect' && happened > 0 && script.ms >= lateFrom)
  if (late) mix.add('an effect later than restart, lease and look')
  const refunds = await database.reads.db.selectFrom('refund').selectAll().execute()
  if (refunds.some(({ state }) => state === 'done')) mix.add('a settled refund')
  if (refunds.some(({ state }) => state === 'closed')) mix.add('a closed refund')
  if (refunds.some(({ stuck }) => stuck === 1)) mix.add('a refund that waits for a person')
  if (calls.some(({ code }) => code === 'NOT_ENOUGH')) mix.add('a refusal for want of money')
  if (mini.ledger().some(({ what, by }) => what === 'respond' && by === 'merchant')) mix.add('a follow-up')
  if (pay.ledger().some(({ what, answer }) => what === 'push' && answer?.startsWith('200'))) mix.add('a notice')
}
