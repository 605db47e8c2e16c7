import fc from 'fast-check'
import { sql } from 'kysely'
import type { Snapshot } from '../../src/complaints/complaint.ts'
import { type Reminding, stagesOf } from '../../src/complaints/stage.ts'
import { silent } from '../../src/core/logger.ts'
import { type ComplaintId, fen, type Instant, instant, millis } from '../../src/core/words.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import { queues } from '../../src/engine/queues.ts'
import { record } from '../../src/inbox/record.ts'
import { makeDigests } from '../../src/schedule/digest.ts'
import { remindDue } from '../../src/schedule/remind.ts'
import { createAccount, findAccount } from '../../src/storage/accounts.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { createMember } from '../../src/storage/members.ts'
import type { Database } from '../../src/storage/open.ts'
import { changeReminding, usualReminding } from '../../src/storage/reminding.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { noon, sqlite } from '../support/databases.ts'

const minute = 60_000
const hour = 60 * minute
const zone = 'Asia/Shanghai'

/** Minutes of true time, from the beginning. */
export interface Schedule {
  readonly quiet: boolean
  readonly owed: readonly { readonly at: number; readonly whole: number }[]
  /** `by`: the clock jumps, in minutes; while it is down, where it is. */
  readonly events: readonly { readonly at: number; readonly down?: number; readonly by?: number }[]
}

const day = 24 * 60
const begin = fc.integer({ min: 1, max: 2 * day })
const restart = fc.record({ at: begin, down: fc.integer({ min: 1, max: 12 * 60 }) })
const jumping = (by: fc.Arbitrary<number>) =>
  fc.oneof(fc.record({ at: begin, by }), fc.record({ at: begin, by, down: fc.integer({ min: 1, max: 60 }) }))
const forward = jumping(fc.integer({ min: 3, max: day }))
const back = jumping(fc.integer({ min: -day, max: -3 }))

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  quiet: fc.boolean(),
  owed: fc.array(
    fc.record({
      at: begin,
      whole: fc.oneof(fc.integer({ min: -60, max: 150 }), fc.integer({ min: 120, max: 2 * day }), fc.constant(2 * day)),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  events: fc
    .tuple(
      fc.array(restart, { maxLength: 3 }),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 3, arbitrary: fc.array(forward, { minLength: 1, maxLength: 2 }) },
        { weight: 2, arbitrary: fc.array(back, { minLength: 1, maxLength: 2 }) },
        { weight: 1, arbitrary: fc.tuple(forward, back) },
      ),
    )
    .map((some) => some.flat().sort((a, b) => a.at - b.at)),
})

export type Brought = 'a restart within a stage' | 'a jump forward' | 'a jump back'

export interface Judged {
  readonly wrong: readonly string[]
  readonly brought: ReadonlySet<Brought>
}

interface Owed {
  readonly id: ComplaintId
  /** By the clock, as it was then; and after how many looks. */
  readonly knownAt: Instant
  readonly due: Instant
  readonly looks: number
}

interface Down {
  readonly from: number
  readonly to: number
}

