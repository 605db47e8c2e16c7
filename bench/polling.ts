import { setTimeout as sleep } from 'node:timers/promises'
import type { PlayedGateway } from './ingest/alipay.ts'
import { compile, hire, type Worker } from './ingest/crew.ts'
import type { Ages, PollerGiven, Used } from './ingest/poller.ts'
import { type Bench, percentile, spread } from './measure.ts'
import { freshAlipay } from './source.ts'

interface Size {
  readonly merchants: number
  /** All times of the world are this many times shorter than in life; our own work is not. */
  readonly faster: number
  /** Calls in a second of life. */
  readonly most: number
}

const [second, minute] = [1_000, 60_000]
const life = { active: 3 * minute, idle: 15 * minute, patience: 15 * second, latency: 50 }
/** Of so many merchants one has had a complaint lately. */
const activeOf = 50

/** Every merchant under one account asked in its time, though one of a hundred hangs, one has taken its word back, and the platform says "too much". */
export const polling: Bench = async ({ quick }) => {
  const size: Size = quick ? { merchants: 400, faster: 150, most: 8 } : { merchants: 20_000, faster: 3, most: 90 }
  const { merchants, faster } = size
  const every = { active: life.active / faster, idle: life.idle / faster }
  const folder = compile()
  const source = freshAlipay()
  if (source.platform !== 'alipay') throw new Error('no keys')
  const played: PlayedGateway = {
    keys: source.keys,
    latency: life.latency / faster,
    most: size.most,
    window: second / faster,
  }
  const outside = hire(folder, { name: 'alipay', given: played })
  const workers: Worker[] = [outside]
  try {
    const gateway = await outside.ask<string>('url')
    const patience = life.patience / faster
    const pace = { least: 20 / faster, most: 2_000 / faster, pause: 500 / faster }
    const wish: PollerGiven = { source, gateway, merchants, activeOf, every, patience, pace }
    const poller = hire(folder, { name: 'poller', given: wish })
    workers.push(poller)
    await poller.ask('begin')
    console.log(`${merchants} merchants, ${faster} times faster than life`)
    return await measured({ poller, outside, every, faster })
  } finally {
    await Promise.all(workers.map((each) => each.dismiss()))
  }
}

interface Measured {
  readonly poller: Worker
  readonly outside: Worker
  readonly every: { readonly active: number; readonly idle: number }
  readonly faster: number
}

/** What the gateway counted. */
interface Counts {
  readonly calls: number
  readonly limited: number
  readonly silent: number
}

async function measured({ poller, outside, every, faster }: Measured) {
  // Who hangs and who has taken their word back is known by then.
  await sleep(every.idle / 2)
  const [counted, before] = [await outside.ask<Counts>('counts'), await poller.ask<Used>('used')]
  const ages: Ages[] = []
  const began = performance.now()
  while (performance.now() - began < every.idle * 1.2) {
    ages.push(await poller.ask<Ages>('ages'))
    await sleep(every.idle / 120)
  }
  const cycles = (performance.now() - began) / every.idle
  const [now, after] = [await outside.ask<Counts>('counts'), await poller.ask<Used>('used')]
  const calls = now.calls - counted.calls
  const cpu = (after.cpu - before.cpu) / calls
  const perCycle = calls / cycles
  const shares = (which: 'active' | 'idle') => ages.map((age) => age[which] / every[which])
  for (const which of ['active', 'idle'] as const)
    console.log(`oldest poll, ${which}, of a target of ${every[which]} ms: ${spread(ages.map((age) => age[which]))}`)
  console.log(
    `${perCycle.toFixed(0)} calls in a cycle (${now.limited - counted.limited} refused as too many, ${now.silent - counted.silent} without an answer) · ${cpu.toFixed(0)} µs of our processor each`,
  )
  console.log(
    `${(after.rss / 2 ** 20).toFixed(0)} MB resident, ${(after.heap / 2 ** 20).toFixed(0)} MB of heap; ${await poller.ask<number>('withoutWord')} have taken their word back`,
  )
  const p99 = (which: 'active' | 'idle') =>
    percentile(
      shares(which).sort((a, b) => a - b),
      0.99,
    )
  return {
    gates: [
      { name: 'oldest poll of the idle, p99 ÷ its target', samples: [p99('idle')], most: 1.25, goal: 1.1 },
      { name: 'oldest poll of the active, p99 ÷ its target', samples: [p99('active')], most: 1.5, goal: 1.25 },
    ],
    figures: {
      perCycle: Math.round(perCycle),
      cpu: Math.round(cpu),
      megabytes: Math.round(after.rss / 2 ** 20),
      faster,
    },
  }
}
