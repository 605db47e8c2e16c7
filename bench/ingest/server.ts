import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import express from 'express'
import { createApp } from '../../src/app.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { createTransport } from '../../src/core/transport.ts'
import { instant, newId } from '../../src/core/words.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from '../../src/engine/embedded.ts'
import { queues } from '../../src/engine/queues.ts'
import { createAlipay } from '../../src/platforms/alipay/index.ts'
import type { Account, Platform, Verdict } from '../../src/platforms/platform.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createWechatMini } from '../../src/platforms/wechat-mini/index.ts'
import { createWechatPay } from '../../src/platforms/wechat-pay/index.ts'
import { findAccount } from '../../src/storage/accounts.ts'
import { tokenStore } from '../../src/storage/tokens.ts'
import { testChat } from '../../test/support/chat.ts'
import { openFolder, setUp } from '../shop.ts'
import { accountFrom, mini, type Source } from '../source.ts'
import { answer, given } from './asked.ts'
import { pressing } from './pressing.ts'

/**
 * raw: node:http, reads the body, answers. crypto: and verifies as we do. express: the baseline that one would write first.
 * held: Redress, but what was written down is not worked on. all: Redress.
 */
export type Kind = 'raw' | 'crypto' | 'express' | 'held' | 'all'

export interface Given {
  readonly kind: Kind
  /** The mini program, when left out. */
  readonly source?: Source
  readonly wechat?: string
  readonly synchronous?: 'full' | 'off'
}

export interface Ready {
  readonly port: number
  readonly account: string
}

const bodyLimit = 256 * 1024
const { kind, source = mini, wechat = 'http://127.0.0.1:9', synchronous = 'full' } = given<Given>()
const { folder, database } = await openFolder(synchronous)
const { account: id } = await setUp(database, accountFrom(source))
const account = await findAccount(database.reads, id)
if (!account) throw new Error('no account')
const chat = testChat()
const transport = createTransport({ clock: systemClock })
const platform = platformOf(source)
const { port, stop } = kind === 'held' || kind === 'all' ? await redress() : await plain(kind, account)

answer(
  {
    ready: (): Ready => ({ port, account: id }),
    /** Microseconds of the processor since the start. */
    cpu: () => process.cpuUsage().user + process.cpuUsage().system,
    cards: () => chat.posts.length,
    ...pressing(chat),
  },
  async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  },
)

async function redress() {
  const { clock, random } = database.reads
  const logger = silent
  const engine = createEmbeddedEngine({ storage: database, clock, random, logger })
  const app = createApp({
    storage: database,
    engine: kind === 'held' ? withoutDrain(engine) : engine,
    platforms: registry([platform]),
    botKinds: [chat.kind],
    logger,
    metrics: createMetrics(),
    checks: [],
    version: 'bench',
    listen: { host: '127.0.0.1', port: 0 },
    bodyLimit,
  })
  const { url } = await app.listen()
  const stop = () => app.stop().finally(() => transport.close())
  return { port: Number(new URL(url).port), stop }
}

function platformOf({ platform }: Source): Platform {
  const { clock, random } = database.reads
  const parts = { transport, clock, random, logger: silent, baseUrl: wechat, bodyLimit }
  if (platform === 'wechat-pay') return createWechatPay(parts)
  if (platform === 'alipay') return createAlipay({ ...parts, gateway: `${wechat}/gateway.do` })
  return createWechatMini({ ...parts, tokens: tokenStore(database) })
}

/** Jobs are written and rung for, and stay: else how fast they are worked off would be part of how fast they are taken in. */
function withoutDrain(engine: EmbeddedEngine): EmbeddedEngine {
  return {
    ...engine,
    work: (queue, handler) => (queue === queues.drain ? undefined : engine.work(queue, handler)),
  }
}

async function plain(kind: Exclude<Kind, 'held' | 'all'>, account: Account) {
  const server = createServer(kind === 'raw' ? raw : kind === 'crypto' ? crypto(account) : baseline(account))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, stop: () => database.close() }
}

function raw(request: IncomingMessage, response: Parameters<RequestListener>[1]): void {
  request.resume()
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'content-length': 7 })
    response.end('success')
  })
}

function crypto(account: Account): RequestListener {
  return (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const { verdict } = await verified(account, request, Buffer.concat(parts))
      const { status, headers, body } = platform.reply(verdict === 'genuine' ? 'taken' : 'refused')
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
      response.end(body)
    })
  }
}

/** As it stands on the wire: no platform repeats a header that counts. */
function verified(account: Account, { url = '', headers }: IncomingMessage, body: Buffer): Promise<Verdict> {
  const request = { method: 'POST', path: '', query: url.split('?')[1] ?? '', headers: headers as Headers, body }
  return platform.verify(account, request, instant(systemClock.now()))
}

type Headers = Readonly<Record<string, string>>

/** Express 5, the account and its key held, the same pragmas, one prepared insert of one row, nothing sealed, no other middleware. */
function baseline(account: Account): RequestListener {
  const file = new Sqlite(join(folder, 'redress.db'))
  file.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  const insert = file.prepare(`
    insert into callback (id, tenant, account, key, event, number, told, state, received_at)
    values (?, ?, ?, ?, ?, ?, ?, 'new', ?) on conflict (account, key) do nothing`)
  const app = express()
  app.disable('x-powered-by')
  app.post('/hooks/:account', express.raw({ type: () => true, limit: bodyLimit }), async (request, response) => {
    const verdict = await verified(account, request, request.body as Buffer)
    const { status, headers, body } = platform.reply(verdict.verdict === 'genuine' ? 'taken' : 'refused')
    if (verdict.verdict === 'genuine') {
      const { key, event, number, told } = verdict
      const now = systemClock.now()
      const row = newId('callback', randomBytes, now)
      insert.run(row, account.tenant, account.id, key, event, number ?? null, told, new Date(now).toISOString())
    }
    response.status(status).set(headers).send(body)
  })
  return app
}
