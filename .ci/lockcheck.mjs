// Every optional dependency that the lock names must itself be locked: `npm ci` refuses a lock that lacks one,
// and a lock written on one platform easily does.
import { readFileSync } from 'node:fs'

const { packages } = JSON.parse(readFileSync(process.argv[2] ?? 'package-lock.json', 'utf8'))

/** The package itself and those around it, out to the root: where Node looks for what it needs. */
function places(path) {
  const found = ['']
  for (let end = path.length; end > 0; end = path.lastIndexOf('/node_modules/', end - 1))
    found.push(`${path.slice(0, end)}/`)
  return found
}

const isLocked = (path, name) => places(path).some((place) => packages[`${place}node_modules/${name}`]?.version)

const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
  Object.entries(optionalDependencies ?? {})
    .filter(([name]) => !isLocked(path, name))
    .map(([name, range]) => `${path || 'package.json'} wants ${name}@${range}: not locked`),
)
for (const line of missing) console.error(line)
if (missing.length > 0) process.exit(1)
console.log(`lock: complete, ${Object.keys(packages).length} packages`)
