import { expect, test } from 'vitest'
import { asId } from '../../src/core/words.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { changeTemplate, createTemplate, listTemplates, removeTemplate } from '../../src/storage/templates.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [tenant, id] = [asId<'tenant'>('t'), asId<'template'>('i')]
const made = { tenant, name: 'a', text: 'b', for: [], reasons: [], platforms: [] }

test.each<[string, (tx: Tx) => Promise<unknown>]>([
  ['those of a tenant', (tx) => listTemplates(tx, tenant)],
  ['a new one', (tx) => createTemplate(tx, made)],
  ['a change of name', (tx) => changeTemplate(tx, tenant, id, { name: 'b' })],
  ['the end of one', (tx) => removeTemplate(tx, tenant, id)],
])('%s: nobody else’s templates are read', async (_, work) => {
  const { database } = await sqlite.open()
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.length).toBeGreaterThan(0)
  for (const plan of plans) expect(plan).not.toMatch(/\bSCAN template\b/)
})
