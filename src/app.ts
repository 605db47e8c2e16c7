import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { carryOut } from './actions/carry-out.ts'
import { followUp } from './actions/follow-up.ts'
import { considerRules } from './actions/rules.ts'
import { carryRuling } from './actions/ruling.ts'
import { docsPage } from './admin/docs-page.ts'
import { type Check, type CheckParts, examineTenant } from './admin/doctor.ts'
import { createFigures } from './admin/figures.ts'
import { mayReadMetrics } from './admin/metrics-door.ts'
import { createReadiness } from './admin/ready.ts'
import { adminRouter } from './admin/route.ts'
import type { Bots } from './chat/bots.ts'
import { createBots } from './chat/bots.ts'
import type { BotKind } from './chat/chat.ts'
import { groupChannel } from './chat/group.ts'
import { createPace } from './chat/pace.ts'
import { chatPhrases } from './chat/phrases.ts'
import type { Clock } from './core/clock.ts'
import { told } from './core/errors.ts'
import { failpoint } from './core/failpoint.ts'
import type { RawRequest } from './core/http.ts'
import type { Logger } from './core/logger.ts'
import type { Metrics } from './core/metrics.ts'
import { asId } from './core/words.ts'
import type { EmbeddedEngine } from './engine/embedded.ts'
import { embeddedLeases } from './engine/lease.ts'
import { queues } from './engine/queues.ts'
import { keepAddress } from './inbox/address.ts'
import { authoriseRoute } from './inbox/authorise-route.ts'
import { drain } from './inbox/drain.ts'
import { checkGrant } from './inbox/grant.ts'
import { fetchWanted } from './inbox/import.ts'
import type { InviteParts } from './inbox/invite.ts'
import { readList } from './inbox/listing.ts'
import { createPoller, type PollEvery, usualEvery } from './inbox/poll.ts'
import { callbackRoute } from './inbox/route.ts'
import { picturesLeft, reread } from './inbox/sync.ts'
import { createUnopened } from './inbox/unopened.ts'
import { raiseAlarm, watch } from './inbox/watch.ts'
import { hearChannel } from './notify/bind.ts'
import { deliver } from './notify/deliver.ts'
import { fanOut, fanOutNotice } from './notify/fan-out.ts'
import type { ChannelKind } from './notify/kind.ts'
import { outbox } from './notify/outbox.ts'
import { greet, sendTest } from './notify/test-message.ts'
import { runTest } from './notify/test-round.ts'
import type { Platforms } from './platforms/registry.ts'
import { scheduleChannels } from './schedule/channels.ts'
import type { Keep } from './schedule/forget.ts'
import { scheduleAll } from './schedule/jobs.ts'
import type { Backups } from './storage/backup.ts'
import type { Database } from './storage/open.ts'
import { createReceipts } from './storage/receipts.ts'
import { caseRouter } from './web/route.ts'

