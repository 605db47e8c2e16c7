import { expect, test } from 'vitest'
import { OutsideError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import { asId, instant, later } from '../../src/core/words.ts'
import type { Handled } from '../../src/engine/engine.ts'
import { queues } from '../../src/engine/queues.ts'
import { checkGrant } from '../../src/inbox/grant.ts'
import { readList, readLists } from '../../src/inbox/listing.ts'
import { createPoller } from '../../src/inbox/poll.ts'
import { createPollPace } from '../../src/inbox/poll-pace.ts'
import { dueAfter, sweeps, windowOf } from '../../src/inbox/poll-times.ts'
import { changeAccount } from '../../src/storage/accounts.ts'
import { changeMerchant, revokeMerchant } from '../../src/storage/merchants.ts'
import type { DuePoll } from '../../src/storage/polling.ts'
import { findWatch } from '../../src/storage/watch.ts'
import { details, every, type PolledWorld, polledWorld, risks, trades } from './polling.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const now = instant(Date.UTC(2026, 2, 1, 12))
const ago = (ms: number) => later(now, -ms)

test.each([
  ['nobody has asked before', undefined, 30 * day],
  ['a while ago', ago(3 * minute), 18 * minute],
  ['long ago', ago(60 * day), 60 * day + 15 * minute],
  ['a clock that was set back', later(now, hour), 15 * minute],
])('a window: %s', (_, polledAt, back) => {
  expect(windowOf(polledAt ? { polledAt } : {}, now)).toEqual({ from: ago(back), to: now })
})

test('all that is open is asked for once an hour', () => {
  expect(sweeps({}, now)).toBe(true)
  expect(sweeps({ sweptAt: ago(hour) }, now)).toBe(true)
  expect(sweeps({ sweptAt: ago(hour - 1) }, now)).toBe(false)
  expect(sweeps({ sweptAt: later(now, 1) }, now)).toBe(true)
})

const merchant = (createdAt = ago(90 * day)) => ({ id: asId<'merchant'>('m'), createdAt }) as DuePoll['merchant']
const mute = new OutsideError('unreachable', 'no answer')
test.each<[string, Partial<DuePoll>, object, number]>([
  ['quiet', {}, {}, 15 * minute],
  ['with a complaint six days ago', { heardAt: ago(6 * day) }, {}, 3 * minute],
  ['with a complaint a week ago', { heardAt: ago(7 * day) }, {}, 15 * minute],
  ['with a new complaint', {}, { news: true }, 3 * minute],
  ['switched off', {}, { on: false }, 150 * minute],
  ['switched off, with a complaint', { heardAt: now }, { on: false }, 30 * minute],
  ['failed once', { heardAt: now, polledAt: ago(3 * minute) }, { error: mute }, 3 * minute],
  ['failed for long', { heardAt: now, polledAt: ago(20 * minute) }, { error: mute }, 10 * minute],
  ['failed for a day', { heardAt: now, polledAt: ago(day) }, { error: mute }, 15 * minute],
  ['quiet, failed once', { polledAt: ago(15 * minute) }, { error: mute }, 15 * minute],
  ['new, failed at once', { merchant: merchant(now) }, { error: mute }, minute],
  ['failed ever since', { merchant: merchant() }, { error: mute }, 15 * minute],
  ['refused as too much', {}, { error: new OutsideError('busy', 'slow down') }, second],
  ['refused as too much, slow as it is', {}, { error: new OutsideError('busy', 'slow down'), gap: 2_000 }, 4 * second],
])('the next question to one that is %s', (_, asked, more, wait) => {
  const turn = { asked: { merchant: merchant(), ...asked }, now, on: true, news: false, gap: 0, ...more }
  expect(dueAfter(every, turn)).toBe(later(now, wait))
})

const busy = new OutsideError('busy', 'slow down')
test('the pace is halved once for all that was under way, and comes back step by step', () => {
  const pace = createPollPace()
  let at = 0
  const one = (error?: unknown) => {
    pace.began(at)
    pace.ended(at, at, error)
    at += Math.max(1, pace.wait(at))
  }
  one()
  expect(pace.gap).toBe(0)
  for (let n = 0; n < 8; n++) pace.began(at)
  for (let n = 0; n < 8; n++) pace.ended(at, at + 50, busy)
  expect(pace.gap).toBe(20)
  expect(pace.wait(at + 50)).toBe(500)
  at += 550
  expect(pace.wait(at)).toBe(0)
  one(busy)
  expect(pace.gap).toBe(40)
  expect(pace.wait(at - 1)).toBe(1)
  for (let n = 0; n < 20; n++) one(busy)
  expect(pace.gap).toBe(2_000)
  for (let n = 0; n < 9; n++) one()
  expect(pace.gap).toBe(2_000)
  one()
  expect(pace.gap).toBe(1_600)
  for (let n = 0; n < 250; n++) one()
  expect(pace.gap).toBe(0)
})

test('many that do not answer in a row slow the account too; some among others do not', () => {
  const pace = createPollPace()
  for (let n = 0; n < 100; n++) pace.ended(n, n, n % 8 === 0 ? undefined : mute)
  expect(pace.gap).toBe(0)
  for (let n = 100; n < 104; n++) pace.ended(n, n, mute)
  expect(pace.gap).toBe(0)
  pace.ended(104, 104, mute)
  expect(pace.gap).toBe(20)
})

test('a new complaint is found in the next round of its merchant, and recorded as its own; nothing is read twice', async () => {
  const w = await polledWorld({ merchants: [2] })
  const [, pid = ''] = w.app.pids
  await w.settle()
  expect([...w.asked()].sort()).toEqual([...w.app.pids, ...w.app.pids].sort())
  await w.pass(2 * minute)
  const number = await w.complain(pid)
  await w.pass(12 * minute)
  expect(w.asked()).toEqual([])
  await w.pass(2 * minute)
  expect(await w.complaints()).toMatchObject([{ number, merchant: w.app.merchants[1], source: 'alipay-risk' }])
  expect(
    w.sandbox
      .calls()
      .filter(({ on }) => on === details)
      .map((call) => call.complaint),
  ).toEqual([number])
  w.asked()
  await w.pass(12 * minute)
  expect(w.asked()).toEqual([pid, pid, pid, pid])
  await w.pass(minute)
  expect(w.asked(details)).toEqual([])
})

test('what a list showed late is found by the window’s overlap, and asked for from there on', async () => {
  const w = await polledWorld()
  await w.settle()
  await w.pass(15 * minute)
  const polledAt = (await w.row(w.app.merchants[0] ?? asId('')))?.polled_at
  const before = instant(w.clock.now())
  // Made 14 minutes before the last question, shown only now.
  w.clock.step(-14 * minute)
  const number = await w.complain(w.app.pids[0] ?? '')
  w.clock.step(14 * minute)
  await w.pass(16 * minute)
  expect(polledAt && polledAt <= before).toBe(true)
  expect(await w.complaints()).toMatchObject([{ number }])
  const windows = w.sandbox.calls().flatMap(({ on, body }) => (on === risks ? [body?.gmt_complaint_start] : []))
  expect(windows.filter((each) => each !== undefined)).toHaveLength(3)
  expect(windows).toContain('2026-01-30 20:00:00')
})

/** Older than every window: only the list of what is open has it. */
async function older(w: PolledWorld): Promise<string> {
  w.clock.step(-40 * day)
  const number = await w.complain(w.app.pids[0] ?? '', { overdueMs: 90 * day })
  w.clock.step(40 * day)
  return number
}

test('the hourly sweep finds what no window shows', async () => {
  const w = await polledWorld()
  await w.settle()
  const number = await older(w)
  await w.pass(59 * minute)
  expect(await w.complaints()).toEqual([])
  await w.pass(17 * minute)
  expect(await w.complaints()).toMatchObject([{ number, phase: 'ours' }])
})

test('the hourly sweep sees what was withdrawn, and reads only that', async () => {
  const w = await polledWorld()
  const first = await older(w)
  const second = await older(w)
  await w.settle()
  expect(await w.complaints()).toHaveLength(2)
  // Another's turn to be read comes by itself, once an hour: not here.
  await w.storage.transaction(async (tx) => {
    await tx.db.updateTable('complaint').set({ read_due: null }).execute()
  })
  w.asked()
  await w.sandbox.moveRisk(Number(first), { kind: 'withdraw' })
  await w.pass(76 * minute)
  const now = new Map((await w.complaints()).map(({ number, phase }) => [number, phase]))
  expect(now.get(first)).toBe('closed')
  expect(now.get(second)).toBe('ours')
  const read = w.sandbox.calls().filter(({ on }) => on === details)
  expect(read.filter(({ complaint }) => complaint === first)).toHaveLength(2)
})

test('a complaint of the other system is not missed in a list that never names it', async () => {
  const w = await polledWorld({ settings: { sources: ['risk', 'trade'] } })
  await w.sandbox.complainTrade({ pid: w.app.pids[0] ?? '' })
  await w.settle()
  expect(await w.complaints()).toMatchObject([{ source: 'alipay-trade' }])
  const read = 'alipay.merchant.tradecomplain.query'
  w.asked()
  await w.pass(31 * minute)
  await w.change(w.app.merchants[0] ?? asId(''), { swept_at: null, poll_due: null })
  await w.settle()
  expect(w.asked(read)).toEqual([])
})

test('open complaints are read again every hour, not every quarter of one', async () => {
  const w = await polledWorld()
  await w.complain(w.app.pids[0] ?? '', { overdueMs: 90 * day })
  await w.settle()
  const due = () => w.storage.reads.db.selectFrom('complaint').select('read_due').executeTakeFirstOrThrow()
  const wait = Date.parse((await due()).read_due ?? '') - w.clock.now()
  expect(Math.abs(wait - hour)).toBeLessThan(second)
})

test('one that hangs holds its place for 15 s, and nobody else', async () => {
  const w = await polledWorld({ merchants: [12], settings: { sources: ['risk', 'trade'] }, byHand: true })
  const [hanging = ''] = w.app.pids
  const [id = asId<'merchant'>('')] = w.app.merchants
  w.sandbox.misbehave({ on: 'any', how: 'hang', pid: hanging, times: 99 })
  const began = w.clock.now()
  let ended: Handled | 'no' = 'no'
  let othersAt = 0
  const polled = async () => Promise.all(w.app.merchants.slice(1).map(async (each) => (await w.row(each)).polled_at))
  void w.poller.poll(w.app.id).then((handled) => {
    ended = handled
  })
  await w.while(() => w.sandbox.calls().length < 11 * 3)
  await w.while(() => w.clock.now() < began + 5 * second, 50)
  expect((await polled()).every((at) => at !== null)).toBe(true)
  othersAt = w.clock.now()
  await w.while(() => ended === 'no', 50)
  const took = w.clock.now() - began
  expect(othersAt - began).toBeLessThan(7 * second)
  expect(took).toBeGreaterThanOrEqual(15 * second)
  expect(took).toBeLessThan(18 * second)
  const row = await w.row(id)
  expect(row).toMatchObject({ polled_at: null, swept_at: null })
  expect(Date.parse(row.poll_due ?? '') - w.clock.now()).toBeGreaterThan(50 * second)
})

test('what is too much slows the account and is asked again soon; then it recovers', async () => {
  const w = await polledWorld({ merchants: [40], byHand: true })
  w.sandbox.setLimits({ [risks]: { perSecond: 20 } })
  const began = w.clock.now()
  for (let left = true; left; ) {
    let ended = false
    void w.poller.poll(w.app.id).then(() => {
      ended = true
    })
    await w.while(() => !ended)
    const rows = await w.storage.reads.db.selectFrom('merchant').select('polled_at').execute()
    left = rows.some(({ polled_at }) => polled_at === null)
  }
  const calls = w.sandbox.calls()
  const refused = calls.filter(({ how }) => how === 'limit').length
  expect(refused).toBeGreaterThan(0)
  // Two lists each, 20 a second: it cannot be done in less than 4 s; and nobody hammers at the door meanwhile.
  expect(w.clock.now() - began).toBeGreaterThan(3 * second)
  expect(calls.length - refused).toBeLessThanOrEqual(40 * 3)
  expect(refused).toBeLessThan(40)
  const rows = await w.storage.reads.db.selectFrom('merchant').select('poll_due').execute()
  expect(rows.every(({ poll_due }) => Date.parse(poll_due ?? '') - began > 10 * minute)).toBe(true)
})

test('a merchant that has taken its word back is asked about, and then no longer', async () => {
  const w = await polledWorld({ merchants: [2] })
  await w.settle()
  const [pid = ''] = w.app.pids
  await w.sandbox.revoke(w.app.appId, pid, { silent: true })
  w.asked()
  await w.pass(16 * minute)
  // Refused at the door: nobody is named there.
  expect(w.asked()).toEqual([w.app.pids[1]])
  const [row] = [await w.row(w.app.merchants[0] ?? asId(''))]
  expect(row.token).toBeNull()
  const before = w.sandbox.calls().length
  await w.pass(16 * minute)
  expect(
    w.sandbox
      .calls()
      .slice(before)
      .map(({ pid: each }) => each),
  ).toEqual([w.app.pids[1]])
})

test('what was listed and not written is listed again; what was written stays', async () => {
  const w = await polledWorld({ byHand: true })
  const [id = asId<'merchant'>('')] = w.app.merchants
  const number = await w.complain(w.app.pids[0] ?? '')
  const failing = {
    ...w.parts,
    storage: { ...w.storage, transaction: () => Promise.reject(new Error('the disk is full')) },
  }
  await expect(createPoller(failing).poll(w.app.id)).rejects.toThrow('the disk is full')
  expect(await w.row(id)).toMatchObject({ poll_due: null, polled_at: null, swept_at: null })
  await w.poller.poll(w.app.id)
  expect(await w.row(id)).toMatchObject({ polled_at: instant(w.clock.now()), swept_at: instant(w.clock.now()) })
  const wanted = await w.storage.reads.db.selectFrom('wanted').selectAll().execute()
  expect(wanted).toMatchObject([{ number, merchant: id, state: 'waiting' }])
})

test('whoever is switched off, or whose account is, is asked at a tenth of the pace', async () => {
  const w = await polledWorld({ merchants: [2] })
  const [first = asId<'merchant'>(''), second = asId<'merchant'>('')] = w.app.merchants
  const under = { tenant: w.tenant.id, account: w.app.id }
  await w.storage.transaction((tx) => changeMerchant(tx, under, first, { enabled: false }))
  await w.settle()
  const due = async (id: typeof first) => Date.parse((await w.row(id)).poll_due ?? '') - w.clock.now()
  expect(await due(first)).toBeGreaterThan(149 * minute)
  expect(await due(second)).toBeLessThanOrEqual(15 * minute)
  await w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, w.app.id, { enabled: false }))
  await w.pass(16 * minute)
  expect(await due(second)).toBeGreaterThan(145 * minute)
})

