import { expect, onTestFinished, test } from 'vitest'
import { instant } from '../../src/core/words.ts'
import { record } from '../../src/inbox/record.ts'
import { findAccount } from '../../src/storage/accounts.ts'
import { words } from '../chat/people.ts'
import { move, snapshot } from '../complaints/support.ts'
import { group, type PayWorld, people } from '../support/world.ts'
import { automatic, minute, paidBack, payAccount, plenty, refundAll, rule, states } from './rules.ts'

const { li, chen } = people
const tripped = (w: PayWorld) => w.chat.texts(group).filter((line) => line.startsWith('⚠ 规则一小时内'))

/** So many complaints within these minutes, as their details would be read: each about an order of its own, at the real account. */
async function storm(w: PayWorld, count: number): Promise<void> {
  // Calls that wait for their turn wait by the clock.
  const flow = setInterval(() => w.clock.advance(1), 1)
  onTestFinished(() => clearInterval(flow))
  const account = await findAccount(w.storage.reads, payAccount(w))
  if (!account) throw new Error('no account')
  for (let one = 0; one < count; one++) {
    const order = await w.pay.sandbox.order({ mchid: account.outsideId, total: 1_990 })
    const asOf = instant(w.clock.now())
    const said = snapshot({
      ...{ source: 'wechat-pay', number: `storm${w.clock.now()}-${one}`, scope: '', orders: [order.transactionId] },
      ...{ moves: [move('refund')], person: { phone: `138${String(one).padStart(8, '0')}` } },
      ...{ pictures: [], timeline: [], openedAt: asOf, asOf },
    })
    await record(w, { seat: { account }, said })
    if (one % 20 === 19) await w.engine.settle()
  }
  await w.engine.settle()
  clearInterval(flow)
}

test('a thousand complaints within an hour: ten refunds, one alarm, and silence until a person resets it', async () => {
  const w = await automatic()
  await rule(w, '小额', refundAll, { caps: plenty, delay: 0 })
  // Cards are another test's affair; what is about no complaint is said in every group.
  await w.storage.transaction((tx) =>
    tx.db
      .updateTable('room')
      .set({ accounts: JSON.stringify([w.account]) })
      .execute(),
  )
  const before = w.clock.now()
  await storm(w, 1_000)
  expect(w.clock.now() - before).toBeLessThan(60 * minute)
  expect(paidBack(w)).toHaveLength(10)
  expect(await states(w)).toEqual({ done: 10, 'skipped breaker': 990 })
  expect(tripped(w)).toEqual([expect.stringContaining('已自动退款 10 次，达到上限 10 次')])
  expect(words(await w.chat.say(li, group, '/rules'))).toContain('自动退款从 03-01 20:')
  // It stays so, whoever starts anew.
  await w.restart()
  await storm(w, 20)
  expect(paidBack(w)).toHaveLength(10)
  expect(words(await w.chat.say(li, group, '/rules reset'))).toContain('管理员')
  expect(words(await w.chat.say(chen, group, '/rules reset'))).toBe('自动退款已恢复，重新计数')
  await storm(w, 20)
  expect(paidBack(w)).toHaveLength(20)
  expect(tripped(w)).toHaveLength(2)
}, 120_000)

test('a business that always refunds much may go on: three times its normal hour', async () => {
  const w = await automatic()
  const now = w.clock.now()
  await w.storage.transaction(async (tx) => {
    for (let one = 0; one < 167 * 4; one++)
      await tx.db
        .insertInto('rule_refund')
        .values({
          ...{ ruling: `r${one}`, order_no: 'o', tenant: w.tenant.id, rule: 'x', payer: '', amount: 1 },
          at: new Date(now - (2 + (one % 160)) * 60 * minute).toISOString(),
        })
        .execute()
  })
  await rule(w, '小额', refundAll, { caps: plenty, delay: 0 })
  await storm(w, 20)
  expect(paidBack(w)).toHaveLength(12)
  expect(tripped(w)).toEqual([expect.stringContaining('上限 12 次')])
})
