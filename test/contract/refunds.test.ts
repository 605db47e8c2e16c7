import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { PlatformName } from '../../src/complaints/complaint.ts'
import { type PaidPlace, refundNumber } from '../../src/complaints/refund-number.ts'
import {
  type AccountId,
  type ActionId,
  asId,
  fen,
  instant,
  type MemberId,
  type TenantId,
} from '../../src/core/words.ts'
import { changeAccount, createAccount, type StoredAccount } from '../../src/storage/accounts.ts'
import type { Database } from '../../src/storage/open.ts'
import {
  findRefund,
  givenSince,
  insertRefund,
  ledgerOf,
  lockOrder,
  moveRefund,
  type NewRefund,
  openRefund,
  type RefundMove,
  type StoredRefund,
} from '../../src/storage/refunds.ts'
import { seatOf, seatPaidBy } from '../../src/storage/seats.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { type DatabaseKind, noon, onEachDatabase } from '../support/databases.ts'

const mchid = '1900007291'
const place: PaidPlace = { platform: 'wechat-pay', payee: mchid, order: '4200001' }
const elsewhere: PaidPlace = { ...place, order: '4200002' }
const [one, two] = [asId<'tenant'>('ten_1'), asId<'tenant'>('ten_2')]
const [pays, paysToo] = [asId<'account'>('acc_1'), asId<'account'>('acc_2')]
const [li, wang] = [asId<'member'>('mem_li'), asId<'member'>('mem_wang')]

let nth = 0
interface Wished {
  readonly at?: PaidPlace
  readonly amount?: number
  readonly tenant?: TenantId
  readonly account?: AccountId
  readonly complaint?: string
  readonly member?: MemberId
  readonly approver?: MemberId
}
function wished({ at = place, amount = 100, complaint = 'cmp_1', ...more }: Wished = {}): NewRefund {
  nth += 1
  const refund = { kind: 'refund', order: at.order, amount: fen(amount), total: fen(1_000), reason: '' } as const
  const ids = { action: asId<'action'>(`act_${nth}`), complaint: asId<'complaint'>(complaint) }
  return { tenant: one, account: pays, place: at, refund, ...ids, ...more }
}

/** As a wish does it: under the order's lock. */
const add = (database: Database, wish: Wished = {}): Promise<StoredRefund> =>
  database.transaction(async (tx) => {
    await lockOrder(tx, wish.at ?? place)
    return insertRefund(tx, wished(wish))
  })
const move = (database: Database, { action }: { readonly action: ActionId }, to: RefundMove): Promise<void> =>
  database.transaction((tx) => moveRefund(tx, action, to))
async function ended(database: Database, state: RefundMove['state'], wish: Wished = {}): Promise<StoredRefund> {
  const refund = await add(database, wish)
  await move(database, refund, { state })
  return refund
}