test('whoever has just authorised comes first, then the longest due', async () => {
  const w = await polledWorld({ merchants: [12], byHand: true })
  const at = w.clock.now()
  for (const [nr, id] of w.app.merchants.entries())
    if (nr !== 11) await w.change(id, { poll_due: instant(at - (nr + 1) * minute), swept_at: instant(at) })
  const first = w.sandbox.misbehave({ on: 'any', how: 'hang', times: 8 })
  const polled = w.poller.poll(w.app.id)
  while (w.sandbox.calls().length + first.waiting < 8) await new Promise((resolve) => setTimeout(resolve, 5))
  first.release()
  await polled
  const asked = w.asked()
  const pids = [...w.app.pids].reverse()
  // Eight at once, and among them the order is the network's.
  expect(asked.slice(0, 8).sort()).toEqual(pids.slice(0, 8).sort())
  expect(asked.slice(8).sort()).toEqual([pids[0], ...pids.slice(8)].sort())
})

test('two accounts do not wait for each other', async () => {
  const w = await polledWorld({ merchants: [9, 1] })
  const [first, other] = w.apps
  w.sandbox.misbehave({ on: 'any', how: 'hang', appId: first?.appId ?? '', times: 99 })
  let done = false
  const settled = w.settle().then(() => {
    done = true
  })
  const row = () => w.row(other?.merchants[0] ?? asId(''))
  let polled: string | null = null
  for (let turn = 0; turn < 200 && polled === null; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    polled = (await row()).polled_at
  }
  expect(polled).not.toBeNull()
  expect(done).toBe(false)
  await w.while(() => !done, 200)
  await settled
})

