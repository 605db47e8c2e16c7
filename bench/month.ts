import { remindingOf } from '../src/storage/reminding.ts'
import { chance } from '../test/simulation/chance.ts'
import type { Bench } from './measure.ts'
import { doubled, type Judge, judgeOf } from './month/judge.ts'
import { complain, createPlan, type Plan } from './month/life.ts'
import { begin, group, openTown, type Town } from './month/town.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** So many complaints come in so many days; then what is owed runs out. */
const sizes = {
  full: { complaints: 10_000, days: 30, after: 2.5 },
  quick: { complaints: 20, days: 0.05, after: 0.1 },
} as const
/** What is said within two minutes is not said to be late. */
const step = 2 * minute

/** A month of a busy team on a clock of its own, with every rule and reminder: was anybody not told, was anything done twice? */
export const month: Bench = async ({ quick }) => {
  const { complaints, days, after } = quick ? sizes.quick : sizes.full
  const started = performance.now()
  const random = chance(20_260_301)
  const town = await openTown()
  const judge = judgeOf(town, await remindingOf(town.storage.reads, town.tenant.id))
  const plan = createPlan(begin)
  const life = { town, chance: random, plan }
  await town.chat.say(town.people.chen, group, '/duty @li @wang 09:00-21:00 @chen 21:00-09:00')
  for (let one = 0; one < complaints; one++) plan.add(begin + random.pick(days * day), () => complain(life))
  troubles(town, plan, days)
  interruptions({ town, plan, judge, pick: random.pick }, days + after)
  const end = begin + (days + after) * day
  let most = 0
  for (let time = begin + step; time < end; time = Math.max(time, stepOf(town.clock.now())) + step) {
    // A second after the full minute, when its ticks are due.
    await town.until(time + second)
    for (const happens of plan.due(town.clock.now())) await happens()
    await town.settle()
    await judge.look(town.storage.reads)
    most = Math.max(most, process.memoryUsage.rss())
    if (!quick && stepOf(time) % day === 0)
      console.error(`${new Date(time).toISOString()}: ${judge.wrong.length} wrong`)
  }
  const wall = (performance.now() - started) / 1000
  const twice = await doubled(town)
  const counts = await countsOf(town)
  const lost = complaints - counts.complaints
  await town.close()
  const { stages, deadlines, late, whole } = judge.figures
  console.log(`${counts.complaints} complaints in ${days} days: ${shown(counts)}`)
  console.log(
    `${stages} notices of ${deadlines} deadlines, ${late} said to be late; ${whole} undisturbed until their end`,
  )
  console.log(`verdict: ${judge.wrong.length} missed or said twice, ${twice.length} done twice, ${lost} never seen`)
  for (const wrong of [...judge.wrong, ...twice].slice(0, 20)) console.log(`  ${wrong}`)
  const mebibytes = most / 2 ** 20
  console.log(
    `${wall.toFixed(0)} s, ${(wall / days).toFixed(1)} s for a day of life; at most ${mebibytes.toFixed(0)} MiB resident, the outside's books included`,
  )
  const none = { most: 0, goal: 0 }
  return {
    gates: [
      { name: 'deadlines missed or said twice', samples: [judge.wrong.length], ...none },
      { name: 'acts and money doubled', samples: [twice.length], ...none },
      { name: 'complaints never seen', samples: [lost], ...none },
    ],
    figures: { ...counts, stages, deadlines, wall: Math.round(wall), mebibytes: Math.round(mebibytes) },
  }
}

const stepOf = (time: number) => Math.floor(time / step) * step

/** Every few hours an answer is lost after its effect, on each way on which something is done. */
function troubles({ wechat, pay, alipay }: Town, plan: Plan, days: number): void {
  for (let at = begin + hour; at < begin + days * day; at += 3 * hour)
    plan.add(at, async () => {
      wechat.misbehave({ on: 'respond', how: 'lost-answer' })
      pay.misbehave({ on: 'refund', how: 'lost-answer' })
      pay.misbehave({ on: 'reply', how: 'lost-answer' })
      alipay.misbehave({ on: 'alipay.trade.refund', how: 'lost-answer' })
    })
}

interface Interrupted {
  readonly town: Town
  readonly plan: Plan
  readonly judge: Judge
  pick(below: number): number
}

/** A few times a day we end and begin again, once with the clock off by some minutes; and an admin lets refunds go on. */
function interruptions({ town, plan, judge, pick }: Interrupted, days: number): void {
  const { chen } = town.people
  for (let at = begin; at < begin + days * day; at += 8 * hour) {
    plan.add(at + pick(8 * hour), async () => {
      const since = town.clock.now()
      await town.restart(pick(20) * minute, 0)
      judge.interrupted(since)
    })
    plan.add(at + pick(8 * hour), async () => {
      if (pick(3) > 0) return
      const since = town.clock.now()
      town.clock.step((pick(21) - 10) * minute)
      judge.interrupted(since)
    })
    plan.add(at + 5 * hour, async () => {
      await town.chat.say(chen, group, '/rules reset')
    })
  }
}

async function countsOf({ storage: { reads }, chat }: Town) {
  const count = async (table: 'complaint' | 'action' | 'rule_refund' | 'ruling' | 'fact') => {
    const row = await reads.db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }
  const trips = chat.texts(group).filter((line) => line.startsWith('⚠ 规则一小时内')).length
  return {
    complaints: await count('complaint'),
    actions: await count('action'),
    rulings: await count('ruling'),
    'rule refunds': await count('rule_refund'),
    facts: await count('fact'),
    'breaker trips': trips,
  }
}

const shown = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
