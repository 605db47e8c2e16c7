// The process of integrity.ts. JavaScript, because it starts from a file as it lies there, compiled or not.
import { argv, stdout } from 'node:process'
import Sqlite from 'better-sqlite3'

/**
 * @param {string} path
 * @returns {readonly string[]}
 */
function faults(path) {
  try {
    const file = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 2000 })
    const rows = /** @type {{ quick_check: string }[]} */ (file.pragma('quick_check(5)'))
    file.close()
    return rows.map((row) => row.quick_check).filter((line) => line !== 'ok')
  } catch (error) {
    // So damaged that it cannot even be looked at: that is the finding.
    return [error instanceof Error ? error.message : String(error)]
  }
}

stdout.write(JSON.stringify(faults(argv[2] ?? '')))
