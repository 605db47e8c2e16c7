import { expect, test } from 'vitest'
import { asId, instant } from '../../src/core/words.ts'
import {
  accountsToPoll,
  accountsWithMerchants,
  type DuePoll,
  duePolls,
  hurryPolls,
  nextPoll,
  oldestPolls,
  openOfMerchant,
  savePoll,
} from '../../src/storage/polling.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [account, merchant] = [asId<'account'>('a'), asId<'merchant'>('m')]
const now = instant(0)
const asked = { merchant: { id: merchant, fence: 1 } } as DuePoll

const due = 'merchant_poll (account=? AND poll_due<?)'
const never = 'merchant_poll (account=? AND poll_due=?)'
const known = 'merchant_poll (account=? AND poll_due>?)'
const oldest = 'merchant_polled (account=? AND polled_at>?)'

test.each<[string, readonly string[], (tx: Tx) => Promise<unknown>]>([
  ['who is due', [never, due], (tx) => duePolls(tx, account, now, 9)],
  ['when the next one is', [never, known], (tx) => nextPoll(tx, account)],
  ['accounts with somebody who is due', [never, due], (tx) => accountsToPoll(tx, ['alipay'], now)],
  ['accounts with somebody', ['account=?'], (tx) => accountsWithMerchants(tx, [account])],
  ['what came of it', ['(id=?)'], (tx) => savePoll(tx, { asked, due: now, polledAt: now, sweptAt: now })],
  ['a hint', [known, '(id=?)'], (tx) => hurryPolls(tx, account, { now, before: now, most: 9 })],
  [
    'how old the oldest is',
    ['merchant_polled (account=? AND polled_at=?)', oldest],
    (tx) => oldestPolls(tx, ['alipay']),
  ],
  [
    'what we hold as open',
    ['complaint_of_merchant (merchant=? AND phase=?)'],
    (tx) => openOfMerchant(tx, { merchant, source: 'alipay-risk', until: now }),
  ],
])('%s: found by its index, in its order, not by reading all', async (_, indexes, work) => {
  const { database } = await sqlite.open()
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  for (const index of indexes) expect(plans.join()).toContain(index)
  for (const plan of plans) {
    expect(plan).not.toMatch(/\bSCAN (?:merchant|complaint)\b/)
    expect(plan).not.toContain('TEMP B-TREE')
  }
})
