import { describe, expect, test } from 'vitest'
import type { Fact, FactKind } from '../../src/complaints/fact.ts'
import type { Inputs } from '../../src/complaints/rule.ts'
import { asId, instant } from '../../src/core/words.ts'
import { channelFree, dayOf, recipientFree } from '../../src/notify/allowance.ts'
import { batches } from '../../src/notify/batch.ts'
import { type Interest, interestOf, interests } from '../../src/notify/interests.ts'
import { placeOf, queueOf } from '../../src/notify/places.ts'
import { noon } from '../support/databases.ts'
import { at, pending } from './told.ts'

const minute = 60_000
const free = () => instant(0)

describe('what waits is put together', () => {
  const ids = (all: ReturnType<typeof batches>) => all.map((batch) => batch.pending.map(({ id }) => id))
  const waiting = [
    pending('a', { complaint: 'cmp_1' }),
    pending('b', { complaint: 'cmp_2', at: 1_000 }),
    pending('c', { complaint: 'cmp_1', at: 2_000 }),
    pending('d', { complaint: 'cmp_1', to: 'rcp_2', at: 3_000 }),
  ]
  test('per recipient and complaint, whichever may go first in front', () => {
    const all = batches({ pending: waiting, merges: 'complaint', merge: 2 * minute, free })
    expect(ids(all)).toEqual([['a', 'c'], ['b'], ['d']])
    expect(all.map(({ ready }) => ready)).toEqual([at(2 * minute), at(2 * minute + 1_000), at(2 * minute + 3_000)])
  })
  test('or all of a recipient', () =>
    expect(ids(batches({ pending: waiting, merges: 'all', merge: 0, free }))).toEqual([['a', 'b', 'c'], ['d']]))
  test('what was put off, and who has had enough, waits; the others do not wait for it', () => {
    const off = [pending('a', { notBefore: 10 * minute }), pending('b', { at: 1_000 }), pending('c', { to: 'rcp_2' })]
    expect(ids(batches({ pending: off, merges: 'complaint', merge: 0, free }))).toEqual([['c'], ['a', 'b']])
    const full = (recipient: string) => (recipient === 'rcp_2' ? at(20 * minute) : at())
    expect(ids(batches({ pending: off, merges: 'complaint', merge: 0, free: full }))).toEqual([['a', 'b'], ['c']])
  })
})

describe('how often', () => {
  const limits = { gap: 6_000, perHour: 3, perDay: 5, perRecipientDay: 2, recipientGap: 30_000, merge: 0, dayBegins: 8 }
  const now = at()
  const day = dayOf(now, 'Asia/Shanghai', limits)
  const went = (...ago: number[]) => ago.map((ms) => ({ recipient: asId<'recipient'>('rcp_1'), at: at(-ms) }))
  test('a day is the business’s own, and the next one is used from its hour on', () => {
    expect(day).toEqual({ begins: '2026-02-28T16:00:00.000Z', next: '2026-03-02T00:00:00.000Z' })
  })
  test.each<[string, number[], number]>([
    ['nothing went', [], 0],
    ['one just now', [1_000], 5_000],
    ['three within the hour', [50 * minute, 20 * minute, 10 * minute], 10 * minute],
    ['three, the first of them longer ago', [61 * minute, 20 * minute, 10 * minute], 0],
    ['four within the hour: the third last counts', [55 * minute, 50 * minute, 20 * minute, 10 * minute], 10 * minute],
  ])('%s', (_, ago, ms) => expect(channelFree(limits, went(...ago), { now, day })).toBe(at(ms)))
  test('a day’s worth: tomorrow', () => {
    const hours = [7, 6, 5, 4, 3].map((n) => n * 60 * minute)
    expect(channelFree(limits, went(...hours), { now, day })).toBe(day.next)
    // Yesterday's do not count.
    expect(channelFree(limits, went(21 * 60 * minute, ...hours.slice(1)), { now, day })).toBe(now)
  })
  test('one number: not within half a minute, and twice a day', () => {
    const of = (name: string, ...ago: number[]) =>
      recipientFree(limits, went(...ago), { now, day, recipient: asId(name) })
    expect([of('rcp_1', 10_000), of('rcp_1', 2 * minute, minute), of('rcp_2', 2 * minute, 1_000)]).toEqual([
      at(20_000),
      day.next,
      now,
    ])
  })
})

test('each way has its queue, and a channel one job', () => {
  expect(
    ['email:c/r', 'official-account:c/r', 'sms:c/r', 'room:rom_1'].map(placeOf).map((place) => [place, queueOf(place)]),
  ).toEqual([
    ['email:c', 'email'],
    ['official-account:c', 'official-account'],
    ['sms:c', 'sms'],
    ['room:rom_1', 'deliver'],
  ])
})

