import type { Told } from './ingest/client.ts'
import { compile, hire, type Worker } from './ingest/crew.ts'
import type { Pressing } from './ingest/pressing.ts'
import type { Ready } from './ingest/server.ts'
import { type Bench, spread } from './measure.ts'

/** A press that writes and draws the card anew, and one that only reads. */
const presses = [
  { name: 'claim, release', labels: ['认领', '放回'] },
  { name: 'details       ', labels: ['详情'] },
] as const
const rate = 100

/** From a press in the chat to something to show for it: alone, and while pushes come in and become cards, everything switched on. */
export const press: Bench = async ({ quick }) => {
  const [count, ms] = quick ? [20, 500] : [400, 10_000]
  const folder = compile()
  const outside = hire(folder, { name: 'outside', given: {} })
  const wechat = await outside.ask<string>('url')
  const server = hire(folder, { name: 'server', given: { kind: 'all', wechat } })
  const client = hire(folder, { name: 'client', given: {} })
  try {
    const { port, account } = await server.ask<Ready>('ready')
    const complain = async (many: number) =>
      client.ask('take', { given: await outside.ask('complain', { account, count: many }) })
    await complain(400)
    await client.ask<Told>('open', { port, rate: 50, ms: 1_000 })
    await pressed(server, { labels: presses[0].labels, count: 50, every: 2 })
    for (const { name, labels } of presses)
      console.log(`${name} alone:             ${spread(await pressed(server, { labels, count, every: 5 }))}`)
    for (const { name, labels } of presses) {
      await complain(Math.ceil((rate * ms * 1.3) / 1000) + 50)
      const cards = await server.ask<number>('cards')
      const [told, taken] = await Promise.all([
        client.ask<Told>('open', { port, rate, ms }),
        pressed(server, { labels, count, every: Math.max(1, ms / count - 5) }),
      ])
      const shown = (await server.ask<number>('cards')) - cards
      console.log(`${name} with ${rate} pushes/s: ${spread(taken)}`)
      console.log(
        `  meanwhile ${told.count} pushes answered, p50 ${told.p50.toFixed(1)} · p99 ${told.p99.toFixed(1)} ms; ${shown} cards posted`,
      )
    }
    return { gates: [] }
  } finally {
    await Promise.all([outside, server, client].map((each) => each.dismiss()))
  }
}

const pressed = (server: Worker, pressing: Pressing) => server.ask<readonly number[]>('press', pressing)
