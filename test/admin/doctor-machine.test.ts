import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { databaseCheck } from '../../src/admin/checks/database.ts'
import { backupCheck, diskCheck, leastNode, nodeCheck } from '../../src/admin/checks/machine.ts'
import { outsideClockCheck } from '../../src/admin/checks/outside-clock.ts'
import type { CheckParts } from '../../src/admin/doctor.ts'
import { manualClock } from '../../src/core/clock.ts'
import { createTransport } from '../../src/core/transport.ts'
import { fen } from '../../src/core/words.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createAccount } from '../../src/storage/accounts.ts'
import { createBackups } from '../../src/storage/backup.ts'
import { lookThrough } from '../../src/storage/integrity.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { noon, onEachDatabase, sqlite } from '../support/databases.ts'

const day = 86_400_000
const partsOf = (storage: CheckParts['storage']): CheckParts => ({ storage, platforms: registry([]) })

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'redress-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('the version of Node.js is judged by what package.json asks for, and by the end of its line', async () => {
  const { database, clock } = await sqlite.open({ clock: manualClock(Date.UTC(2026, 3, 30, 12)) })
  const run = async (version: string) => {
    const [found] = await nodeCheck(version).run(partsOf(database))
    return [found?.level, found?.fix === undefined]
  }
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(engines.node).toBe(`>=${leastNode.join('.')}`)
  expect(await run('v18.20.8')).toEqual(['bad', false])
  expect(await run('v20.18.3')).toEqual(['bad', false])
  expect(await run('v20.19.0')).toEqual(['ok', true])
  expect(await run('v24.1.0')).toEqual(['ok', true])
  clock.advance(day)
  expect(await run('v20.19.0')).toEqual(['warn', false])
  expect(await run('v22.1.0')).toEqual(['ok', true])
})

test('what is left on the disk is read from the disk', async () => {
  const parts = partsOf((await sqlite.open()).database)
  const run = async (path: string, room?: Parameters<typeof diskCheck>[1]) =>
    (await diskCheck(path, room).run(parts)).map(({ level }) => level)
  const all = Number.MAX_SAFE_INTEGER
  expect(await run(tmpdir(), { warn: 1, bad: 1 })).toEqual(['ok'])
  expect(await run(tmpdir(), { warn: all, bad: 1 })).toEqual(['warn'])
  expect(await run(tmpdir(), { warn: all, bad: all })).toEqual(['bad'])
  // A file system without a single free block.
  if (process.platform === 'linux') expect(await run('/proc')).toEqual(['bad'])
})

test('a backup that is old, or was never made, is said; a half one is none', async () => {
  const place = folder()
  const { database, clock } = await sqlite.open()
  const run = async () => {
    const [found] = await backupCheck(place).run(partsOf(database))
    return [found?.level, found?.what.en, found?.fix?.en.includes('redress backup') ?? false]
  }
  expect(await run()).toEqual(['warn', 'there is no backup yet', true])
  mkdirSync(join(place, 'backups'))
  writeFileSync(join(place, 'backups', 'redress-2026-03-01T110000000Z.db.partial'), '')
  expect(await run()).toEqual(['warn', 'there is no backup yet', true])
  await createBackups(database, place)?.make()
  expect(await run()).toEqual(['ok', 'the newest backup is of 2026-03-01 12:00 UTC', false])
  clock.advance(2 * day - 1)
  expect((await run())[0]).toBe('ok')
  clock.advance(1)
  expect(await run()).toEqual(['warn', 'the newest backup is of 2026-03-01 12:00 UTC, 2 days old', true])
  await createBackups(database, place)?.make()
  expect((await run())[0]).toBe('ok')
})

onEachDatabase('the database', (kind) => {
  test('its version is told', async () => {
    const { database, where } = await kind.open()
    const found = await databaseCheck(kind.name === 'sqlite' ? where : undefined).run(partsOf(database))
    const name = kind.name === 'sqlite' ? /^SQLite 3\.\d+\.\d+, its file is whole$/ : /^PostgreSQL \d+/
    expect(found).toMatchObject([{ level: 'ok', what: { en: expect.stringMatching(name) } }])
  })
})

