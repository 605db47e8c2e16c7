import { expect, test } from 'vitest'
import { asId, fen, instant } from '../../src/core/words.ts'
import { findBreaker, lockBreaker, resetBreaker, setBreakerMost, tripBreaker } from '../../src/storage/breakers.ts'
import { countRuleRefunds, keepRuleRefund, ordersAsked, sumRuleRefunds } from '../../src/storage/rule-refunds.ts'
import { anyRuleOn, createRule, findRule, listRules, placeRule, removeRule, saveRule } from '../../src/storage/rules.ts'
import {
  findRuling,
  insertRuling,
  moveRuling,
  refundsWaiting,
  rulingsDue,
  rulingsOf,
  spokenSince,
} from '../../src/storage/rulings.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [tenant, rule, ruling] = [asId<'tenant'>('t'), asId<'rule'>('r'), asId<'ruling'>('l')]
const complaint = asId<'complaint'>('c')
const since = instant(0)
const made = {
  tenant,
  name: 'a',
  mode: 'on',
  accounts: [],
  when: {},
  act: { kind: 'note', text: '' },
  delay: 0,
} as const
const decided = {
  ...{ tenant, complaint, rule, version: 1, position: 1, name: 'a', nr: 1, due: since },
  act: 'refund',
  state: 'waiting',
} as const
const refund = { ruling, order: 'o', tenant, rule, payer: 'p', amount: fen(1) }

test.each<[string, string, (tx: Tx) => Promise<unknown>]>([
  ['a new rule', 'tenant=?', (tx) => createRule(tx, made)],
  ['the rules of a tenant', 'tenant=?', (tx) => listRules(tx, tenant)],
  ['one rule', 'id=?', (tx) => findRule(tx, tenant, rule)],
  ['whether one is on', 'rule_on', (tx) => anyRuleOn(tx, tenant)],
  ['a changed rule', 'tenant=? AND name=?', (tx) => saveRule(tx, { ...made, id: rule })],
  ['its place', 'tenant=?', (tx) => placeRule(tx, { id: rule, tenant }, 1)],
  ['its end', 'id=?', (tx) => removeRule(tx, tenant, rule)],
  ['what a rule decided', '', (tx) => insertRuling(tx, decided)],
  ['one ruling', 'id=?', (tx) => findRuling(tx, ruling)],
  ['those of a complaint', 'complaint=?', (tx) => rulingsOf(tx, complaint)],
  ['its move', 'id=?', (tx) => moveRuling(tx, ruling, { state: 'done' })],
  ['refunds that wait', 'ruling_of_tenant', (tx) => refundsWaiting(tx, tenant)],
  ['what is due', 'ruling_due', (tx) => rulingsDue(tx, since, 10)],
  ['what the customer said since', 'complaint=? AND nr>?', (tx) => spokenSince(tx, complaint, 1)],
  ['money promised', '', (tx) => keepRuleRefund(tx, refund)],
  ['orders asked for', 'ruling=?', (tx) => ordersAsked(tx, ruling)],
  ['how many since', 'rule_refund_at', (tx) => countRuleRefunds(tx, tenant, { from: since, until: since })],
  ['how much of a rule', 'rule_refund_at', (tx) => sumRuleRefunds(tx, tenant, { since, rule })],
  ['how much to a customer', 'rule_refund_at', (tx) => sumRuleRefunds(tx, tenant, { since, payer: 'p' })],
  ['the breaker', 'tenant=?', (tx) => findBreaker(tx, tenant)],
  ['the breaker held', 'tenant=?', (tx) => lockBreaker(tx, tenant)],
  ['the breaker tripped', 'tenant=?', (tx) => tripBreaker(tx, tenant, { count: 1, most: 1 })],
  ['the breaker reset', 'tenant=?', (tx) => resetBreaker(tx, tenant)],
  ['its limit', 'tenant=?', (tx) => setBreakerMost(tx, tenant, 1)],
])('%s: found by its index, not by reading all', async (_, index, work) => {
  const { database } = await sqlite.open()
  await database.transaction((tx) => setBreakerMost(tx, tenant, 1))
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.some((plan) => plan.includes(index))).toBe(true)
  for (const plan of plans) expect(plan).not.toMatch(/\bSCAN (?:rule|ruling|rule_refund|breaker|fact)\b/)
})