/** One schedule on a real database, with a clock that only we move. @param planted a mistake, put into the tables */
export async function run(schedule: Schedule, planted?: string): Promise<Judged> {
  const { database, clock, again } = await sqlite.open()
  if (planted) await plant(database, planted)
  const account = await shop(database, schedule.quiet)
  /** The times of all looks, by the clock. */
  const looks: number[] = []
  const live = async (storage: Database) => {
    const engine = createEmbeddedEngine({ storage, clock, random: storage.reads.random, logger: silent })
    for (const queue of [queues.fanOut, queues.announce]) engine.work(queue, async () => undefined)
    engine.every('remind', '* * * * *', async () => {
      looks.push(clock.now())
      await remindDue({ storage, engine, logger: silent })
    })
    engine.every('digest', '*/5 * * * *', () => makeDigests({ storage, engine }))
    await engine.start()
    await engine.settle()
    return { storage, engine }
  }
  let now = await live(database)
  let trueTime = noon
  const wrong: string[] = []
  const downs: Down[] = []
  const jumps: number[] = []
  const owed: Owed[] = []
  const reminding: Reminding = {
    shares: usualReminding.shares,
    hours: usualReminding.hours,
    zone,
    ...(schedule.quiet && usualReminding.quiet ? { quiet: usualReminding.quiet } : {}),
  }

  /** Passes over what is of no interest, and looks closely at what is. */
  async function until(time: number): Promise<void> {
    while (trueTime < time) {
      const offset = clock.now() - trueTime
      const soon = owed
        .flatMap((one) => stagesOf(one, reminding).map(({ at }) => millis(at)))
        .concat(tenOClock(clock.now()))
        .map((at) => Math.floor(at / minute + 1) * minute + 1_000 - offset)
        .filter((at) => at > trueTime)
      const next = Math.min(time, trueTime + 3 * hour, ...soon)
      clock.advance(next - trueTime)
      trueTime = next
      await now.engine.settle()
    }
  }

  async function happens(event: Schedule['events'][number]): Promise<void> {
    await until(noon + event.at * minute)
    if (event.down !== undefined) {
      const from = clock.now()
      await now.engine.stop()
      await now.storage.close()
      clock.step(event.down * minute + (event.by ?? 0) * minute)
      trueTime += event.down * minute
      downs.push({ from, to: clock.now() })
      now = await live(again())
    } else clock.step((event.by ?? 0) * minute)
    if (event.by !== undefined) jumps.push(event.by)
    await now.engine.settle()
    const before = looks.length
    for (let minutes = 0; minutes < 3; minutes++) {
      clock.advance(minute)
      trueTime += minute
      await now.engine.settle()
    }
    if (looks.length === before) wrong.push(`nobody looked within three minutes of ${JSON.stringify(event)}`)
  }

  const course = [
    ...schedule.events.map((event) => ({ at: event.at, go: () => happens(event) })),
    ...schedule.owed.map(({ at, whole }, index) => ({
      at,
      async go() {
        await until(noon + at * minute)
        const due = instant(noon + (at + whole) * minute)
        const found = await findAccount(now.storage.reads, account)
        if (!found) throw new Error('no account')
        const said = snapshot(String(index), due, instant(clock.now()))
        const { id } = await record({ storage: now.storage, engine: now.engine }, { seat: { account: found }, said })
        owed.push({ id, knownAt: instant(clock.now()), due, looks: looks.length })
        await now.engine.settle()
      },
    })),
  ].sort((a, b) => a.at - b.at)
  for (const { go } of course) await go()
  const last = Math.max(...owed.map(({ due }) => millis(due)), clock.now()) + hour
  await until(last - (clock.now() - trueTime))

  for (const [index, one] of owed.entries()) {
    const facts = await factsOf(now.storage.reads, one.id, 100)
    const told = facts.flatMap(({ at, fact }) => (fact.kind === 'reminded' ? [{ at, ...fact }] : [])).reverse()
    const names = told.map(({ stage }) => stage)
    const say = (what: string) => wrong.push(`owed ${index}: ${what}: ${names.join(' ')}`)
    if (new Set(names).size < names.length) say('a stage was said twice')
    const expected = schedule.quiet ? undefined : foreseen(one, looks.slice(one.looks), reminding)
    const heard = told.map(({ stage, at }) => `${stage} ${at.slice(0, 16)}`)
    if (expected && expected.join() !== heard.join()) say(`expected ${expected.join(', ')}, heard ${heard.join(', ')}`)
    const calm =
      jumps.length === 0 && !downs.some(({ from, to }) => to >= millis(one.knownAt) && from <= millis(one.due))
    const whole = millis(one.due) - millis(one.knownAt)
    if (!calm) continue
    const before = told.filter(({ at }) => at < one.due)
    const people = new Set(before.flatMap(({ to }) => to.map(({ member }) => member)))
    if (whole >= 2 * hour && before.length < 3) say('fewer than three notices before its end')
    if (whole >= 2 * hour && people.size < 2) say('one person alone was told')
    if (whole > 0 && whole < 2 * hour && names.join() !== 'short,due') say('not at once, and at its end')
    if (whole <= 0 && names.join() !== 'due') say('not once')
    for (const { stage, lateBy } of told) if (lateBy !== undefined) say(`${stage} is said to be late`)
    for (const { name, at } of stagesOf(one, reminding)) {
      const heardAt = told.find(({ stage }) => stage === name)?.at
      if (heardAt === undefined || heardAt < at || millis(heardAt) - millis(at) > 90_000)
        say(`${name} should come at ${at}, came at ${heardAt}`)
    }
  }
  wrong.push(...(await digestsTwice(now.storage)))
  await now.engine.stop()
  const brought = new Set<Brought>(jumps.map((by) => (by > 0 ? 'a jump forward' : 'a jump back')))
  const stages = owed.flatMap((one) => stagesOf(one, reminding).map(({ at }) => millis(at)))
  if (downs.some(({ from, to }) => stages.some((at) => from < at && at <= to))) brought.add('a restart within a stage')
  return { wrong, brought }
}

