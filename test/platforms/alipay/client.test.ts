import { afterEach, describe, expect, test } from 'vitest'
import type { Action, ActionKind, ActionOf } from '../../../src/complaints/action.ts'
import type { Snapshot } from '../../../src/complaints/complaint.ts'
import { type Fen, instant } from '../../../src/core/words.ts'
import { needs } from '../../../src/platforms/alipay/needs.ts'
import type { Job, Listed, Seat } from '../../../src/platforms/platform.ts'
import { type Played, pid, played } from './played.ts'
import { failureOf, hashOf, jobOf, png, start } from './support.ts'

const open: Played[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
async function at(given: Parameters<typeof played>[0] = {}): Promise<Played> {
  const made = await played(given)
  open.push(made)
  return made
}

const from = instant(start - 3_600_000)
const to = instant(start + 3_600_000)
async function listed({ platform, seat }: Played): Promise<readonly Listed[]> {
  const found: Listed[] = []
  for await (const one of platform.listed(seat, from, to)) found.push(one)
  return found
}

/** Does it as carry-out would. */
async function act<Kind extends ActionKind>(
  seat: Seat,
  number: string,
  action: ActionOf<Kind> & Action,
  refund?: string,
) {
  const job = { ...jobOf<Kind>(action, { number, ...(refund === undefined ? {} : { refund }) }), seat }
  return job as Job<Kind>
}
const trades = [{ total: 3980 }, { total: 1000 }]
const amounts = ({ amountShown, orders }: Snapshot) => [amountShown, orders.length]

describe.each(['key', 'certificate'] as const)('in %s mode', (mode) => {
  test('a complaint is listed, read and answered, and what is signed is believed', async () => {
    const world = await at({ mode })
    const { sandbox, platform, seat } = world
    const made = await sandbox.complainRisk({ pid, text: '付款后没有收到货', trades, photos: [png().bytes] })
    expect(await listed(world)).toMatchObject([{ number: String(made.id), code: 'WAIT_PROCESS', waiting: true }])
    const snapshot = await platform.fetch(seat, String(made.id))
    expect(snapshot).toMatchObject({ phase: 'ours', text: '付款后没有收到货', openedAt: instant(start), warnings: [] })
    expect(amounts(snapshot)).toEqual([4980, 2])
    const job = await act<'respond'>(seat, String(made.id), {
      kind: 'respond',
      stance: 'talk',
      text: '马上处理 😀 +&=',
    })
    expect(await platform.deeds(seat).respond?.perform(job)).toMatchObject({ outcome: 'done' })
    expect(sandbox.riskComplaint(made.id)?.replies.map(({ text }) => text)).toEqual(['马上处理 😀 +&='])
  })
})

test('the keys of the sandbox pass the check of an account', async () => {
  for (const mode of ['key', 'certificate'] as const) {
    const { seat } = await at({ mode })
    const { outsideId, secrets, settings } = seat.account
    const revealed = Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]))
    expect(() => needs.check({ outsideId, secrets: revealed, settings })).not.toThrow()
  }
})

test('a complaint is finished with a picture; a look knows it', async () => {
  const { sandbox, platform, seat } = await at()
  const { id } = await sandbox.complainRisk({ pid, trades: [{ total: 100 }] })
  const job = await act<'finish'>(seat, String(id), {
    kind: 'finish',
    choice: 'CONSENSUS_WITH_CLIENT',
    text: '已电话沟通',
    pictures: [hashOf(1)],
  })
  const { finish } = platform.deeds(seat)
  expect(await finish?.look(job)).toEqual({ outcome: 'absent' })
  expect(await finish?.perform(job)).toMatchObject({ outcome: 'done' })
  expect(sandbox.riskComplaint(id)).toMatchObject({
    status: 'PROCESSED',
    processCode: 'CONSENSUS_WITH_CLIENT',
    remark: '已电话沟通',
  })
  expect(sandbox.riskComplaint(id)?.processPhotos).toHaveLength(1)
  expect(await finish?.look(job)).toMatchObject({ outcome: 'done' })
  expect(await platform.fetch(seat, String(id))).toMatchObject({ phase: 'closed', moves: [] })
})

