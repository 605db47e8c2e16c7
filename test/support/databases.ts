import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Migration } from 'kysely'
import pg from 'pg'
import { describe, inject, onTestFinished } from 'vitest'
import { migrations as ours } from '../../migrations/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import { createSealer } from '../../src/core/seal.ts'
import type { Random } from '../../src/core/words.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { type Database, type OpenOptions, openPostgres, openSqlite } from '../../src/storage/open.ts'

export interface DatabaseOptions {
  readonly clock?: ManualClock
  readonly random?: Random
  readonly logger?: Logger
  /** Instead of the project's own. */
  readonly migrations?: Record<string, Migration>
  /** 'full' where the test is about it. */
  readonly synchronous?: 'full' | 'off'
}

export interface TestDatabase {
  readonly database: Database
  readonly clock: ManualClock
  /** The same database, opened once more: what the next start sees. */
  again(clock?: ManualClock): Database
  /** For one who writes at the same time: on PostgreSQL another process's handle; on SQLite there is one writer, so the same. */
  beside(): Database
  /** A file or an address. */
  readonly where: string
}

export interface DatabaseKind {
  readonly name: 'sqlite' | 'postgres'
  /** A database for this test alone, migrated; closed and dropped when the test is over. */
  open(options?: DatabaseOptions): Promise<TestDatabase>
}

/** Sunday 2026-03-01, noon in UTC. */
export const noon = Date.UTC(2026, 2, 1, 12)

/** Every contract runs on each database that is here; the reporter counts the cases by the suite's name. */
export function onEachDatabase(title: string, define: (kind: DatabaseKind) => void): void {
  for (const kind of databases()) describe(`${kind.name}: ${title}`, () => define(kind))
}

export function databases(): readonly DatabaseKind[] {
  const url = inject('pgUrl')
  return url === null ? [sqlite] : [sqlite, postgres(url)]
}

export const sqlite: DatabaseKind = {
  name: 'sqlite',
  async open(options = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'redress-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'redress.db')
    const synchronous = options.synchronous ?? 'off'
    if (!options.migrations) writeFileSync(file, await migratedFile())
    return opened(options, file, (parts) => openSqlite({ ...parts, file, synchronous }))
  },
}

/** To run the migrations takes twenty times as long as to copy what they made. */
let migrated: Buffer | undefined

async function migratedFile(): Promise<Buffer> {
  if (migrated) return migrated
  const folder = mkdtempSync(join(tmpdir(), 'redress-test-'))
  try {
    const file = join(folder, 'redress.db')
    const database = openSqlite({ ...partsFor({}, manualClock(noon)), file, synchronous: 'off' })
    await migrate(database, ours)
    await database.close()
    migrated = readFileSync(file)
    return migrated
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const postgres = (server: string): DatabaseKind => ({
  name: 'postgres',
  async open(options = {}) {
    const url = await (options.migrations ? newDatabase(server, options.migrations) : cleanDatabase(server))
    return opened(options, url, (parts) => openPostgres({ ...parts, url, poolSize: 4 }))
  },
})

/** Making one takes a fifth of a second, emptying one a hundredth: those of our own tables go round within a test file. */
const clean: string[] = []

async function cleanDatabase(server: string): Promise<string> {
  const url = clean.pop() ?? (await createDatabase(server, ours))
  onTestFinished(async () => {
    await empty(url)
    clean.push(url)
  })
  return url
}

async function newDatabase(server: string, migrations: Record<string, Migration>): Promise<string> {
  const url = await createDatabase(server, migrations)
  onTestFinished(() => ask(server, `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`))
  return url
}

async function createDatabase(server: string, migrations: Record<string, Migration>): Promise<string> {
  const name = `t_${process.pid}_${randomBytes(6).toString('hex')}`
  await ask(server, `create database ${name}`)
  const url = new URL(`/${name}`, server).href
  const database = openPostgres({ ...partsFor({}, manualClock(noon)), url, poolSize: 1 })
  await migrate(database, migrations)
  await database.close()
  return url
}

const empty = (url: string) =>
  ask(
    url,
    `do $$ declare name text; begin
      for name in select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%' loop
        execute format('delete from %I', name);
      end loop;
    end $$`,
  )

async function opened(
  options: DatabaseOptions,
  where: string,
  open: (parts: OpenOptions) => Database,
): Promise<TestDatabase> {
  const clock = options.clock ?? manualClock(noon)
  const again = (itsClock = clock) => {
    const database = open(partsFor(options, itsClock))
    onTestFinished(() => database.close())
    return database
  }
  const database = again()
  if (options.migrations) await migrate(database, options.migrations)
  const beside = () => (database.reads.dialect === 'sqlite' ? database : again())
  return { database, clock, again, beside, where }
}

const partsFor = (options: DatabaseOptions, clock: ManualClock): OpenOptions => {
  const random = options.random ?? randomBytes
  return {
    clock,
    random,
    sealer: createSealer(Buffer.alloc(32, 7), random),
    ...(options.logger ? { logger: options.logger } : {}),
  }
}

async function ask(server: string, statement: string): Promise<void> {
  const client = new pg.Client(server)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
