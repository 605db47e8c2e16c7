import { randomBytes } from 'node:crypto'
import { linkSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { failpoint } from '../core/failpoint.ts'
import { keyFile, readKey } from '../core/key-file.ts'
import { SetUpError } from '../core/set-up.ts'
import type { Instant } from '../core/words.ts'

export const masterKeyName = 'master.key'
/** The one that a change is about to bring in; there for moments only, unless it was cut off. */
const nextName = 'master.key.next'

export interface MasterKeys {
  readonly key: Buffer
  /** A change to it was begun. */
  readonly next?: Buffer
}

/**
 * The key that seals everything secret: read from the data folder, made there when the database is new.
 * @param used the database holds values that only the old key opens
 * @throws SetUpError
 */
export function masterKey(folder: string, used: boolean): MasterKeys {
  const path = join(folder, masterKeyName)
  if (used && readKey(path) === undefined)
    throw new SetUpError(
      `${path} is missing, and the database was sealed with it: restore it from your backup, or set REDRESS_MASTER_KEY`,
    )
  const key = bytesOf(keyFile(path, () => randomBytes(32).toString('base64')).text, path)
  const next = readKey(join(folder, nextName))
  return { key, ...(next === undefined ? {} : { next: bytesOf(next, join(folder, nextName)) }) }
}

/** Written down before anything is wrapped by it; the same one where an earlier change was cut off. */
export const nextMasterKey = (folder: string, given?: Buffer): Buffer => {
  const path = join(folder, nextName)
  return bytesOf(keyFile(path, () => (given ?? randomBytes(32)).toString('base64')).text, path)
}

/** The next one takes its place; the old one stays beside it, because older backups need it. @returns the old one's path */
export function adoptNextMasterKey(folder: string, now: Instant): string {
  const [path, next] = [join(folder, masterKeyName), join(folder, nextName)]
  const old = `${path}.until-${now.replace(/[:.]/g, '')}`
  linkSync(path, old)
  failpoint('upkeep.master-linked')
  renameSync(next, path)
  return old
}

export function bytesOf(text: string, path: string): Buffer {
  const key = Buffer.from(text, 'base64')
  if (key.length === 32) return key
  throw new SetUpError(`${path} is damaged: it must hold 32 bytes as base64; restore it from your backup`)
}
