import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { groupChannel } from '../src/chat/group.ts'
import { createPace } from '../src/chat/pace.ts'
import { chatPhrases } from '../src/chat/phrases.ts'
import type { Snapshot } from '../src/complaints/complaint.ts'
import { systemClock } from '../src/core/clock.ts'
import { silent } from '../src/core/logger.ts'
import { createMetrics } from '../src/core/metrics.ts'
import { createTransport, type Transport } from '../src/core/transport.ts'
import { asId, instant, later } from '../src/core/words.ts'
import { createEmbeddedEngine } from '../src/engine/embedded.ts'
import type { Engine } from '../src/engine/engine.ts'
import { queues } from '../src/engine/queues.ts'
import { record } from '../src/inbox/record.ts'
import { emailKind } from '../src/notify/email/index.ts'
import { fanOut } from '../src/notify/fan-out.ts'
import { officialAccountKind } from '../src/notify/official-account/index.ts'
import { outbox } from '../src/notify/outbox.ts'
import { smsKind } from '../src/notify/sms/index.ts'
import { registry } from '../src/platforms/registry.ts'
import { findAccount } from '../src/storage/accounts.ts'
import { createChannel } from '../src/storage/channels.ts'
import type { Database } from '../src/storage/open.ts'
import { createRecipient } from '../src/storage/recipients.ts'
import type { Tx } from '../src/storage/storage.ts'
import { tokenStore } from '../src/storage/tokens.ts'
import { type Bench, percentile } from './measure.ts'
import { openFolder, setUp } from './shop.ts'
import { accountFrom, mini } from './source.ts'

const rounds = 3
const recipients = 10
/** The recipients, and the room. */
const places = recipients + 1

/** From committed facts to a delivery for everybody who is to be told: a room, three channels, ten recipients. Nothing is sent. */
export const fanout: Bench = async ({ quick }) => {
  const many = quick ? 200 : 3_000
  const rates: number[] = []
  for (let round = 0; round < rounds; round++) {
    const { ms, deliveries } = await fannedOut(many)
    if (deliveries !== many * places) throw new Error(`${deliveries} deliveries of ${many} facts`)
    rates.push((many * 1000) / ms)
  }
  const rate = percentile(
    [...rates].sort((a, b) => a - b),
    0.5,
  )
  console.log(
    `a room, 3 channels, ${recipients} recipients: ${rate.toFixed(0)} facts/s, ${(rate * places).toFixed(0)} deliveries/s (${rounds} times ${many} facts)`,
  )
  return { gates: [], figures: { facts: Math.round(rate), deliveries: Math.round(rate * places) } }
}

async function fannedOut(many: number): Promise<{ readonly ms: number; readonly deliveries: number }> {
  const { folder, database: storage } = await openFolder()
  const transport = createTransport({ clock: systemClock })
  try {
    const { tenant, account: id } = await setUp(storage, accountFrom(mini))
    await storage.transaction((tx) => addChannels(tx, tenant))
    const engine = createEmbeddedEngine({ storage, clock: systemClock, random: randomBytes, logger: silent })
    const account = await findAccount(storage.reads, id)
    if (!account) throw new Error('no account')
    // They wait until the engine starts.
    for (let nr = 0; nr < many; nr++) await record({ storage, engine }, { seat: { account }, said: snapshot(nr) })
    const channels = channelsOn({ storage, transport, engine })
    engine.work(queues.fanOut, (fact) => fanOut({ storage, engine, channels }, asId(fact)))
    const start = performance.now()
    await engine.start()
    await engine.settle()
    const ms = performance.now() - start
    await engine.stop()
    const { count } = await storage.reads.db
      .selectFrom('delivery')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return { ms, deliveries: Number(count) }
  } finally {
    await transport.close()
    await storage.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const nowhere = 'http://127.0.0.1:9'
const kinds = ['email', 'official-account', 'sms'] as const

async function addChannels(tx: Tx, tenant: Parameters<typeof createChannel>[1]['tenant']): Promise<void> {
  for (const [at, kind] of kinds.entries()) {
    const channel = await createChannel(tx, { tenant, kind, name: kind, enabled: true, settings: {}, secrets: {} })
    if (!channel) throw new Error('no channel')
    for (let nr = at; nr < recipients; nr += kinds.length) {
      const address = `${kind} ${nr}`
      await createRecipient(tx, {
        ...{ tenant, channel: channel.id, label: address, address, wants: ['new'], enabled: true },
      })
    }
  }
}

interface ChannelParts {
  readonly storage: Database
  readonly transport: Transport
  readonly engine: Engine
}

function channelsOn({ storage, transport, engine }: ChannelParts) {
  const [metrics, logger, clock, random] = [createMetrics(), silent, systemClock, randomBytes]
  const pace = createPace(clock)
  const parts = { storage, logger, metrics }
  const never = { clock, random, logger, timeout: 1_000 }
  const sent = [
    emailKind(never),
    officialAccountKind({ ...never, transport, tokens: tokenStore(storage), baseUrl: nowhere, qrUrl: nowhere }),
    smsKind({ ...never, endpoint: nowhere }),
  ]
  return [
    groupChannel({ ...parts, platforms: registry([]), pace, bot: () => undefined }),
    ...sent.map((kind) => outbox({ ...parts, engine, phrases: chatPhrases }, kind)),
  ]
}

function snapshot(nr: number): Snapshot {
  const now = instant(Date.now())
  return {
    ...{ source: 'wechat-mini', number: String(1_000_000 + nr), scope: 'wx0123456789abcdef', phase: 'ours' },
    ...{ code: '201', label: '待处理', text: '没有收到货', reason: '' },
    moves: [{ kind: 'respond', owed: true, due: later(now, 48 * 3_600_000), takes: {} }],
    orders: [`42000000000000000000${String(nr).padStart(8, '0')}`],
    person: { phone: `138${String(nr).padStart(8, '0')}` },
    ...{ pictures: [], timeline: [], openedAt: now, asOf: now, warnings: [] },
  }
}
