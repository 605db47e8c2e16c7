import { expect, test } from 'vitest'
import type { Complaint, Move, Snapshot } from '../../src/complaints/complaint.ts'
import { silent } from '../../src/core/logger.ts'
import { type AccountId, asId, fen, type Instant, instant, later, type TenantId } from '../../src/core/words.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import { tell } from '../../src/engine/tell.ts'
import { record } from '../../src/inbox/record.ts'
import { changeAccount, createAccount, findAccount } from '../../src/storage/accounts.ts'
import { claimedBefore, listComplaints, lockComplaint, setClaim } from '../../src/storage/complaints.ts'
import { deadlinesDue, lockDeadline, setLooked, snooze } from '../../src/storage/deadlines.ts'
import { isDigestMade, lately, openNow, takeDigest } from '../../src/storage/digests.ts'
import { listDuty, setDuty } from '../../src/storage/duty.ts'
import { createMember } from '../../src/storage/members.ts'
import { changeReminding, findReminding, remindingOf, usualReminding } from '../../src/storage/reminding.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { beginWatch, findStanding, lockStanding, saveStanding, setWatch } from '../../src/storage/watch.ts'
import { noon, onEachDatabase, type TestDatabase } from '../support/databases.ts'

const hour = 3_600_000
const begin = instant(noon)
const due = later(begin, 48 * hour)
const owes = (kind: Move['kind'], until?: Instant): Move => ({
  ...{ kind, owed: true, takes: {} },
  ...(until ? { due: until } : {}),
})

const snapshot = (moves: readonly Move[], asOf: Instant, more: Partial<Snapshot> = {}): Snapshot => ({
  ...{ source: 'wechat-mini', number: '1', scope: 'wx1', phase: 'ours', code: '201', label: '待处理', moves },
  ...{ orders: [], text: '', reason: '', person: {}, pictures: [], timeline: [], openedAt: begin, asOf, warnings: [] },
  ...more,
})

/** A shop of which complaints are written down as the platform tells of them. */
async function shop({ database, clock }: TestDatabase) {
  const engine = createEmbeddedEngine({ storage: database, clock, random: database.reads.random, logger: silent })
  const { tenant, account, li } = await database.transaction(async (tx) => {
    const made = await createTenant(tx, {
      ...{ handle: 'shop', name: '小店', zone: 'Asia/Shanghai', language: 'zh-CN', secondPersonFrom: fen(20_000) },
    })
    if (!made) throw new Error('no tenant')
    const of = { tenant: made.id, enabled: true }
    const account = await createAccount(tx, {
      ...{ ...of, platform: 'wechat-mini', outsideId: 'wx1', name: '小店', settings: {}, secrets: {} },
    })
    const li = await createMember(tx, { ...of, handle: 'li', name: '小李', role: 'agent' })
    if (!account || !li) throw new Error('no account')
    return { tenant: made.id as TenantId, account: account.id as AccountId, li: li.id }
  })
  return {
    ...{ database, clock, engine, tenant, account, li },
    async says(moves: readonly Move[], more: Partial<Snapshot> = {}): Promise<Complaint> {
      clock.advance(1)
      const found = await findAccount(database.reads, account)
      if (!found) throw new Error('no account')
      const said = snapshot(moves, instant(clock.now()), more)
      return record({ storage: database, engine }, { seat: { account: found }, said })
    },
    due: async (at: Instant, limit = 10) =>
      (await deadlinesDue(database.reads, at, limit)).map(({ move, due: until }) => `${move} ${until}`),
    look: (complaint: Complaint, move: Move['kind'], until: Instant, next: Instant | undefined, stage?: string) =>
      database.transaction(async (tx) => {
        const key = { tenant, complaint: complaint.id, move, due: until }
        const deadline = await lockDeadline(tx, key)
        if (!deadline) return undefined
        const said = stage === undefined ? {} : { said: { stage, at: instant(clock.now()) } }
        await setLooked(tx, deadline, { next, ...said })
        return lockDeadline(tx, key)
      }),
  }
}

