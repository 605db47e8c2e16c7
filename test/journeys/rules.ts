import type { Conditions, Rule, RuleAct } from '../../src/complaints/rule.ts'
import { defaultCaps } from '../../src/complaints/rule.ts'
import { type AccountId, fen } from '../../src/core/words.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { factsOf } from '../../src/storage/facts.ts'
import { createRule } from '../../src/storage/rules.ts'
import { rulingsOf } from '../../src/storage/rulings.ts'
import { type DatabaseKind, sqlite } from '../support/databases.ts'
import { group, type PayWorld, type World, type WorldOptions, world } from '../support/world.ts'

export const minute = 60_000

/** A shop whose accounts let rules refund. */
export async function automatic(options: Omit<WorldOptions, 'pay'> & { kind?: DatabaseKind } = {}): Promise<PayWorld> {
  const w = await world({ ...options, kind: options.kind ?? sqlite, pay: ['青禾优选'] })
  await switchRefunds(w, true)
  return w
}

/** The switch of every account there. */
export async function switchRefunds(w: World, autoRefund: boolean): Promise<void> {
  const accounts = await w.storage.reads.db.selectFrom('account').select(['id', 'settings']).execute()
  await w.storage.transaction(async (tx) => {
    for (const { id, settings } of accounts)
      await tx.db
        .updateTable('account')
        .set({ settings: JSON.stringify({ ...JSON.parse(settings), autoRefund }) })
        .where('id', '=', id)
        .execute()
  })
}

export const payAccount = (w: PayWorld): AccountId => {
  return (w.pay.merchants[0]?.account ?? nobody()).id
}

export async function rule(
  w: World,
  name: string,
  act: RuleAct,
  more: Partial<Rule> & { when?: Conditions } = {},
): Promise<Rule> {
  const made = await w.storage.transaction((tx) =>
    createRule(tx, {
      ...{ tenant: w.tenant.id, name, mode: 'on', accounts: [], when: {}, act, delay: 60 },
      ...(act.kind === 'refund' ? { caps: defaultCaps } : {}),
      ...more,
    }),
  )
  if (!made) throw new Error('taken')
  return made
}

/** Caps that no test comes near. */
export const plenty = { each: fen(5_000), day: fen(10_000_000), payerDay: fen(10_000_000) }

export const refundAll: RuleAct = { kind: 'refund', orders: 'only', reason: '商品问题' }

export async function complaintOf(w: World, running = 1) {
  const found = await findRunning(w.storage.reads, w.tenant.id, running)
  if (!found) throw new Error(`no #${running}`)
  return found
}

/** What became of the rules there, the oldest first: state and why. */
export const outcomes = async (w: World, running = 1): Promise<readonly string[]> =>
  (await rulingsOf(w.storage.reads, (await complaintOf(w, running)).id))
    .toReversed()
    .map(({ name, state, why }) => [name, state, why].filter(Boolean).join(' '))

export const kinds = async (w: World, running = 1): Promise<readonly string[]> =>
  (await factsOf(w.storage.reads, (await complaintOf(w, running)).id, 100)).toReversed().map(({ fact }) => fact.kind)

export const note = (w: World, running = 1): string => w.chat.card(group, `#${running} `).card.note ?? ''
export const labels = (w: World, running = 1): readonly string[] =>
  w.chat.card(group, `#${running} `).card.buttons.map(({ label }) => label)

/** How many rulings there are in each state, and why. */
export async function states(w: World): Promise<Record<string, number>> {
  const rows = await w.storage.reads.db.selectFrom('ruling').select(['state', 'why']).execute()
  const counts: Record<string, number> = {}
  for (const { state, why } of rows) {
    const name = [state, why].filter(Boolean).join(' ')
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** What left the merchant, by the outside's own ledger. */
export const paidBack = (w: PayWorld): readonly number[] => w.pay.sandbox.refunds().map(({ amount }) => amount)
export const refundCalls = (w: PayWorld): number => w.pay.sandbox.calls().filter(({ on }) => on === 'refund').length

/** A mini program's complaint about an order that the linked account was paid for. */
export async function miniComplaint(w: PayWorld, total = 1990, more: { text?: string } = {}): Promise<string> {
  const order = await w.pay.sandbox.order({ mchid: w.pay.merchants[0]?.mchid ?? '', total })
  await w.complain({ transactionId: order.transactionId, ...more })
  return order.transactionId
}

/** In the console, not by us. */
export async function refundedInConsole(
  w: PayWorld,
  transaction: string,
  amount: number,
  total = amount,
): Promise<void> {
  await w.pay
    .platform()
    .payments.createRefund(
      { account: w.pay.merchants[0]?.account ?? nobody() },
      { number: `console${transaction.slice(-4)}`, order: { transaction }, amount: fen(amount), total: fen(total) },
    )
  await w.pass(3 * minute)
}

function nobody(): never {
  throw new Error('no merchant')
}
