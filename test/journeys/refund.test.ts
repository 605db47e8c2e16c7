import { describe, expect, test } from 'vitest'
import { refundableOf } from '../../src/actions/refundable.ts'
import { type Requested, request, type Wanted } from '../../src/actions/request.ts'
import type { Complaint } from '../../src/complaints/complaint.ts'
import { refundNumber } from '../../src/complaints/refund-number.ts'
import { fen } from '../../src/core/words.ts'
import { findAction } from '../../src/storage/actions.ts'
import { findComplaint, findRunning } from '../../src/storage/complaints.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { createMember } from '../../src/storage/members.ts'
import { findRefund } from '../../src/storage/refunds.ts'
import { setCaps } from '../../src/storage/tenants.ts'
import { type PayWorld, world } from '../support/world.ts'
import { switchRefunds } from './rules.ts'

const minute = 60_000
const day = 24 * 60 * minute
const pay = ['青禾优选']

const complaintOf = async (w: PayWorld, running = 1): Promise<Complaint> => {
  const found = await findRunning(w.storage.reads, w.tenant.id, running)
  if (!found) throw new Error(`no #${running}`)
  return found
}

const placed = async (w: PayWorld, more: Parameters<PayWorld['pay']['complain']>[0]) => {
  await w.pay.complain(more)
  return { mchid: w.pay.merchants[0]?.mchid ?? '', order: (await complaintOf(w)).orders[0] ?? '' }
}

let nth = 0
/** A wish as the chat would make it, of what can be had now unless an amount is named. */
async function wish(
  w: PayWorld,
  more: Partial<Wanted> & { amount?: number; running?: number } = {},
): Promise<Requested> {
  const { amount, running = 1, ...rest } = more
  const complaint = await complaintOf(w, running)
  const [able] = await refundableOf(w, complaint)
  if (!able) throw new Error('nothing can be refunded')
  const { order, total, paidAt } = able
  nth += 1
  return request(w, {
    tenant: w.tenant.id,
    complaint: complaint.id,
    action: {
      kind: 'refund',
      order,
      amount: fen(amount ?? able.left),
      total,
      reason: '',
      ...(paidAt === undefined ? {} : { paidAt }),
    },
    key: `wish ${nth}`,
    by: { name: '小李', via: 'chat' },
    member: { role: 'refunder' },
    ...rest,
  })
}

const accepted = (requested: Requested) => {
  if (requested.outcome !== 'accepted') throw new Error(JSON.stringify(requested))
  return requested.action.id
}
const why = (requested: Requested) => (requested.outcome === 'refused' ? requested.why : requested.outcome)
const state = async (w: PayWorld, id: ReturnType<typeof accepted>) => (await findAction(w.storage.reads, id))?.state
/** What left the merchant, by the outside's own ledger. */
const paidBack = (w: PayWorld) =>
  w.pay.sandbox.refunds().map(({ outRefundNo, amount, status }) => [outRefundNo, amount, status])
const calls = (w: PayWorld) => w.pay.sandbox.calls().filter(({ on }) => on === 'refund').length
const told = async (w: PayWorld, running = 1) =>
  (await factsOf(w.storage.reads, (await complaintOf(w, running)).id, 50))
    .toReversed()
    .flatMap(({ fact }) =>
      fact.kind === 'acted' ? [[fact.act, fact.state, fact.message].filter(Boolean).join(' ')] : [],
    )

