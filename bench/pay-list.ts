import { compile, hire, type Worker } from './ingest/crew.ts'
import type { Listing, Round } from './ingest/lister.ts'
import { median, ratio } from './ingest/rounds.ts'
import type { Bench } from './measure.ts'
import { freshPay } from './source.ts'

/** docs/platforms/wechat-pay.md#limits: 200 calls a minute, 50 complaints in a call. */
const allowed = (200 * 50) / 60
/** Of all complaints so many are new to us, and of so many we know a state that they have left. */
const [unknown, behind] = [30, 20]

/** The nightly look at a month's list where next to all is known: how many complaints in a second, beside how many may be listed. */
export const payList: Bench = async ({ quick }) => {
  const [count, rounds] = quick ? [500, 2] : [10_000, 10]
  const folder = compile()
  const source = freshPay()
  const outside = hire(folder, { name: 'pay', given: { keys: source.keys } })
  const workers: Worker[] = [outside]
  try {
    const wechat = await outside.ask<string>('url')
    const lister = hire(folder, { name: 'lister', given: { source, wechat } satisfies Listing })
    workers.push(lister)
    const numbers = await outside.ask<readonly string[]>('complain', { count })
    await lister.ask('know', { numbers: numbers.slice(unknown, -behind), code: 'PENDING' })
    await lister.ask('know', { numbers: numbers.slice(-behind), code: 'PROCESSING' })
    const first = await lister.ask<Round>('sweep')
    if (first.wanted !== unknown || first.reread !== behind)
      throw new Error(`${first.wanted} of ${unknown} unknown, ${first.reread} of ${behind} behind were found`)
    const [listed, compared]: [Round[], Round[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      listed.push(await lister.ask<Round>('list'))
      compared.push(await lister.ask<Round>('sweep'))
    }
    return judged(count, listed, compared)
  } finally {
    await Promise.all(workers.map((each) => each.dismiss()))
  }
}

function judged(count: number, listed: readonly Round[], compared: readonly Round[]) {
  const perSecond = (rounds: readonly Round[]) => rounds.map(({ seconds }) => count / seconds)
  const cpu = (rounds: readonly Round[]) => median(rounds.map((round) => round.cpu / count))
  console.log(`${count} complaints on ${Math.ceil(count / 50)} pages; ${allowed.toFixed(0)} a second may be listed`)
  for (const [name, rounds] of [
    ['listed               ', listed],
    ['listed and compared  ', compared],
  ] as const)
    console.log(`${name} · ${ratio(perSecond(rounds))}/s · ${cpu(rounds).toFixed(0)} µs of our processor each`)
  return {
    gates: [
      {
        name: 'compared in a second ÷ what may be listed',
        samples: perSecond(compared).map((each) => each / allowed),
        least: 5,
        goal: 20,
      },
    ],
    figures: { perSecond: Math.round(median(perSecond(compared))), cpu: Math.round(cpu(compared)) },
  }
}