export interface AppParts {
  readonly storage: Database
  readonly engine: EmbeddedEngine
  readonly platforms: Platforms
  readonly botKinds: readonly BotKind[]
  /** The ways to people beside the chats. */
  readonly channelKinds?: readonly ChannelKind[]
  readonly logger: Logger
  readonly metrics: Metrics
  readonly checks: readonly Check[]
  readonly version: string
  readonly listen: { readonly host: string; readonly port: number }
  /** Most bytes of a callback's body. */
  readonly bodyLimit: number
  /** Of the admin API, with one key. */
  readonly requestsPerMinute?: number
  /** How often those who stand under an account are asked for their complaints. */
  readonly pollEvery?: PollEvery
  /** What the world calls us, when it can reach us. */
  readonly publicUrl?: string
  /** Days after the last thing that happened for which a card's link to its page still opens. */
  readonly caseLinkDays?: number
  readonly backups?: Backups
  /** The migrations that the database lacks. */
  readonly lacking?: () => Promise<readonly string[]>
  /** Who reads the metrics from elsewhere shows it. */
  readonly metricsKey?: string
  /** Ends all calls to the outside, as if no answer came. */
  readonly cutOff?: () => void
  /** How long what is closed keeps its personal data and its pictures. */
  readonly keep?: Keep
  /** In place of the usual ones. */
  readonly serverLimits?: Partial<typeof serverLimits>
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
  const { storage, engine, logger, metrics } = parts
  const pace = createPace(storage.reads.clock)
  const unopened = createUnopened(storage.reads.clock)
  let listening: string | undefined
  const reachedAt = () => parts.publicUrl ?? listening
  const bots: Bots = createBots({
    ...{ ...parts, reachedAt, pace, kinds: parts.botKinds, leases: embeddedLeases() },
    checkUp: async (tenant, within) =>
      (await examineTenant(parts.checks, { ...parts, bots, unopened }, { tenant, within })).findings,
  })
  const receipts = createReceipts({ database: storage, queue: queues.drain, ring: engine.ring })
  const { channelKinds = [] } = parts
  const outlets = { storage, engine, logger, metrics, phrases: chatPhrases }
  const channels = [
    groupChannel({ ...parts, pace, bot: bots.get }),
    ...channelKinds.map((kind) => outbox(outlets, kind)),
  ]
  engine.work(queues.drain, (id) => drain(parts, asId(id)))
  engine.work(queues.reread, (id) => reread(parts, asId(id)))
  engine.work(queues.pictures, (id) => picturesLeft(parts, asId(id)))
  engine.work(queues.carryOut, (id) => carryOut(parts, asId(id)))
  engine.work(queues.rules, (id, attempt) => considerRules(parts, asId(id), attempt))
  engine.work(queues.ruling, (id) => carryRuling(parts, asId(id)))
  engine.work(queues.followUp, (id) => followUp(parts, asId(id)))
  engine.work(queues.fanOut, (id) => fanOut({ storage, engine, channels }, asId(id)))
  engine.work(queues.announce, (id) => fanOutNotice({ storage, engine, channels }, asId(id)))
  engine.work(queues.fetchWanted, (key) => fetchWanted(parts, key))
  engine.work(queues.watch, (key) => watch(parts, key))
  engine.work(queues.listing, (key) => readList(parts, key))
  const poller = createPoller({ ...parts, pollEvery: parts.pollEvery ?? usualEvery })
  engine.work(queues.poll, poller.poll)
  engine.work(queues.address, (id) => keepAddress(parts, asId(id)))
  engine.work(queues.grant, (id) => checkGrant(parts, asId(id)))
  engine.work(queues.alarm, (id) => raiseAlarm(parts, asId(id)))
  for (const queue of [queues.deliver, queues.email, queues.officialAccount, queues.sms])
    engine.work(queue, (place) => deliver(channels, place))
  engine.work(queues.greet, (id) => greet(outlets, channelKinds, id))
  engine.work(queues.testing, (key) => runTest(outlets, channelKinds, key))
  scheduleAll(engine, parts)
  scheduleChannels(engine, outlets, channelKinds)

  metrics.sample(createFigures({ storage, bots }))
  const listener = callbackRoute({ ...parts, receipts, unopened }, pages({ ...parts, reachedAt, unopened }, bots))
  const server = createServer({ ...serverLimits, ...parts.serverLimits }, measured(parts, listener))
  return {
    bots,
    async listen() {
      await engine.start()
      await bots.refresh()
      const { port } = await listenOn(server, parts.listen)
      logger.info({ host: parts.listen.host, port }, 'listening')
      const url = `http://${parts.listen.host}:${port}`
      // Of use for browsers on this machine only, as in the demo; the world must be told by publicUrl.
      if (/^(127(\.\d+){3}|localhost)$/.test(parts.listen.host)) listening = url
      return { url }
    },
    async stop() {
      // What hangs outside is looked after again at the next start.
      const cancel = storage.reads.clock.after(hangingFor, () => parts.cutOff?.())
      await close(server, storage.reads.clock)
      failpoint('app.closed')
      await receipts.idle()
      await bots.stop()
      failpoint('app.bots-stopped')
      poller.stop()
      await engine.stop()
      cancel()
      await storage.close()
    },
  }
}

/** A stop waits so long for clients, and for those whom we asked, milliseconds: together less than what is waited for us. */
const lingeringFor = 3_000
const hangingFor = 5_000

/** A client that is slow on purpose holds a socket for seconds, not minutes. */
export const serverLimits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
}

