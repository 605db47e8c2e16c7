import { afterEach, expect, test } from 'vitest'
import { refundableOf } from '../../src/actions/refundable.ts'
import { request } from '../../src/actions/request.ts'
import { withdrawAction } from '../../src/actions/withdraw.ts'
import { armFailpoints } from '../../src/core/failpoint.ts'
import { fen, millis } from '../../src/core/words.ts'
import { findAction, type StoredAction } from '../../src/storage/actions.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { findRefund } from '../../src/storage/refunds.ts'
import { onEachDatabase } from '../support/databases.ts'
import { type PayWorld, type WorldOptions, world } from '../support/world.ts'

const by = { name: '老周', via: 'chat' } as const
const paid = (w: PayWorld) => w.pay.sandbox.refunds().map(({ amount }) => amount)
const complaintOf = async (w: PayWorld) => {
  const found = await findRunning(w.storage.reads, w.tenant.id, 1)
  if (!found) throw new Error('no complaint')
  return found
}

async function wish(w: PayWorld, amount: number): Promise<StoredAction> {
  const complaint = await complaintOf(w)
  const [able] = await refundableOf(w, complaint)
  if (!able) throw new Error('nothing can be refunded')
  const { order, total } = able
  const wanted = { tenant: w.tenant.id, complaint: complaint.id, by, member: { role: 'refunder' } } as const
  const action = { kind: 'refund', order, amount: fen(amount), total, reason: '' } as const
  const requested = await request(w, { ...wanted, action, key: `wish ${amount} ${w.clock.now()}` })
  if (requested.outcome !== 'accepted') throw new Error(JSON.stringify(requested))
  return requested.action
}

/** So much has gone back, and what comes next waits a minute. */
async function begun(options: WorldOptions = {}) {
  const w = await world({ ...options, pay: ['青禾优选'] })
  await w.pay.complain({ amount: 100_000 })
  await wish(w, 1)
  await w.settle()
  await w.pass(15_000, 5_000)
  expect(paid(w)).toEqual([1])
  return w
}

/** The time of this refund has come, and nothing has happened yet. */
async function due(w: PayWorld, amount: number): Promise<StoredAction> {
  const action = await wish(w, amount)
  const refund = await findRefund(w.storage.reads, action.id)
  if (!refund || millis(refund.notBefore) <= w.clock.now()) throw new Error('it should wait')
  await w.settle()
  w.clock.step(millis(refund.notBefore) - w.clock.now())
  return action
}

afterEach(() => armFailpoints(undefined))

onEachDatabase('what is taken back', (kind) => {
  test('is never paid, and what is paid was never taken back, whoever is faster', async () => {
    const w = await begun({ kind })
    const kept: number[] = [1]
    const outcomes = { back: 0, late: 0 }
    for (let amount = 2; amount <= 17; amount++) {
      const action = await due(w, amount)
      const carried = w.settle()
      const later = async (ms: number | 'after' | undefined) =>
        ms === 'after' ? carried : ms !== undefined && new Promise((resolve) => setTimeout(resolve, ms))
      // At once, in the middle, or when it is done: on a busy machine the middle may be before or after.
      const back = await later(([undefined, 0, 3, 'after'] as const)[amount % 4]).then(() =>
        withdrawAction(w, action, by),
      )
      await carried
      outcomes[back ? 'back' : 'late'] += 1
      if (!back) kept.push(amount)
      await w.pass(15_000, 5_000)
      expect((await findAction(w.storage.reads, action.id))?.state).toBe(back ? 'withdrawn' : 'done')
      expect(paid(w)).toEqual(kept)
    }
    expect(Math.min(outcomes.back, outcomes.late)).toBeGreaterThan(0)
  }, 60_000)

  test('just after it was marked as sent is too late: it is paid once', async () => {
    const w = await begun({ kind })
    const action = await due(w, 700)
    let back: Promise<boolean> | undefined
    armFailpoints((name) => {
      if (name === 'carry-out.marked') back = withdrawAction(w, action, by)
    })
    await w.pass(90_000)
    expect([await back, paid(w)]).toEqual([false, [1, 700]])
  })

  test('while its time comes is not sent any more', async () => {
    const w = await begun({ kind })
    const action = await due(w, 700)
    let carried: Promise<void> | undefined
    armFailpoints((name) => {
      if (name === 'withdraw.before-commit') carried = w.settle()
    })
    expect(await withdrawAction(w, action, by)).toBe(true)
    await carried
    await w.pass(90_000)
    expect(paid(w)).toEqual([1])
  })
})

test('it is written once, with who did it; every card drawn before is out of date', async () => {
  const w = await begun()
  const action = await wish(w, 700)
  const { version } = await complaintOf(w)
  const other = { name: '阿陈', via: 'chat' } as const
  expect([await withdrawAction(w, action, other), await withdrawAction(w, action, other)]).toEqual([true, false])
  const complaint = await complaintOf(w)
  expect(complaint.version).toBe(version + 1)
  const facts = await factsOf(w.storage.reads, complaint.id, 50)
  expect(facts.flatMap(({ fact }) => (fact.kind === 'acted' && fact.state === 'withdrawn' ? [fact] : []))).toEqual([
    { kind: 'acted', action: action.id, act: 'refund', by: other, state: 'withdrawn' },
  ])
  expect(await findAction(w.storage.reads, action.id)).toMatchObject({ state: 'withdrawn', by })
  expect((await findAction(w.storage.reads, action.id))?.settledAt).toBeDefined()
  expect((await findRefund(w.storage.reads, action.id))?.state).toBe('failed')
})

test('what was called and never answered cannot be taken back', async () => {
  const w = await begun()
  await w.pass(90_000)
  const action = await wish(w, 700)
  w.pay.sandbox.misbehave({ on: 'refund', how: 'http', status: 503, times: 99 })
  await w.settle()
  // Nobody knows whether that call comes true.
  expect([(await findAction(w.storage.reads, action.id))?.state, await withdrawAction(w, action, by)]).toEqual([
    'unknown',
    false,
  ])
  await w.pass(30_000)
  expect(paid(w)).toEqual([1])
})
