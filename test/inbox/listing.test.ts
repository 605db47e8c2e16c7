import { expect, test } from 'vitest'
import { silent } from '../../src/core/logger.ts'
import { asId, instant, later } from '../../src/core/words.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import { readList, type Span, toRead } from '../../src/inbox/listing.ts'
import { registry } from '../../src/platforms/registry.ts'
import { world } from '../support/world.ts'

const now = instant(Date.UTC(2026, 2, 1, 12))
const minute = 60_000
const listed = (number: string, more: object = {}) => ({
  ...{ number, code: 'PENDING', openedAt: now, waiting: false, over: false },
  ...more,
})
const known = (number: string, minutesAgo: number, code = 'PENDING') =>
  [number, { id: asId<'complaint'>(`cmp_${number}`), code, asOf: later(now, -minutesAgo * minute) }] as const

test.each([
  ['unknown', listed('1'), [], { unknown: ['1'], changed: [] }],
  ['known and the same', listed('1'), [known('1', 60)], { unknown: [], changed: [] }],
  ['in another state', listed('1', { code: 'PROCESSED' }), [known('1', 1)], { unknown: [], changed: ['cmp_1'] }],
  ['over before we heard of it', listed('1', { code: 'PROCESSED', over: true }), [], { unknown: [], changed: [] }],
  ['waiting, read long ago', listed('1', { waiting: true }), [known('1', 6)], { unknown: [], changed: ['cmp_1'] }],
  ['waiting, read a moment ago', listed('1', { waiting: true }), [known('1', 4)], { unknown: [], changed: [] }],
] as const)('%s', (_, one, ours, wanted) => {
  expect(toRead([one], new Map(ours), { now, stale: 5 * minute })).toEqual(wanted)
})

test('the longest unread comes first', () => {
  const lines = ['1', '2', '3'].map((number) => listed(number, { waiting: true }))
  const ours = new Map([known('1', 10), known('2', 30), known('3', 20)])
  const { changed } = toRead(lines, ours, { now, stale: 5 * minute })
  expect(changed).toEqual(['cmp_2', 'cmp_3', 'cmp_1'])
})

/** A merchant whose pushes never come, and a round for it whose reads stay to be seen. */
async function unheard() {
  const w = await world({ pay: ['青禾优选'] })
  const [merchant] = w.pay.merchants
  if (!merchant) throw new Error('no merchant')
  w.pay.sandbox.misbehave({ on: 'push', how: 'withheld', times: 999 })
  const { storage, clock } = w
  // Never started.
  const engine = createEmbeddedEngine({ storage, clock, random: storage.reads.random, logger: silent })
  const parts = { storage, engine, logger: silent, platforms: registry([w.pay.platform()]) }
  return {
    clock,
    complain: async () => (await w.pay.sandbox.complain({ mchid: merchant.mchid })).id,
    round: (span: Span) => readList(parts, `${span}:${merchant.account.id}`),
    async wanted() {
      const rows = await storage.reads.db.selectFrom('wanted').select('number').execute()
      return rows.map(({ number }) => number).sort()
    },
  }
}

test('a round looks back three days of China, or thirty, each from its midnight', async () => {
  const { clock, complain, round, wanted } = await unheard()
  const at = (day: number, hour: number, minutes = 0) =>
    clock.step(Date.UTC(2026, 2, day, hour - 8, minutes) - clock.now())
  at(0, 23, 59)
  await complain()
  at(1, 23, 59)
  const before = await complain()
  at(2, 0, 1)
  const after = await complain()
  at(4, 23, 30)
  await round('recent')
  expect(await wanted()).toEqual([after])
  at(30, 1)
  await round('month')
  expect(await wanted()).toEqual([before, after].sort())
})

test('one round has a hundred read at most, and the next one goes on behind them', async () => {
  const { complain, round, wanted } = await unheard()
  for (let n = 0; n < 130; n++) await complain()
  await round('recent')
  expect((await wanted()).length).toBe(100)
  await round('recent')
  expect((await wanted()).length).toBe(130)
  await round('recent')
  expect((await wanted()).length).toBe(130)
})
