import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { carryOut } from './actions/carry-out.ts'
import { followUp } from './actions/follow-up.ts'
import type { Check } from './admin/doctor.ts'
import { adminRouter } from './admin/route.ts'
import type { Bots } from './chat/bots.ts'
import { createBots } from './chat/bots.ts'
import type { BotKind } from './chat/chat.ts'
import { groupChannel } from './chat/group.ts'
import { createPace } from './chat/pace.ts'
import { failpoint } from './core/failpoint.ts'
import type { RawRequest } from './core/http.ts'
import type { Logger } from './core/logger.ts'
import type { Metrics } from './core/metrics.ts'
import { asId } from './core/words.ts'
import type { EmbeddedEngine } from './engine/embedded.ts'
import { embeddedLeases } from './engine/lease.ts'
import { queues } from './engine/queues.ts'
import { keepAddress } from './inbox/address.ts'
import { drain } from './inbox/drain.ts'
import { fetchWanted } from './inbox/import.ts'
import { readList } from './inbox/listing.ts'
import type { PollEvery } from './inbox/poll.ts'
import { callbackRoute } from './inbox/route.ts'
import { picturesLeft, reread } from './inbox/sync.ts'
import { raiseAlarm, watch } from './inbox/watch.ts'
import { deliver } from './notify/deliver.ts'
import { fanOut, fanOutNotice } from './notify/fan-out.ts'
import type { Platforms } from './platforms/registry.ts'
import { scheduleAll } from './schedule/jobs.ts'
import type { Database } from './storage/open.ts'
import { createReceipts } from './storage/receipts.ts'

export interface AppParts {
  readonly storage: Database
  readonly engine: EmbeddedEngine
  readonly platforms: Platforms
  readonly botKinds: readonly BotKind[]
  readonly logger: Logger
  readonly metrics: Metrics
  readonly checks: readonly Check[]
  readonly version: string
  readonly listen: { readonly host: string; readonly port: number }
  /** Most bytes of a callback's body. */
  readonly bodyLimit: number
  /** How often those who stand under an account are asked for their complaints. */
  readonly pollEvery?: PollEvery
  /** What the world calls us, when it can reach us. */
  readonly publicUrl?: string
}

export interface App {
  readonly bots: Bots
  /** Starts everything. @returns where it answers. */
  listen(): Promise<{ readonly url: string }>
  /** Takes nothing new, ends what runs, loses nothing. */
  stop(): Promise<void>
}

/** Wires the floors; the tests use it too. */
export function createApp(parts: AppParts): App {
  const { storage, engine, platforms, logger, metrics } = parts
  const pace = createPace(storage.reads.clock)
  const bots = createBots({ ...parts, pace, kinds: parts.botKinds, leases: embeddedLeases() })
  const receipts = createReceipts({ database: storage, queue: queues.drain, ring: engine.ring })
  const channels = [groupChannel({ storage, platforms, logger, metrics, pace, bot: bots.get })]
  engine.work(queues.drain, (id) => drain(parts, asId(id)))
  engine.work(queues.reread, (id) => reread(parts, asId(id)))
  engine.work(queues.pictures, (id) => picturesLeft(parts, asId(id)))
  engine.work(queues.carryOut, (id) => carryOut(parts, asId(id)))
  engine.work(queues.followUp, (id) => followUp(parts, asId(id)))
  engine.work(queues.fanOut, (id) => fanOut({ storage, engine, channels }, asId(id)))
  engine.work(queues.announce, (id) => fanOutNotice({ storage, engine, channels }, asId(id)))
  engine.work(queues.fetchWanted, (key) => fetchWanted(parts, key))
  engine.work(queues.watch, (key) => watch(parts, key))
  engine.work(queues.listing, (key) => readList(parts, key))
  engine.work(queues.address, (id) => keepAddress(parts, asId(id)))
  engine.work(queues.alarm, (id) => raiseAlarm(parts, asId(id)))
  engine.work(queues.deliver, (destination) => deliver(channels, destination))
  scheduleAll(engine, parts)

  const server = createServer(serverLimits, callbackRoute({ ...parts, receipts }, pages(parts, bots)))
  return {
    bots,
    async listen() {
      await engine.start()
      await bots.refresh()
      const { port } = await listenOn(server, parts.listen)
      logger.info({ host: parts.listen.host, port }, 'listening')
      return { url: `http://${parts.listen.host}:${port}` }
    },
    async stop() {
      await close(server)
      failpoint('app.closed')
      await receipts.idle()
      await bots.stop()
      failpoint('app.bots-stopped')
      await engine.stop()
      await storage.close()
    },
  }
}

/** A client that is slow on purpose holds a socket for seconds, not minutes. */
const serverLimits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
}

function pages(parts: AppParts, bots: Bots): express.Express {
  const app = express()
  app.disable('x-powered-by')
  app.use('/admin/v1', adminRouter({ ...parts, bots }))
  app.all('/bots/:bot', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
    const bot = bots.get(asId(String(request.params.bot)))
    if (!bot?.answer) return void response.status(404).type('text').send('no such address')
    const { status, headers, body } = await bot.answer(rawOf(request))
    response.status(status).set(headers).send(body)
  })
  app.get('/healthz', (_, response) => void response.type('text').send('ok'))
  app.get(
    '/metrics',
    async (_, response) => void response.type(parts.metrics.contentType).send(await parts.metrics.text()),
  )
  return app
}

function rawOf({ method, originalUrl, headers, body }: express.Request): RawRequest {
  const [path = '', query = ''] = originalUrl.split('?', 2)
  const plain = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return {
    method,
    path,
    query,
    headers: Object.fromEntries(plain),
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  }
}

function listenOn(server: Server, { host, port }: AppParts['listen']): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server.address() as AddressInfo)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
