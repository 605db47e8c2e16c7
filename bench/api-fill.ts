import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { migrations } from '../migrations/index.ts'
import { systemClock } from '../src/core/clock.ts'
import { createSealer } from '../src/core/seal.ts'
import { fen } from '../src/core/words.ts'
import { createAccount } from '../src/storage/accounts.ts'
import { createBot } from '../src/storage/bots.ts'
import { openKeys } from '../src/storage/data-keys.ts'
import { masterKey } from '../src/storage/master-key.ts'
import { createMember } from '../src/storage/members.ts'
import { migrate } from '../src/storage/migrate.ts'
import { type Database, openPostgres, openSqlite } from '../src/storage/open.ts'
import { createRoom } from '../src/storage/rooms.ts'
import type { Tx } from '../src/storage/storage.ts'
import { createTenant } from '../src/storage/tenants.ts'
import { complaints, type Rows, type Trader } from './api-data.ts'

/** Where a service keeps its things while it is not running. */
export interface Place {
  readonly folder: string
  /** PostgreSQL; absent = SQLite in the folder. */
  readonly database?: string
}

/** Whoever writes many rows as fast as the database takes them. */
interface Pen {
  write(rows: readonly Rows[]): Promise<void>
  close(): Promise<void>
}

/** An empty database with its keys, as after a first start. */
export async function prepare(place: Place): Promise<void> {
  const database = openPlace(place)
  await migrate(database, migrations)
  await openKeys(database)
  await database.close()
}

/** Four businesses of different size, with so many complaints among them. */
export async function fill(place: Place, count: number): Promise<readonly Trader[]> {
  const database = openPlace(place)
  const { sealer } = database.reads
  await openKeys(database)
  const traders = await database.transaction(async (tx) => {
    const made: Trader[] = []
    for (const [index, share] of [4, 3, 2, 1].entries()) made.push(await traderOf(tx, `shop${index}`, share))
    return made
  })
  await openKeys(database)
  await database.close()
  const pen =
    place.database === undefined ? sqlitePen(join(place.folder, 'redress.db')) : await postgresPen(place.database)
  for (const rows of complaints(traders, sealer, { count, now: Date.now(), atOnce: 1_000 })) await pen.write(rows)
  await pen.close()
  return traders
}

export function openPlace({ folder, database }: Place): Database {
  const sealer = createSealer(masterKey(folder, false).key, randomBytes)
  const parts = { sealer, clock: systemClock, random: randomBytes }
  return database === undefined
    ? openSqlite({ ...parts, file: join(folder, 'redress.db') })
    : openPostgres({ ...parts, url: database, poolSize: 2 })
}

async function traderOf(tx: Tx, handle: string, share: number): Promise<Trader> {
  const zone = 'Asia/Shanghai'
  const about = { handle, name: handle, zone, language: 'zh-CN', secondPersonFrom: fen(20_000) } as const
  const tenant = await createTenant(tx, about)
  if (!tenant) throw new Error('no tenant')
  const of = { tenant: tenant.id, enabled: true }
  const member = await createMember(tx, { ...of, handle: 'li', name: '小李', role: 'agent' })
  const bot = await createBot(tx, { ...of, enabled: false, kind: 'browser', name: 'chat', settings: {}, secrets: {} })
  if (!member || !bot) throw new Error('no member or bot')
  const spot = { bot: bot.id, chat: handle, topic: '', alone: false, title: handle, language: 'zh-CN' } as const
  const room = await createRoom(tx, { tenant: tenant.id, ...spot })
  if (!room) throw new Error('no room')
  const accounts = [0, 1].map(async (nr) => {
    const outsideId = `wx${handle}${nr}`
    const secrets = { secret: 's', token: 't', aesKey: 'k' }
    const what = { platform: 'wechat-mini', outsideId, name: outsideId, settings: { mode: 'safe' }, secrets } as const
    const account = await createAccount(tx, { ...of, ...what })
    if (!account) throw new Error('no account')
    return { id: account.id, outsideId }
  })
  return { id: tenant.id, handle, share, accounts: await Promise.all(accounts), member: member.id, room: room.id }
}

/** What belongs to tables that stand in the order of the rows is written as it comes; the other indexes are made at the end, and so are the words. */
function sqlitePen(path: string): Pen {
  const file = new Sqlite(path)
  for (const pragma of ['journal_mode = off', 'synchronous = off', 'cache_size = -400000', 'temp_store = file'])
    file.pragma(pragma)
  const indexes = file
    .prepare("select name, sql from sqlite_schema where type = 'index' and sql is not null")
    .all() as readonly { readonly name: string; readonly sql: string }[]
  for (const { name } of indexes) file.exec(`drop index ${name}`)
  const statements = new Map<string, Sqlite.Statement>()
  const into = (table: string, row: object) => {
    const known = statements.get(table)
    if (known) return known
    const names = Object.keys(row)
    const made = file.prepare(
      `insert into ${table} (${names.map((name) => `"${name}"`)}) values (${names.map((name) => `@${name}`)})`,
    )
    statements.set(table, made)
    return made
  }
  const words = new Map<string, Map<string, number[]>>()
  const write = file.transaction((all: readonly Rows[]) => {
    for (const { term, ...tables } of all) {
      for (const { tenant, gram, running } of term ?? []) keep(words, { tenant, gram, running })
      for (const [table, rows] of Object.entries(tables)) for (const row of rows ?? []) into(table, row).run(row)
    }
  })
  return {
    write: async (rows) => write(rows),
    async close() {
      for (const { sql } of indexes) file.exec(sql)
      const insert = file.prepare('insert into term (tenant, gram, running) select ?, ?, value from json_each(?)')
      file.transaction(() => {
        for (const [tenant, grams] of [...words].sort(byName))
          for (const [gram, numbers] of [...grams].sort(byName)) insert.run(tenant, gram, JSON.stringify(numbers))
      })()
      file.exec(lastNumbers)
      file.pragma('journal_mode = wal')
      file.close()
    },
  }
}

type Term = { readonly tenant: string; readonly gram: string; readonly running: number }

function keep(words: Map<string, Map<string, number[]>>, { tenant, gram, running }: Term): void {
  const grams = words.get(tenant) ?? new Map<string, number[]>()
  words.set(tenant, grams)
  const numbers = grams.get(gram)
  if (numbers) numbers.push(running)
  else grams.set(gram, [running])
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)

const lastNumbers =
  'update tenant set last_running = coalesce((select max(running) from complaint where complaint.tenant = tenant.id), 0)'

async function postgresPen(url: string): Promise<Pen> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('set synchronous_commit = off')
  return {
    async write(all) {
      const tables = new Map<string, object[]>()
      for (const rows of all)
        for (const [table, some] of Object.entries(rows)) {
          const there = tables.get(table) ?? []
          there.push(...(some ?? []))
          tables.set(table, there)
        }
      for (const [table, rows] of tables)
        await client.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
          JSON.stringify(rows),
        ])
    },
    async close() {
      await client.query(lastNumbers)
      await client.query('vacuum analyze')
      await client.end()
    },
  }
}
