import { existsSync, readFileSync } from 'node:fs'

// From the source as from dist/, which lies one folder deeper.
const places = ['../../package.json', '../../../package.json'].map((path) => new URL(path, import.meta.url))

/** Of this program, from its package. */
export function version(): string {
  const place = places.find((each) => existsSync(each))
  const found: unknown = place && JSON.parse(readFileSync(place, 'utf8'))
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : '0.0.0'
}
