import { expect, test } from 'vitest'
import { asId, fen, instant } from '../../src/core/words.ts'
import type { StoredAccount } from '../../src/storage/accounts.ts'
import { findAction } from '../../src/storage/actions.ts'
import { findRefund, givenSince, insertRefund, ledgerOf, moveRefund, openRefund } from '../../src/storage/refunds.ts'
import { payerOf } from '../../src/storage/seats.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [tenant, account, member] = [asId<'tenant'>('t'), asId<'account'>('a'), asId<'member'>('m')]
const [action, complaint] = [asId<'action'>('x'), asId<'complaint'>('c')]
const since = instant(0)
const place = { platform: 'wechat-pay', payee: '1900007291', order: '4200001' }
const refund = { kind: 'refund', order: place.order, amount: fen(1), total: fen(2), reason: '' } as const
const mini: StoredAccount = {
  ...{ id: account, tenant, platform: 'wechat-mini', outsideId: 'wx', name: '', enabled: true, secrets: {} },
  settings: { refunds: true, payer: place.payee },
}

const byOrder = 'platform=? AND payee=? AND order_no=?'

test.each<[string, string, (tx: Tx) => Promise<unknown>]>([
  ['what an order was given', byOrder, (tx) => ledgerOf(tx, place)],
  ['a new refund', byOrder, (tx) => insertRefund(tx, { action, tenant, complaint, account, place, refund })],
  ['what was given since', 'tenant=? AND requested_at>?', (tx) => givenSince(tx, tenant, { since })],
  ['what a member gave since', 'tenant=? AND requested_at>?', (tx) => givenSince(tx, tenant, { since, member })],
  ['the refund of an action', 'action=?', (tx) => findRefund(tx, action)],
  ['an action with its refund', 'action=?', (tx) => findAction(tx, action)],
  ['the refund behind a notice', 'refund_number (number=?', (tx) => openRefund(tx, account, 'rd')],
  ['the end of a refund', 'action=?', (tx) => moveRefund(tx, action, { state: 'done' })],
  ['who pays', 'platform=? AND outside_id=?', (tx) => payerOf(tx, mini)],
])('%s: found by its index, not by reading all', async (_, index, work) => {
  const { database } = await sqlite.open()
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.some((plan) => plan.includes(index))).toBe(true)
  for (const plan of plans) expect(plan).not.toMatch(/\bSCAN (?:refund|action|account)\b/)
})
