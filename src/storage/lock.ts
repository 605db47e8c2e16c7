import { join } from 'node:path'
import type { SqliteFile } from './dialect.ts'
import { openFile } from './open.ts'

/** A handle that nobody holds on to is closed by the garbage collector, and its lock goes with it. */
const held = new Set<SqliteFile>()

/** Held as long as the process lives, or until let go. */
export interface DataLock {
  release(): void
}

/**
 * SQLite serves exactly one process. The lock is an open transaction on `redress.lock`: the system frees it when the process dies, however it dies,
 * and no process number has to be believed.
 * @throws Error when another process holds the folder.
 */
export function lockFolder(folder: string): DataLock {
  const path = join(folder, 'redress.lock')
  const file = openFile(path)
  try {
    file.exec('begin exclusive')
  } catch (error) {
    file.close()
    if (busy(error))
      throw new Error(`another redress process uses ${folder}. Stop it first: one process serves a data folder.`, {
        cause: error,
      })
    throw error
  }
  held.add(file)
  return {
    release() {
      held.delete(file)
      file.close()
    },
  }
}

const busy = (error: unknown) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
