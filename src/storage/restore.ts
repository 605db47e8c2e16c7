import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import { createSealer, type DataKey } from '../core/seal.ts'
import { SetUpError } from '../core/set-up.ts'
import type { Instant, Random } from '../core/words.ts'
import { settle, stamp } from './backup.ts'
import type { SqliteFile } from './dialect.ts'
import { lockFolder } from './lock.ts'
import { openFile } from './open.ts'

export interface Restoring {
  readonly folder: string
  /** The backup. */
  readonly file: string
  /** That opens what is sealed in it. */
  readonly master: Buffer
  readonly random: Random
  /** The migrations that this program knows. */
  readonly known: readonly string[]
  readonly now: Instant
}

export interface Restored {
  /** Where the database lies that was there before; absent = there was none. */
  readonly kept?: string
}

/**
 * Puts a backup in the place of the data folder's database. Everything about it is examined before anything is replaced,
 * and what is replaced stays beside it.
 * @throws SetUpError when the backup is not to be used; Error when a process holds the folder
 */
export function restoreFolder(given: Restoring): Restored {
  const { folder, file } = given
  if (!existsSync(file)) throw new SetUpError(`there is no ${file}`)
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0)
    throw new SetUpError(
      `${file} is a database in use, not a backup (${file}-wal belongs to it): take one by redress backup`,
    )
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder)
  const fresh = join(folder, 'redress.db.restoring')
  try {
    clear(fresh)
    copyFileSync(file, fresh)
    chmodSync(fresh, 0o600)
    examine(fresh, given)
    settle(fresh)
    return replace(fresh, given)
  } finally {
    clear(fresh)
    lock.release()
  }
}

const clear = (path: string) => {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true })
}

function examine(path: string, { file, master, random, known }: Restoring): void {
  const bad = (why: string) => new SetUpError(`${file} cannot be used: ${why}`)
  let db: SqliteFile
  try {
    db = openFile(path)
    db.exec('pragma journal_mode = wal')
  } catch {
    throw bad('it is not a database')
  }
  try {
    const wrong = rows(db, 'pragma integrity_check').filter(({ integrity_check: said }) => said !== 'ok')
    if (wrong.length > 0) throw bad(`it is damaged (${String(wrong[0]?.integrity_check).slice(0, 200)})`)
    const has = (table: string) =>
      rows(db, `select name from sqlite_schema where type = 'table' and name = '${table}'`).length > 0
    if (!has('kysely_migration') || !has('complaint')) throw bad('it is no backup of Redress')
    const newer = rows(db, 'select name from kysely_migration').filter(({ name }) => !known.includes(String(name)))
    if (newer.length > 0)
      throw bad(`it is of a newer version of this program (${newer.map(({ name }) => name).join(', ')})`)
    const sealer = createSealer(master, random)
    if (has('data_key')) sealer.keys.hold(rows(db, 'select * from data_key order by nr, id') as unknown as DataKey[])
    openOne(db, sealer, bad)
    // So that everything is in the one file.
    db.exec('pragma wal_checkpoint(truncate)')
  } catch (error) {
    throw error instanceof SetUpError ? error : bad(`it is damaged (${told(error)})`)
  } finally {
    db.close()
  }
}

/** Something sealed opens: of accounts, bots and complaints one each, as far as there are any. */
function openOne(db: SqliteFile, sealer: ReturnType<typeof createSealer>, bad: (why: string) => Error): void {
  for (const [table, column] of [
    ['account', 'secrets'],
    ['bot', 'secrets'],
    ['complaint', 'person'],
  ] as const)
    for (const row of rows(db, `select id, tenant, ${column} as sealed from ${table} order by id desc limit 1`))
      try {
        const place = { tenant: String(row.tenant), table, row: String(row.id), column }
        sealer.open(place, row.sealed as Parameters<typeof sealer.open>[1])
      } catch {
        throw bad('the master key of this folder does not open it: put back the master.key of that time')
      }
}

function replace(fresh: string, { folder, now }: Restoring): Restored {
  const path = join(folder, 'redress.db')
  const kept = join(folder, `redress.db.before-${stamp(now)}`)
  const there = existsSync(path)
  if (there) {
    // Nothing of the old one may be left beside the new one: its log would be taken for the new one's.
    const whole = logFree(path)
    for (const end of ['-wal', '-shm']) {
      if (whole) rmSync(path + end, { force: true })
      else if (existsSync(path + end)) renameSync(path + end, kept + end)
    }
    linkSync(path, kept)
  }
  failpoint('upkeep.restore-kept')
  renameSync(fresh, path)
  settle(folder)
  return there ? { kept } : {}
}

/** @returns whether all of it is in the one file now. */
function logFree(path: string): boolean {
  try {
    const db = openFile(path)
    try {
      db.exec('pragma wal_checkpoint(truncate)')
    } finally {
      db.close()
    }
  } catch {
    // Damaged: then it is kept as it lies.
  }
  return !existsSync(`${path}-wal`) || statSync(`${path}-wal`).size === 0
}

const rows = (db: SqliteFile, sql: string) => db.prepare(sql).all() as Record<string, unknown>[]
