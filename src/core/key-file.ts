import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'

export interface KeyFile {
  readonly path: string
  readonly text: string
  /** It was not there before. */
  readonly made: boolean
}

/** A secret of one line in a file that only its owner reads; made when it is missing, whole or not at all. */
export function keyFile(path: string, make: () => string): KeyFile {
  const there = readKey(path)
  if (there !== undefined) return { path, text: there, made: false }
  const fresh = `${path}.${process.pid}.new`
  write(fresh, make())
  try {
    // Unlike a rename, a link never replaces what another process made meanwhile.
    linkSync(fresh, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    unlinkSync(fresh)
  }
  return { path, text: readKey(path) ?? '', made: true }
}

export function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function write(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600)
  try {
    writeSync(file, `${text}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