test('it stops at once, whoever hangs, and what was answered is written', async () => {
  const w = await polledWorld({ merchants: [3], byHand: true })
  const [hanging = asId<'merchant'>(''), fine = asId<'merchant'>('')] = w.app.merchants
  w.sandbox.misbehave({ on: 'any', how: 'hang', pid: w.app.pids[0] ?? '', times: 99 })
  const poll = w.poller.poll(w.app.id)
  while (w.sandbox.calls().length < 4) await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise((resolve) => setTimeout(resolve, 50))
  w.poller.stop()
  expect(await poll).toEqual({ again: instant(w.clock.now()) })
  expect(await w.poller.poll(w.app.id)).toEqual({ again: instant(w.clock.now()) })
  expect((await w.row(hanging)).poll_due).toBeNull()
  expect((await w.row(fine)).polled_at).not.toBeNull()
})

test('a round ends with the next one’s time, and with nothing where nobody is left', async () => {
  const w = await polledWorld({ byHand: true })
  expect(await w.poller.poll(w.app.id)).toEqual({ again: instant(w.clock.now() + every.idle) })
  const { id, fence } = await w.row(w.app.merchants[0] ?? asId(''))
  await w.storage.transaction((tx) => revokeMerchant(tx, { id: asId(id), fence }))
  expect(await w.poller.poll(w.app.id)).toBeUndefined()
  expect(await w.poller.poll('acc_gone')).toBeUndefined()
})

