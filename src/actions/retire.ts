import { announce } from '../engine/announce.ts'
import type { Engine } from '../engine/engine.ts'
import { switchOff } from '../storage/rules.ts'
import type { Ruling } from '../storage/rulings.ts'
import type { Tx } from '../storage/storage.ts'

/** A rule whose template is gone can never answer again: it is switched off, and that is said once. */
export async function retireRule(
  engine: Engine,
  tx: Tx,
  { tenant, rule, name }: Pick<Ruling, 'tenant' | 'rule' | 'name'>,
): Promise<void> {
  if (await switchOff(tx, tenant, rule))
    await announce(engine, tx, { tenant, notice: { kind: 'rule-stopped', rule: name } })
}
