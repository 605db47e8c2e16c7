import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Reminding, type Said, saying, shortly, stagesOf } from '../../src/complaints/stage.ts'
import { type Instant, instant, later, millis } from '../../src/core/words.ts'

const zone = 'Asia/Shanghai'
const plain: Reminding = { shares: [0.5, 0.8, 0.95], hours: [2], zone }
const quietly: Reminding = { ...plain, quiet: { from: 22 * 60, to: 8 * 60 } }
const [minute, hour] = [60_000, 3_600_000]
const at = (text: string) => instant(Date.parse(`${text}+08:00`))
const local = (when: Instant) => new Date(millis(when) + 8 * hour).toISOString().slice(5, 16).replace('T', ' ')
const shown = (deadline: Parameters<typeof stagesOf>[0], how: Reminding) =>
  stagesOf(deadline, how).map((stage) => `${stage.name} ${local(stage.at)} ${stage.reach}`)

describe('the stages of something owed', () => {
  test('48 hours of a mini program', () => {
    expect(shown({ knownAt: at('2026-11-22T10:00'), due: at('2026-11-24T10:00') }, plain)).toEqual([
      '50% 11-23 10:00 handler',
      '80% 11-24 00:24 admins',
      '95% 11-24 07:36 everyone',
      '2h 11-24 08:00 everyone',
      'due 11-24 10:00 everyone',
    ])
  })

  test('at night they wait for the morning, or come the evening before, but no deadline is missed for sleep', () => {
    expect(shown({ knownAt: at('2026-11-22T10:00'), due: at('2026-11-24T10:00') }, quietly)).toEqual([
      '50% 11-23 10:00 handler',
      '80% 11-23 21:55 admins',
      '95% 11-24 07:36 everyone',
      '2h 11-24 08:00 everyone',
      'due 11-24 10:00 everyone',
    ])
    expect(shown({ knownAt: at('2026-11-22T18:00'), due: at('2026-11-23T18:00') }, quietly)).toEqual([
      '50% 11-23 08:00 handler',
      '80% 11-23 13:12 admins',
      '2h 11-23 16:00 admins',
      '95% 11-23 16:48 everyone',
      'due 11-23 18:00 everyone',
    ])
  })

  test('what is heard of late is said once, to everybody; what is overdue, too', () => {
    expect(shown({ knownAt: at('2026-11-22T10:00'), due: at('2026-11-22T11:59') }, quietly)).toEqual([
      'short 11-22 10:00 everyone',
      'due 11-22 11:59 everyone',
    ])
    expect(shown({ knownAt: at('2026-11-22T10:00'), due: at('2026-11-22T10:00') }, quietly)).toEqual([
      'due 11-22 10:00 everyone',
    ])
    expect(shown({ knownAt: at('2026-11-22T10:00'), due: at('2026-11-20T10:00') }, quietly)).toEqual([
      'due 11-22 10:00 everyone',
    ])
  })
})

const anyDeadline = fc
  .record({ knownAt: fc.integer({ min: 0, max: 400 * 24 * 60 }), whole: fc.integer({ min: 1, max: 5 * 24 * 60 }) })
  .map(({ knownAt, whole }) => ({
    knownAt: instant(Date.UTC(2026, 0, 1) + knownAt * minute),
    due: instant(Date.UTC(2026, 0, 1) + (knownAt + whole) * minute),
  }))
const anyHow = fc.record({
  shares: fc.constant([0.5, 0.8, 0.95]),
  hours: fc.subarray([1, 2, 4, 6]),
  zone: fc.constantFrom(zone, 'Europe/Berlin', 'America/New_York'),
  quiet: fc.record({ from: fc.integer({ min: 0, max: 1439 }), to: fc.integer({ min: 0, max: 1439 }) }),
})

test('stages come one after another, after it was known and before its end; three at least where there are two hours', () => {
  fc.assert(
    fc.property(anyDeadline, anyHow, (deadline, how) => {
      const stages = stagesOf(deadline, how)
      for (const [index, stage] of stages.entries()) {
        const before = stages[index - 1]
        if (before && stage.name !== 'due')
          expect(millis(stage.at) - millis(before.at)).toBeGreaterThanOrEqual(5 * minute)
        expect(stage.at >= deadline.knownAt && stage.at <= deadline.due).toBe(true)
      }
      expect(new Set(stages.map(({ name }) => name)).size).toBe(stages.length)
      const early = stages.filter((stage) => stage.at < deadline.due)
      if (millis(deadline.due) - millis(deadline.knownAt) >= shortly) expect(early.length).toBeGreaterThanOrEqual(3)
      expect(stages.at(-1)).toMatchObject({ name: 'due', at: deadline.due })
    }),
  )
})