test('a message that only says "ask now" has everybody asked who was not asked just now', async () => {
  const w = await polledWorld({ merchants: [2] })
  await w.settle()
  await w.pass(2 * minute)
  const [fresh = asId<'merchant'>('')] = w.app.merchants
  await w.change(fresh, { polled_at: instant(w.clock.now()) })
  w.asked()
  w.sandbox.setRules({ riskMessage: 'service' })
  const number = await w.complain(w.app.pids[1] ?? '')
  await w.sandbox.idle()
  await w.settle()
  expect(w.asked()).toEqual([w.app.pids[1]])
  expect(await w.complaints()).toMatchObject([{ number, merchant: w.app.merchants[1] }])
})

test('the account is not listed in its own name once merchants stand under it', async () => {
  const w = await polledWorld({ merchants: [1, 0], byHand: true })
  const lists = () => w.storage.reads.db.selectFrom('job').select('key').where('queue', '=', queues.listing).execute()
  await readLists(w.parts, 'recent')
  expect(await lists()).toEqual([{ key: `recent:${w.apps[1]?.id}` }])
})

test('both lists are asked, and what one says counts though the other is refused', async () => {
  const w = await polledWorld({ settings: { sources: ['risk', 'trade'] }, byHand: true })
  const number = await w.complain(w.app.pids[0] ?? '')
  w.sandbox.misbehave({ on: trades, how: 'refused', subCode: 'AUTHORITY_ILLEGAL' })
  await w.poller.poll(w.app.id)
  const wanted = await w.storage.reads.db.selectFrom('wanted').select('number').execute()
  expect(wanted).toEqual([{ number }])
  expect(await w.row(w.app.merchants[0] ?? asId(''))).toMatchObject({ polled_at: null })
  const counted = (await w.parts.metrics.text()).split('\n').filter((line) => line.startsWith('redress_polls_total'))
  expect(counted).toEqual(['redress_polls_total{platform="alipay",outcome="failed"} 1'])
})