test('a lost answer to a finish is unknown, and the look finds it', async () => {
  const { sandbox, platform, seat } = await at()
  const { id } = await sandbox.complainRisk({ pid })
  sandbox.misbehave({ on: 'alipay.security.risk.complaint.process.finish', how: 'lost-answer', times: 1 })
  const job = await act<'finish'>(seat, String(id), { kind: 'finish', choice: 'ORTHER' })
  const { finish } = platform.deeds(seat)
  expect(await finish?.perform(job)).toEqual({ outcome: 'unknown' })
  expect(await finish?.look(job)).toMatchObject({ outcome: 'done' })
  // Said again it is refused there, and found to be ours.
  expect(await finish?.perform(job)).toMatchObject({ outcome: 'done' })
})

describe('an answer that cannot be believed', () => {
  const on = 'alipay.security.risk.complaint.info.query'
  test.each(['tampered', 'unverifiable', 'wrong-key', 'malformed'] as const)('%s', async (how) => {
    const { sandbox, platform, seat } = await at()
    const { id } = await sandbox.complainRisk({ pid })
    sandbox.misbehave({ on, how, times: 3 })
    expect(await failureOf(platform.fetch(seat, String(id)))).toMatchObject({ trouble: 'unreachable' })
    expect(await platform.fetch(seat, String(id))).toMatchObject({ phase: 'ours' })
  })
  test('a page with 502 is passed by asking again', async () => {
    const { sandbox, platform, seat } = await at()
    const { id } = await sandbox.complainRisk({ pid })
    sandbox.misbehave({ on, how: 'html', status: 502, times: 2 })
    expect(await platform.fetch(seat, String(id))).toMatchObject({ phase: 'ours' })
  })
})

test('answers of every shape are read alike', async () => {
  const world = await at()
  const { sandbox, platform, seat } = world
  const { id } = await sandbox.complainRisk({ pid, trades: [{ total: 100 }] })
  const plain = await platform.fetch(seat, String(id))
  for (const quirks of [
    { rowIds: 'string' },
    { escapedSlashes: true },
    { blanks: true },
    { alwaysCertSn: true },
  ] as const) {
    sandbox.setQuirks(quirks)
    expect(await platform.fetch(seat, String(id))).toEqual(plain)
  }
  sandbox.setQuirks({ contact: 'absent' })
  expect((await platform.fetch(seat, String(id))).person).toEqual({})
  sandbox.setQuirks({ listOrder: 'oldest-first', emptyList: 'absent' })
  expect(await listed(world)).toHaveLength(1)
})

test('an id that no number of JavaScript can hold is listed as it is, and not finished as another', async () => {
  const world = await at({ quirks: { hugeIds: true } })
  await world.sandbox.complainRisk({ pid })
  const [one] = await listed(world)
  const number = one?.number ?? ''
  expect(number).toMatch(/^risk-\d{17,}$/)
  const job = await act<'finish'>(world.seat, number, { kind: 'finish', choice: 'ORTHER' })
  expect(await world.platform.deeds(world.seat).finish?.perform(job)).toMatchObject({ outcome: 'failed', again: false })
})

