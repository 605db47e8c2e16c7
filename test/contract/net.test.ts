import { expect, test } from 'vitest'
import type { Complaint } from '../../src/complaints/complaint.ts'
import { fen, instant, later } from '../../src/core/words.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { closeAlarms, insertAlarm, lockAlarm, openAlarms, setRaised, silentAlarms } from '../../src/storage/alarms.ts'
import { complaintAboutOrder, insertComplaint, isKnown, knownAmong } from '../../src/storage/complaints.ts'
import {
  insertDeliveries,
  nextWaiting,
  postponeDeliveries,
  settleDeliveries,
  waitingFor,
} from '../../src/storage/deliveries.ts'
import { appendFacts } from '../../src/storage/facts.ts'
import { findNotice, insertNotice } from '../../src/storage/notices.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { findWanted, insertWanted, setTold, settleWanted, waitingWanted, wantedKey } from '../../src/storage/wanted.ts'
import { findStanding, findWatch, saveStanding, setWatch } from '../../src/storage/watch.ts'
import { snapshot } from '../complaints/support.ts'
import { type DatabaseKind, onEachDatabase } from '../support/databases.ts'

async function shop({ open }: DatabaseKind) {
  const { database, clock } = await open()
  const made = await database.transaction(async (tx) => {
    const tenant = await createTenant(tx, {
      handle: 'shop',
      name: '小店',
      zone: 'Asia/Shanghai',
      language: 'zh-CN',
      secondPersonFrom: fen(20_000),
    })
    if (!tenant) throw new Error('no tenant')
    const account = async (outsideId: string) => {
      const base = { platform: 'wechat-mini', name: outsideId, enabled: true, settings: {}, secrets: {} } as const
      const created = await createAccount(tx, { ...base, tenant: tenant.id, outsideId })
      if (!created) throw new Error('no account')
      return created
    }
    return { tenant: tenant.id, one: await account('wx01'), two: await account('wx02') }
  })
  return { database, clock, ...made, now: () => instant(clock.now()) }
}

const said = (over: object = {}) => snapshot({ orders: ['4200001'], outTradeNo: 'T1', ...over })