test('a merchant is called by its number until a complaint names it, and never otherwise than people call it', async () => {
  const w = await polledWorld({ merchants: [2] })
  const [first = asId<'merchant'>(''), second = asId<'merchant'>('')] = w.app.merchants
  const named = { tenant: w.tenant.id, account: w.app.id }
  await w.storage.transaction((tx) => changeMerchant(tx, named, second, { name: '街角咖啡' }))
  expect((await w.row(first)).name).toBe(w.app.pids[0])
  for (const pid of w.app.pids) await w.complain(pid)
  await w.settle()
  expect(await w.complaints()).toHaveLength(2)
  expect([(await w.row(first)).name, (await w.row(second)).name]).toEqual(['1 号店', '街角咖啡'])
})

test('a list that the merchant does not let us see is left out, and asked for all that was missed once it does', async () => {
  const w = await polledWorld({ settings: { sources: ['risk', 'trade'] } })
  const [id = asId<'merchant'>('')] = w.app.merchants
  const [pid = ''] = w.app.pids
  const known = await w.complain(pid, { overdueMs: 90 * day })
  await w.settle()
  expect(await w.complaints()).toMatchObject([{ number: known }])
  const risky = (each: string) => each.startsWith('alipay.security.risk.complaint')
  await w.change(id, {
    lacks: JSON.stringify(['info.batchquery', 'info.query'].map((each) => `alipay.security.risk.complaint.${each}`)),
    swept_at: null,
  })
  await w.storage.transaction(async (tx) => {
    await tx.db.updateTable('complaint').set({ read_due: null }).execute()
  })
  const missed = await w.complain(pid, { overdueMs: 90 * day })
  const before = w.sandbox.calls().length
  await w.pass(33 * minute)
  const calls = w.sandbox
    .calls()
    .slice(before)
    .map(({ on }) => on)
  expect(calls.filter(risky)).toEqual([])
  expect(calls).toContain(trades)
  expect(Date.parse((await w.row(id)).polled_at ?? '')).toBeGreaterThan(w.clock.now() - 16 * minute)
  await w.authorise(w.app, pid)
  expect(await w.row(id)).toMatchObject({ poll_due: null, polled_at: null, swept_at: null, lacks: null })
  await w.settle()
  expect((await w.complaints()).map(({ number }) => number).sort()).toEqual([known, missed].sort())
})

