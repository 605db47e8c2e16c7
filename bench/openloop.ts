import type { Told } from './ingest/client.ts'
import { type Crew, median, ratio } from './ingest/rounds.ts'
import type { Kind } from './ingest/server.ts'
import { dismissAll, hireAll } from './ingest.ts'
import type { Bench } from './measure.ts'

const rate = 300
const kinds = ['held', 'express'] as const

/** Pushes that come when they come, 300 in a second on average: how long each waits for its answer, from when it was due. */
export const openloop: Bench = async ({ quick }) => {
  const [rounds, ms] = quick ? [1, 500] : [10, 5_000]
  const crew = await hireAll(kinds)
  try {
    for (const kind of kinds) await arrive(crew, kind, quick ? 200 : 3_000)
    const found: Record<Kind, Told>[] = []
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? kinds : [...kinds].reverse()
      const told: Partial<Record<Kind, Told>> = {}
      for (const kind of order) told[kind] = await arrive(crew, kind, ms)
      found.push(told as Record<Kind, Told>)
    }
    const at = (kind: Kind, pick: (told: Told) => number) => median(found.map((each) => pick(each[kind]))).toFixed(1)
    console.log(`${rate}/s at random distances; medians of ${rounds} rounds of ${ms / 1000} s`)
    for (const kind of kinds)
      console.log(
        `${kind === 'held' ? 'Redress         ' : 'Express baseline'} p50 ${at(kind, (t) => t.p50)} · p90 ${at(kind, (t) => t.p90)} · p99 ${at(kind, (t) => t.p99)} · p99.9 ${at(kind, (t) => t.p999)} ms`,
      )
    const p99 = found.map((each) => each.held.p99)
    console.log(`p99 of Redress in each round: ${ratio(p99)} ms`)
    return {
      gates: [
        {
          name: 'p99 at 300/s ÷ Express baseline',
          samples: found.map((each) => each.held.p99 / each.express.p99),
          most: 1,
          goal: 0.5,
        },
        { name: 'p99 at 300/s, ms', samples: p99, most: 250, goal: 25 },
      ],
    }
  } finally {
    await dismissAll(crew)
  }
}

async function arrive({ client, ready }: Crew, kind: Kind, ms: number): Promise<Told> {
  const { port, account } = ready[kind]
  await client.ask('make', { account, count: Math.ceil((rate * ms * 1.5) / 1000) + 50 })
  const told = await client.ask<Told>('open', { port, rate, ms })
  if (told.refused > 0) throw new Error(`${kind}: ${told.refused} were refused`)
  return told
}
