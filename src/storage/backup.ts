import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { failpoint } from '../core/failpoint.ts'
import { type Instant, instant } from '../core/words.ts'
import type { Database } from './open.ts'

export interface Backup {
  /** Where it lies, on the service's machine. */
  readonly file: string
  readonly bytes: number
  readonly at: Instant
}

export interface Backups {
  /**
   * The database as it is now, while it is being used.
   * @param keep how many of them stay, this one included; absent = all
   */
  make(keep?: number): Promise<Backup>
}

const named = /^redress-\d{4}-\d{2}-\d{2}T\d{9}Z\.db$/

/** Of SQLite alone: absent where the database has tools of its own. They lie in `backups/` of the data folder, for its owner only. */
export function createBackups(database: Database, folder: string): Backups | undefined {
  const { copyTo } = database
  if (!copyTo) return undefined
  const place = join(folder, 'backups')
  let last = Promise.resolve()
  async function make(keep: number | undefined): Promise<Backup> {
    mkdirSync(place, { recursive: true, mode: 0o700 })
    const at = instant(database.reads.clock.now())
    const file = join(place, `redress-${stamp(at)}.db`)
    const partial = `${file}.partial`
    try {
      // Made before anything is in it, so that it is never anybody else's to read.
      closeSync(openSync(partial, 'wx', 0o600))
      await copyTo?.(partial)
      settle(partial)
      failpoint('upkeep.backup-copied')
      renameSync(partial, file)
      settle(place)
    } catch (error) {
      rmSync(partial, { force: true })
      throw error
    }
    dropOld(place, keep)
    return { file, bytes: statSync(file).size, at }
  }
  return {
    make(keep) {
      // One after another: two at once would only slow each other down.
      const mine = last.then(() => make(keep))
      last = mine.then(
        () => {},
        () => {},
      )
      return mine
    },
  }
}

/** An instant as a part of a file's name: sorts as time. */
export const stamp = (at: Instant): string => at.replace(/[:.]/g, '')

function dropOld(place: string, keep: number | undefined): void {
  const there = readdirSync(place)
  const whole = there.filter((name) => named.test(name)).sort()
  const old = keep === undefined ? [] : whole.slice(0, Math.max(0, whole.length - keep))
  // What was cut off is of use to nobody; the one that is being made was renamed before.
  const cut = there.filter((name) => name.startsWith('redress-') && /\.partial(-journal|-wal|-shm)?$/.test(name))
  for (const name of [...old, ...cut]) rmSync(join(place, name), { force: true })
}

/** When the newest whole one was made; undefined where there is none. */
export async function newestBackup(folder: string): Promise<Instant | undefined> {
  const there = await readdir(join(folder, 'backups')).catch(() => [])
  const newest = there
    .filter((name) => named.test(name))
    .sort()
    .at(-1)
  const [, date = '', hour = '', minute = '', second = '', rest = ''] =
    /^redress-(.{10})T(..)(..)(..)(...)Z/.exec(newest ?? '') ?? []
  return newest === undefined ? undefined : (`${date}T${hour}:${minute}:${second}.${rest}Z` as Instant)
}

/** On the disk, whatever happens to the machine. */
export function settle(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
