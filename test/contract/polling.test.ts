import { expect, test } from 'vitest'
import { Secret } from '../../src/core/seal.ts'
import { type AccountId, asId, type Instant, instant, later, type MerchantId } from '../../src/core/words.ts'
import { changeAccount, createAccount } from '../../src/storage/accounts.ts'
import {
  changeMerchant,
  createMerchant,
  findMerchant,
  keepMerchant,
  merchantHeard,
  nameMerchant,
  revokeMerchant,
} from '../../src/storage/merchants.ts'
import type { Database } from '../../src/storage/open.ts'
import {
  accountsToPoll,
  accountsWithMerchants,
  duePolls,
  hurryPolls,
  nextPoll,
  oldestPolls,
  type Polled,
  savePoll,
} from '../../src/storage/polling.ts'
import { details, polledWorld } from '../inbox/polling.ts'
import { noon, onEachDatabase } from '../support/databases.ts'

const tenant = asId<'tenant'>('ten_a')
const minute = 60_000
const now = instant(noon)
const ago = (minutes: number) => later(now, -minutes * minute)

async function account(database: Database, outsideId: string, more: object = {}): Promise<AccountId> {
  const made = await database.transaction((tx) =>
    createAccount(tx, {
      ...{ tenant, platform: 'alipay', outsideId, name: outsideId, enabled: true, settings: {}, secrets: {} },
      ...more,
    }),
  )
  if (!made) throw new Error('taken')
  return made.id
}

const authorised = (database: Database, of: AccountId, outsideId: string) =>
  database.transaction((tx) =>
    keepMerchant(tx, { tenant, account: of }, { outsideId, authAppId: `app ${outsideId}`, token: new Secret('t') }),
  )

/** Nobody has asked for it anew since. */
const at = (database: Database, id: MerchantId, set: { poll_due?: Instant; polled_at?: Instant; enabled?: 0 }) =>
  database.transaction(async (tx) => {
    await tx.db.updateTable('merchant').set(set).where('id', '=', id).execute()
  })

const ids = async (database: Database, of: AccountId, limit = 10) =>
  (await duePolls(database.reads, of, now, limit)).map(({ merchant }) => merchant.id)

const save = (database: Database, polled: Polled) => database.transaction((tx) => savePoll(tx, polled))

async function only(database: Database, of: AccountId) {
  const [one] = await duePolls(database.reads, of, later(now, 1_000 * minute), 1)
  if (!one) throw new Error('nobody is due')
  return one
}