onEachDatabase('what is owed until when', ({ open }) => {
  test('each owed move that has an end, from when we knew of it; to be looked at once at first', async () => {
    const { says, due: dueAt, look, clock } = await shop(await open())
    const complaint = await says([owes('respond', due), owes('finish', later(due, hour)), owes('appeal')])
    const known = instant(clock.now())
    expect((await dueAt(known)).sort()).toEqual([`finish ${later(due, hour)}`, `respond ${due}`])
    expect(await dueAt(known, 1)).toHaveLength(1)
    const next = later(begin, 24 * hour)
    expect(await look(complaint, 'respond', due, next, '50%')).toMatchObject({
      ...{ knownAt: known, said: { stage: '50%', at: known } },
    })
    expect(await dueAt(later(next, -1))).toEqual([`finish ${later(due, hour)}`])
    expect(await dueAt(next)).toHaveLength(2)
    await look(complaint, 'respond', due, undefined)
    expect(await dueAt(later(due, 99 * hour))).toEqual([`finish ${later(due, hour)}`])
  })

  test('read again, nothing begins anew; owed no more it has ended, and what was said stays said when it is owed again', async () => {
    const { says, due: dueAt, look, clock } = await shop(await open())
    const complaint = await says([owes('respond', due)])
    const known = instant(clock.now())
    clock.advance(hour)
    await look(complaint, 'respond', due, later(due, -hour), '50%')
    await says([owes('respond', due)])
    expect(await dueAt(instant(clock.now()))).toEqual([])
    await says([{ ...owes('respond', due), owed: false }])
    expect(await dueAt(due)).toEqual([])
    expect(await look(complaint, 'respond', due, due)).toBeUndefined()
    await says([owes('respond', due)])
    expect(await dueAt(instant(clock.now()))).toEqual([`respond ${due}`])
    expect(await look(complaint, 'respond', due, due)).toMatchObject({ knownAt: known, said: { stage: '50%' } })
    // Another end is another matter.
    await says([owes('respond', later(due, hour))])
    expect(await dueAt(instant(clock.now()))).toEqual([`respond ${later(due, hour)}`])
    expect((await look(complaint, 'respond', later(due, hour), due))?.said).toBeUndefined()
    await says([owes('respond', later(due, hour))], { phase: 'closed' })
    expect(await dueAt(later(due, hour))).toEqual([])
  })

  test('looked at by a clock that was set back since, it is looked at again', async () => {
    const { says, due: dueAt, look, clock } = await shop(await open())
    clock.step(20 * hour)
    const complaint = await says([owes('respond', due)])
    await look(complaint, 'respond', due, later(due, -hour))
    expect(await dueAt(instant(clock.now()))).toEqual([])
    clock.step(-20 * hour)
    expect(await dueAt(instant(clock.now()))).toEqual([`respond ${due}`])
    await look(complaint, 'respond', due, later(due, -hour))
    expect(await dueAt(instant(clock.now()))).toEqual([])
  })

  test('a snooze is kept and taken back; where nothing is owed there is nothing to snooze', async () => {
    const { says, look, database } = await shop(await open())
    const complaint = await says([owes('respond', due)])
    const until = later(begin, hour)
    expect(await database.transaction((tx) => snooze(tx, complaint.id, until))).toBe(true)
    expect(await look(complaint, 'respond', due, due)).toMatchObject({ snoozedUntil: until })
    await database.transaction((tx) => snooze(tx, complaint.id, undefined))
    expect((await look(complaint, 'respond', due, due))?.snoozedUntil).toBeUndefined()
    await says([])
    expect(await database.transaction((tx) => snooze(tx, complaint.id, until))).toBe(false)
  })

  test('claims of open complaints by their age, the oldest first', async () => {
    const { says, database, clock, li } = await shop(await open())
    const claim = async (number: string) => {
      const { tenant, id } = await says([owes('respond', due)], { number })
      await database.transaction(async (tx) => {
        const complaint = await lockComplaint(tx, tenant, id)
        if (complaint) await setClaim(tx, complaint, li)
      })
      return id
    }
    const [first, at, second] = [await claim('1'), instant(clock.now()), await claim('2')]
    const before = async (until: Instant, limit = 10) =>
      (await claimedBefore(database.reads, until, limit)).map(({ id }) => id)
    expect(await before(at)).toEqual([first])
    expect(await before(instant(clock.now()))).toEqual([first, second])
    expect(await before(instant(clock.now()), 1)).toEqual([first])
    await says([], { number: '1', phase: 'closed' })
    expect(await before(instant(clock.now()))).toEqual([second])
  })
})

