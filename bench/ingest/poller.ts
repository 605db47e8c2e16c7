import { rmSync } from 'node:fs'
import { silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { Secret } from '../../src/core/seal.ts'
import { createTransport } from '../../src/core/transport.ts'
import { asId, instant } from '../../src/core/words.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import { queues } from '../../src/engine/queues.ts'
import { checkGrant } from '../../src/inbox/grant.ts'
import { createPoller, type PollEvery, pollDue } from '../../src/inbox/poll.ts'
import type { PaceTimes } from '../../src/inbox/poll-pace.ts'
import { createAlipay } from '../../src/platforms/alipay/index.ts'
import { registry } from '../../src/platforms/registry.ts'
import { grantStore } from '../../src/storage/grants.ts'
import { keepMerchant, merchantHeard } from '../../src/storage/merchants.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { openFolder, setUp } from '../shop.ts'
import { accountFrom, type Source } from '../source.ts'
import { answer, given } from './asked.ts'

export interface PollerGiven {
  readonly source: Source
  readonly gateway: string
  readonly merchants: number
  /** Of so many one has had a complaint lately. */
  readonly activeOf: number
  readonly every: PollEvery
  /** How long a list may be silent, milliseconds. */
  readonly patience: number
  readonly pace: PaceTimes
}

/** Milliseconds since the merchant that was not asked for longest was, of those that answer. */
export interface Ages {
  readonly active: number
  readonly idle: number
}

export interface Used {
  /** Microseconds of this process's processor. */
  readonly cpu: number
  /** Bytes. */
  readonly rss: number
  readonly heap: number
}

const { source, gateway, merchants, activeOf, every, patience, pace } = given<PollerGiven>()
const { folder, database: storage } = await openFolder()
const { tenant, account } = await setUp(storage, accountFrom(source))
const hour = 3_600_000
/** As if they had been asked for days: evenly over the time in which all of them have their turn. */
async function asked(tx: Tx, id: string, { nr, active }: { readonly nr: number; readonly active: boolean }) {
  const [now, share] = [tx.clock.now(), ((nr * 7_919) % merchants) / merchants]
  const turn = active ? every.active : every.idle
  const polled = now - turn * share
  const stamps = {
    polled_at: instant(polled),
    poll_due: instant(polled + turn),
    swept_at: instant(now - hour * share),
  }
  await tx.db.updateTable('merchant').set(stamps).where('id', '=', id).execute()
}
for (let from = 0; from < merchants; from += 500)
  await storage.transaction(async (tx) => {
    for (let nr = from; nr < Math.min(merchants, from + 500); nr++) {
      const outsideId = `2088${String(nr).padStart(12, '0')}`
      const { id } = await keepMerchant(tx, { tenant, account }, { outsideId, token: new Secret(`t${nr}`) })
      const active = nr % activeOf === 2
      if (active) await merchantHeard(tx, id)
      await asked(tx, id, { nr, active })
    }
  })
const { clock, random } = storage.reads
const transport = createTransport({ clock })
const platform = createAlipay({
  ...{ transport, clock, random, logger: silent, grants: grantStore(storage), gateway },
  listPatience: patience,
})
const engine = createEmbeddedEngine({ storage, clock, random, logger: silent })
const parts = {
  ...{ storage, engine, logger: silent, metrics: createMetrics(), pollEvery: every, pollPace: pace },
  platforms: registry([platform]),
}
const poller = createPoller(parts)
engine.work(queues.poll, poller.poll)
engine.work(queues.grant, (id) => checkGrant(parts, asId(id)))
engine.every('poll', '* * * * *', () => pollDue(parts))

answer(
  {
    async begin() {
      await engine.start()
      await storage.transaction((tx) => engine.send(tx, queues.poll, account))
    },
    async ages(): Promise<Ages> {
      const now = clock.now()
      const rows = await storage.reads.db
        .selectFrom('merchant')
        .select(['polled_at', 'heard_at', 'outside_id'])
        .where('token', 'is not', null)
        .execute()
      const answering = rows.filter(({ outside_id }) => Number(outside_id.slice(-2)) > 1)
      const oldest = (active: boolean) => {
        const age = (at: string | null) => (at === null ? Number.POSITIVE_INFINITY : now - Date.parse(at))
        const of = answering.filter(({ heard_at }) => (heard_at !== null) === active)
        return of.reduce((most, { polled_at }) => Math.max(most, age(polled_at)), 0)
      }
      return { active: oldest(true), idle: oldest(false) }
    },
    async withoutWord(): Promise<number> {
      const rows = await storage.reads.db.selectFrom('merchant').select('id').where('token', 'is', null).execute()
      return rows.length
    },
    used(): Used {
      const { user, system } = process.cpuUsage()
      const { rss, heapUsed: heap } = process.memoryUsage()
      return { cpu: user + system, rss, heap }
    },
  },
  async () => {
    poller.stop()
    await engine.stop()
    await storage.close()
    rmSync(folder, { recursive: true, force: true })
  },
)
