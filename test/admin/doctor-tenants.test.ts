import { generateKeyPairSync } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { standardChecks } from '../../src/admin/checks/index.ts'
import { workCheck } from '../../src/admin/checks/installation.ts'
import { keyCheck } from '../../src/admin/checks/keys.ts'
import { reachCheck } from '../../src/admin/checks/reach.ts'
import { type Check, type CheckParts, examine, examineTenant } from '../../src/admin/doctor.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { createTransport } from '../../src/core/transport.ts'
import { type AccountId, asId, fen, instant } from '../../src/core/words.ts'
import { registry } from '../../src/platforms/registry.ts'
import { changeAccount, findAccount } from '../../src/storage/accounts.ts'
import { changeBot, createBot } from '../../src/storage/bots.ts'
import { lockBreaker, tripBreaker } from '../../src/storage/breakers.ts'
import { createRoom, listRooms } from '../../src/storage/rooms.ts'
import { createRule } from '../../src/storage/rules.ts'
import { group, type PayWorld, people, type World, world } from '../support/world.ts'
import * as admin from './world.ts'

const minute = 60_000
const check = (name: string): Check => {
  const found = standardChecks.find((one) => one.name === name)
  if (!found) throw new Error(`no check ${name}`)
  return found
}
const partsOf = ({ storage, platforms, app }: World): CheckParts => ({ storage, platforms, bots: app.bots })
/** What one check says of the first tenant, in English. */
async function said(w: World, about: Check, more: Partial<CheckParts> = {}) {
  const { findings } = await examineTenant([about], { ...partsOf(w), ...more }, { tenant: w.tenant })
  return findings.map(({ level, what, fix }) => [level, what.en, fix?.en ?? ''] as const)
}
const levels = (found: Awaited<ReturnType<typeof said>>) => found.map(([level]) => level)

/** The account has a token that is good now: who asked for it has its answer. */
const hasToken = (w: World, account: AccountId | undefined) =>
  expect.poll(async () => {
    const row = await w.storage.reads.db
      .selectFrom('token')
      .select('until')
      .where('account', '=', account ?? '')
      .executeTakeFirst()
    return row !== undefined && row.until > instant(w.clock.now())
  })

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a business is examined alone, by a key that reaches it; the machine and others are not in it', async () => {
  const machine: Check = { name: 'machine', run: async () => [{ level: 'bad', what: { zh: '坏', en: 'bad' } }] }
  const { ask } = await admin.world({ checks: [machine, ...standardChecks] })
  await ask('POST', '/tenants', admin.shop)
  await ask('POST', '/tenants', { handle: 'other', name: '别家' })
  await ask('POST', '/tenants/other/members', { handle: 'zhao', name: '赵', role: 'agent' })
  const { key } = (await ask('POST', '/tenants/shop/keys', { name: 'own' })).json
  const own = { authorization: `Bearer ${key}` }
  const { status, raw, json } = await ask('GET', '/tenants/shop/doctor', undefined, own)
  expect([status, json.healthy]).toEqual([200, true])
  expect(new Set(json.findings.map(({ tenant }: { tenant: string }) => tenant))).toEqual(new Set(['shop']))
  const names = json.findings.map((one: { check: string }) => one.check)
  expect(names).toEqual(expect.arrayContaining(['accounts', 'bots', 'rooms', 'members']))
  expect(names).not.toContain('public address')
  expect(raw).not.toMatch(/zhao|other|machine|tenants: 2/)
  expect(json.findings.find((one: { check: string }) => one.check === 'rooms').what.en).toMatch(/^no group/)
  expect((await ask('GET', '/tenants/other/doctor', undefined, own)).status).toBe(404)
  expect((await ask('GET', '/doctor', undefined, own)).status).toBe(403)
  expect((await ask('GET', '/doctor')).json.healthy).toBe(false)
})

test('what breaks inside a check is for whoever runs the machine, not for the business', async () => {
  const w = await world()
  const broken: Check = { name: 'broken', of: () => Promise.reject(new Error('at /srv/secret/place')) }
  const thrown: Check = {
    name: 'thrown',
    of: () => {
      throw new Error('at /srv/secret/place')
    },
  }
  for (const one of [broken, thrown]) {
    expect(await said(w, one)).toEqual([['bad', `${one.name}: could not be examined`, expect.stringContaining('ask')]])
    expect(JSON.stringify(await examine([one], partsOf(w)))).toContain('/srv/secret/place')
  }
})

