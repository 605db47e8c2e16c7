import { expect, test } from 'vitest'
import { Secret } from '../../src/core/seal.ts'
import { asId, instant } from '../../src/core/words.ts'
import {
  createAuthState,
  forgetAuthorisations,
  isAuthState,
  keepWaiting,
  listWaiting,
  spareOf,
  takeWaiting,
  takeWaitingOf,
  useAuthState,
} from '../../src/storage/authorizations.ts'
import {
  changeMerchant,
  createMerchant,
  findMerchant,
  keepMerchant,
  listMerchants,
  merchantCalled,
  openToken,
  revokeMerchant,
  tokenAsked,
  tokenHolds,
  tokensToCheck,
} from '../../src/storage/merchants.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { sqlite } from '../support/databases.ts'
import { plansOf } from '../support/plans.ts'

const [tenant, account, id] = [asId<'tenant'>('t'), asId<'account'>('a'), asId<'merchant'>('m')]
const under = { tenant, account }
const given = { outsideId: '2', authAppId: '3', token: new Secret('t') }
const by = { name: '李', via: 'api' } as const

const ofAccount = 'account=?'
const byOutside = 'account=? AND outside_id=?'
const byApp = 'merchant_app (account=? AND auth_app_id=?)'
const byId = '(id=?)'
const byHash = '(hash=?)'

test.each<[string, string, (tx: Tx) => Promise<unknown>]>([
  ['those under an account', ofAccount, (tx) => listMerchants(tx, under)],
  ['one by its id', byId, (tx) => findMerchant(tx, id)],
  ['one by what the platform calls it', byOutside, (tx) => merchantCalled(tx, account, { outsideId: '2' })],
  ['one by its app', byApp, (tx) => merchantCalled(tx, account, { authAppId: '3' })],
  ['an authorisation: its merchant', byOutside, (tx) => keepMerchant(tx, under, given)],
  ['an authorisation: its app', byApp, (tx) => keepMerchant(tx, under, given)],
  ['a change', byId, (tx) => changeMerchant(tx, under, id, { name: 'b' })],
  ['a token', byId, (tx) => openToken(tx, id)],
  ['a token that holds', byId, (tx) => tokenHolds(tx, { id, fence: 1 })],
  ['one that is taken back', byId, (tx) => revokeMerchant(tx, { id, fence: 1 })],
  ['tokens to be asked about', 'merchant_checked (checked_at<?)', (tx) => tokensToCheck(tx, instant(0), 9)],
  ['a state', byHash, (tx) => useAuthState(tx, account, 's')],
  ['those that wait', ofAccount, (tx) => listWaiting(tx, account)],
  ['a look at a state', byHash, (tx) => isAuthState(tx, account, 's')],
  ['one that waits, by its name', byOutside, (tx) => spareOf(tx, account, '2')],
  ['one that waits, claimed by its name', byOutside, (tx) => takeWaitingOf(tx, under, '2')],
  ['a token that is asked about', byId, (tx) => tokenAsked(tx, { id, fence: 1 })],
  ['one that waits', byHash, (tx) => takeWaiting(tx, under, 's')],
  ['what is too old: states', 'auth_state_expires (expires_at<?)', (tx) => forgetAuthorisations(tx, instant(0))],
  ['what is too old: waiting', 'auth_waiting_expires (expires_at<?)', (tx) => forgetAuthorisations(tx, instant(0))],
])('%s: found by its index, not by reading all', async (_, index, work) => {
  const { database } = await sqlite.open()
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.some((plan) => plan.includes(index))).toBe(true)
  for (const plan of plans) expect(plan).not.toMatch(/\bSCAN (?:merchant|auth_state|auth_waiting)\b/)
  if (index.startsWith('merchant_checked')) expect(plans.join()).not.toContain('TEMP B-TREE')
})

test.each<[string, (tx: Tx) => Promise<unknown>]>([
  ['a merchant', (tx) => createMerchant(tx, { ...under, outsideId: '2', name: 'a' })],
  ['a state', (tx) => createAuthState(tx, { ...under, by })],
  ['one that waits', (tx) => keepWaiting(tx, account, given)],
])('a new one, %s: nothing is read', async (_, work) => {
  const { database } = await sqlite.open()
  const plans = await database.transaction((tx) => plansOf(tx, (listening) => work(listening as Tx)))
  expect(plans.length).toBe(1)
  expect(plans[0]).not.toMatch(/\b(?:SCAN|SEARCH)\b/)
})