describe('money back for an order', () => {
  test('accepted is not arrived: each is said when the platform says it, and the number was there before', async () => {
    const w = await world({ pay })
    const { order: transactionId } = await placed(w, { amount: 1990 })
    const complaint = await complaintOf(w)
    expect(await refundableOf(w, complaint)).toMatchObject([
      { order: transactionId, total: 1990, left: 1990, settled: 0, others: false },
    ])
    const id = accepted(await wish(w))
    const kept = await findRefund(w.storage.reads, id)
    const place = { platform: 'wechat-pay', payee: w.pay.merchants[0]?.mchid ?? '', order: transactionId }
    expect(kept).toMatchObject({ number: refundNumber(place, 1), amount: 1990, total: 1990, state: 'open' })
    expect(kept?.number).toMatch(/^rd[a-z2-7]{28}$/)
    await w.settle()
    expect(await state(w, id)).toBe('underway')
    expect(await told(w)).toEqual(['refund underway'])
    await w.pass(2 * minute)
    expect(await state(w, id)).toBe('done')
    expect(await told(w)).toEqual(['refund underway', 'refund done'])
    expect(paidBack(w)).toEqual([[kept?.number, 1990, 'SUCCESS']])
    expect(await findAction(w.storage.reads, id)).toMatchObject({
      refund: { number: kept?.number, arrivedAt: expect.any(String) },
    })
    expect(await refundableOf(w, complaint)).toMatchObject([{ left: 0, settled: 1990, others: false }])
    expect(why(await wish(w, { amount: 1 }))).toMatchObject({ why: expect.stringMatching(/not-open|too-much/) })
  })

  test('the same wish again is the same wish; another one of the same order waits for its end', async () => {
    const w = await world({ pay })
    await w.pay.complain({ amount: 1990 })
    const [a, b] = await Promise.all([wish(w, { key: 'k', amount: 500 }), wish(w, { key: 'k', amount: 500 })])
    expect([a.outcome, b.outcome].sort()).toEqual(['accepted', 'repeated'])
    expect((await wish(w, { key: 'l', amount: 500 })).outcome).toBe('busy')
    await w.pass(2 * minute)
    expect(paidBack(w)).toHaveLength(1)
  })

  test('two complaints about one order: the second waits, and gets no more than is left', async () => {
    const w = await world({ pay })
    const { order: transactionId } = await placed(w, { amount: 1990 })
    await w.complain({ transactionId })
    const both = await Promise.all([wish(w, { amount: 1500 }), wish(w, { running: 2, amount: 1500 })])
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'refused'])
    expect(both.map(why)).toContainEqual({ why: 'order-busy', by: '小李' })
    await w.pass(3 * minute)
    expect(why(await wish(w, { running: 2, amount: 491 }))).toEqual({ why: 'too-much', most: 490 })
    accepted(await wish(w, { running: 2, amount: 490 }))
    await w.pass(3 * minute)
    expect(paidBack(w).map(([, amount]) => amount)).toEqual([1500, 490])
  })

  test('a second part of an order goes out a minute after the first', async () => {
    const w = await world({ pay })
    await w.pay.complain({ amount: 1990 })
    accepted(await wish(w, { amount: 500 }))
    await w.settle()
    await w.pass(10_000, 5_000)
    const [first] = w.pay.sandbox.refunds()
    await w.pay.sandbox.endRefund(first?.mchid ?? '', first?.outRefundNo ?? '', 'SUCCESS').catch(() => {})
    await w.pass(minute)
    const second = accepted(await wish(w, { amount: 700 }))
    await w.settle()
    const refund = await findRefund(w.storage.reads, second)
    await w.pass(3 * minute)
    expect(paidBack(w).map(([, amount]) => amount)).toEqual([500, 700])
    expect(refund?.ordinal).toBe(2)
    expect(w.pay.sandbox.calls().filter(({ on, code }) => on === 'refund' && code !== undefined)).toEqual([])
  })

  test('the notice of the outcome wakes who waits for it', async () => {
    const w = await world({ pay })
    await w.pay.complain({ amount: 1990 })
    const id = accepted(await wish(w))
    await w.settle()
    w.clock.advance(5_000)
    await w.pay.sandbox.advance()
    await w.settle()
    expect(await state(w, id)).toBe('done')
  })
})

test('what the platform says of the complaint has the refund asked for at once', async () => {
  const w = await world({ pay })
  const { id } = await w.pay.complain({ amount: 1990 })
  w.pay.sandbox.misbehave({ on: 'refund-push', how: 'withheld', times: 99 })
  const action = accepted(await wish(w))
  await w.settle()
  w.clock.advance(5_000)
  await w.pay.sandbox.advance()
  await w.pay.sandbox.move(id, { kind: 'message', text: '到账了' })
  await w.settle()
  expect(await state(w, action)).toBe('done')
})