onEachDatabase('refunds of an order', ({ name, open }) => {
  test.each([
    ['done', 2],
    ['closed', 2],
    ['found', 2],
    ['failed', 1],
  ] as const)('after one that is %s comes the one with the ordinal %d', async (state, ordinal) => {
    const { database } = await open()
    const first = await ended(database, state)
    expect(first).toMatchObject({ ordinal: 1, number: refundNumber(place, 1), state: 'open', place })
    expect(await add(database)).toMatchObject({ ordinal, number: refundNumber(place, ordinal) })
  })

  test('what failed leaves its number to the next, between others too; another order counts for itself', async () => {
    const { database } = await open()
    const ordinals: number[] = []
    for (const state of ['failed', 'done', 'failed', 'failed', 'closed', 'found'] as const)
      ordinals.push((await ended(database, state)).ordinal)
    expect(ordinals).toEqual([1, 1, 2, 2, 2, 3])
    const otherPayee = { ...place, payee: `${mchid}/1900000109` }
    for (const at of [elsewhere, otherPayee])
      expect(await add(database, { at })).toMatchObject({ ordinal: 1, number: refundNumber(at, 1), place: at })
    expect((await add(database)).ordinal).toBe(4)
  })

  test('what is kept is read back, and the number is there before anything happened', async () => {
    const { database } = await open()
    const wish = wished({ amount: 250 })
    const made = await database.transaction((tx) => insertRefund(tx, wish))
    expect(await findRefund(database.reads, wish.action)).toEqual(made)
    expect(made).toEqual({
      ...{ action: wish.action, tenant: one, complaint: 'cmp_1', account: pays, place },
      ...{ ordinal: 1, number: refundNumber(place, 1), amount: 250, total: 1_000 },
      ...{ state: 'open', stuck: false, notBefore: instant(noon) },
    })
    expect(await findRefund(database.reads, asId('act_nobody'))).toBeUndefined()
  })

  test('one open refund per order, whichever complaint, account or business asks; the database itself refuses', async () => {
    const { database } = await open()
    const first = await add(database)
    for (const other of [
      { complaint: 'cmp_2' },
      { account: paysToo, complaint: 'cmp_2' },
      { tenant: two, account: paysToo, complaint: 'cmp_9' },
    ])
      await expect(database.transaction((tx) => insertRefund(tx, wished(other)))).rejects.toThrow(/unique/i)
    // Also one who counts otherwise, by hand, with a number of its own.
    const by = (more: object) => () =>
      database.transaction((tx) => copyRow(tx, first.action, { action: 'by-hand', number: 'rdother', ...more }))
    for (const other of [{}, { complaint: 'cmp_2', account: paysToo }, { tenant: two, account: paysToo }])
      await expect(by({ ordinal: 7, ...other })()).rejects.toThrow(/unique/i)
    await by({ ordinal: 7, order_no: elsewhere.order })()
    expect((await ledgerOf(database.reads, place)).busy).toBe(first.action)
  })

  test('an ordinal of an order is given once: only what failed stands beside it', async () => {
    const { database } = await open()
    const first = await ended(database, 'done')
    const again = (action: string, state: string) =>
      database.transaction((tx) => copyRow(tx, first.action, { action, state, tenant: two, account: paysToo }))
    for (const state of ['open', 'done', 'closed', 'found'])
      await expect(again(`act_${state}`, state)).rejects.toThrow(/unique/i)
    await again('failed 1', 'failed')
    await again('failed 2', 'failed')
    await expect(
      database.transaction((tx) =>
        tx.db.updateTable('refund').set({ state: 'closed' }).where('action', '=', 'failed 1').execute(),
      ),
    ).rejects.toThrow(/unique/i)
  })

  test('the ledger sums what is given and what is on its way, of this order alone, whoever asked', async () => {
    const { database } = await open()
    expect(await ledgerOf(database.reads, place)).toEqual({ settled: 0, underway: 0, total: 0, count: 0 })
    await ended(database, 'done', { amount: 1 })
    await ended(database, 'closed', { amount: 20 })
    await ended(database, 'failed', { amount: 300 })
    const found = await add(database, { amount: 4_000, tenant: two, account: paysToo, complaint: 'cmp_2' })
    await move(database, found, { state: 'found', amount: fen(5_000) })
    await add(database, { at: elsewhere, amount: 60_000 })
    await ended(database, 'done', { at: { ...place, platform: 'alipay' }, amount: 60_000 })
    expect(await ledgerOf(database.reads, place)).toEqual({ settled: 5_001, underway: 0, total: 1_000, count: 3 })
    const open_ = await add(database, { amount: 700_000, complaint: 'cmp_3' })
    expect(await ledgerOf(database.reads, place)).toEqual({
      ...{ settled: 5_001, underway: 700_000, total: 1_000, count: 4 },
      busy: open_.action,
    })
  })

  test('the next refund of an order waits a minute from the last word about the one before, whatever became of it', async () => {
    const { database, clock } = await open()
    const first = await add(database)
    expect(first.notBefore).toBe(instant(noon))
    clock.advance(10_000)
    await move(database, first, { state: 'done' })
    clock.advance(5_000)
    const second = await ended(database, 'failed')
    expect(second.notBefore).toBe(instant(noon + 10_000 + 61_000))
    const third = await add(database)
    expect(third.notBefore).toBe(instant(noon + 15_000 + 61_000))
    expect((await add(database, { at: elsewhere })).notBefore).toBe(instant(noon + 15_000))
    clock.advance(100_000)
    await move(database, third, { state: 'closed' })
    clock.advance(61_001)
    expect((await add(database)).notBefore).toBe(instant(noon + 176_001))
  })

  test('a notice finds the open refund by its number, through the account that pays alone', async () => {
    const { database } = await open()
    const done = await ended(database, 'done')
    const refund = await add(database)
    expect(await openRefund(database.reads, pays, refund.number)).toBe(refund.action)
    expect(await openRefund(database.reads, paysToo, refund.number)).toBeUndefined()
    expect(await openRefund(database.reads, pays, done.number)).toBeUndefined()
    await move(database, refund, { state: 'failed' })
    expect(await openRefund(database.reads, pays, refund.number)).toBeUndefined()
    const next = await add(database)
    expect(next.number).toBe(refund.number)
    expect(await openRefund(database.reads, pays, next.number)).toBe(next.action)
  })

  test('only what is open is moved, by as much as is said', async () => {
    const { database, clock } = await open()
    const [refund, other] = [await add(database, { amount: 300 }), await add(database, { at: elsewhere })]
    await move(database, refund, { state: 'open', stuck: true, receivedBy: '工商银行 0403' })
    expect(await findRefund(database.reads, refund.action)).toEqual({
      ...refund,
      ...{ stuck: true, receivedBy: '工商银行 0403' },
    })
    clock.advance(90_000)
    const arrivedAt = instant(noon + 80_000)
    await move(database, refund, { state: 'done', stuck: false, arrivedAt })
    const after = { ...refund, state: 'done', receivedBy: '工商银行 0403', arrivedAt }
    expect(await findRefund(database.reads, refund.action)).toEqual(after)
    clock.advance(1_000)
    for (const late of [
      { state: 'failed', amount: fen(1) },
      { state: 'open', stuck: true },
    ] as const)
      await move(database, refund, late)
    expect(await findRefund(database.reads, refund.action)).toEqual(after)
    const row = database.reads.db.selectFrom('refund').select('settled_at').where('action', '=', refund.action)
    expect(await row.executeTakeFirst()).toEqual({ settled_at: instant(noon + 90_000) })
    expect(await findRefund(database.reads, other.action)).toEqual(other)
  })

  test('two who want the same order wait for each other; another order waits for nobody', async () => {
    const { database, beside } = await open()
    const other = beside()
    const said: string[] = []
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let holding = () => {}
    const holds = new Promise<void>((resolve) => {
      holding = resolve
    })
    const first = database.transaction(async (tx) => {
      await lockOrder(tx, place)
      holding()
      await held
      await insertRefund(tx, wished())
      said.push('first')
    })
    await holds
    const second = other.transaction(async (tx) => {
      await lockOrder(tx, place)
      said.push((await ledgerOf(tx, place)).busy === undefined ? 'second, blind' : 'second, knowing')
    })
    if (name === 'postgres') {
      await expect.poll(() => waiting(database)).toBe(1)
      for (const at of [elsewhere, { ...place, payee: '1900000109' }, { ...place, platform: 'alipay' }])
        await other.transaction((tx) => lockOrder(tx, at))
      said.push('others')
    } else await new Promise<void>((resolve) => setImmediate(resolve))
    release()
    await Promise.all([first, second])
    expect(said).toEqual([...(name === 'postgres' ? ['others'] : []), 'first', 'second, knowing'])
  })

  test('of many who wish at once one gets the order; the others see it under way and none is broken off', async () => {
    const { database, beside } = await open()
    const handles = [database, beside(), beside()]
    const wish = (n: number) =>
      handles[n % 3]?.transaction(async (tx) => {
        await lockOrder(tx, place)
        if ((await ledgerOf(tx, place)).busy) return 'busy'
        await new Promise<void>((resolve) => setImmediate(resolve))
        await insertRefund(tx, wished({ complaint: `cmp_${n}`, tenant: n % 2 ? one : two }))
        return 'asked'
      })
    const all = await Promise.all(Array.from({ length: 12 }, (_, n) => wish(n)))
    expect(all.toSorted()).toEqual(['asked', ...Array.from({ length: 11 }, () => 'busy')])
  })
})

