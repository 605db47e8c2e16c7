import { failpoint } from '../core/failpoint.ts'
import { instant } from '../core/words.ts'
import { rewrapKeys } from './data-keys.ts'
import { adoptNextMasterKey, nextMasterKey } from './master-key.ts'
import type { Database } from './open.ts'

export interface Rotated {
  /** Keys that are wrapped by the new one now. */
  readonly keys: number
  /** Where the old one lies; absent = the master key is given from outside, and so was the new one. */
  readonly old?: string
}

/**
 * Another master key: the data keys are wrapped by it in one transaction, what they seal is left as it is.
 * May be cut off anywhere: the next start, or the next call, ends what was begun. Nobody else may hold the folder.
 * @param given where the master key is no file of the data folder: the new one
 */
export async function rotateMaster(database: Database, folder: string, given?: Buffer): Promise<Rotated> {
  const { reads } = database
  const next = given ?? nextMasterKey(folder)
  failpoint('upkeep.master-named')
  const keys = await database.transaction((tx) => rewrapKeys(tx, reads.sealer.keys, next))
  failpoint('upkeep.master-rewrapped')
  return given ? { keys } : { keys, old: adoptNextMasterKey(folder, instant(reads.clock.now())) }
}
