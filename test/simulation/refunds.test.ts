import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { known } from './known.ts'
import { createTally } from './mix.ts'
import { blindButIndexed, mistakes } from './mutants.ts'
import { run } from './run.ts'
import { forgetShop } from './shop.ts'
import { type Schedule, schedules } from './steps.ts'

afterAll(forgetShop)

const count = Number(process.env.REDRESS_SCHEDULES ?? 300)
// The same schedules for every change, so that a red one is the change's; new ones where they are asked for.
const { REDRESS_SEED: wished = '20261121' } = process.env
const seed = wished === 'random' ? Date.now() % 2 ** 31 : Number(wished)
let thousand: readonly Schedule[] | undefined
function some(many: number): readonly Schedule[] {
  thousand ??= fc.sample(schedules, { numRuns: 1_000, seed })
  return thousand.slice(0, many)
}
const patient = { timeout: 600_000 + count * 1_000 }

test(`money goes out once, whatever happens: ${count} schedules from seed ${seed}`, patient, async () => {
  const tally = createTally()
  const judged = fc.asyncProperty(schedules, async (schedule) => {
    const { wrong, seen } = await run(schedule)
    tally.add(seen)
    expect(wrong).toEqual([])
  })
  // The first schedule that fails says more than a smaller one that takes minutes to find.
  await fc.assert(judged, { numRuns: count, seed, endOnFailure: process.env.REDRESS_SHRINK === undefined })
  console.log(tally.lines().join('\n'))
  expect(tally.lacking()).toEqual([])
})

test.each(Object.entries(known))('%s', async (_, schedule) => {
  expect((await run(schedule)).wrong).toEqual([])
})

test('a schedule has one course of events', async () => {
  for (const schedule of some(5)) expect((await run(schedule)).course).toEqual((await run(schedule)).course)
})

describe('a planted mistake is found', () => {
  test.each(mistakes)('$name', patient, async ({ name, says, ...mistake }) => {
    for (const [at, schedule] of some(1_000).entries()) {
      const { wrong } = await run(schedule, mistake)
      const found = wrong.find((line) => says.test(line))
      if (found === undefined) continue
      console.log(`${name}: schedule ${at + 1}: ${found}`)
      return
    }
    expect.unreachable(`1,000 schedules from seed ${seed} did not show it`)
  })

  test('what the ledger does not see the indexes refuse', patient, async () => {
    for (const schedule of some(40)) {
      const { wrong } = await run(schedule, { planted: blindButIndexed })
      expect(wrong.filter((line) => !line.includes('a wish broke'))).toEqual([])
    }
  })
})
