import { expect, test } from 'vitest'
import type { Complaint } from '../../src/complaints/complaint.ts'
import { asId, instant } from '../../src/core/words.ts'
import { claimedBefore, listComplaints, runningOf } from '../../src/storage/complaints.ts'
import { deadlinesDue, keepDeadlines, lockDeadline, setLooked, snooze } from '../../src/storage/deadlines.ts'
import { isDigestMade, lately, openNow, takeDigest } from '../../src/storage/digests.ts'
import { listDuty, setDuty } from '../../src/storage/duty.ts'
import { changeReminding, findReminding, remindingOf } from '../../src/storage/reminding.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { beginWatch, lockStanding } from '../../src/storage/watch.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [tenant, account] = [asId<'tenant'>('t'), asId<'account'>('a')]
const [complaint, at] = [asId<'complaint'>('c'), instant(0)]
const key = { tenant, complaint, move: 'respond', due: at, knownAt: at } as const
const owing = {
  ...{ id: complaint, tenant, phase: 'ours' },
  moves: [{ kind: 'respond', owed: true, due: at, takes: {} }],
} as unknown as Complaint
const identity = { tenant, platform: 'wechat-mini', scopes: ['s', ''], number: '1' } as const

test.each<[string, string, (tx: Tx) => Promise<unknown>]>([
  ['what a complaint owes', 'complaint=?', (tx) => keepDeadlines(tx, owing)],
  ['what is due', 'deadline_next', (tx) => deadlinesDue(tx, at, 10)],
  ['what was looked at too early', 'deadline_looked', (tx) => deadlinesDue(tx, at, 10)],
  ['one, held', 'complaint=? AND move=? AND due=?', (tx) => lockDeadline(tx, key)],
  ['that it was looked at', 'complaint=? AND move=? AND due=?', (tx) => setLooked(tx, key, { next: at })],
  ['a snooze', 'complaint=?', (tx) => snooze(tx, complaint, at)],
  ['claims by age', 'complaint_claimed', (tx) => claimedBefore(tx, at, 10)],
  ['what is to be done', 'tenant=?', (tx) => listComplaints(tx, { tenant, which: 'due', limit: 10 })],
  ['a number of ours', 'number=?', (tx) => runningOf(tx, identity)],
  ['duty', 'tenant=?', (tx) => listDuty(tx, tenant)],
  ['a new table of duty', 'tenant=?', (tx) => setDuty(tx, tenant, [])],
  ['settings', 'tenant=?', (tx) => findReminding(tx, tenant)],
  ['settings with the zone', 'tenant=?', (tx) => remindingOf(tx, tenant)],
  ['changed settings', 'tenant=?', (tx) => changeReminding(tx, tenant, {})],
  ['a digest', '', (tx) => takeDigest(tx, tenant, '2026-03-01')],
  ['whether it was made', 'tenant=? AND day=?', (tx) => isDigestMade(tx, tenant, '2026-03-01')],
  ['what is open', 'tenant=?', (tx) => openNow(tx, tenant)],
  ['what happened', 'id>?', (tx) => lately(tx, tenant, at)],
  ['a watch', 'account=? AND what=?', (tx) => beginWatch(tx, account, 'standing', at)],
  ['a rating', 'account=?', (tx) => lockStanding(tx, account)],
])('%s: found by its index, not by reading all', async (_, index, work) => {
  const { database } = await sqlite.open()
  await database.transaction((tx) => keepDeadlines(tx, owing))
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.some((plan) => plan.includes(index))).toBe(true)
  for (const plan of plans)
    expect(plan).not.toMatch(/\bSCAN (?:deadline|complaint|fact|ruling|account|merchant|duty|digest|watch|standing)\b/)
})