/** By the looks that there were: at each, the latest stage that has come and was not over. No quiet hours. */
function foreseen(one: Owed, looks: readonly number[], reminding: Reminding): readonly string[] {
  const said = new Map<string, Instant>()
  const heard: string[] = []
  let { knownAt } = one
  for (const look of looks) {
    const now = instant(look)
    if (now < knownAt) knownAt = now
    const stages = stagesOf({ ...one, knownAt }, reminding)
    const over = stages.findLastIndex(({ name, at }) => said.has(name) || [...said.values()].some((last) => at <= last))
    const come = stages.findLastIndex(({ at }) => at <= now)
    const stage = stages[come]
    if (!stage || come <= over) continue
    said.set(stage.name, stage.at)
    heard.push(`${stage.name} ${now.slice(0, 16)}`)
  }
  return heard
}

/** The next ten in the morning. */
function tenOClock(now: number): number[] {
  const today = Math.floor((now + 8 * hour) / (24 * hour)) * 24 * hour + 2 * hour
  return [today, today + 24 * hour]
}

async function digestsTwice({ reads }: Database): Promise<readonly string[]> {
  const rows = await reads.db.selectFrom('notice').select('at').where('kind', '=', 'digest').execute()
  const days = rows.map(({ at }) => instant(millis(at as Instant) + 8 * hour).slice(0, 10))
  return new Set(days).size < days.length ? [`two digests on one day: ${days.join(' ')}`] : []
}

const plant = (database: Database, statement: string) =>
  database.transaction(async (tx) => {
    await sql.raw(statement).execute(tx.db)
  })

async function shop(database: Database, quiet: boolean) {
  return database.transaction(async (tx) => {
    const tenant = await createTenant(tx, {
      ...{ handle: 'shop', name: '小店', zone, language: 'zh-CN' },
      secondPersonFrom: fen(20_000),
    })
    if (!tenant) throw new Error('no tenant')
    if (!quiet) await changeReminding(tx, tenant.id, { quiet: null })
    const of = { tenant: tenant.id, enabled: true }
    await createMember(tx, { ...of, handle: 'chen', name: '阿陈', role: 'admin' })
    await createMember(tx, { ...of, handle: 'li', name: '小李', role: 'agent' })
    const account = await createAccount(tx, {
      ...{ ...of, platform: 'wechat-mini', outsideId: 'wx1', name: '小店', settings: {}, secrets: {} },
    })
    if (!account) throw new Error('no account')
    return account.id
  })
}

const snapshot = (number: string, due: Instant, asOf: Instant): Snapshot => ({
  source: 'wechat-mini',
  number,
  scope: 'wx1',
  phase: 'ours',
  code: '201',
  label: '待处理',
  moves: [{ kind: 'respond', owed: true, due, takes: {} }],
  orders: [],
  text: '没有收到货',
  reason: '',
  person: {},
  pictures: [],
  timeline: [],
  openedAt: asOf,
  asOf,
  warnings: [],
})