test('where the platform says that nothing is lacking any more, all that was missed is asked for', async () => {
  const w = await polledWorld({ byHand: true })
  const [id = asId<'merchant'>('')] = w.app.merchants
  const asked = { poll_due: now, polled_at: now, swept_at: now }
  await w.change(id, { ...asked, lacks: JSON.stringify([risks]) })
  await checkGrant(w.parts, id)
  expect(await w.row(id)).toMatchObject({ poll_due: null, polled_at: null, swept_at: null, lacks: null })
  await w.change(id, asked)
  await checkGrant(w.parts, id)
  expect(await w.row(id)).toMatchObject(asked)
})

test('whoever is switched on again is asked at once, alone or with its account', async () => {
  const w = await polledWorld({ merchants: [2] })
  const [first = asId<'merchant'>(''), second = asId<'merchant'>('')] = w.app.merchants
  const under = { tenant: w.tenant.id, account: w.app.id }
  const merchant = (enabled: boolean) => w.storage.transaction((tx) => changeMerchant(tx, under, first, { enabled }))
  const account = (enabled: boolean) =>
    w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, w.app.id, { enabled }))
  const due = async () => [(await w.row(first)).poll_due === null, (await w.row(second)).poll_due === null]
  await w.settle()
  // It was on all the time: its turn comes as it would.
  await merchant(true)
  await account(true)
  expect(await due()).toEqual([false, false])
  await merchant(false)
  expect(await due()).toEqual([false, false])
  await merchant(true)
  expect(await due()).toEqual([true, false])
  await w.settle()
  await account(false)
  expect(await due()).toEqual([false, false])
  await account(true)
  expect(await due()).toEqual([true, true])
})

test('an app that nobody has authorised yet is refused again and again, and it is said once', async () => {
  const w = await polledWorld({ merchants: [0], byHand: true })
  const { logger, said } = levels()
  const round = () => readList({ ...w.parts, logger }, `recent:${w.app.id}`)
  const off = async () => (await findWatch(w.storage.reads, w.app.id, 'lists'))?.off
  await round()
  await round()
  expect(said).toEqual(['warn', 'debug'])
  expect(await off()).toMatch(/\w/)
  // One that speaks for itself is let in; what it is refused later is said anew.
  w.sandbox.setApp(w.app.appId, { kind: 'own' })
  await round()
  expect([said.length, await off()]).toEqual([2, undefined])
  w.sandbox.misbehave({ on: risks, how: 'refused', subCode: 'AUTHORITY_ILLEGAL', times: 2 })
  await round()
  await round()
  expect(said.slice(2)).toEqual(['warn', 'debug'])
  // What passes by itself is said each time.
  w.sandbox.misbehave({ on: risks, how: 'refused', subCode: 'PARAM_ILLEGAL', times: 2 })
  await round()
  await round()
  expect(said.slice(4)).toEqual(['warn', 'warn'])
})

/** Of all that is logged. */
function levels() {
  const said: string[] = []
  const at = (level: string) => () => void said.push(level)
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  }
  return { logger, said }
}
