import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keyFile, readKey } from '../core/key-file.ts'
import { SetUpError } from '../core/set-up.ts'

export const masterKeyName = 'master.key'

/**
 * The key that seals everything secret: read from the data folder, made there when the database is new.
 * @param used the database holds values that only the old key opens
 * @throws SetUpError
 */
export function masterKey(folder: string, used: boolean): Buffer {
  const path = join(folder, masterKeyName)
  if (used && readKey(path) === undefined)
    throw new SetUpError(
      `${path} is missing, and the database was sealed with it: restore it from your backup, or set REDRESS_MASTER_KEY`,
    )
  const key = Buffer.from(keyFile(path, () => randomBytes(32).toString('base64')).text, 'base64')
  if (key.length === 32) return key
  throw new SetUpError(`${path} is damaged: it must hold 32 bytes as base64; restore it from your backup`)
}