onEachDatabase('polling', ({ open }) => {
  test('whoever was never asked comes first, then the longest due; without a word nobody does', async () => {
    const { database } = await open()
    const [app, other] = [await account(database, '1'), await account(database, '2')]
    const [a, b, c, d] = [
      await authorised(database, app, 'a'),
      await authorised(database, app, 'b'),
      await authorised(database, app, 'c'),
      await authorised(database, app, 'd'),
    ]
    await authorised(database, other, 'e')
    await database.transaction((tx) => createMerchant(tx, { tenant, account: app, outsideId: 'f', name: 'f' }))
    await at(database, a.id, { poll_due: ago(1) })
    await at(database, b.id, { poll_due: ago(5) })
    await at(database, d.id, { poll_due: later(now, 1) })
    expect(await ids(database, app)).toEqual([c.id, b.id, a.id])
    expect(await ids(database, app, 2)).toEqual([c.id, b.id])
    expect(await ids(database, app, 1)).toEqual([c.id])
    expect(await nextPoll(database.reads, app)).toBe('now')
    await at(database, c.id, { poll_due: ago(3) })
    expect(await nextPoll(database.reads, app)).toBe(ago(5))
    await database.transaction((tx) => revokeMerchant(tx, b))
    expect(await ids(database, app)).toEqual([c.id, a.id])
    expect(await nextPoll(database.reads, app)).toBe(ago(3))
    expect(await nextPoll(database.reads, asId('acc_none'))).toBeUndefined()
  })

  test('what came of it is kept; what is not named stays', async () => {
    const { database } = await open()
    const app = await account(database, '1')
    const { id } = await authorised(database, app, 'a')
    const first = await only(database, app)
    expect(first).toEqual({ merchant: first.merchant })
    await save(database, { asked: first, due: later(now, minute), polledAt: now, sweptAt: ago(1) })
    await database.transaction((tx) => merchantHeard(tx, id))
    const second = await only(database, app)
    expect(second).toMatchObject({ due: later(now, minute), polledAt: now, sweptAt: ago(1), heardAt: now })
    await save(database, { asked: second, due: later(now, 2 * minute) })
    expect(await only(database, app)).toMatchObject({ due: later(now, 2 * minute), polledAt: now, sweptAt: ago(1) })
  })

  test('who was wanted sooner meanwhile stays wanted', async () => {
    const { database, clock } = await open()
    const app = await account(database, '1')
    const { id } = await authorised(database, app, 'a')
    await at(database, id, { poll_due: ago(1), polled_at: ago(10) })
    const asked = await only(database, app)
    clock.advance(1)
    const hint = instant(clock.now())
    await database.transaction((tx) => hurryPolls(tx, app, { now: hint, before: ago(1), most: 10 }))
    await save(database, { asked, due: later(now, 15 * minute), polledAt: now })
    expect(await only(database, app)).toMatchObject({ due: hint, polledAt: now })
  })

  test('an answer to a word that is no longer given says nothing', async () => {
    const { database } = await open()
    const app = await account(database, '1')
    await authorised(database, app, 'a')
    const asked = await only(database, app)
    const again = await authorised(database, app, 'a')
    const polled = { due: later(now, minute), polledAt: now, sweptAt: now }
    await save(database, { asked, ...polled })
    const fresh = await only(database, app)
    expect(fresh).toEqual({ merchant: again })
    await database.transaction((tx) => revokeMerchant(tx, again))
    await save(database, { asked: fresh, ...polled })
    const row = await database.reads.db.selectFrom('merchant').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ poll_due: null, polled_at: null, swept_at: null })
  })

  test('a hint makes those due who were not asked just now, the next ones first, and no more than may be', async () => {
    const { database } = await open()
    const [app, other] = [await account(database, '1'), await account(database, '2')]
    const merchants = []
    for (const name of ['a', 'b', 'c', 'd']) merchants.push(await authorised(database, app, name))
    const [a, b, c, d] = merchants.map(({ id }) => id)
    if (!a || !b || !c || !d) throw new Error('too few')
    const elsewhere = await authorised(database, other, 'e')
    await at(database, a, { poll_due: later(now, 9 * minute), polled_at: ago(6) })
    await at(database, b, { poll_due: later(now, 2 * minute), polled_at: ago(0.5) })
    await at(database, c, { poll_due: later(now, 3 * minute), polled_at: ago(12) })
    await at(database, d, { poll_due: later(now, minute) })
    await at(database, elsewhere.id, { poll_due: later(now, minute) })
    const hurry = (most: number) => database.transaction((tx) => hurryPolls(tx, app, { now, before: ago(1), most }))
    await hurry(2)
    expect((await ids(database, app)).sort()).toEqual([c, d].sort())
    await hurry(10)
    expect((await ids(database, app)).sort()).toEqual([a, c, d].sort())
    expect(await ids(database, other)).toEqual([])
  })

  test('whoever is switched on is due at once; whoever was on already keeps its turn', async () => {
    const { database } = await open()
    const [app, other] = [await account(database, '1'), await account(database, '2')]
    const [a, b, c] = [
      await authorised(database, app, 'a'),
      await authorised(database, app, 'b'),
      await authorised(database, other, 'c'),
    ]
    for (const { id } of [a, b, c]) await at(database, id, { poll_due: later(now, minute) })
    const turn = (id: MerchantId, enabled: boolean) =>
      database.transaction((tx) => changeMerchant(tx, { tenant, account: app }, id, { enabled }))
    const turnApp = (enabled: boolean) => database.transaction((tx) => changeAccount(tx, tenant, app, { enabled }))
    await turn(a.id, true)
    await turnApp(true)
    await turn(b.id, false)
    expect(await ids(database, app)).toEqual([])
    await turn(b.id, true)
    expect(await ids(database, app)).toEqual([b.id])
    await turnApp(false)
    await turnApp(true)
    expect((await ids(database, app)).sort()).toEqual([a.id, b.id].sort())
    expect(await ids(database, other)).toEqual([])
  })

  test('a merchant takes its name from the platform while it has none, and only its own', async () => {
    const { database } = await open()
    const app = await account(database, '1')
    const { id } = await authorised(database, app, 'a')
    const nameNow = async () => (await findMerchant(database.reads, id))?.name
    const named = (called: Parameters<typeof nameMerchant>[2], name = 'a') =>
      database.transaction((tx) => nameMerchant(tx, { id, outsideId: 'a', name }, called))
    await named({ outsideId: 'b', name: '别家' })
    await named({ authAppId: 'a', name: '别家' })
    await named({ outsideId: 'a', name: ' ' })
    await named({ outsideId: 'a' })
    expect(await nameNow()).toBe('a')
    await named({ outsideId: 'a', name: '街角咖啡' })
    expect(await nameNow()).toBe('街角咖啡')
    // It was read before somebody named it.
    await named({ outsideId: 'a', name: '另一个' })
    expect(await nameNow()).toBe('街角咖啡')
  })

  test('accounts with somebody who is due, switched off or not, of the platforms that are asked for', async () => {
    const { database } = await open()
    const first = await account(database, '1')
    const off = await account(database, '2', { enabled: false })
    const [idle, pay, bare] = [
      await account(database, '3'),
      await account(database, '4', { platform: 'wechat-pay' }),
      await account(database, '5'),
    ]
    await authorised(database, first, 'a')
    const late = await authorised(database, off, 'b')
    const waits = await authorised(database, idle, 'c')
    await authorised(database, pay, 'd')
    await at(database, late.id, { poll_due: ago(1) })
    await at(database, waits.id, { poll_due: later(now, 1) })
    const due = async (until = now) =>
      [...(await accountsToPoll(database.reads, ['alipay', 'wechat-mini'], until))].sort()
    expect(await due()).toEqual([first, off].sort())
    expect(await due(later(now, 1))).toEqual([first, off, idle].sort())
    expect(await accountsToPoll(database.reads, [], now)).toEqual([])
    await database.transaction((tx) => revokeMerchant(tx, late))
    expect(await due()).toEqual([first])
    const all = [first, off, idle, bare]
    expect(await accountsWithMerchants(database.reads, all)).toEqual(new Set([first, off, idle]))
    expect(await accountsWithMerchants(database.reads, [])).toEqual(new Set())
  })

  test('how old the oldest is: of those who are on, the one not asked for longest, or never', async () => {
    const { database } = await open()
    const app = await account(database, '1')
    const oldest = () => oldestPolls(database.reads, ['alipay'])
    expect(await oldest()).toEqual([])
    const [a, b] = [await authorised(database, app, 'a'), await authorised(database, app, 'b')]
    expect(await oldest()).toEqual([{ platform: 'alipay', since: now }])
    await at(database, a.id, { polled_at: ago(9) })
    await at(database, b.id, { polled_at: ago(7) })
    expect(await oldest()).toEqual([{ platform: 'alipay', since: ago(9) }])
    await at(database, a.id, { enabled: 0 })
    expect(await oldest()).toEqual([{ platform: 'alipay', since: ago(7) }])
    await database.transaction((tx) => changeAccount(tx, tenant, app, { enabled: false }))
    expect(await oldest()).toEqual([])
    expect(await oldestPolls(database.reads, [])).toEqual([])
  })
})

onEachDatabase('merchants that are asked', (kind) => {
  test('a complaint is found, recorded as its merchant’s, and its withdrawal is seen by the hourly sweep', async () => {
    const w = await polledWorld({ kind, merchants: [3] })
    const [, pid = ''] = w.app.pids
    const number = await w.complain(pid, { overdueMs: 90 * 24 * 60 * minute })
    await w.settle()
    expect(await w.complaints()).toMatchObject([{ number, merchant: w.app.merchants[1], phase: 'ours' }])
    await w.storage.transaction(async (tx) => {
      await tx.db.updateTable('complaint').set({ read_due: null }).execute()
    })
    await w.sandbox.moveRisk(Number(number), { kind: 'withdraw' })
    w.asked()
    await w.pass(63 * minute)
    expect(await w.complaints()).toMatchObject([{ number, phase: 'closed' }])
    expect(w.asked(details)).toEqual([pid])
  })
})
