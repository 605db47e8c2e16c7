import { api } from './api.ts'
import { card } from './card.ts'
import { chats } from './chats.ts'
import { fanout } from './fanout.ts'
import { fsync } from './fsync.ts'
import { median, ratio } from './ingest/rounds.ts'
import { alipayIngest, ingest, payIngest } from './ingest.ts'
import { type Bench, calibrate, type Gate } from './measure.ts'
import { memory } from './memory.ts'
import { month } from './month.ts'
import { openloop } from './openloop.ts'
import { payList } from './pay-list.ts'
import { polling } from './polling.ts'
import { press } from './press.ts'
import { start } from './start.ts'

const benches: Readonly<Record<string, Bench>> = {
  ingest,
  'pay-ingest': payIngest,
  'alipay-ingest': alipayIngest,
  'pay-list': payList,
  polling,
  openloop,
  press,
  chats,
  card,
  fanout,
  fsync,
  memory,
  start,
  api,
  month,
}
/** Take from a quarter of an hour to most of one: only by their names. */
const long = ['api', 'month']

const wanted = process.argv.slice(2)
const quick = wanted.includes('--quick')
const gated = wanted.includes('--gate')
const names = wanted.filter((word) => !word.startsWith('--'))
const unknown = names.find((name) => !benches[name])
if (wanted.includes('--help') || unknown) {
  if (unknown) console.error(`no bench "${unknown}"`)
  console.log(`npm run bench -- [${Object.keys(benches).join('|')}] [--quick] [--gate]`)
  console.log('--quick: short, for exit and shape only. --gate: fails when a gate is not kept.')
  console.log(`Without a name: all but ${long.join(', ')}.`)
  process.exit(unknown ? 2 : 0)
}
const machine = calibrate()
for (const name of names.length > 0 ? names : Object.keys(benches).filter((each) => !long.includes(each))) {
  console.log(`\n## ${name}`)
  const found = await benches[name]?.({ quick })
  if (!found) continue
  for (const gate of found.gates) judge(gate)
  const gates = Object.fromEntries(found.gates.map((gate) => [gate.name, Number(median(gate.samples).toPrecision(3))]))
  console.log(JSON.stringify({ bench: name, quick, machine, gates, ...found.figures }))
}

function judge({ name, samples, least, most, goal }: Gate): void {
  const value = median(samples)
  const kept = value >= (least ?? Number.NEGATIVE_INFINITY) && value <= (most ?? Number.POSITIVE_INFINITY)
  const reached = most === undefined ? value >= goal : value <= goal
  const bound = most === undefined ? `at least ${least}` : `at most ${most}`
  console.log(
    `${name}: ${ratio(samples)} · gate ${bound}: ${kept ? 'kept' : 'NOT KEPT'} · goal ${goal}: ${reached ? 'reached' : 'not reached'}`,
  )
  if (gated && !kept) process.exitCode = 1
}
