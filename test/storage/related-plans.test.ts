import { expect, test } from 'vitest'
import { asId } from '../../src/core/words.ts'
import { openOnSameOrder, relatedTo } from '../../src/storage/related.ts'
import type { Reads } from '../../src/storage/storage.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const complaint = { id: asId<'complaint'>('c'), tenant: asId<'tenant'>('t'), running: 9, payer: 'p' }
const accounts = [asId<'account'>('a')]
const byOrder = 'complaint_order_number (tenant=? AND number=?)'
const byPayer = 'complaint_of_payer_in_order (tenant=? AND payer=? AND running<?)'

// The subquery of the payer's is listed once more, alone.
test.each<[string, readonly string[], (reads: Reads) => Promise<unknown>]>([
  ['all that is related', [byOrder, byPayer, byOrder, byPayer], (reads) => relatedTo(reads, complaint)],
  ['in some accounts', [byOrder, byPayer, byOrder, byPayer], (reads) => relatedTo(reads, complaint, accounts)],
  ['what is open on the same order', [byOrder], (reads) => openOnSameOrder(reads, complaint.id)],
])('%s: by the numbers of an order and by the payer, not through all of a tenant', async (_, indexes, work) => {
  const { database } = await sqlite.open()
  const plans = await plansOf(database.reads, work)
  expect(plans.map((plan) => [byPayer, byOrder].find((index) => plan.includes(index)))).toEqual(indexes)
  for (const plan of plans) expect(plan).not.toMatch(/\bSCAN\b|\(tenant=\?\)|\(tenant=\? AND running<\?\)/)
})
