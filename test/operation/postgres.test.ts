import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { manualClock } from '../../src/core/clock.ts'
import { createSealer } from '../../src/core/seal.ts'
import { fen } from '../../src/core/words.ts'
import { createAccount, listAccounts } from '../../src/storage/accounts.ts'
import { openKeys } from '../../src/storage/data-keys.ts'
import { lacking, migrate } from '../../src/storage/migrate.ts'
import { openPostgres } from '../../src/storage/open.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { noon } from '../support/databases.ts'

const server = inject('pgUrl')

/** pg_dump reads no server that is newer than itself. */
function dumpsHere(): boolean {
  if (!server) return false
  try {
    execFileSync('pg_dump', ['--schema-only', server], { stdio: 'pipe' })
    execFileSync('pg_restore', ['--version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

async function ask(statement: string): Promise<void> {
  const client = new pg.Client(server ?? '')
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

async function newDatabase(): Promise<string> {
  const name = `d_${randomBytes(6).toString('hex')}`
  await ask(`create database ${name}`)
  onTestFinished(() => ask(`drop database if exists ${name} with (force)`))
  return new URL(`/${name}`, server ?? '').href
}

const open = (url: string) => {
  const sealer = createSealer(Buffer.alloc(32, 7), randomBytes)
  const database = openPostgres({ sealer, clock: manualClock(noon), random: randomBytes, url, poolSize: 2 })
  onTestFinished(() => database.close())
  return database
}

test.skipIf(!dumpsHere())(
  'what pg_dump took, pg_restore puts into an empty database, and the same master key opens it',
  async () => {
    const from = await newDatabase()
    const first = open(from)
    await migrate(first, migrations)
    await openKeys(first)
    const tenant = await first.transaction((tx) =>
      createTenant(tx, {
        handle: 'shop',
        name: '小店',
        zone: 'Asia/Shanghai',
        language: 'en',
        secondPersonFrom: fen(1),
      }),
    )
    if (!tenant) throw new Error('no tenant')
    await first.transaction((tx) =>
      createAccount(tx, {
        ...{
          tenant: tenant.id,
          platform: 'wechat-mini',
          outsideId: 'wx1',
          name: '小程序',
          enabled: true,
          settings: {},
        },
        secrets: { secret: '很秘密' },
      } as Parameters<typeof createAccount>[1]),
    )
    const folder = mkdtempSync(join(tmpdir(), 'redress-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'redress.dump')
    // As docs/operation.md writes them.
    execFileSync('pg_dump', ['--format=custom', `--file=${file}`, from], { stdio: 'pipe' })
    const to = await newDatabase()
    execFileSync('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${to}`, file], { stdio: 'pipe' })
    const second = open(to)
    expect(await lacking(second, migrations)).toEqual([])
    await openKeys(second)
    const [account] = await listAccounts(second.reads, tenant.id)
    expect(account?.secrets.secret?.reveal()).toBe('很秘密')
  },
)
