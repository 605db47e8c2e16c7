import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config/config.ts'
import { migrations } from '../../migrations/index.ts'
import { armFailpoints } from '../../src/core/failpoint.ts'
import { silent } from '../../src/core/logger.ts'
import { fen, instant } from '../../src/core/words.ts'
import { type Running, startRedress } from '../../src/main.ts'
import { masterKey } from '../../src/storage/master-key.ts'
import { restoreFolder } from '../../src/storage/restore.ts'
import { createTenant, listTenants } from '../../src/storage/tenants.ts'

afterEach(() => armFailpoints(undefined))

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'redress-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function start(data: string): Promise<Running> {
  const read = readConfig({ files: [], env: { REDRESS_LISTEN_PORT: '0', REDRESS_DATA: data } })
  if (read.faults) throw new Error(JSON.stringify(read.faults))
  const running = await startRedress(read.config, { logger: silent })
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= running.stop()
    return stopping
  }
  onTestFinished(stop)
  return { ...running, stop }
}

const tenant = ({ parts }: Running, handle: string) =>
  parts.storage.transaction((tx) =>
    createTenant(tx, { handle, name: handle, zone: 'Asia/Shanghai', language: 'en', secondPersonFrom: fen(1) }),
  )
const handles = async ({ parts }: Running) => (await listTenants(parts.storage.reads)).map(({ handle }) => handle)