test('a file that was written over is found to be damaged, while it is in use', async () => {
  const { database, where } = await sqlite.open()
  await database.transaction(async (tx) => {
    for (let n = 0; n < 200; n++) await createTenant(tx, shop(`shop-${n}`, '店'.repeat(80)))
  })
  const copy = join(folder(), 'copy.db')
  writeFileSync(copy, '')
  await database.copyTo?.(copy)
  const check = databaseCheck(copy)
  expect(await check.run(partsOf(database))).toMatchObject([{ level: 'ok' }])
  const file = openSync(copy, 'r+')
  const { size } = statSync(copy)
  // Whole pages in the middle and at the end, where trees have their leaves.
  for (const at of [Math.floor(size / 8192) * 4096, size - 4096, size - 8192, size - 12_288])
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, at)
  const [found] = await check.run(partsOf(database))
  expect([found?.level, found?.what.en.includes('damaged'), found?.fix?.en.includes('redress restore')]).toEqual([
    'bad',
    true,
    true,
  ])
  writeFileSync(copy, 'no database at all, and long enough to be read as a header of one hundred bytes: '.repeat(9))
  expect(await check.run(partsOf(database))).toMatchObject([{ level: 'bad' }])
  expect(where).not.toBe(copy)
})

test('a look that takes too long is given up and said to be so', async () => {
  const { where } = await sqlite.open()
  const began = Date.now()
  expect(await lookThrough(where, 1)).toEqual({ faults: [], whole: false })
  expect(Date.now() - began).toBeLessThan(5_000)
})

/** Somebody outside who says that it is so late. */
async function sayingTheTime(date: () => string | undefined): Promise<string> {
  const server = createServer((_, response) => {
    const said = date()
    response.sendDate = false
    if (said !== undefined) response.setHeader('date', said)
    response.statusCode = 404
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each([
  // Of being ahead a second may be theirs: their header has none of its fractions.
  [0, 'ok', 'agrees'],
  [-8_000, 'ok', 'agrees'],
  [8_000, 'ok', 'agrees'],
  [-30_000, 'warn', '29 s ahead of'],
  [30_000, 'warn', '30 s behind'],
  [-600_000, 'bad', '599 s ahead of'],
  [600_000, 'bad', '600 s behind'],
])('whoever outside is %d ms ahead of us makes it %s', async (off, level, words) => {
  const { database, clock } = await withAccount()
  const url = await sayingTheTime(() => new Date(clock.now() + off).toUTCString())
  const found = await clockWith(database, { 'wechat-mini': `${url}/some/path` })
  expect(found).toMatchObject([{ level, what: { en: expect.stringContaining(words) } }])
  expect(found[0]?.what.en).toContain(new URL(url).host)
})

test('only platforms that are used are asked; where nobody says the time that is said', async () => {
  const { database } = await withAccount()
  let asked = 0
  const alipay = await sayingTheTime(() => {
    asked++
    return undefined
  })
  const mute = await sayingTheTime(() => undefined)
  expect(await clockWith(database, { alipay })).toEqual([])
  expect(asked).toBe(0)
  expect(await clockWith(database, { 'wechat-mini': mute, alipay })).toMatchObject([{ level: 'warn' }])
  expect(await clockWith(database, { 'wechat-mini': 'http://127.0.0.1:9' })).toMatchObject([{ level: 'warn' }])
})

const shop = (handle: string, name = '店') =>
  ({ handle, name, zone: 'Asia/Shanghai', language: 'zh-CN', secondPersonFrom: fen(20_000) }) as const

async function withAccount() {
  const opened = await sqlite.open({ clock: manualClock(noon) })
  await opened.database.transaction(async (tx) => {
    const tenant = await createTenant(tx, shop('shop'))
    if (!tenant) throw new Error('taken')
    await createAccount(tx, {
      ...{ tenant: tenant.id, platform: 'wechat-mini', outsideId: 'wx0123456789abcdef', name: '小程序', enabled: true },
      ...{ settings: {}, secrets: {} },
    })
  })
  return opened
}

async function clockWith(storage: Awaited<ReturnType<typeof withAccount>>['database'], places: Record<string, string>) {
  const transport = createTransport({ clock: storage.reads.clock })
  onTestFinished(() => transport.close())
  return outsideClockCheck(transport, places).run(partsOf(storage))
}
