import { expect, test } from 'vitest'
import { asId, instant } from '../../src/core/words.ts'
import { closeAlarms, openAlarms, silentAlarms } from '../../src/storage/alarms.ts'
import { complaintAboutOrder, isKnown, knownAmong } from '../../src/storage/complaints.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { waitingWanted } from '../../src/storage/wanted.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [tenant, account, complaint] = [asId<'tenant'>('t'), asId<'account'>('a'), asId<'complaint'>('c')]
const until = instant(0)

test.each<[string, (tx: Tx) => Promise<unknown>]>([
  ['the complaint about an order', (tx) => complaintAboutOrder(tx, { tenant, account, keys: ['1', 'out:1'] })],
  [
    'whether a number is known',
    (tx) => isKnown(tx, { tenant, platform: 'wechat-mini', scopes: ['wx', ''], number: '1' }),
  ],
  [
    'which of many numbers are known',
    (tx) => knownAmong(tx, { tenant, platform: 'wechat-pay', scopes: ['wx', ''], numbers: ['1', '2', '3'] }),
  ],
  ['closing alarms', (tx) => closeAlarms(tx, { account, complaint, keys: ['1'] })],
  ['open alarms', (tx) => openAlarms(tx, tenant, 5)],
  ['silent alarms', (tx) => silentAlarms(tx, until, 5)],
  ['wanted complaints', (tx) => waitingWanted(tx, until, 5)],
])('%s: nothing is read from end to end', async (_, work) => {
  const { database } = await sqlite.open()
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.length).toBeGreaterThan(0)
  for (const plan of plans)
    expect(plan).not.toMatch(/\bSCAN (?:complaint|complaint_order|alarm|wanted)\b(?! USING (?:COVERING )?INDEX)/)
})
