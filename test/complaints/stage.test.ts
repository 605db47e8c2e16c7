import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Reminding, saying, shortly, stagesOf } from '../../src/complaints/stage.ts'
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
      '80% 11-23 22:00 admins',
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
        if (before) expect(stage.at > before.at).toBe(true)
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

  test('nothing before the first, then each at its time', () => {
    expect(saying(stages, { stages: 0 }, deadline.knownAt)).toEqual({ told: 0, next: half })
    expect(saying(stages, { stages: 0 }, half)).toMatchObject({
      ...{ say: { name: '50%', lateBy: 0 }, told: 1, next: stages[1]?.at },
    })
    expect(saying(stages, { stages: 1 }, half)).toEqual({ told: 1, next: stages[1]?.at })
  })

  test('what passed in silence is one word about the latest, and by how much it is late', () => {
    expect(saying(stages, { stages: 0 }, later(half, 16 * hour))).toMatchObject({
      ...{ say: { name: '80%', lateBy: 96 * minute }, told: 2, next: stages[2]?.at },
    })
    expect(saying(stages, { stages: 0 }, later(deadline.due, hour))).toMatchObject({
      ...{ say: { name: 'due', lateBy: hour }, told: 5, next: undefined },
    })
  })

  test('a clock that was set back repeats nothing', () => {
    expect(saying(stages, { stages: 2 }, later(half, -hour))).toEqual({ told: 2, next: stages[2]?.at })
  })

  test('a snooze holds back what its own people are told, not what the admins are', () => {
    const until = later(half, 20 * hour)
    expect(saying(stages, { stages: 0, snoozedUntil: later(half, hour) }, half)).toEqual({
      ...{ told: 0, next: later(half, hour) },
    })
    // The admins' stage comes before the snooze is over.
    expect(saying(stages, { stages: 0, snoozedUntil: until }, half)).toEqual({ told: 0, next: stages[1]?.at })
    expect(saying(stages, { stages: 0, snoozedUntil: until }, stages[1]?.at ?? half)).toMatchObject({
      ...{ say: { name: '80%' }, told: 2 },
    })
  })

  test('under any order of looks every stage is said at most once, in order', () => {
    const looks = fc.array(fc.integer({ min: -24 * 60, max: 72 * 60 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(looks, (minutes) => {
        let told = 0
        const said: string[] = []
        for (const offset of minutes) {
          const now = later(deadline.knownAt, offset * minute)
          const found = saying(stages, { stages: told }, now)
          if (found.say) said.push(found.say.name)
          expect(found.told).toBeGreaterThanOrEqual(told)
          told = found.told
        }
        expect(new Set(said).size).toBe(said.length)
        const order = stages.map(({ name }) => name)
        expect([...said].sort((a, b) => order.indexOf(a) - order.indexOf(b))).toEqual(said)
      }),
    )
  })
})