describe('when nobody knows', () => {
  test.each([
    ['the answer is lost after the effect', { how: 'lost-answer' }],
    ['the answer cannot be verified', { how: 'unverifiable' }],
    ['the answer is cut off', { how: 'malformed' }],
    ['a server error after the effect', { how: 'http', status: 500, effect: true }],
    ['a server error without an effect', { how: 'http', status: 500 }],
    ['too often', { how: 'frequency-limited' }],
    ['the request is lost', { how: 'lost-request' }],
    ['the effect comes a minute later', { how: 'late-effect', ms: 60_000 }],
  ] as const)('%s: one refund in the end', async (_, trouble) => {
    const w = await world({ pay })
    await w.pay.complain({ amount: 1990 })
    w.pay.sandbox.misbehave({ on: 'refund', ...trouble })
    const id = accepted(await wish(w))
    await w.pass(10 * minute)
    expect(paidBack(w)).toMatchObject([[expect.any(String), 1990, 'SUCCESS']])
    expect(await state(w, id)).toBe('done')
    expect(new Set(w.pay.sandbox.calls().flatMap(({ refund }) => refund ?? [])).size).toBe(1)
  })
})

describe('when it comes to nothing', () => {
  test('not enough money: nothing went; the next try has the same number', async () => {
    const w = await world({ pay })
    const { mchid } = await placed(w, { amount: 1990 })
    w.pay.sandbox.setBalance(mchid, 0)
    const first = accepted(await wish(w))
    await w.pass(minute)
    expect(await state(w, first)).toBe('failed')
    expect(paidBack(w)).toEqual([])
    w.pay.sandbox.setBalance(mchid, 100_000)
    const second = accepted(await wish(w, { amount: 900 }))
    await w.pass(4 * minute)
    expect(await state(w, second)).toBe('done')
    const numbers = await Promise.all(
      [first, second].map(async (id) => (await findRefund(w.storage.reads, id))?.number),
    )
    expect(numbers[0]).toBe(numbers[1])
  })

  test('closed: the money is back with us, is said so, and another try is another refund', async () => {
    const w = await world({ pay })
    const { mchid, order: transactionId } = await placed(w, { amount: 1990 })
    await w.pay.sandbox.order({ mchid, transactionId, refundEnds: 'CLOSED' })
    const first = accepted(await wish(w))
    await w.pass(3 * minute)
    expect(await state(w, first)).toBe('failed')
    expect(await told(w)).toContain('refund failed @refund-closed')
    await w.pay.sandbox.order({ mchid, transactionId, refundEnds: 'SUCCESS' })
    const second = accepted(await wish(w, { amount: 1990 }))
    await w.pass(4 * minute)
    expect(await state(w, second)).toBe('done')
    expect((await findRefund(w.storage.reads, second))?.ordinal).toBe(2)
  })

  test('the user’s account does not take it: said once, and waited for', async () => {
    const w = await world({ pay })
    const { mchid, order: transactionId } = await placed(w, { amount: 1990 })
    await w.pay.sandbox.order({ mchid, transactionId, refundEnds: 'ABNORMAL' })
    const id = accepted(await wish(w))
    await w.pass(10 * minute)
    expect(await told(w)).toEqual(['refund underway', 'refund underway @stuck'])
    expect((await wish(w, { amount: 1 }).catch(() => undefined))?.outcome).not.toBe('accepted')
    const number = (await findRefund(w.storage.reads, id))?.number ?? ''
    await w.pay.sandbox.endRefund(mchid, number, 'SUCCESS')
    await w.pass(40 * minute, minute)
    expect(await state(w, id)).toBe('done')
  })
})

