// The compiler finds it nowhere else, and has to bring it along.
/// <reference path="./integrity.process.mjs" />
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Looked {
  /** What SQLite says is wrong, at most five lines; empty: nothing was found. */
  readonly faults: readonly string[]
  /** All of it was looked at. */
  readonly whole: boolean
}

const program = fileURLToPath(new URL('./integrity.process.mjs', import.meta.url))

/**
 * Looks a SQLite file through for damage, by a process of its own: for gigabytes that takes minutes, and a thread inside SQLite cannot be cut off.
 * @param ms after so long it is given up: `whole` is false then
 */
export function lookThrough(file: string, ms: number): Promise<Looked> {
  return new Promise((resolve, reject) => {
    // Without our environment: the master key may stand in it.
    const how = { timeout: ms, killSignal: 'SIGKILL', env: {} } as const
    execFile(process.execPath, [program, file], how, (error, said) => {
      if (error?.killed) return resolve({ faults: [], whole: false })
      if (error) return reject(error)
      resolve({ faults: JSON.parse(said) as readonly string[], whole: true })
    })
  })
}
