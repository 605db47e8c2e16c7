import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Complaint, Happening, Snapshot } from '../../src/complaints/complaint.ts'
import type { Fact } from '../../src/complaints/fact.ts'
import { reconcile } from '../../src/complaints/reconcile.ts'
import { anySnapshot, complaint, plus, said, snapshot } from './support.ts'

interface Ended {
  readonly now: Complaint | undefined
  readonly facts: readonly Fact[]
  readonly versions: readonly number[]
}

/** The answers, told in this order. */
const tell = (answers: readonly Snapshot[]): Ended =>
  answers.reduce<Ended>(
    ({ now, facts, versions }, answer) => {
      const news = reconcile(now, answer)
      if (news.outcome === 'stale') return { now, facts, versions }
      const { version } = news
      const { provisional: _, ...bare } = now ?? complaint()
      return {
        now: { ...bare, ...answer, version },
        facts: [...facts, ...news.facts],
        versions: [...versions, version],
      }
    },
    { now: undefined, facts: [], versions: [] },
  )

/** Answers to questions of different moments, each told once or more, in any order. */
const answersShuffled = fc
  .array(anySnapshot, { minLength: 1, maxLength: 7 })
  .map((answers) => answers.map((answer, index) => ({ ...answer, asOf: plus(index) })))
  .chain((answers) =>
    fc.tuple(
      fc.constant(answers),
      fc
        .array(fc.nat(answers.length - 1), { maxLength: 8 })
        .map((more) => [...answers.keys(), ...more])
        .chain((order) => fc.shuffledSubarray(order, { minLength: order.length }))
        .map((order) => order.flatMap((index) => answers[index] ?? [])),
    ),
  )

const bare = (now: Complaint | undefined) => now && { ...now, version: 0 }

test('any order and any repetition of the same answers ends in the same complaint', () => {
  fc.assert(
    fc.property(answersShuffled, ([answers, told]) => {
      const reads = answers.filter((answer) => answer.provisional === undefined)
      const wins = reads.at(-1) ?? answers.at(-1)
      const { now } = tell(told)
      expect(bare(now)).toEqual(bare(tell(answers).now))
      expect([now?.asOf, now?.provisional, now?.phase]).toEqual([wins?.asOf, wins?.provisional, wins?.phase])
    }),
  )
})

test('what is read is never provisional again', () => {
  fc.assert(
    fc.property(answersShuffled, ([, told]) => {
      for (let count = 1; count <= told.length; count++) {
        const seen = told.slice(0, count)
        const read = seen.some((answer) => answer.provisional === undefined)
        expect(tell(seen).now?.provisional === undefined).toBe(read)
      }
    }),
  )
})

/** Written here a second time on purpose: what a person acts on. */
const actedOn = (now: Snapshot) => ({
  phase: now.phase,
  moves: now.moves.map((one) => `${one.kind} ${one.owed}`),
  orders: now.orders,
  amount: now.amountShown,
  text: now.text,
  lastWords: now.timeline.findLast((step) => step.by === 'user')?.text ?? '',
  provisional: now.provisional !== undefined,
})
const same = (a: Snapshot, b: Snapshot) => Object.is(JSON.stringify(actedOn(a)), JSON.stringify(actedOn(b)))

test('the version rises by one exactly when what a person acts on has changed', () => {
  fc.assert(
    fc.property(anySnapshot, anySnapshot, fc.boolean(), (a, b, equal) => {
      const before = { ...complaint({ version: 5 }), ...a, asOf: plus(0) }
      const now = { ...(equal ? { ...b, ...actedFields(a) } : b), asOf: plus(1) }
      const news = reconcile(before, now)
      fc.pre(news.outcome === 'taken')
      if (news.outcome === 'taken') expect(news.version).toBe(same(before, now) ? 5 : 6)
    }),
    { numRuns: 400 },
  )
})

const actedFields = ({ phase, moves, orders, amountShown, text, timeline, provisional }: Snapshot) => ({
  phase,
  moves,
  orders,
  text,
  timeline,
  ...(amountShown === undefined ? {} : { amountShown }),
  ...(provisional === undefined ? {} : { provisional }),
})

test('versions only rise, and never by more than one', () => {
  fc.assert(
    fc.property(answersShuffled, ([, told]) => {
      const { versions } = tell(told)
      expect(versions[0]).toBe(1)
      for (const [index, version] of versions.slice(1).entries())
        expect([0, 1]).toContain(version - (versions[index] ?? 0))
    }),
  )
})

// A platform's history only grows; each answer holds a beginning of it.
const story: readonly Happening[] = Array.from({ length: 8 }, (_, index) =>
  said(plus(index * 1000), `第 ${index} 句`, index % 3 === 2 ? 'platform' : 'user'),
)
const growing = fc
  .array(fc.tuple(fc.nat(8), fc.boolean()), { minLength: 1, maxLength: 10 })
  .map((lengths) =>
    lengths
      .sort(([a], [b]) => a - b)
      .map(([length, real], index) =>
        snapshot({ timeline: story.slice(0, length), asOf: plus(index), ...(real ? {} : { provisional: '' }) }),
      ),
  )

test('no step of a growing history is told twice, in whatever order the answers arrive', () => {
  fc.assert(
    fc.property(
      growing.chain((answers) => fc.shuffledSubarray([...answers, ...answers], { minLength: answers.length })),
      (answers) => {
        const { facts } = tell(answers)
        const steps = facts.flatMap((fact) => (fact.kind === 'said' ? [fact.happening.text] : []))
        expect(new Set(steps).size).toBe(steps.length)
        const once = facts.filter(
          (fact) => fact.kind === 'opened' || fact.kind === 'read' || fact.kind === 'provisional',
        )
        expect(new Set(once.map((fact) => fact.kind)).size).toBe(once.length)
      },
    ),
  )
})

test('every step that follows the first read is told, when answers come in order', () => {
  fc.assert(
    fc.property(growing, (answers) => {
      const reads = answers.filter((answer) => answer.provisional === undefined)
      const told = tell(reads).facts.flatMap((fact) => (fact.kind === 'said' ? [fact.happening.text] : []))
      const known = reads[0]?.timeline.length ?? 0
      expect(told).toEqual((reads.at(-1)?.timeline ?? []).slice(known).map((step) => step.text))
    }),
  )
})

test('nothing that a platform may say throws', () => {
  fc.assert(
    fc.property(fc.option(anySnapshot, { nil: undefined }), anySnapshot, (before, now) => {
      const outcome = reconcile(before && { ...complaint(), ...before }, now).outcome
      expect(['taken', 'stale']).toContain(outcome)
    }),
  )
})
