import type { z } from 'zod'
import { type Env, fromEnv } from './env.ts'
import { type Fault, fromFiles, isGroup, type Source } from './files.ts'
import { nearest } from './nearest.ts'
import { nothing, shape } from './shape.ts'

export type { Fault } from './files.ts'

export interface Config extends z.output<typeof shape> {}

export type Read = { readonly config: Config; readonly faults?: undefined } | { readonly faults: readonly Fault[] }

/** YAML texts, later ones first in rank, then the environment: one typed Config, or everything that is wrong with them. */
export function readConfig(given: { readonly files: readonly Source[]; readonly env: Env }): Read {
  const files = fromFiles(given.files)
  const env = fromEnv(given.env)
  const secrets = [...files.values.keys()].filter((path) => Object.hasOwn(keysByEnvironment, path))
  const values = new Map([...files.values, ...env.values])
  const origin = (path: string) => env.origin.get(path) ?? files.origin.get(path) ?? path
  const parsed = shape.safeParse(tree(values))
  const wrong = parsed.success ? [] : parsed.error.issues.flatMap((issue) => faultsOf(issue, origin))
  const faults = [
    ...files.faults,
    ...env.faults,
    ...secrets.map((path) => ({
      field: origin(path),
      fix: `a key has no place in a file: give it as ${keysByEnvironment[path]}`,
    })),
    ...wrong,
  ]
  return parsed.success && faults.length === 0 ? { config: parsed.data } : { faults }
}

const keysByEnvironment: Readonly<Record<string, string>> = {
  masterKey: 'REDRESS_MASTER_KEY',
  metricsKey: 'REDRESS_METRICS_KEY',
}

/** `listen.port` → 80 becomes `{ listen: { port: 80 } }`. */
function tree(values: ReadonlyMap<string, unknown>): unknown {
  const root = bare(nothing())
  for (const [path, value] of values) put(root, path.split('.'), value)
  return root
}

function put(at: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    if (value !== undefined || !(name in at)) at[name] = value
    return
  }
  const next = at[name] ?? bare({})
  // A plain value where a group is expected stays: the shape names it.
  if (!isGroup(next)) return
  at[name] = next
  put(next, rest, value)
}

/** Without a prototype: a setting called `constructor` is unknown like any other. */
const bare = (group: object): Record<string, unknown> => Object.assign(Object.create(null), group)

type Issue = z.core.$ZodIssue

function faultsOf(issue: Issue, origin: (path: string) => string): readonly Fault[] {
  const path = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys')
    return [{ field: path === '' ? 'settings' : origin(path), fix: issue.message }]
  const known = namesAt(issue.path)
  return issue.keys.map((key) => {
    const near = nearest(key, known)
    const field = origin([...issue.path, key].join('.'))
    return {
      field,
      fix: `there is no such setting; ${near ? `did you mean ${near}?` : `here stand ${known.join(', ')}`}`,
    }
  })
}

function namesAt(path: Issue['path']): readonly string[] {
  let at: unknown = shape
  for (const name of path) at = isGroup(at) && isGroup(at.shape) ? at.shape[String(name)] : undefined
  return isGroup(at) && isGroup(at.shape) ? Object.keys(at.shape) : []
}
