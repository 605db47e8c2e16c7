import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KindName } from '../support/channels.ts'
import { type Built, buildChild, type Mistake } from '../support/kill-child.ts'
import { failpoints, onlyChannels } from '../support/kill-points.ts'
import { type KillPool, killPool } from '../support/kill-pool.ts'
import { swept } from '../support/kill-wire.ts'
import { killWorld } from '../support/kill-world.ts'
import { isTold, patiently, toldVerdict } from './channels-story.ts'

const timeout = 150_000
/** Nothing here waits for the clock; a minute is long enough that no detail is late on a busy machine. */
const factor = 4
const kinds: readonly KindName[] = ['email', 'official-account', 'sms']
const points = failpoints().filter(onlyChannels)
let built: Built
const pools = new Map<KindName, KillPool>()

beforeAll(async () => {
  built = buildChild()
  await Promise.all(
    kinds.map(async (beside) =>
      pools.set(beside, await killPool(1, () => killWorld({ child: built.file, factor, generous: true, beside }))),
    ),
  )
}, timeout)
afterAll(async () => {
  for (const pool of pools.values()) await pool.close()
  built.remove()
})

describe.concurrent('killed while somebody is told beside the chat', { timeout }, () => {
  test.each(kinds.flatMap((kind) => points.map((point) => [kind, point] as const)))(
    '%s, at %s: nothing is lost, and nothing comes as another message again',
    (kind, point) =>
      pools.get(kind)?.alone(async (w, deaths) => {
        const armed = w.life()
        await armed.arm({ point, hit: 1 })
        const story = await isTold(w, `死在 ${point}`)
        // Nothing may wait for the new life here, and the next story does.
        await patiently(() => deaths() === 1 && w.life() !== armed, `it died at ${point}, and began anew`)
        toldVerdict(w, story, point)
        // Rows and their jobs die together: nobody has to look for orphans.
        expect(w.hits().get(swept)).toBeUndefined()
      }),
  )
})

const mistakes: readonly (readonly [name: string, kind: KindName, seen: string, mistake: Mistake])[] = [
  [
    'what was cut off is sent again, whatever it is',
    'sms',
    'different messages',
    { 'notify/outbox.js': [['if (kind.repeats.length === 0)', 'if (false)']] },
  ],
  [
    'each try is another message',
    'email',
    'different messages',
    {
      'notify/outbox.js': [['return before === 0 ? first.id :', 'return Math.random() < 2 ? String(Math.random()) :']],
    },
  ],
]

describe.concurrent('a mistake of ours shows in the verdict', { timeout }, () => {
  test.each(mistakes)('%s', async (_, beside, seen, mistake) => {
    const child = built.withMistake(beside, mistake)
    const w = await killWorld({ child, factor, generous: true, beside, dies: 1 })
    try {
      await w.life().arm({ point: 'outbox.sent', hit: 1 })
      const story = await isTold(w, '两次')
      await patiently(() => w.deaths() === 1, 'it died')
      expect(() => toldVerdict(w, story, 'outbox.sent')).toThrow(seen)
    } finally {
      await w.close()
    }
  })
})
