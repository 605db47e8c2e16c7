import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Read, readConfig } from './config.ts'
import type { Env } from './env.ts'
import type { Source } from './files.ts'

export interface Wanted {
  /** A file that must be there; else REDRESS_CONFIG, else ./redress.yaml if there is one. */
  readonly file?: string | undefined
  /** One of ours that stands below it: `demo`. */
  readonly base?: 'default' | 'demo'
  readonly env?: Env
}

/** The environment as it is: nothing else reads it. */
export const environment = (): Env => process.env

/** The edge: finds the files, reads them, and leaves the rest to `readConfig`. */
export function loadConfig(wanted: Wanted = {}): Read {
  const env = wanted.env ?? environment()
  const named = wanted.file ?? (env.REDRESS_CONFIG || undefined)
  const path = named ?? (existsSync('redress.yaml') ? 'redress.yaml' : undefined)
  const files: Source[] = wanted.base ? [shipped(wanted.base)] : []
  if (path !== undefined) {
    const file = open(path)
    if (typeof file === 'string') return { faults: [{ field: path, fix: file }] }
    files.push(file)
  }
  return readConfig({ files, env })
}

/** One of the YAML files that come with the program: beside this one, or, when this one is compiled, at the package's root. */
export function shipped(name: 'default' | 'demo' | 'production.example'): Source {
  const places = ['./', '../../config/'].map((folder) =>
    fileURLToPath(new URL(`${folder}${name}.yaml`, import.meta.url)),
  )
  const place = places.find((each) => existsSync(each))
  return { name: `${name}.yaml`, text: place === undefined ? '' : readFileSync(place, 'utf8') }
}

function open(path: string): Source | string {
  try {
    return { name: basename(path), text: readFileSync(path, 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
  }
}
