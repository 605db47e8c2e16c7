import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Ended, exits } from '../../src/cli/exit.ts'
import type { Asks, Installation, Io } from '../../src/cli/io.ts'
import { run } from '../../src/cli/run.ts'

export interface Outcome {
  readonly exit: number
  readonly out: string
  readonly err: string
}

export interface Given {
  readonly url?: string
  readonly key?: string
  readonly stdin?: string
  readonly files?: Readonly<Record<string, string>>
  /** In place of `files`, whose texts it reads as base64. */
  readonly bytes?: Io['bytes']
  readonly installation?: Partial<Installation>
  /** Somebody sits at the terminal. */
  readonly asks?: Asks
}

/** One command, in this process, with everything that it touches handed in. */
export async function redress(given: Given, ...words: string[]): Promise<Outcome> {
  const said = { out: '', err: '' }
  const exit = await run(
    {
      out(text) {
        said.out += text
      },
      err(text) {
        said.err += text
      },
      stdin: async () => given.stdin ?? '',
      bytes: given.bytes ?? (async (path) => Buffer.from(given.files?.[path] ?? '', 'base64')),
      async file(path) {
        const text = given.files?.[path]
        if (text === undefined) throw new Error('ENOENT')
        return text
      },
      ...(given.asks ? { asks: () => given.asks } : {}),
      installation: () => ({ ...nowhere, ...serviceAt(given), ...given.installation }),
    },
    '1.2.3',
    words,
  )
  return { exit, ...said }
}

const unasked = () => Promise.reject(new Error('not asked for'))
const nowhere: Installation = {
  language: 'en',
  service() {
    throw new Ended(exits.config, 'there is no admin key:', [{ field: 'REDRESS_KEY', fix: 'set it' }])
  },
  start: unasked,
  migrate: unasked,
  examine: unasked,
  restore: unasked,
  rotateMaster: unasked,
  reseal: unasked,
  demo: unasked,
}

const serviceAt = ({ url, key }: Given): Partial<Installation> =>
  url === undefined ? {} : { service: () => ({ url, key: key ?? '' }) }

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'redress-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
