import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Built, buildChild } from '../support/kill-child.ts'
import { failpoints, onlyRules } from '../support/kill-points.ts'
import { type KillPool, killPool } from '../support/kill-pool.ts'
import { swept } from '../support/kill-wire.ts'
import { killWorld } from '../support/kill-world.ts'
import { until } from './person.ts'
import { isHalted, isRuled, isTaken, paidVerdict, pastDue, stoppedVerdict, withRule } from './rules-story.ts'

const timeout = 150_000
/** A minute is a second and a half. */
const factor = 40
let built: Built
let pool: KillPool

beforeAll(async () => {
  built = buildChild()
  pool = await killPool(3, () => killWorld({ child: built.file, factor, generous: true, prepare: withRule }))
})
afterAll(async () => {
  await pool.close()
  built.remove()
})

describe.concurrent('killed where it may die while a rule acts', { timeout }, () => {
  test.each(failpoints().filter(onlyRules))(
    'at %s, what was ruled is paid once, and nothing that a person stopped or took on',
    (point) =>
      pool.alone(async (w, deaths) => {
        await w.life().arm({ point, hit: 1 })
        const quote = (what: string) => `死在 ${point}，${what}`
        const halting = isRuled(w, quote('取消')).then(async (story) => ({
          story,
          halted: await isHalted(w, story),
          at: Date.now(),
        }))
        const taking = isRuled(w, quote('认领')).then(async (story) => {
          await isTaken(w, story)
          return story
        })
        const [halted, taken, left] = await Promise.all([halting, taking, isRuled(w, quote('不管'))])
        expect(halted.halted, 'it was stopped in time').toBe(true)
        await paidVerdict(w, left, deaths())
        await pastDue(factor, halted.at)
        expect(deaths(), `${point} was never reached`).toBe(1)
        await stoppedVerdict(w, halted.story, deaths(), 'halt')
        await stoppedVerdict(w, taken, deaths(), 'claim')
        // Rows and their jobs die together: nobody has to look for orphans.
        expect(w.hits().get(swept)).toBeUndefined()
      }),
  )

  test.each(['ruling.due', 'ruling.requested'])(
    'at %s, a halt that comes only then is true: done and no money, or too late and paid once',
    (point) =>
      pool.alone(async (w, deaths) => {
        const story = await isRuled(w, `死在 ${point}，才取消`)
        await w.life().arm({ point, hit: 1 })
        await until(() => deaths() === 1, `it died at ${point}`)
        if (await isHalted(w, story)) {
          await pastDue(factor, Date.now())
          await stoppedVerdict(w, story, 1, 'halt')
        } else await paidVerdict(w, story, 1)
        expect(w.hits().get(swept)).toBeUndefined()
      }),
  )
})