test('a check that never ends is given up after ten seconds, and one that hangs keeps no other from being heard', async () => {
  const w = await world({ others: ['小满零食'] })
  const never: Check = { name: 'never', run: () => new Promise(() => {}) }
  w.clock.advance(3 * 60 * minute)
  const trouble = w.wechat.misbehave({ on: 'token', how: 'hang', appid: w.program.appid, times: 9 })
  let report: Awaited<ReturnType<typeof examine>> | undefined
  const asking = examine([never, check('accounts'), check('rooms')], partsOf(w)).then((told) => {
    report = told
  })
  await expect.poll(() => trouble.happened).toBe(1)
  await hasToken(w, w.others[0]?.account).toBe(true)
  w.clock.advance(8_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(report).toBeUndefined()
  w.clock.advance(2_000)
  await asking
  // Accounts come in the order of their ids.
  expect(report?.findings.map(({ level, what }) => [level, what.en]).sort()).toEqual([
    ['bad', 'never: no answer within 10 s'],
    ['bad', 'shop: 小店: no answer within 8 s'],
    ['ok', 'shop: bound groups: 1'],
    ['ok', 'shop: 小满零食: an access_token can be had'],
  ])
  w.clock.advance(10_000)
})

describe('keys', () => {
  const merchants = ['青禾优选', '小满零食']
  async function secretsOf(w: World, id: AccountId) {
    const account = await findAccount(w.storage.reads, id)
    return Object.fromEntries(Object.entries(account?.secrets ?? {}).map(([name, value]) => [name, value.reveal()]))
  }
  const put = (w: World, id: AccountId, secrets: Record<string, string>) =>
    w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, id, { secrets }))
  const [first, second] = [0, 1].map((at) => (w: PayWorld) => w.pay.merchants[at]?.account.id ?? asId<'account'>(''))

  test('an APIv3 key of the wrong length and a private key of another certificate are named, and not shown', async () => {
    const w = await world({ pay: merchants })
    expect(levels(await said(w, keyCheck))).toEqual(['ok', 'ok', 'ok'])
    const [id, other] = [first?.(w) ?? asId<'account'>(''), second?.(w) ?? asId<'account'>('')]
    const [mine, theirs] = [await secretsOf(w, id), await secretsOf(w, other)]
    await put(w, id, { ...mine, apiV3Key: 'k'.repeat(31) })
    const { privateKey: foreign } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const privateKey = foreign.export({ type: 'pkcs8', format: 'pem' }).toString()
    await put(w, other, { ...theirs, privateKey })
    const found = (await said(w, keyCheck)).filter(([level]) => level === 'bad')
    expect([...found].sort(([, one], [, other]) => (one < other ? 1 : -1))).toEqual([
      [
        'bad',
        '青禾优选: secrets.apiV3Key is missing or wrong',
        expect.stringMatching(/exactly 32 .* redress account update acc_\w+ --tenant shop --secret apiV3Key=@FILE$/),
      ],
      [
        'bad',
        '小满零食: secrets.privateKey is missing or wrong',
        expect.stringContaining('does not belong to the certificate'),
      ],
    ])
    const all = JSON.stringify(await examine(standardChecks, { ...partsOf(w), publicUrl: 'https://redress.example' }))
    for (const secret of [
      ...Object.values(mine),
      ...Object.values(theirs),
      privateKey,
      'k'.repeat(31),
      w.program.secret,
    ])
      expect(all).not.toContain(JSON.stringify(secret).slice(1, -1))
  })

  test('what is missing after an import without secrets is named, and so is an EncodingAESKey that is too short', async () => {
    const w = await world()
    const mine = await secretsOf(w, w.account)
    await put(w, w.account, { ...mine, aesKey: (mine.aesKey ?? '').slice(1) })
    expect(await said(w, keyCheck)).toEqual([
      ['bad', '小店: secrets.aesKey is missing or wrong', expect.stringContaining('exactly 43 characters')],
    ])
    await put(w, w.account, {})
    expect((await said(w, keyCheck)).map(([, what]) => what)).toEqual(
      ['secret', 'token', 'aesKey'].map((name) => `小店: secrets.${name} is missing or wrong`),
    )
  })
})