onEachDatabase('what is watched beside the pushes', (kind) => {
  test('an order has one alarm, ever; it is raised once and closed by its complaint', async () => {
    const { database, clock, tenant, one, two, now } = await shop(kind)
    const dispute = { order: '4200001', outTradeNo: 'T1', paid: fen(1990) }
    const add = (account: typeof one) =>
      database.transaction((tx) => insertAlarm(tx, { tenant, account: account.id, dispute }))
    const [first, again, other] = [await add(one), await add(one), await add(two)]
    expect([typeof first, again, typeof other]).toEqual(['string', undefined, 'string'])
    if (!first || !other) throw new Error('no alarm')
    const until = later(now(), 1)
    expect((await silentAlarms(database.reads, until, 9)).length).toBe(2)
    expect(await openAlarms(database.reads, tenant, 9)).toEqual([])
    clock.advance(1000)
    await database.transaction((tx) => setRaised(tx, first))
    expect(await silentAlarms(database.reads, until, 9)).toEqual([other])
    expect(await openAlarms(database.reads, tenant, 9)).toMatchObject([{ id: first, dispute, raisedAt: now() }])
    await database.transaction(async (tx) => {
      const known = { version: 1, who: '—' }
      const complaint = await insertComplaint(tx, { tenant, account: one.id, platform: 'wechat-mini' }, said(), known)
      await closeAlarms(tx, { account: one.id, complaint: complaint.id, keys: ['4200001', 'out:T1'] })
    })
    expect(await openAlarms(database.reads, tenant, 9)).toEqual([])
    expect(await database.transaction((tx) => lockAlarm(tx, first))).toMatchObject({ closedAt: now() })
    expect(await database.transaction((tx) => lockAlarm(tx, other))).not.toHaveProperty('closedAt')
    expect(await add(one)).toBeUndefined()
  })

  test('an order without any number has no alarm', async () => {
    const { database, tenant, one } = await shop(kind)
    expect(
      await database.transaction((tx) => insertAlarm(tx, { tenant, account: one.id, dispute: {} })),
    ).toBeUndefined()
  })

  test('a complaint is known by either number of its order, in its own account', async () => {
    const { database, tenant, one, two } = await shop(kind)
    const is = { tenant, account: one.id, platform: 'wechat-mini' } as const
    const known = { version: 1, who: '—' }
    const complaint = await database.transaction((tx) => insertComplaint(tx, is, said({ scope: 'wx01' }), known))
    const about = (account: typeof one, ...keys: string[]) =>
      complaintAboutOrder(database.reads, { tenant, account: account.id, keys })
    expect(await about(one, '4200001')).toBe(complaint.id)
    expect(await about(one, '4299', 'out:T1')).toBe(complaint.id)
    expect([await about(one, '4299', 'T1'), await about(two, '4200001')]).toEqual([undefined, undefined])
    const known2157 = (scopes: string[], number = '2157') =>
      isKnown(database.reads, { tenant, platform: 'wechat-mini', scopes, number })
    expect([await known2157(['wx01', '']), await known2157(['wx02', '']), await known2157(['wx01'], '1')]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('of many numbers those that we have are told with what we know of them', async () => {
    const { database, tenant, one } = await shop(kind)
    const is = { tenant, account: one.id, platform: 'wechat-mini' } as const
    const insert = (number: string, scope: string, code: string) =>
      database.transaction((tx) => insertComplaint(tx, is, said({ number, scope, code }), { version: 1, who: '—' }))
    const [first, second] = [await insert('1', 'wx01', '101'), await insert('2', '', '105')]
    await insert('3', 'wx02', '101')
    const numbers = ['1', '2', '3', '4', ...Array.from({ length: 500 }, (_, n) => `x${n}`)]
    const among = (scopes: string[], platform: 'wechat-mini' | 'wechat-pay' = 'wechat-mini', some = numbers) =>
      knownAmong(database.reads, { tenant, platform, scopes, numbers: some })
    expect(Object.fromEntries(await among(['wx01', '']))).toEqual({
      1: { id: first.id, code: '101', asOf: first.asOf },
      2: { id: second.id, code: '105', asOf: second.asOf },
    })
    expect([...(await among(['wx01'])).keys()]).toEqual(['1'])
    expect((await among(['wx01', ''], 'wechat-pay')).size).toBe(0)
    expect((await among(['wx01'], 'wechat-mini', [])).size).toBe(0)
  })

  test('a complaint is wanted once by a list and as often as people ask', async () => {
    const { database, clock, tenant, one, now } = await shop(kind)
    const of = { tenant, account: one.id, number: '2157' }
    const ask = (room?: string) =>
      database.transaction((tx) => insertWanted(tx, { ...of, ...(room ? { room: room as never } : {}) }))
    const found = () => findWanted(database.reads, wantedKey(of))
    const settle = async (state: 'done' | 'failed') => {
      const wanted = await found()
      return wanted && database.transaction((tx) => settleWanted(tx, wanted, state))
    }
    expect([await ask(), await ask()]).toEqual([true, false])
    expect(await waitingWanted(database.reads, now(), 9)).toEqual([`${one.id}:2157`])
    expect(await settle('failed')).toEqual({ told: false })
    await database.transaction((tx) => setTold(tx, of))
    expect(await settle('failed')).toBeUndefined()
    expect([await ask(), await ask()]).toEqual([true, false])
    expect(await settle('failed')).toEqual({ told: true })
    clock.advance(1000)
    expect(await ask('rom_1')).toBe(true)
    const before = await found()
    expect(before).toMatchObject({ state: 'waiting', room: 'rom_1', askedAt: now() })
    clock.advance(1000)
    expect(await ask('rom_2')).toBe(true)
    // Asked for anew meanwhile: the answer to the first is not the answer to the second.
    if (before) expect(await database.transaction((tx) => settleWanted(tx, before, 'done'))).toBeUndefined()
    expect(await settle('done')).toEqual({ told: true })
    expect([await ask(), (await found())?.state]).toEqual([false, 'done'])
    expect(await waitingWanted(database.reads, now(), 9)).toEqual([])
  })

  test('a watch is off with a reason and on without one; a rating is the last one read', async () => {
    const { database, clock, tenant, one, two, now } = await shop(kind)
    await database.transaction((tx) => setWatch(tx, one.id, 'orders', '48001 没有权限'))
    expect(await findWatch(database.reads, one.id, 'orders')).toEqual({ ranAt: now(), off: '48001 没有权限' })
    clock.advance(1000)
    await database.transaction((tx) => setWatch(tx, one.id, 'orders'))
    expect(await findWatch(database.reads, one.id, 'orders')).toEqual({ ranAt: now() })
    expect(await findWatch(database.reads, one.id, 'standing')).toBeUndefined()
    for (const score of [100, 92.5])
      await database.transaction((tx) => saveStanding(tx, { tenant, id: one.id }, { score, penalties: [] }))
    expect(await findStanding(database.reads, one.id)).toEqual({
      standing: { score: 92.5, penalties: [] },
      readAt: now(),
    })
    expect(await findStanding(database.reads, two.id)).toBeUndefined()
  })
})

onEachDatabase('what is about no complaint', (kind) => {
  test('waits among the facts for its place, in the order of time, and is told once', async () => {
    const { database, clock, tenant, one } = await shop(kind)
    const notice = { kind: 'known', number: '2157', running: 1 } as const
    const tell = () =>
      database.transaction(async (tx) => {
        const id = await insertNotice(tx, { tenant, account: one.id, notice })
        await insertDeliveries(tx, { tenant, notice: id }, ['room:a', 'room:b'])
        await insertDeliveries(tx, { tenant, notice: id }, ['room:a'])
        return id
      })
    const first = await tell()
    clock.advance(1000)
    const fact = await database.transaction(async (tx) => {
      const is = { tenant, account: one.id, platform: 'wechat-mini' } as const
      const complaint = await insertComplaint(tx, is, said(), { version: 1, who: '—' })
      const [opened] = await appendFacts(tx, complaint, [{ kind: 'opened' }])
      if (!opened) throw new Error('no fact')
      await insertDeliveries(tx, { ...opened, tenant, complaint: complaint.id }, ['room:a'])
      return opened.id
    })
    clock.advance(1000)
    const second = await tell()
    const waiting = await waitingFor(database.reads, 'room:a', 9)
    expect(waiting.map((one) => one.notice ?? one.fact)).toEqual([first, fact, second])
    await database.transaction((tx) =>
      settleDeliveries(
        tx,
        waiting.map(({ id }) => id),
        { state: 'sent' },
      ),
    )
    expect(await waitingFor(database.reads, 'room:a', 9)).toEqual([])
    expect((await waitingFor(database.reads, 'room:b', 9)).length).toBe(2)
    expect(await findNotice(database.reads, first)).toMatchObject({ tenant, account: one.id, notice })
  })
  test('what was put off waits with all that came after it about the same complaint, and nothing else does', async () => {
    const { database, clock, tenant, one } = await shop(kind)
    const is = { tenant, account: one.id, platform: 'wechat-mini' } as const
    const tell = (complaint: Complaint) =>
      database.transaction(async (tx) => {
        const [fact] = await appendFacts(tx, complaint, [{ kind: 'opened' }])
        if (fact) await insertDeliveries(tx, { ...fact, tenant, complaint: complaint.id }, ['room:a'])
      })
    const insert = (number: string) =>
      database.transaction((tx) => insertComplaint(tx, is, { ...said(), number }, { version: 1, who: '—' }))
    const [a, b] = [await insert('1'), await insert('2')]
    await tell(a)
    clock.advance(1)
    await tell(b)
    const order = async () => (await waitingFor(database.reads, 'room:a', 9)).map(({ complaint }) => complaint)
    const [first] = await waitingFor(database.reads, 'room:a', 1)
    const notBefore = later(instant(clock.now()), 5_000)
    await database.transaction((tx) => postponeDeliveries(tx, first ? [first.id] : [], { notBefore, error: 'no' }))
    clock.advance(1)
    await tell(a)
    expect(await order()).toEqual([b.id])
    expect(await nextWaiting(database.reads, 'room:a')).toBe(notBefore)
    clock.advance(5_000)
    expect(await order()).toEqual([a.id, b.id, a.id])
    expect((await waitingFor(database.reads, 'room:a', 9)).map(({ tries }) => tries)).toEqual([1, 0, 0])
    expect(await nextWaiting(database.reads, 'room:a')).toBeUndefined()
  })
})
