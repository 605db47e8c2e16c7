import type { Rule, RuleCaps } from '../complaints/rule.ts'
import { asId, fen, instant, newId, type RuleId, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { RuleRow } from './tables.ts'

export type NewRule = Omit<Rule, 'id' | 'position'>

/** Stands last. @returns undefined when the tenant has that name. */
export async function createRule(tx: Tx, rule: NewRule): Promise<Rule | undefined> {
  const row = await tx.db
    .insertInto('rule')
    .values((is) => ({
      id: newId('rule', tx.random, tx.clock.now()),
      tenant: rule.tenant,
      position: is
        .selectFrom('rule')
        .select(({ fn, lit }) => is(fn.coalesce(fn.max('position'), lit(0)), '+', lit(1)).as('next'))
        .where('tenant', '=', rule.tenant),
      ...columnsOf(rule),
      created_at: instant(tx.clock.now()),
    }))
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && ruleOf(row)
}

export async function listRules(reads: Reads, tenant: TenantId): Promise<readonly Rule[]> {
  const rows = await reads.db
    .selectFrom('rule')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('position')
    .orderBy('name')
    .execute()
  return rows.map(ruleOf)
}

export async function findRule(reads: Reads, tenant: TenantId, id: RuleId): Promise<Rule | undefined> {
  const row = await reads.db
    .selectFrom('rule')
    .selectAll()
    .where('id', '=', id)
    .where('tenant', '=', tenant)
    .executeTakeFirst()
  return row && ruleOf(row)
}

/** Whether anything is done by itself here. */
export async function anyRuleOn(reads: Reads, tenant: TenantId): Promise<boolean> {
  const row = await reads.db
    .selectFrom('rule')
    .select('id')
    .where('tenant', '=', tenant)
    .where('mode', '=', 'on')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Puts it in the place of the one that has its id. @returns undefined when there is none, 'taken' when another has the name. */
export async function saveRule(tx: Tx, rule: Omit<Rule, 'position'>): Promise<Rule | 'taken' | undefined> {
  const other = await tx.db
    .selectFrom('rule')
    .select('id')
    .where('tenant', '=', rule.tenant)
    .where('name', '=', rule.name)
    .where('id', '<>', rule.id)
    .executeTakeFirst()
  if (other) return 'taken'
  const row = await tx.db
    .updateTable('rule')
    .set(columnsOf(rule))
    .where('tenant', '=', rule.tenant)
    .where('id', '=', rule.id)
    .returningAll()
    .executeTakeFirst()
  return row && ruleOf(row)
}

/** @returns whether it was this that switched it off. */
export async function switchOff(tx: Tx, tenant: TenantId, id: RuleId): Promise<boolean> {
  const off = await tx.db
    .updateTable('rule')
    .set({ mode: 'off' })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .where('mode', '=', 'on')
    .returning('id')
    .execute()
  return off.length > 0
}

/** 1 = first; the others make room. */
export async function placeRule(tx: Tx, { id, tenant }: Pick<Rule, 'id' | 'tenant'>, position: number): Promise<void> {
  const all = await listRules(tx, tenant)
  const order = all.map((rule) => rule.id).filter((each) => each !== id)
  order.splice(position - 1, 0, id)
  for (const [index, each] of order.entries()) {
    if (all.find((rule) => rule.id === each)?.position === index + 1) continue
    await tx.db
      .updateTable('rule')
      .set({ position: index + 1 })
      .where('tenant', '=', tenant)
      .where('id', '=', each)
      .execute()
  }
}

export async function removeRule(tx: Tx, tenant: TenantId, id: RuleId): Promise<boolean> {
  const gone = await tx.db
    .deleteFrom('rule')
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returning('id')
    .execute()
  return gone.length > 0
}

const columnsOf = ({ name, mode, accounts, when, act, delay, caps }: Omit<NewRule, 'tenant'>) => ({
  name,
  mode,
  accounts: JSON.stringify(accounts),
  conditions: JSON.stringify(when),
  act: JSON.stringify(act),
  delay,
  each: caps?.each ?? null,
  day: caps?.day ?? null,
  payer_day: caps?.payerDay ?? null,
})

const ruleOf = (row: RuleRow): Rule => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  name: row.name,
  position: row.position,
  mode: row.mode,
  accounts: ours<Rule['accounts']>(row.accounts),
  when: ours<Rule['when']>(row.conditions),
  act: ours<Rule['act']>(row.act),
  delay: row.delay,
  ...capsOf(row),
})

function capsOf({ each, day, payer_day }: RuleRow): { readonly caps?: RuleCaps } {
  if (each === null || day === null || payer_day === null) return {}
  return { caps: { each: fen(each), day: fen(day), payerDay: fen(payer_day) } }
}