test('each callback address is tried from outside: reached, another’s, redirected, closed', async () => {
  const w = await world({ pay: ['青禾优选'], alipay: true } as Parameters<typeof world>[0] & { pay: string[] })
  const transport = createTransport({ clock: w.clock })
  onTestFinished(() => transport.close())
  const at = async (publicUrl: string) => said(w, reachCheck(transport), { publicUrl })
  const before = await w.storage.reads.db.selectFrom('callback').select('id').execute()
  const reached = await at(w.url)
  expect(reached.map(([level, what]) => [level, what.replace(/^[^:]+: /, '')]).sort()).toEqual([
    ['ok', 'the callback address is reached'],
    ['ok', 'the callback address is reached'],
    ['ok', 'the callback address is reached, and its token agrees'],
  ])
  // Nothing was taken for a callback.
  expect(await w.storage.reads.db.selectFrom('callback').select('id').execute()).toEqual(before)

  const redirecting = await serving((request, response) =>
    response.writeHead(302, { location: w.url + request.url }).end(),
  )
  expect(levels(await at(redirecting))).toEqual(['bad', 'bad', 'bad'])
  const other = await world()
  // Another installation: it has no such account.
  for (const [level, what] of await at(other.url))
    expect([level, what]).toEqual(['bad', expect.stringContaining('404')])
  const refusing = await serving((_, response) =>
    response.writeHead(403, { 'content-type': 'text/plain' }).end('refused'),
  )
  expect((await at(refusing)).filter(([, what]) => what.includes('token'))).toEqual([
    ['bad', expect.stringContaining('does not take the token'), expect.stringContaining('publicUrl')],
  ])
  const closed = await at('http://127.0.0.1:9')
  expect(closed.map(([level, what]) => [level, what.includes('is not reached from this machine')])).toEqual(
    closed.map(() => ['warn', true]),
  )
  // Neither without a service nor without an address.
  expect(await said(w, reachCheck(transport))).toEqual([])
  const { bots, ...offline } = partsOf(w)
  expect(bots).toBeDefined()
  expect((await examine([reachCheck(transport)], { ...offline, publicUrl: w.url })).findings).toEqual([])
})

test('rules that refund: without caps, without a cap for the day, without an account that lets them, and halted', async () => {
  const w = await world()
  const rules = check('rules')
  const rule = (name: string, more: object = {}) =>
    w.storage.transaction((tx) =>
      createRule(tx, {
        ...{ tenant: w.tenant.id, name, mode: 'on', accounts: [], when: {}, delay: 60 },
        ...{ act: { kind: 'refund', orders: 'only', reason: '' } },
        ...more,
      }),
    )
  await rule('只备注', { act: { kind: 'note', text: 'x' } })
  await rule('停用的', { mode: 'off' })
  expect(await said(w, rules)).toEqual([])
  await rule('小额', { caps: { each: fen(2_000), day: fen(20_000), payerDay: fen(2_000) } })
  expect((await said(w, rules)).map(([level, what]) => [level, what])).toEqual([
    ['warn', 'rules refund by themselves (小额), and there is no cap for all refunds of a day'],
    ['warn', 'the rule "小额" is on, and none of its accounts lets rules refund: it gives nothing back'],
  ])
  await w.storage.transaction((tx) => changeAccount(tx, w.tenant.id, w.account, { settings: { autoRefund: true } }))
  const tenant = { ...w.tenant, refundDay: fen(200_000) }
  const capped = { ...w, tenant }
  expect(await said(capped, rules)).toEqual([['ok', 'the rules that refund have caps: 小额', '']])
  await rule('没有上限')
  expect(await said(capped, rules)).toEqual([
    ['bad', 'the rule "没有上限" refunds, and has no caps', expect.stringContaining('redress rule update 没有上限')],
  ])
  await w.storage.transaction(async (tx) => {
    await lockBreaker(tx, w.tenant.id)
    await tripBreaker(tx, w.tenant.id, { count: 11, most: 10 })
  })
  expect((await said(capped, rules)).at(-1)).toEqual([
    'bad',
    'there were too many automatic refunds: they have stopped',
    expect.stringContaining('redress breaker reset --tenant shop'),
  ])
})