/** How many stand before somebody's lock in this database. */
async function waiting({ reads }: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_locks
    where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`.execute(reads.db)
  return rows[0]?.count ?? 0
}

/** The same row with other words, past everything but the database. */
async function copyRow(tx: Tx, from: ActionId, more: object): Promise<void> {
  const row = await tx.db.selectFrom('refund').selectAll().where('action', '=', from).executeTakeFirstOrThrow()
  await tx.db
    .insertInto('refund')
    .values({ ...row, ...more })
    .execute()
}

onEachDatabase('what was given away', ({ open }) => {
  const order = (n: number): Wished => ({ at: { ...place, order: `42${n}` } })

  test('on its way and arrived count, from that moment on; what came back or never went does not', async () => {
    const { database, clock } = await open()
    await ended(database, 'done', { ...order(1), amount: 1 })
    clock.advance(1)
    const since = instant(clock.now())
    expect(await givenSince(database.reads, one, { since })).toBe(0)
    await ended(database, 'done', { ...order(2), amount: 20 })
    await add(database, { ...order(3), amount: 300 })
    await ended(database, 'closed', { ...order(4), amount: 4_000 })
    await ended(database, 'failed', { ...order(5), amount: 50_000 })
    clock.advance(3_600_000)
    await add(database, { ...order(6), amount: 600_000 })
    expect(await givenSince(database.reads, one, { since })).toBe(600_320)
    expect(await givenSince(database.reads, one, { since: instant(noon) })).toBe(600_321)
  })

  test("a member's is what the member asked for or approved, each refund once; a rule's is nobody's", async () => {
    const { database } = await open()
    await add(database, { ...order(1), amount: 1, member: li })
    await add(database, { ...order(2), amount: 20, member: wang })
    await add(database, { ...order(3), amount: 300, member: wang, approver: li })
    await add(database, { ...order(4), amount: 4_000, member: li, approver: wang })
    await add(database, { ...order(5), amount: 50_000 })
    await ended(database, 'failed', { ...order(6), amount: 600_000, member: li, approver: wang })
    const given = (member?: MemberId) =>
      givenSince(database.reads, one, { since: instant(noon), ...(member === undefined ? {} : { member }) })
    expect(await given(li)).toBe(4_301)
    expect(await given(wang)).toBe(4_320)
    expect(await given(asId('mem_nobody'))).toBe(0)
    expect(await given()).toBe(54_321)
  })

  test('nothing of another business counts, though the member and the account are said to be the same', async () => {
    const { database } = await open()
    await add(database, { ...order(1), amount: 1, member: li })
    await add(database, { ...order(2), amount: 20, member: li, tenant: two })
    const since = instant(noon)
    expect(await givenSince(database.reads, one, { since })).toBe(1)
    expect(await givenSince(database.reads, two, { since, member: li })).toBe(20)
    expect(await givenSince(database.reads, asId('ten_3'), { since })).toBe(0)
  })
})

async function business(database: Database, handle: string) {
  const about = {
    handle,
    name: handle,
    zone: 'Asia/Shanghai',
    language: 'zh-CN',
    secondPersonFrom: fen(20_000),
  } as const
  const tenant = await database.transaction((tx) => createTenant(tx, about))
  if (!tenant) throw new Error('taken')
  return async (platform: PlatformName, outsideId: string, settings: object = {}): Promise<StoredAccount> => {
    const rest = { name: outsideId, enabled: true, settings: { ...settings }, secrets: { token: outsideId } }
    const made = await database.transaction((tx) =>
      createAccount(tx, { tenant: tenant.id, platform, outsideId, ...rest }),
    )
    if (!made) throw new Error('taken')
    return made
  }
}

async function shops({ open }: Pick<DatabaseKind, 'open'>) {
  const { database } = await open()
  const [ours, theirs] = [await business(database, 'ours'), await business(database, 'theirs')]
  const payer = async (account: StoredAccount) =>
    (await seatOf(database.reads, { account: account.id }))?.payer?.outsideId
  return { database, ours, theirs, payer }
}

onEachDatabase('who pays', (kind) => {
  test('the WeChat Pay account that a mini program names, with its secrets; a WeChat Pay account itself', async () => {
    const { database, ours } = await shops(kind)
    const pay = await ours('wechat-pay', mchid, { refunds: true })
    await ours('wechat-pay', '1900000109', { refunds: true })
    const mini = await ours('wechat-mini', 'wx1', { refunds: true, payer: mchid })
    const seat = await seatOf(database.reads, { account: mini.id })
    expect(seat).toMatchObject({ account: { id: mini.id }, payer: { id: pay.id, outsideId: mchid } })
    expect(seat?.payer?.secrets.token?.reveal()).toBe(mchid)
    expect(await seatOf(database.reads, { account: pay.id })).toEqual({ account: pay, payer: pay })
  })

  test('nobody where the switch is not exactly on', async () => {
    const { ours, payer } = await shops(kind)
    await ours('wechat-pay', mchid, { refunds: true })
    for (const [n, refunds] of [false, 'true', 1, null].entries()) {
      expect(await payer(await ours('wechat-mini', `wx${n}`, { refunds, payer: mchid }))).toBeUndefined()
      expect(await payer(await ours('wechat-pay', `190000010${n}`, { refunds }))).toBeUndefined()
    }
    expect(await payer(await ours('wechat-mini', 'wx-unsaid', { payer: mchid }))).toBeUndefined()
  })

  test.each([
    ['names nobody', {}],
    ['names it as a number', { payer: Number(mchid) }],
    ['names one that is not there', { payer: '1900000999' }],
    ['names a mini program', { payer: 'wx-other' }],
    ['names an account of another business', { payer: '1900000109' }],
    ['names one that is switched off', { payer: '1900000208' }],
  ])('nobody where the mini program %s', async (_, settings) => {
    const { database, ours, theirs, payer } = await shops(kind)
    await ours('wechat-pay', mchid, { refunds: true })
    await ours('wechat-mini', 'wx-other', { refunds: true })
    await theirs('wechat-pay', '1900000109', { refunds: true })
    const off = await ours('wechat-pay', '1900000208', { refunds: true })
    await database.transaction((tx) => changeAccount(tx, off.tenant, off.id, { enabled: false }))
    expect(await payer(await ours('wechat-mini', 'wx1', { refunds: true, ...settings }))).toBeUndefined()
    // It is the naming alone: the same account, rightly named, has a payer.
    expect(await payer(await ours('wechat-mini', 'wx2', { refunds: true, payer: mchid }))).toBe(mchid)
  })

  test('a refund on its way stays with the account that was to pay, switched off or named no more', async () => {
    const { database, ours } = await shops(kind)
    const [pay, mini] = [await ours('wechat-pay', mchid), await ours('wechat-mini', 'wx1')]
    await database.transaction((tx) => changeAccount(tx, pay.tenant, pay.id, { enabled: false }))
    expect(await seatPaidBy(database.reads, { account: mini.id }, pay.id)).toMatchObject({
      ...{ account: { id: mini.id }, payer: { id: pay.id, enabled: false } },
    })
    expect(await seatPaidBy(database.reads, { account: mini.id }, asId('acc_gone'))).toEqual({ account: mini })
  })
})
