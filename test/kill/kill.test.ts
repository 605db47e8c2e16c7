import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Built, buildChild } from '../support/kill-child.ts'
import {
  failpoints,
  ofMoney,
  ofRefunds,
  onlyAlipay,
  onlyApi,
  onlyChannels,
  onlyRefunds,
  onlyRules,
  onlyUndo,
} from '../support/kill-points.ts'
import { type KillPool, killPool } from '../support/kill-pool.ts'
import { swept } from '../support/kill-wire.ts'
import { killWorld } from '../support/kill-world.ts'
import { askedOnce, refundByApi, withKey } from './api-story.ts'
import { mistakes } from './mistakes.ts'
import { until } from './person.ts'
import { answered, complainOfOrder, refund, refundVerdict, seenToArrive } from './refund-story.ts'
import { agree, complain, testify, verdict } from './story.ts'
import { refundTwice, undo, undoVerdict } from './undo-story.ts'

/** How often each point is died at: the first time that it is passed, the second time, … */
const rounds = Number(process.env.KILLS ?? 1)
/** Tests of this file run beside each other; one of them may wait until the others are through. */
const timeout = 150_000
/** A minute is a second and a half: a person is quick enough for a card of two minutes. */
const factor = 40
let built: Built

beforeAll(() => {
  built = buildChild()
  return built.remove
})

describe.concurrent('killed with the answer of the platform still open', { timeout }, () => {
  // A minute is five seconds: the new life begins well before the first look may be believed.
  const slow = 12

  async function lateBy(ms: number, generous: boolean) {
    const w = await killWorld({ child: built.file, factor: slow, generous, dies: 1 })
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
    await new Promise((resolve) => setTimeout(resolve, 50_000 / slow))
    await testify(w, story)
    verdict(w, story, 1)
  })
})

describe.concurrent('a mistake of ours shows in the verdict', { timeout }, () => {
  test.each(mistakes)('$name', async ({ name, point, seen, mistake }) => {
    const w = await killWorld({ child: built.withMistake(point, mistake), factor, generous: true, dies: 1 })
    try {
      const story = await complainOfOrder(w, name)
      await w.life().arm({ point, hit: 1 })
      await refund(w, story)
      await answered(w, story)
      expect(w.deaths()).toBe(1)
      expect(() => refundVerdict(w, story, 1)).toThrow(seen)
    } finally {
      await w.close()
    }
  })
})