test('a group whose bot is switched off, to which messages do not go out, or where nobody is heard', async () => {
  const w = await world()
  const rooms = check('rooms')
  expect(await said(w, rooms)).toEqual([['ok', 'bound groups: 1', '']])
  await w.chat.say(people.chen, group, '/list')
  w.chat.failing = { times: Number.POSITIVE_INFINITY, error: new OutsideError('forbidden', 'closed to us') }
  await w.complain()
  await w.pass(14 * minute)
  expect(levels(await said(w, rooms))).toEqual(['ok'])
  await w.pass(2 * minute)
  expect(await said(w, rooms)).toEqual([
    [
      'bad',
      expect.stringMatching(/^\d+ messages to the group ".+" have not gone out; .* 1[56] minutes$/),
      expect.any(String),
    ],
  ])
  // What waits while nobody runs says nothing.
  const { bots, ...offline } = partsOf(w)
  expect(bots).toBeDefined()
  expect((await examine([rooms], offline)).findings).toMatchObject([{ level: 'ok' }])
  w.chat.failing = undefined
  await w.pass(6 * minute)
  expect(levels(await said(w, rooms))).toEqual(['ok'])

  const botKinds = [{ kind: 'browser', pushOnly: true }] as const
  expect(await said(w, rooms, { botKinds })).toEqual([
    ['warn', expect.stringContaining('nobody can act'), expect.stringContaining('redress bot add')],
  ])
  await w.storage.transaction((tx) => changeBot(tx, w.bot, { enabled: false }))
  expect(await said(w, rooms)).toEqual([
    ['bad', expect.stringContaining('is switched off'), expect.stringContaining(`redress bot enable ${w.bot.id}`)],
  ])
  // A second group with a bot that works does not hide the first.
  await w.storage.transaction(async (tx) => {
    const more = { tenant: w.tenant.id, kind: 'telegram', name: 'tg', enabled: true, settings: {}, secrets: {} }
    const bot = await createBot(tx, more)
    const [room] = await listRooms(tx, w.tenant.id)
    if (bot && room) await createRoom(tx, { ...room, bot: bot.id, chat: '-1' })
  })
  expect(levels(await said(w, rooms))).toEqual(['bad'])
})

test('callbacks of which nothing could be made are counted, of this business alone', async () => {
  const w = await world()
  const { id } = await w.complain()
  expect(id).toBeDefined()
  expect(await said(w, check('parked'))).toEqual([])
  await w.storage.bare((db) =>
    db
      .updateTable('callback')
      .set({ state: 'parked' })
      .execute()
      .then(() => undefined),
  )
  expect(await said(w, check('parked'))).toEqual([
    ['bad', 'nothing could be made of 1 callbacks', expect.stringContaining('redress replay callback --tenant shop')],
  ])
  expect(await said({ ...w, tenant: { ...w.tenant, id: asId('ten_other') } }, check('parked'))).toEqual([])
})

test('jobs that are due and not begun are said after five minutes, where a service runs', async () => {
  const { storage, clock } = await admin.world()
  const parts = { storage, platforms: registry([]), bots: { get: () => undefined } }
  await storage.bare(async (db) => {
    const job = { queue: 'drain', key: 'clb_1', wanted: 1, locked_until: null, attempts: 0, last_error: null }
    await db
      .insertInto('job')
      .values({ ...job, run_at: instant(clock.now()) })
      .execute()
  })
  const run = async (given: CheckParts) => (await workCheck.run(given)).map(({ level, what }) => [level, what.en])
  clock.advance(5 * minute - 1)
  expect(await run(parts)).toEqual([['ok', 'no job is stuck']])
  clock.advance(1)
  expect(await run(parts)).toEqual([['warn', 'jobs of drain have been due for 5 minutes and not begun (of 1)']])
  clock.advance(25 * minute)
  expect((await run(parts))[0]?.[0]).toBe('bad')
  const { bots: _, ...offline } = parts
  expect(await run(offline)).toEqual([['ok', 'no job is stuck']])
})
