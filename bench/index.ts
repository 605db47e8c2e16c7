import { card } from './card.ts'
import { calibrate } from './measure.ts'
import { memory } from './memory.ts'

const benches: Readonly<Record<string, (options: { readonly quick: boolean }) => Promise<void>>> = { card, memory }

const wanted = process.argv.slice(2)
const quick = wanted.includes('--quick')
const names = wanted.filter((word) => !word.startsWith('--'))
const unknown = names.find((name) => !benches[name])
if (wanted.includes('--help') || unknown) {
  if (unknown) console.error(`no bench "${unknown}"`)
  console.log(`npm run bench -- [${Object.keys(benches).join('|')}] [--quick]`)
  process.exit(unknown ? 2 : 0)
}
await calibrate()
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  console.log(`\n## ${name}`)
  await benches[name]?.({ quick })
}