describe('money', () => {
  const amount = 1990 as Fen
  async function refunding() {
    const world = await at()
    const trade = await world.sandbox.trade({ pid, total: 3980 })
    const { id } = await world.sandbox.complainRisk({ pid, trades: [trade.tradeNo] })
    const [order] = await world.platform.orders(world.paid, [trade.tradeNo])
    expect(order).toMatchObject({ number: trade.tradeNo, paid: 3980, refunded: 0 })
    const wish = { kind: 'refund', order: trade.tradeNo, amount, total: 3980 as Fen, reason: '商品问题' } as const
    const job = {
      ...(await act<'refund'>(world.paid, String(id), wish, 'rdabcdefghijklmnopqrstuvwxyz22')),
      seat: world.paid,
    }
    const deed = world.platform.deeds(world.paid).refund
    if (!deed) throw new Error('no deed')
    const given = () => world.sandbox.money().find((one) => one.tradeNo === trade.tradeNo)
    /** Fen that have left, or will. */
    const gone = () => (given()?.promised ?? 0) + (given()?.returned ?? 0)
    return { ...world, deed, job, given, gone }
  }
  test('goes once, however often it is asked for', async () => {
    const { deed, job, given, gone } = await refunding()
    expect(await deed.look(job)).toEqual({ outcome: 'absent' })
    for (let time = 0; time < 3; time++) expect((await deed.perform(job)).outcome).toMatch(/done|unknown/)
    expect(gone()).toBe(amount)
    expect(given()?.refunds).toHaveLength(1)
  })
  test('is done when the look says so', async () => {
    const { deed, job, pass } = await refunding()
    await deed.perform(job)
    await pass(60_000)
    await pass(600_000)
    expect(await deed.look(job)).toMatchObject({ outcome: 'done', reference: 'rdabcdefghijklmnopqrstuvwxyz22' })
  })
  test.each(['lost-answer', 'unknown-error', 'wrong-key'] as const)(
    '%s: unknown, then the same number',
    async (how) => {
      const { sandbox, deed, job, given, pass } = await refunding()
      sandbox.misbehave({ on: 'alipay.trade.refund', how, times: 1 })
      expect(await deed.perform(job)).toEqual({ outcome: 'unknown' })
      await pass(60_000)
      await deed.perform(job)
      await pass(600_000)
      expect(await deed.look(job)).toMatchObject({ outcome: 'done' })
      expect(given()?.refunds).toHaveLength(1)
    },
  )
  test('another amount under the same number is found, not given', async () => {
    const { deed, job, gone, pass } = await refunding()
    await deed.perform(job)
    await pass(600_000)
    const other = { ...job, action: { ...job.action, amount: 100 as Fen } }
    expect(await deed.perform(other)).toMatchObject({ outcome: 'failed', refund: { end: 'found', amount } })
    expect(gone()).toBe(amount)
  })
  test('no balance: a person must help, then the same number works', async () => {
    const { sandbox, deed, job, pass } = await refunding()
    sandbox.setBalance(pid, 0)
    expect(await deed.perform(job)).toMatchObject({ outcome: 'failed', again: false })
    sandbox.setBalance(pid, 100_000)
    await deed.perform(job)
    await pass(600_000)
    expect(await deed.look(job)).toMatchObject({ outcome: 'done' })
  })
})