describe.concurrent('killed where it may die', { timeout }, () => {
  const inStories = failpoints().filter((point) => !onlyAlipay(point) && !onlyRules(point) && !onlyChannels(point))
  const points = inStories.filter((point) => !onlyApi(point))
  const kills = new Map<string, number>()
  let pool: KillPool
  const died = (point: string, deaths: number) => kills.set(point, (kills.get(point) ?? 0) + deaths)

  beforeAll(async () => {
    pool = await killPool(2, () => killWorld({ child: built.file, factor, generous: true, prepare: withKey }))
  })
  afterAll(async () => {
    const row = (point: string) => `${String(kills.get(point) ?? 0).padStart(4)} of ${pool.passed(point)}  ${point}`
    console.log(`died at, of times passed:\n${inStories.map(row).join('\n')}`)
    await pool.close()
  })

  describe.each(Array.from({ length: rounds }, (_, round) => round + 1))('time %i', (hit) => {
    test.each(points.filter((point) => !onlyRefunds(point) && !onlyUndo(point)))(
      'at %s, a complaint gets its card and each answer goes out once',
      (point) =>
        pool.alone(async (w, deaths) => {
          await w.life().arm({ point, hit })
          const story = await complain(w, `死在 ${point} 第 ${hit} 次`)
          if (point.startsWith('app.')) w.life().stop()
          await agree(w, story)
          await testify(w, story)
          died(point, deaths())
          if (hit === 1) expect(deaths(), `${point} was never reached`).toBe(1)
          verdict(w, story, deaths())
          // Rows and their jobs die together: nobody has to look for orphans.
          expect(w.hits().get(swept)).toBeUndefined()
        }),
    )

    test.each(points.filter(onlyUndo))(
      'at %s, what was taken back is not paid, and what is paid was not taken back',
      (point) =>
        pool.alone(async (w, deaths) => {
          const story = await complainOfOrder(w, `撤回死在 ${point} 第 ${hit} 次`)
          await refundTwice(w, story)
          await w.life().arm({ point, hit })
          await undo(w, story)
          died(point, deaths())
          if (hit === 1) expect(deaths(), `${point} was never reached`).toBe(1)
          undoVerdict(w, story)
        }),
    )

    test.each(points.filter(ofRefunds))('at %s, money goes back once, and its customer is told once', (point) =>
      pool.alone(async (w, deaths) => {
        const story = await complainOfOrder(w, `退款死在 ${point} 第 ${hit} 次`)
        const arm = () => w.life().arm({ point, hit })
        const later = async () => {
          await until(() => w.pay.refunds(story.order).length > 0, 'the money went')
          await arm()
        }
        if (ofMoney(point)) await arm()
        await Promise.all([refund(w, story), ofMoney(point) || later()])
        await answered(w, story)
        died(point, deaths())
        if (hit === 1) expect(deaths(), `${point} was never reached`).toBe(1)
        refundVerdict(w, story, deaths())
        expect(w.hits().get(swept)).toBeUndefined()
      }),
    )
  })

  // Between what was asked outside and the commit, before and after the commit, and before and after the answer is kept.
  test.each([...inStories.filter(onlyApi), 'request.before-commit', 'request.committed'])(
    'at %s, a program that asks again under one key is told the same, and the money goes back once',
    (point) =>
      pool.alone(async (w, deaths) => {
        const story = await complainOfOrder(w, `程序退款死在 ${point}`)
        await w.life().arm({ point, hit: 1 })
        const told = await refundByApi(w, story)
        await askedOnce(w, story, told)
        await seenToArrive(w, story)
        await answered(w, story)
        died(point, deaths())
        expect(deaths(), `${point} was never reached`).toBe(1)
        refundVerdict(w, story, deaths())
        expect(w.hits().get(swept)).toBeUndefined()
      }),
  )

  test('a refund that happened while it waited for the answer is looked for by its number', () =>
    pool.alone(async (w, deaths) => {
      const story = await complainOfOrder(w, '退款到一半')
      const held = w.pay.sandbox.misbehave({ on: 'refund', how: 'hang', effect: true })
      const kill = async () => {
        await until(() => w.pay.refunds(story.order).length > 0, 'the money went')
        w.life().kill()
      }
      await Promise.all([refund(w, story), kill()])
      // Only now the platform writes down that it was called.
      held.release()
      await answered(w, story)
      expect(deaths()).toBe(1)
      await until(() => w.pay.asked(story.order) > 0, 'the call was written down')
      refundVerdict(w, story, 1)
    }))

  test('a notice of a refund that finds nobody is heard the next time', () =>
    pool.alone(async (w, deaths) => {
      const story = await complainOfOrder(w, '到账通知没人接')
      const rise = w.stayDead()
      await w.life().arm({ point: 'carry-out.settled', hit: 1 })
      const heard = () => w.pay.notices(story.order).map(({ answer = '' }) => answer.startsWith('200'))
      const wake = () => until(() => heard().includes(false), 'a notice found nobody').finally(rise)
      await Promise.all([refund(w, story), wake()])
      await answered(w, story)
      expect(deaths()).toBe(1)
      expect(heard().filter(Boolean)).toHaveLength(1)
      refundVerdict(w, story, 1)
    }))

  test.each(Array.from({ length: 2 * rounds }, (_, nr) => nr))('at any moment (%i), the same holds', () =>
    pool.alone(async (w, deaths) => {
      const ms = Math.random() * 400
      const story = await complain(w, `死在 ${ms} 毫秒`)
      setTimeout(() => w.life().kill(), ms)
      await agree(w, story)
      await testify(w, story)
      // The kill may still be on its way on a busy machine.
      await until(() => deaths() === 1, 'it died')
      verdict(w, story, 1)
    }),
  )
})