async function backup({ url, adminKey }: Running, body: object = {}) {
  const answer = await fetch(`${url}/admin/v1/backups`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${adminKey.text}`,
      'content-type': 'application/json',
      'idempotency-key': randomBytes(12).toString('hex'),
      connection: 'close',
    },
    body: JSON.stringify(body),
  })
  const said = (await answer.json()) as { file: string; bytes: number; masterKeyIncluded: boolean }
  expect({ status: answer.status, said }).toMatchObject({ status: 201 })
  return said
}

let clock = Date.UTC(2026, 2, 1)
const restore = (data: string, file: string, master = masterKey(data, true).key) => {
  const now = instant(++clock)
  return restoreFolder({ folder: data, file, master, random: randomBytes, known: Object.keys(migrations), now })
}

test('a backup is whole while others go on writing, and nobody else may read it', async () => {
  const data = folder()
  const running = await start(data)
  await tenant(running, 'before')
  let writing = true
  let written = 0
  const writers = (async () => {
    while (writing) await tenant(running, `t${written++}`)
  })()
  await expect.poll(() => written).toBeGreaterThan(20)
  const before = written - 1
  const said = await backup(running)
  writing = false
  await writers
  expect(said.masterKeyIncluded).toBe(false)
  expect(statSync(said.file).mode & 0o777).toBe(0o600)
  expect(statSync(join(data, 'backups')).mode & 0o777).toBe(0o700)
  expect(statSync(said.file).size).toBe(said.bytes)
  expect(readdirSync(join(data, 'backups'))).toHaveLength(1)
  expect(readFileSync(said.file).includes(readFileSync(join(data, 'master.key'), 'utf8').trim())).toBe(false)
  const copy = new Sqlite(said.file)
  onTestFinished(() => void copy.close())
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok')
  const there = copy.prepare('select handle from tenant').pluck().all()
  expect(there).toEqual(expect.arrayContaining(['before', ...Array.from({ length: before }, (_, n) => `t${n}`)]))
})

test('so many backups stay as are wanted; what was cut off goes', async () => {
  const data = folder()
  const running = await start(data)
  const files: string[] = []
  for (let n = 0; n < 3; n++) files.push((await backup(running)).file)
  writeFileSync(join(data, 'backups', 'redress-2026-01-01T000000000Z.db.partial'), '')
  writeFileSync(join(data, 'backups', 'mine.db'), '')
  const { file } = await backup(running, { keep: 2 })
  expect(
    readdirSync(join(data, 'backups'))
      .map((name) => join(data, 'backups', name))
      .sort(),
  ).toEqual([join(data, 'backups', 'mine.db'), files[2], file].sort())
})

test('a restore brings back what was there, and keeps what is there', async () => {
  const data = folder()
  const first = await start(data)
  await tenant(first, 'early')
  const { file } = await backup(first)
  await tenant(first, 'late')
  expect(() => restore(data, file)).toThrow(/another redress process/)
  await first.stop()
  const { kept = '' } = restore(data, file)
  expect(readdirSync(data).filter((name) => /restoring|-wal|-shm/.test(name))).toEqual([])
  expect(statSync(join(data, 'redress.db')).mode & 0o777).toBe(0o600)
  const second = await start(data)
  expect(await handles(second)).toEqual(['early'])
  await second.stop()
  restore(data, kept)
  expect(await handles(await start(data))).toEqual(['early', 'late'])
})

test('what is no good backup replaces nothing', async () => {
  const data = folder()
  const running = await start(data)
  await tenant(running, 'shop')
  const { file } = await backup(running)
  await running.stop()
  const before = readFileSync(join(data, 'redress.db'))
  const other = folder()
  const made = (name: string, change: (path: string) => void) => {
    const path = join(other, name)
    copyFileSync(file, path)
    change(path)
    return path
  }
  const changed = (name: string, statement: string) =>
    made(name, (path) => {
      const db = new Sqlite(path)
      db.pragma('journal_mode = delete')
      db.exec(statement)
      db.close()
    })
  const size = statSync(file).size
  const bad: readonly (readonly [string, RegExp])[] = [
    [join(other, 'nothing.db'), /there is no/],
    [
      made('text.db', (path) => writeFileSync(path, 'not a database, but long enough to be looked at'.repeat(100))),
      /not a database/,
    ],
    [made('short.db', (path) => truncateSync(path, Math.floor(size / 2))), /damaged|not a database/],
    [
      made('torn.db', (path) => {
        const bytes = readFileSync(path)
        bytes.fill(0x55, 3 * 4096, 12 * 4096)
        writeFileSync(path, bytes)
      }),
      /damaged|not a database/,
    ],
    [made('live.db', (path) => writeFileSync(`${path}-wal`, 'x')), /a database in use/],
    [changed('other.db', 'drop table kysely_migration'), /no backup of Redress/],
    [
      changed('newer.db', "insert into kysely_migration values ('9999-later', '2099-01-01')"),
      /newer version.*9999-later/,
    ],
  ]
  for (const [path, why] of bad) expect(() => restore(data, path), path).toThrow(why)
  expect(() => restore(data, file, Buffer.alloc(32, 9))).toThrow(/master key/)
  rmSync(join(data, 'master.key'))
  expect(() => restore(data, file)).toThrow(/master.key is missing/)
  expect(readFileSync(join(data, 'redress.db')).equals(before)).toBe(true)
  expect(readdirSync(data).filter((name) => /before|restoring/.test(name))).toEqual([])
})

test('a backup of before there were data keys is held against the master key too', async () => {
  const data = folder()
  const running = await start(data)
  await running.parts.storage.bare((db) => db.deleteFrom('data_key').execute())
  await tenant(running, 'shop')
  const { sealer } = running.parts.storage.reads
  const place = { tenant: 'ten_1', table: 'bot', row: 'bot_1', column: 'secrets' }
  await running.parts.storage.bare((db) =>
    db
      .insertInto('bot')
      .values({
        id: 'bot_1',
        tenant: 'ten_1',
        kind: 'x',
        name: 'x',
        enabled: 0,
        settings: '{}',
        secrets: sealer.seal(place, '{}'),
        created_at: '',
      })
      .execute(),
  )
  const { file } = await backup(running)
  await running.stop()
  const db = new Sqlite(file)
  db.exec('drop table data_key')
  db.close()
  expect(() => restore(data, file, Buffer.alloc(32, 9))).toThrow(/master key/)
  restore(data, file)
})

test('killed half way: the old one or the new one is there, whole', async () => {
  const data = folder()
  const running = await start(data)
  await tenant(running, 'early')
  const reached: string[] = []
  armFailpoints((name) => {
    reached.push(name)
    if (name.startsWith('upkeep.')) throw new Error('died')
  })
  await running.parts.backups?.make().catch(() => {})
  expect(readdirSync(join(data, 'backups'))).toEqual([])
  armFailpoints(undefined)
  const { file } = await backup(running)
  await tenant(running, 'late')
  await running.stop()
  armFailpoints((name) => {
    reached.push(name)
    throw new Error('died')
  })
  expect(() => restore(data, file)).toThrow('died')
  armFailpoints(undefined)
  expect(reached).toEqual(expect.arrayContaining(['upkeep.backup-copied', 'upkeep.restore-kept']))
  const after = await start(data)
  expect(await handles(after)).toEqual(['early', 'late'])
  await after.stop()
  restore(data, file)
  expect(await handles(await start(data))).toEqual(['early'])
  expect(existsSync(join(data, 'redress.db.restoring'))).toBe(false)
})