describe('交易投诉', () => {
  test('is told by a message, read, replied to and given feedback', async () => {
    const { sandbox, platform, seat, heard } = await at()
    const made = await sandbox.complainTrade({ pid, text: '一直不发货', amount: 3980 })
    await sandbox.idle()
    expect(heard.at(-1)).toMatchObject({ verdict: 'genuine', number: made.id })
    expect(await platform.fetch(seat, made.id)).toMatchObject({ phase: 'ours', text: '一直不发货', amountShown: 3980 })
    const reply = await act<'respond'>(seat, made.id, {
      kind: 'respond',
      stance: 'talk',
      text: '今天发货',
      pictures: [hashOf(1)],
    })
    const { respond, finish } = platform.deeds(seat)
    expect(await respond?.look(reply)).toEqual({ outcome: 'absent' })
    expect(await respond?.perform(reply)).toMatchObject({ outcome: 'done' })
    expect(await respond?.look(reply)).toMatchObject({ outcome: 'done' })
    const feedback = await act<'finish'>(seat, made.id, { kind: 'finish', choice: '03', text: '已经发货，单号 SF1' })
    expect(await finish?.perform(feedback)).toMatchObject({ outcome: 'done' })
    expect(sandbox.tradeComplaint(made.id)?.feedback).toMatchObject({ code: '03', text: '已经发货，单号 SF1' })
    expect(await finish?.look(feedback)).toMatchObject({ outcome: 'done' })
    expect(await platform.fetch(seat, made.id)).toMatchObject({ phase: 'theirs' })
  })
  test('evidence is supplied while their customer service decides', async () => {
    const { sandbox, platform, seat } = await at()
    const { id } = await sandbox.complainTrade({ pid })
    await sandbox.setTrade(id, { status: 'PLATFORM_PROCESSING' })
    const job = await act<'add-evidence'>(seat, id, {
      kind: 'add-evidence',
      text: '发货单见附图',
      pictures: [hashOf(1)],
    })
    const deed = platform.deeds(seat)['add-evidence']
    expect(await deed?.perform(job)).toMatchObject({ outcome: 'done' })
    expect(await deed?.look(job)).toMatchObject({ outcome: 'done' })
  })
  test.each([
    [{ pushBy: 'GET', pushRule: 'V2', pushCharset: 'UTF-8' }],
    [{ pushBy: 'POST', pushRule: 'V2', pushCharset: 'GBK' }],
    [{ pushBy: 'GET', pushRule: 'V1', pushCharset: 'GBK' }],
    [{ pushBy: 'POST', pushRule: 'V1', pushCharset: 'UTF-8', pushCertSn: 'signed' }],
    [{ pushBy: 'POST', pushRule: 'V1', pushCharset: 'GBK', pushCertSn: 'added' }],
  ] as const)('messages sent as %j', async (rules) => {
    const { sandbox, heard } = await at({ mode: 'certificate', rules })
    const { id } = await sandbox.complainTrade({ pid })
    await sandbox.idle()
    expect(heard.at(-1)).toMatchObject({ verdict: 'genuine', number: id })
  })
  test.each(['forged', 'tampered', 'wrong-app'] as const)('a message that is %s is not believed', async (how) => {
    const { sandbox, heard } = await at()
    await sandbox.idle()
    const before = heard.length
    sandbox.misbehave({ on: 'push', how, times: 1 })
    await sandbox.complainTrade({ pid })
    await sandbox.idle()
    expect(heard.length).toBeGreaterThan(before)
    expect(heard[before]).toMatchObject({ verdict: 'forged' })
  })
  test('a message that comes twice has one key', async () => {
    const { sandbox, heard } = await at()
    await sandbox.idle()
    const before = heard.length
    sandbox.misbehave({ on: 'push', how: 'duplicate', times: 1 })
    await sandbox.complainTrade({ pid })
    await sandbox.idle()
    const keys = heard.slice(before).map((one) => one.verdict === 'genuine' && one.key)
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
  })
})

test('a certificate that Alipay has renewed is named', async () => {
  const { sandbox, platform, seat } = await at({ mode: 'certificate' })
  const { id } = await sandbox.complainRisk({ pid })
  sandbox.rotateCertificate()
  expect(await failureOf(platform.fetch(seat, String(id)))).toMatchObject({
    trouble: 'forbidden',
    code: 'unverified:certificate',
  })
})

test('an authorisation that was taken back is named', async () => {
  const { sandbox, platform, seat } = await at()
  const { id } = await sandbox.complainRisk({ pid })
  await sandbox.revoke('2021000000000001', pid)
  expect(await failureOf(platform.fetch(seat, String(id)))).toMatchObject({ trouble: 'forbidden' })
})

test('inspect finds all well', async () => {
  const { platform, seat } = await at()
  expect((await platform.inspect?.(seat))?.map(({ level }) => level)).toEqual(['ok', 'ok'])
})