/** Every request by the kind of its address, and how long it took. */
function measured({ metrics, storage, logger }: AppParts, listener: RequestListener): RequestListener {
  const { clock } = storage.reads
  return (request, response) => {
    // Now: Express takes off what it has followed of an address.
    const [began, kind] = [clock.now(), kindOf(request.url)]
    response.once('close', () => {
      // Without a head nothing was answered: the client went away.
      const status = response.headersSent ? response.statusCode : 499
      const ms = Math.max(0, clock.now() - began)
      metrics.answered(kind, status, ms / 1000)
      // Never the address itself: links and keys stand in addresses.
      logger.debug({ kind, method: request.method, status, ms }, 'answered')
    })
    listener(request, response)
  }
}

const kinds = new Set(['hooks', 'bots', 'oauth', 'admin', 'case', 'healthz', 'readyz', 'metrics'])

function kindOf(url = ''): string {
  const [, first = ''] = url.split(/[/?]/, 2)
  return kinds.has(first) ? first : 'other'
}

function pages(
  parts: AppParts & Pick<InviteParts, 'reachedAt'> & Pick<CheckParts, 'unopened'>,
  bots: Bots,
): express.Express {
  const app = express()
  app.disable('x-powered-by')
  const { channelKinds = [] } = parts
  const testChannel = (kind: ChannelKind, tested: Parameters<typeof sendTest>[2]) =>
    sendTest({ ...parts, phrases: chatPhrases }, kind, tested)
  app.use('/admin/docs', docsPage(parts))
  app.use('/admin/v1', adminRouter({ ...parts, bots, channelKinds, testChannel }))
  app.all('/bots/:bot', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
    const bot = bots.get(asId(String(request.params.bot)))
    if (!bot?.answer) return void response.status(404).type('text').send('no such address')
    const { status, headers, body } = await bot.answer(rawOf(request))
    response.status(status).set(headers).send(body)
  })
  const ears = { ...parts, phrases: chatPhrases }
  app.all(
    '/hooks/official/:channel',
    express.raw({ type: () => true, limit: parts.bodyLimit }),
    async (request, response) => {
      const told = { channel: String(request.params.channel), request: rawOf(request) }
      const { status, headers, body } = await hearChannel(ears, parts.channelKinds ?? [], told)
      response.status(status).set(headers).send(body)
    },
  )
  app.use('/case', caseRouter(parts))
  const authorised = authoriseRoute(parts)
  app.all('/oauth/:platform/:account', async (request, response) => {
    const { platform, account } = request.params
    const { status, headers, body } = await authorised(rawOf(request), { platform, account })
    response.status(status).set(headers).send(body)
  })
  app.get('/healthz', (_, response) => void response.type('text').send('ok'))
  const readiness = createReadiness({ ...parts, bots })
  app.get('/readyz', async (_, response) => {
    const said = await readiness()
    response
      .set('cache-control', 'no-store')
      .status(said.ready ? 200 : 503)
      .json(said)
  })
  app.get('/metrics', async (request, response) => {
    if (!mayReadMetrics(request, parts.metricsKey))
      return void response.status(403).type('text').send('set metricsKey, and send it as a bearer key')
    response.type(parts.metrics.contentType).send(await parts.metrics.text())
  })
  app.use(failed(parts.logger))
  return app
}

/** Express's own would show strangers where it happened. */
const failed =
  (logger: Logger): express.ErrorRequestHandler =>
  (error: unknown, _, response, next) => {
    if (response.headersSent) return next(error)
    // An address that cannot be read is theirs; everything else is ours.
    const status = error instanceof URIError ? 400 : tooLarge(error) ? 413 : 500
    if (status === 500) logger.error({ error: told(error) }, 'a page failed')
    response
      .status(status)
      .type('text')
      .send(status === 400 ? 'no such address' : status === 413 ? 'too large' : 'something went wrong')
  }

const tooLarge = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'entity.too.large'

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

function close(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    // Whoever has not said all by then is cut off: nothing was answered, so nothing was promised.
    const cancel = clock.after(lingeringFor, () => server.closeAllConnections())
    server.close(() => {
      cancel()
      resolve()
    })
    server.closeIdleConnections()
  })
}
