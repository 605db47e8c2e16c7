import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { standardChecks } from '../../src/admin/checks/index.ts'
import { clockCheck, folderCheck, schemaCheck, workCheck } from '../../src/admin/checks/installation.ts'
import { refundCheck } from '../../src/admin/checks/refunds.ts'
import type { Check, CheckParts, Finding } from '../../src/admin/doctor.ts'
import { manualClock } from '../../src/core/clock.ts'
import { asId } from '../../src/core/words.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { bindIdentity, findMember } from '../../src/storage/members.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { onEachDatabase, sqlite } from '../support/databases.ts'
import { chat, program, shop, world } from './world.ts'

const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level)
const partsOf = (storage: CheckParts['storage']): CheckParts => ({ storage, platforms: registry([]) })

interface Said extends Finding {
  readonly check: string
}
async function examined(ask: Awaited<ReturnType<typeof world>>['ask']): Promise<Map<string, Said[]>> {
  const { status, json } = await ask('GET', '/doctor')
  expect(status).toBe(200)
  expect(json.healthy).toBe(!json.findings.some((said: Said) => said.level === 'bad'))
  const found = new Map<string, Said[]>()
  for (const said of json.findings as Said[]) found.set(said.check, [...(found.get(said.check) ?? []), said])
  return found
}

test('an empty installation is told what comes first', async () => {
  const { ask } = await world({ checks: standardChecks })
  const found = await examined(ask)
  expect(found.get('tenants')).toMatchObject([{ level: 'warn', fix: { en: expect.stringContaining('tenant create') } }])
  expect(found.get('public address')).toMatchObject([{ level: 'warn' }])
  expect(found.get('accounts')).toBeUndefined()
})

test('every finding that is not good says how to mend it, in both languages', async () => {
  const { ask } = await world({ checks: standardChecks })
  await ask('POST', '/tenants', shop)
  await ask('POST', '/tenants', { handle: 'full', name: '满' })
  await ask('POST', '/tenants/full/accounts', program)
  await ask('POST', '/tenants/full/bots', chat)
  await ask('POST', '/tenants/full/members', { handle: 'li', name: '李', role: 'agent' })
  const findings = [...(await examined(ask)).values()].flat()
  expect(findings.length).toBeGreaterThan(10)
  for (const { level, what, fix } of findings) {
    expect(what.zh).toMatch(/./)
    expect(what.en).toMatch(/./)
    if (level !== 'ok')
      expect([what.en, fix?.zh ? 'mended' : 'no fix', fix?.en ? 'mended' : 'no fix']).toEqual([
        what.en,
        'mended',
        'mended',
      ])
  }
})

test('a complete set-up is well', async () => {
  const inspect = async () => [{ level: 'ok', what: { zh: '好', en: 'fine' } }] as const
  const checks = standardChecks.filter(({ name }) => name !== 'clock')
  const { ask, storage } = await world({ checks, inspect, publicUrl: 'https://redress.example.com' })
  const tenant = asId<'tenant'>((await ask('POST', '/tenants', shop)).json.id)
  await ask('POST', '/tenants/shop/accounts', program)
  const bot = (await ask('POST', '/tenants/shop/bots', chat)).json.id
  const member = (await ask('POST', '/tenants/shop/members', { handle: 'li', name: '李', role: 'agent' })).json.id
  await storage.transaction(async (tx) => {
    const li = await findMember(tx, tenant, member)
    if (li) await bindIdentity(tx, li, { realm: 'telegram', user: '1' })
    await createRoom(tx, { tenant, bot, chat: '1', topic: '', alone: false, title: '', language: 'en' })
  })
  const found = await examined(ask)
  for (const name of ['work', 'public address', 'tenants', 'accounts', 'bots', 'rooms', 'members'])
    expect([name, levels(found.get(name) ?? [])]).toEqual([name, ['ok']])
  expect(found.get('accounts')?.[0]?.what).toEqual({ zh: 'shop：小程序：好', en: 'shop: 小程序: fine' })
  expect(found.get('callbacks')).toMatchObject([
    { level: 'warn', fix: { zh: expect.stringContaining('https://redress.example.com/hooks/') } },
  ])
})

test('a check that breaks is a finding, and the others are heard', async () => {
  const broken: Check = { name: 'broken', run: () => Promise.reject(new Error('no way')) }
  const { ask } = await world({ checks: [broken, workCheck] })
  const found = await examined(ask)
  expect(found.get('broken')).toMatchObject([{ level: 'bad', what: { en: expect.stringContaining('no way') } }])
  expect(levels(found.get('work') ?? [])).toEqual(['ok'])
})

