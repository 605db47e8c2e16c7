import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Built, buildChild } from '../support/kill-child.ts'
import { failpoints, ofMoney, onlyAlipay, onlyRefunds } from '../support/kill-points.ts'
import { type KillPool, killPool } from '../support/kill-pool.ts'
import { swept } from '../support/kill-wire.ts'
import { killWorld } from '../support/kill-world.ts'
import {
  alipayVerdict,
  buys,
  complainsAndIsAnswered,
  complainsUnheard,
  isFinished,
  isPaidBack,
} from './alipay-story.ts'

const timeout = 150_000
/** A minute is a second and a half. */
const factor = 40
let built: Built
let pool: KillPool

beforeAll(async () => {
  built = buildChild()
  pool = await killPool(2, () => killWorld({ child: built.file, factor, alipay: true }))
})
afterAll(async () => {
  await pool.close()
  built.remove()
})

describe.concurrent('killed where it may die between a complaint at Alipay and its end', { timeout }, () => {
  // Where we do the same for every platform, the stories of the others die for it.
  const points = failpoints().filter(
    (point) => onlyAlipay(point) || (ofMoney(point) && !onlyRefunds(point)) || /^(receive|drain|record)\./.test(point),
  )
  const steps = [
    [/^authorise\./, 'a merchant comes back'],
    [/^(receive|drain|record|poll)\./, 'complaints'],
    [/^(request|carry-out)\./, 'a refund'],
    [/^(request|carry-out)\./, 'an end'],
  ] as const
  type Step = (typeof steps)[number][1]
  const deathsAt = points.flatMap((point) => steps.flatMap(([of, step]) => (of.test(point) ? { point, step } : [])))

  test('every point is come by', () => expect(new Set(deathsAt.map(({ point }) => point))).toEqual(new Set(points)))

  test.each(deathsAt)('at $point ($step), money goes back once, and each customer is heard', ({ point, step }) =>
    pool.alone(async (w, deaths) => {
      const story = await buys(w, `死在 ${point}，${step}`)
      const at = async (now: Step) => {
        if (now === step) await w.life().arm({ point, hit: 1 })
      }
      await at('a merchant comes back')
      if (step === 'a merchant comes back') await story.alipay.comeBack()
      await at('complaints')
      await Promise.all([complainsAndIsAnswered(w, story), complainsUnheard(w, story)])
      await at('an end')
      await isFinished(w, story)
      await at('a refund')
      await isPaidBack(w, story)
      expect(deaths(), `${point} was never reached`).toBe(1)
      alipayVerdict(w, story, deaths())
      // Rows and their jobs die together: nobody has to look for orphans.
      expect(w.hits().get(swept)).toBeUndefined()
    }),
  )
})