describe('what is said', () => {
  const deadline = { knownAt: at('2026-11-22T10:00'), due: at('2026-11-24T10:00') }
  const stages = stagesOf(deadline, plain)
  const half = at('2026-11-23T10:00')
  const saidOf = (index: number) => ({ stage: stages[index]?.name ?? '', at: stages[index]?.at ?? half })

  test('nothing before the first, then each at its time', () => {
    expect(saying(deadline, plain, {}, deadline.knownAt)).toEqual({ next: half })
    expect(saying(deadline, plain, {}, half)).toMatchObject({ say: { name: '50%', lateBy: 0 }, next: stages[1]?.at })
    expect(saying(deadline, plain, { said: saidOf(0) }, half)).toEqual({ next: stages[1]?.at })
  })

  test('what passed in silence is one word about the latest, and by how much it is late', () => {
    expect(saying(deadline, plain, {}, later(half, 16 * hour))).toMatchObject({
      ...{ say: { name: '80%', lateBy: 96 * minute }, next: stages[2]?.at },
    })
    expect(saying(deadline, plain, {}, later(deadline.due, hour))).toEqual({
      say: { name: 'due', at: deadline.due, reach: 'everyone', lateBy: hour },
      next: undefined,
    })
  })

  test('at night that word waits for the morning, unless the next one or the end is near', () => {
    const long = { knownAt: at('2026-11-22T08:00'), due: at('2026-11-25T08:00') }
    expect(saying(long, quietly, {}, at('2026-11-24T03:00'))).toEqual({ next: at('2026-11-24T08:00') })
    expect(saying(long, quietly, {}, at('2026-11-24T08:00'))).toMatchObject({ say: { name: '50%', lateBy: 12 * hour } })
    const near = { knownAt: at('2026-11-22T20:00'), due: at('2026-11-24T08:30') }
    expect(saying(near, quietly, {}, at('2026-11-24T05:00'))).toMatchObject({ say: { name: '80%' } })
    // What is over is said at any hour.
    expect(saying(near, quietly, {}, at('2026-11-25T03:00'))).toMatchObject({ say: { name: 'due' } })
  })

  test('what was over before we knew is not late: we are', () => {
    const over = { knownAt: at('2026-11-22T10:00'), due: at('2026-11-20T10:00') }
    expect(saying(over, quietly, {}, later(over.knownAt, minute))).toMatchObject({ say: { name: 'due', lateBy: 0 } })
    expect(saying(over, quietly, { said: { stage: 'due', at: over.knownAt } }, half)).toEqual({ next: undefined })
  })

  test('a clock that was set back repeats nothing', () => {
    expect(saying(deadline, plain, { said: saidOf(1) }, later(half, -hour))).toEqual({ next: stages[2]?.at })
  })

  test('other settings repeat nothing either: not what has its name, nor what was before it', () => {
    const said = saidOf(1)
    const earlier = { ...plain, hours: [2, 12], shares: [0.5, 0.85, 0.95] }
    expect(saying(deadline, earlier, { said }, at('2026-11-24T02:00'))).toEqual({ next: at('2026-11-24T02:48') })
    expect(saying({ ...deadline, knownAt: half }, plain, { said }, at('2026-11-24T06:00')).say).toBeUndefined()
  })

  test('a snooze holds back what its own people are told, not what the admins are', () => {
    const until = later(half, 20 * hour)
    expect(saying(deadline, plain, { snoozedUntil: later(half, hour) }, half)).toEqual({ next: later(half, hour) })
    expect(saying(deadline, plain, { snoozedUntil: later(half, hour) }, later(half, hour))).toMatchObject({
      say: { name: '50%' },
    })
    // The admins' stage comes before the snooze is over.
    expect(saying(deadline, plain, { snoozedUntil: until }, half)).toEqual({ next: stages[1]?.at })
    expect(saying(deadline, plain, { snoozedUntil: until }, stages[1]?.at ?? half)).toMatchObject({
      say: { name: '80%' },
    })
    // No clock that is right gave it so long.
    expect(saying(deadline, plain, { snoozedUntil: later(half, 25 * hour) }, half)).toMatchObject({
      say: { name: '50%' },
    })
  })

  test('under any order of looks every stage is said at most once, in order', () => {
    const looks = fc.array(fc.integer({ min: -24 * 60, max: 72 * 60 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(looks, anyHow, (minutes, how) => {
        let said: Said | undefined
        const names: string[] = []
        for (const offset of minutes) {
          const now = later(deadline.knownAt, offset * minute)
          const { say, next } = saying(deadline, how, said ? { said } : {}, now)
          if (next !== undefined) expect(next > now).toBe(true)
          if (!say) continue
          names.push(say.name)
          said = { stage: say.name, at: say.at }
        }
        expect(new Set(names).size).toBe(names.length)
        const order = stagesOf(deadline, how).map(({ name }) => name)
        expect([...names].sort((a, b) => order.indexOf(a) - order.indexOf(b))).toEqual(names)
      }),
    )
  })
})
