import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Brought, run, schedules } from './reminders.ts'

const count = Number(process.env.REDRESS_SCHEDULES ?? 40)
const seed = Number(process.env.REDRESS_SEED ?? 20261122)
const patient = { timeout: 120_000 + count * 3_000 }
const least: Readonly<Record<Brought, number>> = {
  'a restart within a stage': 0.2,
  'a jump forward': 0.2,
  'a jump back': 0.1,
}

test(
  `nobody is told twice and nothing is forgotten, whatever the clock and the process do: ${count} schedules`,
  patient,
  async () => {
    const brought: Brought[] = []
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const judged = await run(schedule)
        brought.push(...judged.brought)
        expect(judged.wrong).toEqual([])
      }),
      { numRuns: count, seed, endOnFailure: process.env.REDRESS_SHRINK === undefined },
    )
    for (const [what, wanted] of Object.entries(least)) {
      const share = brought.filter((each) => each === what).length / count
      console.log(`${(100 * share).toFixed(0).padStart(3)} % ${what} (at least ${100 * wanted} %)`)
      expect(share, what).toBeGreaterThanOrEqual(wanted)
    }
  },
)

const after = 'create trigger mistake after'
const one = 'complaint = new.complaint and move = new.move and due = new.due'

test.each([
  [
    'what was said is not kept',
    `${after} update on deadline when new.said_stage is not null begin
      update deadline set said_stage = null, said_at = null, next_at = new.looked_at where ${one}; end`,
    /said twice/,
  ],
  [
    'the time that there is counts from now',
    `${after} update on deadline begin update deadline set known_at = new.looked_at where ${one}; end`,
    /expected|should come/,
  ],
  ['the row of a tick is not unique', `${after} insert on tick begin delete from tick; end`, /expected|should come/],
  ['the row of a digest is not unique', `${after} insert on digest begin delete from digest; end`, /two digests/],
])('a mistake is found: %s', patient, async (_, planted, says) => {
  const found: string[] = []
  for (const schedule of fc.sample(schedules, { numRuns: 20, seed })) {
    found.push(...(await run(schedule, planted)).wrong)
    if (found.some((wrong) => says.test(wrong))) break
  }
  expect(found.join('\n')).toMatch(says)
})
