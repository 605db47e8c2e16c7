import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildChild } from '../support/kill-child.ts'
import { failpoints } from '../support/kill-points.ts'
import { swept } from '../support/kill-wire.ts'
import { type KillWorld, killWorld } from '../support/kill-world.ts'
import { agree, complain, testify, verdict } from './story.ts'

/** How often each point is died at: the first time that it is passed, the second time, … */
const rounds = Number(process.env.KILLS ?? 1)
/** Tests of this file run beside each other; one of them may wait until the others are through. */
const timeout = 60_000
let child = ''

beforeAll(() => {
  const built = buildChild()
  child = built.file
  return built.remove
})

describe.concurrent('killed where it may die', { timeout }, () => {
  const points = failpoints()
  const kills = new Map<string, number>()
  const all: KillWorld[] = []
  const free: KillWorld[] = []
  const queue: ((w: KillWorld) => void)[] = []

  beforeAll(async () => {
    const made = () => killWorld({ child, factor: 60, generous: true })
    all.push(...(await Promise.all([made(), made()])))
    free.push(...all)
  })
  afterAll(async () => {
    const passed = (point: string) => all.reduce((sum, w) => sum + (w.hits().get(point) ?? 0), 0)
    const row = (point: string) => `${String(kills.get(point) ?? 0).padStart(4)} of ${passed(point)}  ${point}`
    console.log(`died at, of times passed:\n${points.map(row).join('\n')}`)
    await Promise.all(all.map((w) => w.close()))
  })

  /** A world of its own for a while, with the number of its deaths since; whoever waits longest is next. */
  async function alone(work: (w: KillWorld, deaths: () => number) => Promise<void>): Promise<void> {
    const w = free.pop() ?? (await new Promise<KillWorld>((resolve) => queue.push(resolve)))
    const before = w.deaths()
    const give = () => {
      const next = queue.shift()
      if (next) next(w)
      else free.push(w)
    }
    await work(w, () => w.deaths() - before).finally(give)
  }

  describe.each(Array.from({ length: rounds }, (_, round) => round + 1))('time %i', (hit) => {
    test.each(points)('at %s, a complaint gets its card and each answer goes out once', (point) =>
      alone(async (w, deaths) => {
        await w.life().arm({ point, hit })
        const story = await complain(w, `死在 ${point} 第 ${hit} 次`)
        if (point.startsWith('app.')) w.life().stop()
        await agree(w, story)
        await testify(w, story)
        kills.set(point, (kills.get(point) ?? 0) + deaths())
        if (hit === 1) expect(deaths(), `${point} was never reached`).toBe(1)
        verdict(w, story, deaths())
        // Rows and their jobs die together: nobody has to look for orphans.
        expect(w.hits().get(swept)).toBeUndefined()
      }),
    )
  })

  test.each(Array.from({ length: 2 * rounds }, (_, nr) => nr))('at any moment (%i), the same holds', () =>
    alone(async (w, deaths) => {
      const ms = Math.random() * 400
      const story = await complain(w, `死在 ${ms} 毫秒`)
      setTimeout(() => w.life().kill(), ms)
      await agree(w, story)
      await testify(w, story)
      // The kill may still be on its way on a busy machine.
      await expect.poll(deaths, { timeout: 10_000 }).toBe(1)
      verdict(w, story, 1)
    }),
  )
})

describe.concurrent('killed with the answer of the platform still open', { timeout }, () => {
  // A minute is three seconds: the new life begins well before the first look may be believed.
  const factor = 20

  async function lateBy(ms: number, generous: boolean) {
    const w = await killWorld({ child, factor, generous })
    const story = await complain(w, '迟到的结果')
    const late = w.wechat.misbehave({ on: 'respond', how: 'late-effect', ms })
    await w.life().arm({ point: 'carry-out.performed', hit: 1 })
    await agree(w, story)
    expect(late.happened).toBe(1)
    return { w, story, calls: () => w.wechat.calls().filter(({ on }) => on === 'respond') }
  }

  test('an effect that comes after the first look is waited for, not made again', async ({ onTestFinished }) => {
    const { w, story, calls } = await lateBy(50_000, true)
    onTestFinished(() => w.close())
    await testify(w, story)
    verdict(w, story, 1)
    expect(calls().map(({ ran }) => ran)).toEqual(['later'])
  })

  test('an effect that comes after all looking and a second try happens once all the same', async ({
    onTestFinished,
  }) => {
    const { w, story, calls } = await lateBy(100_000, false)
    onTestFinished(() => w.close())
    expect(calls().map(({ ran }) => ran)).toEqual(['later', 'yes'])
    await new Promise((resolve) => setTimeout(resolve, 50_000 / factor))
    await testify(w, story)
    verdict(w, story, 1)
  })
})