describe('what may be given away', () => {
  const people = async (w: PayWorld) =>
    w.storage.transaction(async (tx) => {
      const of = { tenant: w.tenant.id, role: 'refunder', enabled: true } as const
      const zhou = await createMember(tx, {
        ...of,
        handle: 'zhou',
        name: '老周',
        refundEach: fen(30_000),
        refundDay: fen(40_000),
      })
      const sun = await createMember(tx, { ...of, handle: 'sun', name: '小孙' })
      if (!zhou || !sun) throw new Error('no members')
      return { zhou, sun }
    })

  test('caps of the person and of the business, for one and for a day; tomorrow is another day', async () => {
    const w = await world({ pay })
    await w.pay.complain({ amount: 100_000 })
    const { zhou, sun } = await people(w)
    const by = { name: zhou.name, member: zhou.id, via: 'chat' } as const
    const own = { member: zhou, by, approver: sun }
    expect(why(await wish(w, { ...own, amount: 30_001 }))).toEqual({
      why: 'cap',
      whose: 'member',
      cap: 'each',
      most: 30_000,
    })
    accepted(await wish(w, { ...own, amount: 30_000 }))
    await w.pass(3 * minute)
    expect(why(await wish(w, { ...own, amount: 10_001 }))).toEqual({
      why: 'cap',
      whose: 'member',
      cap: 'day',
      most: 10_000,
    })
    await w.storage.transaction((tx) => setCaps(tx, w.tenant.id, { refundEach: fen(20_000), refundDay: fen(35_000) }))
    const all = { member: sun, by: { name: sun.name, member: sun.id, via: 'chat' } as const, approver: zhou }
    expect(why(await wish(w, { ...all, amount: 20_001 }))).toEqual({
      why: 'cap',
      whose: 'tenant',
      cap: 'each',
      most: 20_000,
    })
    expect(why(await wish(w, { ...all, amount: 5_001 }))).toEqual({
      why: 'cap',
      whose: 'tenant',
      cap: 'day',
      most: 5_000,
    })
    w.clock.advance(day)
    accepted(await wish(w, { ...own, amount: 10_001 }))
  })

  test('from the business’s amount on it takes a second one with the right, and not oneself', async () => {
    const w = await world({ pay })
    await w.pay.complain({ amount: 100_000 })
    const { zhou, sun } = await people(w)
    const own = { member: sun, amount: 20_000 }
    expect(why(await wish(w, own))).toEqual({ why: 'second-person', from: 20_000 })
    for (const approver of [sun, { ...zhou, role: 'agent' }, { role: 'admin' }] as const)
      expect(why(await wish(w, { ...own, approver }))).toEqual({ why: 'not-the-second', needs: 'refunder' })
    const ruled = { ...own, by: { name: 'rule', via: 'rule' }, member: { role: 'admin' } } as const
    expect(why(await wish(w, ruled))).toEqual({ why: 'not-automatic' })
    await switchRefunds(w, true)
    expect(why(await wish(w, ruled))).toMatchObject({ why: 'second-person' })
    accepted(await wish(w, { ...own, approver: zhou }))
    expect(why(await wish(w, { member: sun, amount: 19_999 }))).toBe('busy')
  })

  test.each([0, 1991])('%d fen of 1990 is no amount', async (amount) => {
    const w = await world({ pay })
    await w.pay.complain({ amount: 1990 })
    expect(why(await wish(w, { amount }))).toEqual({ why: 'no-amount' })
    expect(calls(w)).toBe(0)
  })

  test('neither an agent, nor another order, nor an order of last year, nor where refunds are off', async () => {
    const w = await world({ pay })
    const { mchid, order } = await placed(w, { amount: 1990 })
    expect(why(await wish(w, { member: { role: 'agent' } }))).toEqual({ why: 'role', needs: 'refunder' })
    const other = { kind: 'refund', order: '4200000000', amount: fen(1), total: fen(1), reason: '' } as const
    expect(why(await wish(w, { action: other }))).toEqual({ why: 'no-order' })
    await w.pay.sandbox.order({ mchid, transactionId: order, paidAt: w.clock.now() - 366 * day })
    expect(why(await wish(w))).toEqual({ why: 'too-late' })
    await w.storage.transaction((tx) =>
      tx.db.updateTable('account').set({ settings: '{}' }).where('platform', '=', 'wechat-pay').execute(),
    )
    expect(await refundableOf(w, await complaintOf(w))).toEqual([])
  })
})

