// The thread of batch-writer.ts. JavaScript, because a thread starts from a file as it lies there, compiled or not.
import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

/** @typedef {import('./batch-writer.ts').Batch} Batch */
/** @typedef {import('better-sqlite3').Statement<unknown[]>} Statement */

/** @type {Sqlite.Database | undefined} */
let opened
/** @type {Map<string, Statement>} */
const prepared = new Map()

function open() {
  if (opened) return opened
  const file = new Sqlite(workerData.path, { timeout: workerData.timeout })
  for (const pragma of workerData.pragmas) file.exec(`pragma ${pragma}`)
  opened = file
  return file
}

/** @param {Batch} batch */
function write({ first, follow, rows }) {
  const file = open()
  const statement = (/** @type {string} */ sql) => {
    const made = prepared.get(sql) ?? /** @type {Statement} */ (file.prepare(sql))
    prepared.set(sql, made)
    return made
  }
  file.exec('begin immediate')
  try {
    const changes = rows.map((row) => {
      const { changes } = statement(first).run(...row.first)
      if (changes > 0 && row.follow) statement(follow).run(...row.follow)
      return changes
    })
    file.exec('commit')
    return changes
  } catch (error) {
    // A full disk has rolled back by itself.
    if (file.inTransaction) file.exec('rollback')
    throw error
  }
}

parentPort?.on('message', (/** @type {string} */ asked) => {
  if (asked === 'close') {
    opened?.close()
    return parentPort?.close()
  }
  try {
    parentPort?.postMessage({ changes: write(JSON.parse(asked)) })
  } catch (error) {
    // An SqliteError arrives empty.
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) })
  }
})
