import { type Instant, instant, later, millis } from '../../src/core/words.ts'
import type { Happening } from './mix.ts'
import type { Side } from './side.ts'
import { type Schedule, take } from './steps.ts'
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
  platform: (same) => same,
}

/** One schedule from noon to where nothing changes any more, and what the judge says. */
export async function run(side: Side, schedule: Schedule, mistake: Partial<WorldOptions> = {}): Promise<Ran> {
  const world = await createWorld({ planted: nothingPlanted, ...mistake, ...schedule, side })
  try {
    for (const step of schedule.steps) await take(world, step)
    await calm(world)
    await world.judge.end()
    await see(world)
    return { wrong: world.judge.wrong, seen: world.mix.seen, course: world.outside.course() }
  } finally {
    await world.close()
  }
}

/** Faults stop, and the clock runs on until nothing changes. */
async function calm(world: World): Promise<void> {
  world.mix.over()
  world.down(0)
  await world.outside.calm(world.database)
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

/** When something happens that is not only another look at a refund that waits. */
async function nextJob({ database, outside, judge }: World): Promise<Instant | undefined> {
  const { db } = database.reads
  const open = await db.selectFrom('refund').selectAll().where('state', '=', 'open').execute()
  const actions = await db.selectFrom('action').select(['id', 'state']).execute()
  const waits = new Set(
    actions.flatMap((action) => {
      const refund = open.find(({ action: id }) => id === action.id)
      return judge.waits(action, refund) ? action.id : []
    }),
  )
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
  for (const happening of outside.brought()) mix.add(happening)
  const refunds = await database.reads.db.selectFrom('refund').selectAll().execute()
  if (refunds.some(({ state }) => state === 'done')) mix.add('a settled refund')
  if (refunds.some(({ state }) => state === 'closed')) mix.add('a closed refund')
  if (refunds.some(({ stuck }) => stuck === 1)) mix.add('a refund that waits for a person')
}
