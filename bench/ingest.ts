import type { Closed } from './ingest/client.ts'
import { compile, hire } from './ingest/crew.ts'
import { type Crew, connections, median, type Paired, paired, ratio, slice } from './ingest/rounds.ts'
import type { Given, Kind, Ready } from './ingest/server.ts'
import type { Bench, Gate } from './measure.ts'
import { freshAlipay, freshPay, mini, type Source } from './source.ts'

type Which = Closed['which']

/** The order changes from round to round, so that no server always follows the same one. `again` replays what `held` was just given. */
const plans: readonly (readonly (readonly [Kind, Which])[])[] = [
  [
    ['held', 'fresh'],
    ['held', 'again'],
    ['crypto', 'any'],
    ['express', 'fresh'],
  ],
  [
    ['express', 'fresh'],
    ['crypto', 'any'],
    ['held', 'fresh'],
    ['held', 'again'],
  ],
]

interface Row {
  readonly name: string
  readonly kind: Kind
  readonly which: Which
}

const rows: readonly Row[] = [
  { name: 'node:http + verify', kind: 'crypto', which: 'any' },
  { name: 'Redress, callback + job', kind: 'held', which: 'fresh' },
  { name: 'Redress, all replayed', kind: 'held', which: 'again' },
  { name: 'Express + verify + insert', kind: 'express', which: 'fresh' },
]

/** Signed pushes written down durably and answered: how many in a second, beside what one would write first, and beside verifying alone. */
export const ingest: Bench = ({ quick }) => takenIn(mini, { quick, goal: 10 })

/** The same with the callbacks of WeChat Pay: RSA instead of SHA-1, for both sides of each ratio. */
export const payIngest: Bench = ({ quick }) => takenIn(freshPay(), { quick, goal: 6 })

/** And with the messages of Alipay: forms, signed with RSA, in GBK. */
export const alipayIngest: Bench = ({ quick }) => takenIn(freshAlipay(), { quick, goal: 6.5 })

interface How {
  readonly quick: boolean
  /** Over the baseline. */
  readonly goal: number
}

async function takenIn(source: Source, { quick, goal }: How) {
  const [rounds, ms] = quick ? [2, 150] : [16, 1_000]
  const crew = await hireAll(['raw', 'crypto', 'held', 'express'], { source })
  try {
    for (const kind of ['raw', 'crypto', 'held', 'express'] as const)
      await slice(crew, kind, { ms: quick ? 100 : 2_000, which: 'fresh' })
    const found: Found[] = []
    // Where the machine is not calm enough for ten whole rounds, some more; then it is said how many there were.
    const whole = () => found.filter((each) => each.size === plans[0]?.length).length
    while (found.length < rounds || (!quick && whole() < 10 && found.length < 2 * rounds))
      found.push(await oneRound(crew, { ms, anyhow: quick }, plans[found.length % 2] ?? []))
    return judged(found, goal)
  } finally {
    await dismissAll(crew)
  }
}

/** What one round found, by `kind which`. */
type Found = ReadonlyMap<string, Paired>

async function oneRound(
  crew: Crew,
  how: Parameters<typeof paired>[1],
  plan: readonly (readonly [Kind, Which])[],
): Promise<Found> {
  const slices = await paired(crew, how, plan)
  return new Map(
    plan.flatMap(([kind, which], n) => {
      const found = slices[n]
      return found ? [[`${kind} ${which}`, found]] : []
    }),
  )
}

function judged(found: readonly Found[], goal: number) {
  const of = (key: string) => found.flatMap((round) => round.get(key) ?? [])
  const over = (a: string, b: string) =>
    found.flatMap((round) => {
      const [above, below] = [round.get(a), round.get(b)]
      return above && below ? [above.ofRaw / below.ofRaw] : []
    })
  console.log(
    `${connections} connections, each with its next push as soon as it has its answer; medians of ${found.length} rounds`,
  )
  const raw = median(found.flatMap((round) => [...round.values()].map((each) => each.raw)))
  console.log(`${'node:http, reads and answers'.padEnd(30)} · ${raw.toFixed(0)}/s: raw`)
  for (const { name, kind, which } of rows) {
    const slices = of(`${kind} ${which}`)
    if (slices.length === 0) continue
    const at = (pick: (slice: Paired) => number, digits = 0) => median(slices.map(pick)).toFixed(digits)
    console.log(
      [
        name.padEnd(30),
        `÷ raw ${ratio(slices.map((each) => each.ofRaw))}`,
        `${at((each) => each.perSecond)}/s`,
        `p50 ${at((each) => each.p50, 1)} p99 ${at((each) => each.p99, 1)} ms`,
        `${at((each) => each.cpu)} µs of processor each`,
      ].join(' · '),
    )
  }
  const gates: readonly Gate[] = [
    { name: 'ingest ÷ Express baseline', samples: over('held fresh', 'express fresh'), least: 2.5, goal },
    { name: 'ingest ÷ verify only', samples: over('held fresh', 'crypto any'), least: 0.45, goal: 0.75 },
    { name: 'all replayed ÷ all new', samples: over('held again', 'held fresh'), least: 1, goal: 1.3 },
  ]
  return {
    gates,
    figures: { raw: Math.round(raw), perSecond: Math.round(median(of('held fresh').map((each) => each.perSecond))) },
  }
}

export async function hireAll(kinds: readonly Kind[], more: Pick<Given, 'source' | 'synchronous'> = {}): Promise<Crew> {
  const { source = mini } = more
  const folder = compile()
  const client = hire(folder, { name: 'client', given: { source } })
  const servers = kinds.map((kind) => [kind, hire(folder, { name: 'server', given: { kind, ...more } })] as const)
  const ready = await Promise.all(
    servers.map(async ([kind, server]) => [kind, await server.ask<Ready>('ready')] as const),
  )
  return { source, client, servers: Object.fromEntries(servers), ready: Object.fromEntries(ready) } as Crew
}

export async function dismissAll({ client, servers }: Crew): Promise<void> {
  await Promise.all([client, ...Object.values(servers)].map((each) => each.dismiss()))
}