onEachDatabase('who is told, and how', ({ open }) => {
  test('a table of duty replaces the one before, of its tenant alone', async () => {
    const { database } = await open()
    const [a, b] = [asId<'tenant'>('ten_a'), asId<'tenant'>('ten_b')]
    const [li, chen] = [asId<'member'>('mem_li'), asId<'member'>('mem_chen')]
    const night = { member: chen, from: 1260, to: 540 }
    const put = (tenant: TenantId, duties: Parameters<typeof setDuty>[2]) =>
      database.transaction((tx) => setDuty(tx, tenant, duties))
    await put(a, [night, { member: li, from: 540, to: 1260 }])
    await put(b, [night])
    expect(await listDuty(database.reads, a)).toEqual([{ member: li, from: 540, to: 1260 }, night])
    await put(a, [])
    expect(await listDuty(database.reads, a)).toEqual([])
    expect(await listDuty(database.reads, b)).toEqual([night])
  })

  test('as usual until a tenant says otherwise; what is not named stays', async () => {
    const { database, tenant } = await shop(await open())
    expect(await findReminding(database.reads, tenant)).toEqual(usualReminding)
    const change = (to: Parameters<typeof changeReminding>[2]) =>
      database.transaction((tx) => changeReminding(tx, tenant, to))
    await change({ quiet: null, hours: [2, 6] })
    expect(await change({ digest: 9 })).toEqual({ ...usualReminding, quiet: null, hours: [2, 6], digest: 9 })
    expect(await remindingOf(database.reads, tenant)).toEqual({
      ...{ shares: usualReminding.shares, hours: [2, 6], zone: 'Asia/Shanghai' },
    })
  })
})

onEachDatabase('a day in numbers', ({ open }) => {
  test('its digest is taken once', async () => {
    const { database } = await open()
    const [a, b] = [asId<'tenant'>('ten_a'), asId<'tenant'>('ten_b')]
    const take = (tenant: TenantId, day: string) => database.transaction((tx) => takeDigest(tx, tenant, day))
    expect([await take(a, '2026-03-01'), await take(a, '2026-03-01')]).toEqual([true, false])
    expect([await take(a, '2026-03-02'), await take(b, '2026-03-01')]).toEqual([true, true])
    expect(await isDigestMade(database.reads, a, '2026-03-01')).toBe(true)
    expect(await isDigestMade(database.reads, b, '2026-03-02')).toBe(false)
  })

  test('what is open and what happened, of those who are on; what is due, too', async () => {
    const { database, says, tenant, account, engine, clock, li } = await shop(await open())
    const complaint = await says([owes('respond', due)], { amountShown: fen(1_990) })
    await says([], { number: '2', phase: 'closed' })
    const acted = { kind: 'acted', action: asId<'action'>('act_1'), act: 'respond', state: 'done' } as const
    await database.transaction(async (tx) => {
      await tell(engine, tx, complaint, [
        { ...acted, by: { name: '小李', member: li, via: 'chat' } },
        { ...acted, by: { name: '小额', via: 'rule' } },
        { kind: 'turned', from: 'ours', to: 'closed', label: '' },
      ])
    })
    expect(await openNow(database.reads, tenant)).toEqual([
      { account, moves: [expect.objectContaining({ kind: 'respond', due })], amountShown: 1_990 },
    ])
    const what = async (since: Instant) => (await lately(database.reads, tenant, since)).map((one) => one.what).sort()
    expect(await what(begin)).toEqual(['came', 'came', 'closed', 'done'])
    expect(await what(instant(clock.now()))).toEqual([])
    const dueNow = () => listComplaints(database.reads, { tenant, which: 'due', limit: 10 })
    expect(await dueNow()).toHaveLength(1)
    await database.transaction((tx) => changeAccount(tx, tenant, account, { enabled: false }))
    expect([await openNow(database.reads, tenant), await what(begin), await dueNow()]).toEqual([[], [], []])
  })

  test('a watch begins once; a rating is held by whoever compares it', async () => {
    const { database, tenant, account } = await shop(await open())
    const of = { tenant, id: account }
    await database.transaction(async (tx) => {
      expect(await beginWatch(tx, account, 'standing', begin)).toEqual({ ranAt: begin })
      await setWatch(tx, account, 'standing', 'away')
      expect(await beginWatch(tx, account, 'standing', begin)).toMatchObject({ off: 'away' })
      expect(await lockStanding(tx, account)).toBeUndefined()
      await saveStanding(tx, of, { score: 97, penalties: [] })
      expect(await lockStanding(tx, account)).toEqual(await findStanding(tx, account))
    })
    expect((await findStanding(database.reads, account))?.standing.score).toBe(97)
  })
})
