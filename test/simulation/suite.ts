import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { known } from './known.ts'
import { createTally } from './mix.ts'
import { blindButIndexed, type Mistake } from './mutants.ts'
import { run } from './run.ts'
import { forgetShop } from './shop.ts'
import type { Side } from './side.ts'
import { type Schedule, schedulesOf } from './steps.ts'

export interface Trial {
  readonly side: Side
  /** How many schedules, where nobody wishes for more. */
  readonly schedules: number
  readonly mistakes: readonly Mistake[]
  /** How many of them must pass where the ledger is blind. */
  readonly blind: number
}

/** Random schedules at one platform: what must hold, what they must bring about, and the mistakes that they must find. */
export function simulate({ side, schedules: usual, mistakes, blind }: Trial): void {
  afterAll(forgetShop)

  const schedules = schedulesOf(side)
  const count = Number(process.env.REDRESS_SCHEDULES ?? usual)
  // The same schedules for every change, so that a red one is the change's; new ones where they are asked for.
  const { REDRESS_SEED: wished = '20261121' } = process.env
  const seed = wished === 'random' ? Date.now() % 2 ** 31 : Number(wished)
  let thousand: readonly Schedule[] | undefined
  function some(many: number): readonly Schedule[] {
    thousand ??= fc.sample(schedules, { numRuns: 1_000, seed })
    return thousand.slice(0, many)
  }
  const patient = { timeout: 600_000 + count * 1_000 }

  test(
    `${side.name}: money goes out once, whatever happens: ${count} schedules from seed ${seed}`,
    patient,
    async () => {
      const tally = createTally(side.brings)
      const judged = fc.asyncProperty(schedules, async (schedule) => {
        const { wrong, seen } = await run(side, schedule)
        tally.add(seen)
        expect(wrong).toEqual([])
      })
      // The first schedule that fails says more than a smaller one that takes minutes to find.
      await fc.assert(judged, { numRuns: count, seed, endOnFailure: process.env.REDRESS_SHRINK === undefined })
      console.log(`${side.name}: ${tally.lines().join('\n')}`)
      expect(tally.lacking()).toEqual([])
    },
  )

  test.each(Object.entries(known))('%s', async (_, schedule) => {
    expect((await run(side, schedule)).wrong).toEqual([])
  })

  test('a schedule has one course of events', async () => {
    for (const schedule of some(5))
      expect((await run(side, schedule)).course).toEqual((await run(side, schedule)).course)
  })

  describe('a planted mistake is found', () => {
    test.each(mistakes)('$name', patient, async ({ name, says, ...mistake }) => {
      for (const [at, schedule] of some(1_000).entries()) {
        const { wrong } = await run(side, schedule, mistake)
        const found = wrong.find((line) => says.test(line))
        if (found === undefined) continue
        console.log(`${side.name}: ${name}: schedule ${at + 1}: ${found}`)
        return
      }
      expect.unreachable(`1,000 schedules from seed ${seed} did not show it`)
    })

    test('what the ledger does not see the indexes refuse', patient, async () => {
      for (const schedule of some(blind)) {
        const { wrong } = await run(side, schedule, { planted: blindButIndexed })
        expect(wrong.filter((line) => !line.includes('a wish broke'))).toEqual([])
      }
    })
  })
}
