import { join } from 'node:path'
import { openFile } from './open.ts'

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
      throw new Error(
        `another redress process uses ${folder}. Stop it first; SQLite serves one process, PostgreSQL (DATABASE_URL) any number.`,
        { cause: error },
      )
    throw error
  }
  return { release: () => void file.close() }
}

const busy = (error: unknown) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
