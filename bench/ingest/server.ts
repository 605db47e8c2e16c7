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
import { newId } from '../../src/core/words.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from '../../src/engine/embedded.ts'
import { queues } from '../../src/engine/queues.ts'
import type { Account } from '../../src/platforms/platform.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createWechatMini } from '../../src/platforms/wechat-mini/index.ts'
import { createVerify } from '../../src/platforms/wechat-mini/verify.ts'
import { findAccount } from '../../src/storage/accounts.ts'
import { tokenStore } from '../../src/storage/tokens.ts'
import { testChat } from '../../test/support/chat.ts'
import { openFolder, programAt, setUp } from '../shop.ts'
import { answer, given } from './asked.ts'
import { pressing } from './pressing.ts'

/**
 * raw: node:http, reads the body, answers. crypto: and verifies as we do. express: the baseline that one would write first.
 * held: Redress, but what was written down is not worked on. all: Redress.
 */
export type Kind = 'raw' | 'crypto' | 'express' | 'held' | 'all'

interface Given {
  readonly kind: Kind
  readonly wechat?: string
  readonly synchronous?: 'full' | 'off'
}

export interface Ready {
  readonly port: number
  readonly account: string
}

const bodyLimit = 256 * 1024
const { kind, wechat = 'http://127.0.0.1:9', synchronous = 'full' } = given<Given>()
const { folder, database } = await openFolder(synchronous)
const { account: id } = await setUp(
  database,
  programAt(() => ''),
)
const account = await findAccount(database.reads, id)
if (!account) throw new Error('no account')
const chat = testChat()
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
  const transport = createTransport({ clock })
  const logger = silent
  const engine = createEmbeddedEngine({ storage: database, clock, random, logger })
  const tokens = tokenStore(database)
  const app = createApp({
    storage: database,
    engine: kind === 'held' ? withoutDrain(engine) : engine,
    platforms: registry([createWechatMini({ transport, clock, random, tokens, logger, baseUrl: wechat })]),
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
  const verify = createVerify(bodyLimit)
  return (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const query = (request.url ?? '').split('?')[1] ?? ''
      const body = Buffer.concat(parts)
      const verdict = verify(account, { method: 'POST', path: '', query, headers: {}, body })
      const said = verdict.verdict === 'genuine' ? 'success' : 'refused'
      response.writeHead(said === 'success' ? 200 : 403, {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': said.length,
      })
      response.end(said)
    })
  }
}

/** Express 5, the account and its key held, the same pragmas, one prepared insert of one row, nothing sealed, no other middleware. */
function baseline(account: Account): RequestListener {
  const verify = createVerify(bodyLimit)
  const file = new Sqlite(join(folder, 'redress.db'))
  file.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  const insert = file.prepare(`
    insert into callback (id, tenant, account, key, event, number, told, state, received_at)
    values (?, ?, ?, ?, ?, ?, ?, 'new', ?) on conflict (account, key) do nothing`)
  const app = express()
  app.disable('x-powered-by')
  app.post('/hooks/:account', express.raw({ type: () => true, limit: bodyLimit }), (request, response) => {
    const query = request.originalUrl.split('?')[1] ?? ''
    const verdict = verify(account, { method: 'POST', path: '', query, headers: {}, body: request.body as Buffer })
    if (verdict.verdict !== 'genuine') return void response.status(403).type('text').send('refused')
    const { key, event, number, told } = verdict
    const now = systemClock.now()
    const row = newId('callback', randomBytes, now)
    insert.run(row, account.tenant, account.id, key, event, number ?? null, told, new Date(now).toISOString())
    response.type('text').send('success')
  })
  return app
}
