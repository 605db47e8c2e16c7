import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** The names of all failpoints, as they stand in the source. */
export function failpoints(): readonly string[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const names = files.flatMap((file) =>
    [...readFileSync(src + file, 'utf8').matchAll(/\bfailpoint\('([^']+)'\)/g)].flatMap(([, name]) => name ?? []),
  )
  return [...new Set(names)].sort()
}