describe('who is told of what', () => {
  const by = { name: '李', via: 'chat' } as const
  const happening = { at: instant(noon), by: 'user', label: '留言', pictures: [] } as const
  const acted = { kind: 'acted', action: asId<'action'>('act_1'), act: 'respond', by, state: 'done' } as const
  const reminded: Extract<Fact, { kind: 'reminded' }> = {
    kind: 'reminded',
    move: 'respond',
    due: instant(noon),
    stage: '50%',
    reach: 'duty',
    to: [{ name: '陈', member: asId('mem_1') }],
  }
  const stopped: Extract<Fact, { kind: 'stopped' }> = {
    kind: 'stopped',
    ruling: asId('rul_1'),
    rule: '小额',
    act: 'refund',
    why: 'cap-tenant',
  }
  const ruled = { kind: 'ruled', inputs: {} as Inputs, decisions: [] } as const
  type Case = readonly [fact: Fact, interest: Interest | undefined]
  const cases = {
    opened: [[{ kind: 'opened' }, 'new']],
    provisional: [[{ kind: 'provisional', why: 'x' }, 'new']],
    read: [[{ kind: 'read' }, undefined]],
    looked: [[{ kind: 'looked' }, undefined]],
    turned: [
      [{ kind: 'turned', from: 'ours', to: 'theirs', label: 'x' }, 'turn'],
      [{ kind: 'turned', from: 'ours', to: 'closed', label: 'x' }, 'closed'],
    ],
    returned: [[{ kind: 'returned', label: 'x' }, 'turn']],
    said: [
      [{ kind: 'said', happening }, 'user'],
      [{ kind: 'said', happening: { ...happening, by: 'merchant' } }, undefined],
    ],
    pictured: [[{ kind: 'pictured', pictures: [], failed: 0 }, undefined]],
    requested: [[{ kind: 'requested', action: asId('act_1'), act: 'refund', by }, undefined]],
    acted: [
      [acted, undefined],
      [{ ...acted, state: 'failed' }, 'outcome'],
      [{ ...acted, act: 'refund' }, 'outcome'],
      [{ ...acted, act: 'refund', state: 'underway' }, undefined],
      [{ ...acted, act: 'refund', state: 'underway', message: '@stuck' }, 'outcome'],
    ],
    unfollowed: [[{ kind: 'unfollowed', act: 'refund', by, why: 'x' }, 'outcome']],
    claimed: [[{ kind: 'claimed', by }, undefined]],
    released: [[{ kind: 'released', by }, undefined]],
    assigned: [[{ kind: 'assigned', by, to: { name: '陈', member: asId('mem_1') } }, undefined]],
    noted: [[{ kind: 'noted', by, text: 'x' }, undefined]],
    unnoted: [[{ kind: 'unnoted', by, note: asId('fct_1') }, undefined]],
    reminded: [
      [reminded, undefined],
      [{ ...reminded, reach: 'everyone' }, 'deadline'],
    ],
    snoozed: [[{ kind: 'snoozed', by }, undefined]],
    ruled: [[ruled, undefined]],
    stopped: [
      [stopped, 'outcome'],
      // A person did it, or the storm that everybody is told of once.
      [{ ...stopped, why: 'cancelled', by }, undefined],
      [{ ...stopped, why: 'breaker' }, undefined],
    ],
    offered: [[{ kind: 'offered', offer: asId('off_1'), pictures: 1 }, undefined]],
    revealed: [[{ kind: 'revealed', by }, undefined]],
    shown: [[{ kind: 'shown' }, undefined]],
    linked: [[{ kind: 'linked', to: asId('cmp_2') }, undefined]],
  } as const satisfies Record<FactKind, readonly Case[]>
  test.each(Object.values(cases).flat())('%j → %s', (fact, interest) =>
    expect(interestOf(fact as Fact, { phase: 'ours' })).toBe(interest),
  )
  test('one that was over when it came is nobody’s news', () =>
    expect(interestOf({ kind: 'opened' }, { phase: 'closed' })).toBeUndefined())
  test('every interest is somebody’s, now or in what comes by the clock and beside complaints', () => {
    const met = new Set(
      Object.values(cases)
        .flat()
        .map(([, interest]) => interest),
    )
    const elsewhere: readonly Interest[] = ['notice', 'digest']
    expect(interests.filter((one) => !met.has(one as never) && !elsewhere.includes(one))).toEqual([])
  })
})
