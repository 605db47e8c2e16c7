import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { standardChecks } from '../../src/admin/checks/index.ts'
import { clockCheck, folderCheck, schemaCheck, workCheck } from '../../src/admin/checks/installation.ts'
import type { Check, CheckParts, Finding } from '../../src/admin/doctor.ts'
import { manualClock } from '../../src/core/clock.ts'
import { asId } from '../../src/core/words.ts'
import { registry } from '../../src/platforms/registry.ts'
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
  ['http://redress.example.com', 'ok'],
  ['https://redress.example.com:8443', 'warn'],
  ['http://redress.example.com:443', 'warn'],
])('the public address %s is %s', async (publicUrl, level) => {
  const { ask } = await world({ checks: standardChecks, publicUrl })
  expect((await examined(ask)).get('public address')).toMatchObject([{ level }])
})

onEachDatabase('the installation', (kind) => {
  test('the clocks of database and process are compared', async () => {
    const at = async (clock: number) => {
      const { database } = await kind.open({ clock: manualClock(clock) })
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