test.each([
  ['https://redress.example.com', 'ok'],
  ['https://redress.example.com:443/base', 'ok'],
  ['http://redress.example.com', 'warn'],
  ['https://redress.example.com:8443', 'warn'],
  ['http://redress.example.com:443', 'warn'],
])('the public address %s is %s', async (publicUrl, level) => {
  const { ask } = await world({ checks: standardChecks, publicUrl })
  expect((await examined(ask)).get('public address')).toMatchObject([{ level }])
})

onEachDatabase('the installation', (kind) => {
  test('the clocks of database and process are compared', async () => {
    const clock = manualClock(Date.now())
    const { database } = await kind.open({ clock })
    const at = async (time: number) => {
      clock.step(time - clock.now())
      return levels(await clockCheck.run(partsOf(database)))
    }
    expect(await at(Date.now())).toEqual(['ok'])
    expect(await at(Date.now() - 20_000)).toEqual(['warn'])
    expect(await at(Date.now() + 3_600_000)).toEqual(['bad'])
    expect(await at(0)).toEqual(['bad'])
  })

  test('what is stuck is named', async () => {
    const { database } = await kind.open()
    expect(levels(await workCheck.run(partsOf(database)))).toEqual(['ok'])
    await database.bare(async (db) => {
      const job = { queue: 'drain', run_at: 'x', wanted: 1, locked_until: null }
      await db
        .insertInto('job')
        .values({ ...job, key: 'clb_1', attempts: 10, last_error: 'no route' })
        .execute()
      await db
        .insertInto('job')
        .values({ ...job, key: 'clb_2', attempts: 9, last_error: 'no route' })
        .execute()
    })
    const found = await workCheck.run(partsOf(database))
    expect(found).toMatchObject([{ level: 'bad', what: { en: expect.stringMatching(/clb_1.*10 times.*no route/) } }])
  })
})

test('a database behind the program is bad', async () => {
  const parts = partsOf((await sqlite.open()).database)
  expect(levels(await schemaCheck(async () => []).run(parts))).toEqual(['ok'])
  expect(await schemaCheck(async () => ['0002-next']).run(parts)).toMatchObject([
    {
      level: 'bad',
      what: { en: expect.stringContaining('0002-next') },
      fix: { en: expect.stringContaining('migrate') },
    },
  ])
})

test.skipIf(process.platform === 'win32')('keys that others may read, or that are gone, are bad', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'redress-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const parts = partsOf((await sqlite.open()).database)
  const check = folderCheck(folder, ['master.key'])
  expect(await check.run(parts)).toMatchObject([{ level: 'bad', what: { en: expect.stringContaining('missing') } }])
  writeFileSync(join(folder, 'master.key'), '', { mode: 0o600 })
  expect(levels(await check.run(parts))).toEqual(['ok'])
  chmodSync(join(folder, 'master.key'), 0o640)
  chmodSync(folder, 0o755)
  const found = await check.run(parts)
  expect(levels(found)).toEqual(['warn', 'bad'])
  expect(found[1]?.fix?.en).toBe(`chmod 600 ${join(folder, 'master.key')}`)
})

const mchid = '1900007291'
/** A shop whose mini program may give money back, without the account that pays. */
async function refunding(caps: object = { refundDay: 200_000 }) {
  const { ask, storage } = await world({ checks: [refundCheck] })
  const tenant = asId<'tenant'>((await ask('POST', '/tenants', { ...shop, ...caps })).json.id)
  await ask('POST', '/tenants', { handle: 'other', name: '别家' })
  const settings = { refunds: true, payer: mchid }
  const { id } = (await ask('POST', '/tenants/shop/accounts', { ...program, settings })).json
  return {
    ask,
    program: `/tenants/shop/accounts/${id}`,
    pays: (more: object = {}) =>
      storage.transaction((tx) =>
        createAccount(tx, {
          ...{ tenant, platform: 'wechat-pay', outsideId: mchid, name: '微信支付', enabled: true },
          ...{ settings: {}, secrets: {}, ...more },
        }),
      ),
    hire: async (handle: string, more: object = {}): Promise<string> => {
      const member = { handle, name: handle, role: 'refunder', ...more }
      return `/tenants/shop/members/${(await ask('POST', '/tenants/shop/members', member)).json.id}`
    },
    /** What is not well, in English. */
    wrong: async () =>
      ((await ask('GET', '/doctor')).json.findings as Said[])
        .filter(({ level }) => level !== 'ok')
        .map(({ level, what, fix }) => [level, what.en, fix?.en]),
    said: async () => (await ask('GET', '/doctor')).json.findings as Said[],
  }
}