describe('a mini program’s complaint, paid by the linked account', () => {
  test('the money goes, then the answer with its number: once each', async () => {
    const w = await world({ pay })
    const order = await w.pay.sandbox.order({ mchid: w.pay.merchants[0]?.mchid ?? '', total: 1990 })
    await w.complain({ transactionId: order.transactionId })
    const id = accepted(await wish(w))
    await w.pass(2 * minute)
    const number = (await findRefund(w.storage.reads, id))?.number ?? ''
    expect(paidBack(w)).toEqual([[number, 1990, 'SUCCESS']])
    expect(w.effects()).toEqual([expect.stringContaining(number)])
    expect(w.effects()[0]).toContain('已受理')
    await w.pass(10 * minute)
    expect(w.effects()).toHaveLength(1)
  })

  test('without the switch there is nothing to be refunded', async () => {
    const w = await world({ pay })
    await w.complain()
    await w.storage.transaction((tx) =>
      tx.db.updateTable('account').set({ settings: '{"payer":"1900007291"}' }).where('id', '=', w.account).execute(),
    )
    expect(await refundableOf(w, await complaintOf(w))).toEqual([])
  })
})

describe('an approval that brings its refund', () => {
  test('the money goes once the platform has taken the approval', async () => {
    const w = await world({ pay })
    const { order: transactionId } = await placed(w, { amount: 1990, type: 'REFUND' })
    const complaint = await complaintOf(w)
    const next = { kind: 'refund', order: transactionId, amount: fen(1990), total: fen(1990), reason: '' } as const
    const wanted = { action: { kind: 'decide-refund', verdict: 'approve', day: 0, next } } as const
    expect(why(await wish(w, { ...wanted, member: { role: 'agent' } }))).toEqual({ why: 'role', needs: 'refunder' })
    accepted(await wish(w, wanted))
    await w.pass(3 * minute)
    expect(w.pay.did('MERCHANT_APPROVE_REFUND').length + w.pay.did('approve').length).toBeGreaterThan(0)
    expect(paidBack(w)).toMatchObject([[expect.any(String), 1990, 'SUCCESS']])
    expect(await findComplaint(w.storage.reads, w.tenant.id, complaint.id)).toBeDefined()
  })
})

test('a backup from before a refund is put back: the same refund again is the same payment', async () => {
  const w = await world({ pay })
  await w.pay.complain({ amount: 1990 })
  const first = accepted(await wish(w, { amount: 1000 }))
  await w.pass(3 * minute)
  expect(await state(w, first)).toBe('done')
  // As a restored backup would have it: we know nothing of it.
  await w.storage.transaction(async (tx) => {
    for (const table of ['refund', 'action', 'fact', 'delivery'] as const) await tx.db.deleteFrom(table).execute()
  })
  const again = accepted(await wish(w, { amount: 1000 }))
  await w.pass(3 * minute)
  expect(await state(w, again)).toBe('done')
  expect(paidBack(w)).toHaveLength(1)
  await w.storage.transaction(async (tx) => {
    for (const table of ['refund', 'action', 'fact', 'delivery'] as const) await tx.db.deleteFrom(table).execute()
  })
  const other = accepted(await wish(w, { amount: 300 }))
  await w.pass(3 * minute)
  // Another amount under that number: it stops for a person, who now sees what there was, and may wish again.
  expect(await state(w, other)).toBe('failed')
  expect(await findRefund(w.storage.reads, other)).toMatchObject({ state: 'found', amount: 1000 })
  expect(await refundableOf(w, await complaintOf(w))).toMatchObject([{ left: 990, settled: 1000 }])
  accepted(await wish(w, { amount: 300 }))
  await w.pass(3 * minute)
  expect(paidBack(w).map(([, amount]) => amount)).toEqual([1000, 300])
})

test('a number is the order’s, whoever asks', () => {
  const place = { platform: 'wechat-pay', payee: '1900007291', order: '4200000000202611210000000001' }
  expect(refundNumber(place, 1)).toBe(refundNumber({ ...place }, 1))
  const all = [place, { ...place, payee: '1900007292' }, { ...place, order: '4200000000202611210000000002' }]
  expect(new Set(all.flatMap((one) => [1, 2].map((ordinal) => refundNumber(one, ordinal)))).size).toBe(6)
})
