import { sql } from 'kysely'
import { type Fen, fen, type Instant, instant, type RuleId, type RulingId, type TenantId } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** Money that a rule promises: counted from here on, whatever becomes of it. */
export interface RuleRefund {
  readonly ruling: RulingId
  readonly order: string
  readonly tenant: TenantId
  readonly rule: RuleId
  /** '' where nobody knows who it is: all of them count as one. */
  readonly payer: string
  readonly amount: Fen
}

/** Written with the wish, under the breaker's lock. */
export async function keepRuleRefund(tx: Tx, { order, ...refund }: RuleRefund): Promise<void> {
  await tx.db
    .insertInto('rule_refund')
    .values({ ...refund, order_no: order, at: instant(tx.clock.now()) })
    .execute()
}

/** Which orders a ruling has asked the money of. */
export async function ordersAsked(reads: Reads, ruling: RulingId): Promise<readonly string[]> {
  const rows = await reads.db.selectFrom('rule_refund').select('order_no').where('ruling', '=', ruling).execute()
  return rows.map(({ order_no }) => order_no)
}

/** How many there were from the one time on, and before the other. */
export async function countRuleRefunds(
  reads: Reads,
  tenant: TenantId,
  { from, until }: { readonly from: Instant; readonly until?: Instant },
): Promise<number> {
  const row = await reads.db
    .selectFrom('rule_refund')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('at', '>=', from)
    .$if(until !== undefined, (query) => query.where('at', '<', until ?? ''))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** What one rule gave since then, or all of them gave to one customer. */
export async function sumRuleRefunds(
  reads: Reads,
  tenant: TenantId,
  of: { readonly since: Instant; readonly rule: RuleId } | { readonly since: Instant; readonly payer: string },
): Promise<Fen> {
  const query = reads.db
    .selectFrom('rule_refund')
    .select(({ fn }) => fn.coalesce(fn.sum<number>('amount'), sql<number>`0`).as('sum'))
    .where('tenant', '=', tenant)
    .where('at', '>=', of.since)
  const row = await ('rule' in of
    ? query.where('rule', '=', of.rule)
    : query.where('payer', '=', of.payer)
  ).executeTakeFirstOrThrow()
  return fen(Number(row.sum))
}