test('where no money may go back nothing is said of refunds; where all is there, who may give it', async () => {
  const { ask, program: path, pays, hire, said } = await refunding()
  await pays()
  await hire('li')
  await hire('wang', { role: 'admin' })
  await hire('agent', { role: 'agent' })
  expect(await said()).toEqual([
    {
      ...{ check: 'refunds', level: 'ok', tenant: 'shop' },
      what: {
        zh: 'shop：可退款账号：小程序；可退款成员：li、wang',
        en: 'shop: refunds are on for 小程序; members who may refund: li, wang',
      },
    },
  ])
  await ask('PATCH', path, { enabled: false })
  expect(await said()).toEqual([])
  await ask('PATCH', path, { enabled: true, settings: { refunds: false } })
  expect(await said()).toEqual([])
})

test('a payer that is not there, is another business’s or is switched off is bad, each with its way to mend it', async () => {
  const { ask, pays, hire, wrong } = await refunding()
  await hire('li')
  await hire('wang')
  const nothing =
    'shop: 小程序: refunds are on, but the payer 1900007291 is no enabled WeChat Pay account of this tenant: nothing can be refunded'
  const add =
    'add it with redress account add --platform wechat-pay, or name one that is there: redress account update wx0123456789abcdef --tenant shop --setting payer=<mchid>'
  expect(await wrong()).toEqual([['bad', nothing, add]])
  expect((await ask('GET', '/doctor')).json.healthy).toBe(false)
  const other = asId<'tenant'>((await ask('GET', '/tenants/other')).json.id)
  await pays({ tenant: other })
  expect(await wrong()).toEqual([['bad', nothing, add]])
})

test('a payer that is switched off is to be switched on', async () => {
  const { pays, hire, wrong } = await refunding()
  await hire('li')
  await hire('wang')
  const off = await pays({ enabled: false })
  expect(await wrong()).toEqual([
    [
      'bad',
      expect.stringContaining('no enabled WeChat Pay account'),
      `switch that account on: redress account enable ${off?.id} --tenant shop`,
    ],
  ])
})

test('without a cap for the day, and without anybody who may refund, the commands are named', async () => {
  const { ask, pays, hire, wrong } = await refunding({})
  await pays()
  const refunder = 'redress member update <member> --tenant shop --role refunder'
  const nobody = ['warn', 'shop: refunds are on, and no member may refund', `let a member refund: ${refunder}`]
  await hire('agent', { role: 'agent' })
  await hire('gone', { enabled: false })
  expect(await wrong()).toEqual([
    [
      'warn',
      'shop: refunds are on, and there is no cap for all refunds of a day',
      'set one, in yuan: redress tenant update shop --refund-day 2000',
    ],
    nobody,
  ])
  await ask('PATCH', '/tenants/shop', { refundDay: 0 })
  expect(await wrong()).toEqual([nobody])
})

test('where an amount needs two people and only one may give it, nobody could approve', async () => {
  const { ask, pays, hire, wrong } = await refunding()
  await pays()
  await hire('li')
  const alone = [
    'warn',
    'shop: refunds from ¥200.00 on need two people, and only li may refund so much: nobody could approve',
    expect.stringContaining('redress member update <member> --tenant shop --role refunder'),
  ]
  expect(await wrong()).toEqual([alone])
  // A second one whose own cap is below it does not help.
  const wang = await hire('wang', { refundEach: 19_999 })
  expect(await wrong()).toEqual([alone])
  await ask('PATCH', wang, { refundEach: 20_000 })
  expect(await wrong()).toEqual([])
  await ask('PATCH', wang, { refundDay: 19_999 })
  expect(await wrong()).toEqual([alone])
})

test.each([
  ['each refund stays below', { refundDay: 200_000, refundEach: 19_999 }],
  ['all of a day stay below', { refundDay: 19_999 }],
  ['two are needed from more than a day gives', { refundDay: 200_000, secondPersonFrom: 200_001 }],
])('one who may refund is enough where %s', async (_, caps) => {
  const { pays, hire, wrong, ask } = await refunding(caps)
  await pays()
  await hire('li')
  expect(await wrong()).toEqual([])
  // Not for the lack of a check: one fen more, and it speaks.
  await ask('PATCH', '/tenants/shop', { refundEach: null, refundDay: 300_000 })
  expect(await wrong()).toHaveLength(1)
})
