import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, onTestFinished } from 'vitest'
import { docsPage } from '../../src/admin/docs-page.ts'
import type { Check } from '../../src/admin/doctor.ts'
import { refusalsOf } from '../../src/admin/openapi.ts'
import type { Operation } from '../../src/admin/operation.ts'
import { operations } from '../../src/admin/operations.ts'
import { adminRouter } from '../../src/admin/route.ts'
import type { BotKind } from '../../src/chat/chat.ts'
import { chatPhrases } from '../../src/chat/phrases.ts'
import type { Snapshot } from '../../src/complaints/complaint.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { InputError } from '../../src/core/errors.ts'
import { silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { asId, instant } from '../../src/core/words.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import { record } from '../../src/inbox/record.ts'
import type { ChannelKind } from '../../src/notify/kind.ts'
import { sendTest } from '../../src/notify/test-message.ts'
import type { Platform } from '../../src/platforms/platform.ts'
import { registry } from '../../src/platforms/registry.ts'
import { needs } from '../../src/platforms/wechat-mini/needs.ts'
import { findAccount } from '../../src/storage/accounts.ts'
import { listAudit } from '../../src/storage/audit.ts'
import { addKey, keyHash } from '../../src/storage/keys.ts'
import type { Database } from '../../src/storage/open.ts'
import { noon, sqlite } from '../support/databases.ts'

export const key = 'test-key-of-the-admin'

export interface Told {
  readonly status: number
  readonly headers: Headers
  /** As it came over the wire. */
  readonly raw: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape they assert.
  readonly json: any
}

export interface World {
  readonly url: string
  readonly storage: Database
  readonly clock: ManualClock
  /** How often the bots were brought up to date. */
  refreshed(): number
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Told>
  complain(account: string, more?: Partial<Snapshot>): Promise<void>
}

export interface WorldOptions {
  readonly publicUrl?: string
  readonly checks?: readonly Check[]
  readonly requestsPerMinute?: number
  readonly inspect?: NonNullable<Platform['inspect']>
  /** Beside the one that is there. */
  readonly kinds?: readonly BotKind[]
  readonly platforms?: readonly (Pick<Platform, 'name' | 'needs'> & Pick<Partial<Platform>, 'authorising'>)[]
  /** Ways to people beside the chat. */
  readonly channelKindsOn?: (database: Database) => readonly ChannelKind[]
  /** Default: the publicUrl. */
  readonly reachedAt?: () => string | undefined
}

/** The admin API on a port of its own, over a real database; its platform and its chat do nothing. */
export async function world(options: WorldOptions = {}): Promise<World> {
  const { database: storage, clock } = await sqlite.open()
  await storage.transaction((tx) => addKey(tx, { name: 'test', hash: keyHash(key) }))
  const engine = createEmbeddedEngine({ storage, clock, random: storage.reads.random, logger: silent })
  const refreshes: string[] = []
  const channelKinds = options.channelKindsOn?.(storage) ?? []
  const outlets = { storage, engine, logger: silent, metrics: createMetrics(), phrases: chatPhrases }
  const router = adminRouter({
    storage,
    engine,
    platforms: registry([
      { ...platform, ...(options.inspect ? { inspect: options.inspect } : {}) },
      ...(options.platforms ?? []).map((other) => ({ ...platform, ...other })),
    ]),
    channelKinds,
    testChannel: (kind, tested) => sendTest(outlets, kind, tested),
    botKinds: [kind, ...(options.kinds ?? [])],
    bots: {
      refresh: async () => void refreshes.push('once'),
      running: () => refreshes.length > 0,
      get: () => (refreshes.length > 0 ? {} : undefined),
      address: () => undefined,
    },
    logger: silent,
    reachedAt: options.reachedAt ?? (() => options.publicUrl),
    version: '0.0.0',
    checks: options.checks ?? [],
    // A test asks more in a second than a person in a minute.
    requestsPerMinute: options.requestsPerMinute ?? 100_000,
    ...(options.publicUrl ? { publicUrl: options.publicUrl } : {}),
  })
  const server = createServer(
    express()
      .use('/admin/v1', router)
      .use('/admin/docs', docsPage({ version: '0.0.0' })),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve(undefined))))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin/v1`

  const ask: World['ask'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        connection: 'close',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        // Whoever changes something has looked at it just before.
        ...(method === 'PATCH' && !('if-match' in headers) ? { 'if-match': await tagOf(path, headers) } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const raw = await answer.text()
    const operation = operationAt(method, path)
    expectDocumented(operation, method, answer.status)
    if (method !== 'GET' && answer.ok && !answer.headers.has('idempotent-replayed')) await expectLine(operation)
    return { status: answer.status, headers: answer.headers, raw, json: raw === '' ? undefined : JSON.parse(raw) }
  }
  // Whoever asks at the same time leaves lines of their own.
  const expectLine = async (operation: Operation | undefined) => {
    const lines = await listAudit(storage.reads, { tenant: undefined, limit: 20 })
    expect(lines.map((line) => line.operation)).toContain(operation?.id)
  }
  const tagOf = async (path: string, headers: Record<string, string>) =>
    (await ask('GET', path, undefined, headers)).headers.get('etag') ?? '"none"'

  return {
    url,
    storage,
    clock,
    refreshed: () => refreshes.length,
    ask,
    async complain(id, more = {}) {
      const account = await findAccount(storage.reads, asId(id))
      if (!account) throw new Error('no such account')
      const said = { ...snapshot(account.outsideId), ...more }
      await record({ storage, engine }, { seat: { account }, said })
    },
  }
}

function operationAt(method: string, path: string): Operation | undefined {
  const segments = path.replace(/\?.*/, '').split('/')
  return operations.find((one) => {
    const own = one.path.split('/')
    return (
      one.method === method.toLowerCase() &&
      own.length === segments.length &&
      own.every((part, at) => part.startsWith(':') || part === segments[at])
    )
  })
}

/** Nothing is answered that the document does not name. */
function expectDocumented(operation: Operation | undefined, method: string, status: number): void {
  if (!operation || status === operation.status || (status === 304 && method === 'GET')) return
  expect([operation.id, [...refusalsOf(operation)]]).toEqual([operation.id, expect.arrayContaining([status])])
}

const unused = () => Promise.reject(new Error('not asked here'))
const platform: Platform = {
  name: 'wechat-mini',
  needs,
  deeds: () => ({}),
  verify: unused,
  reply: () => ({ status: 200, headers: {}, body: '' }),
  fetch: unused,
  picture: unused,
}

const kind: BotKind = {
  kind: 'telegram',
  check(settings, secrets) {
    if (settings.mode === 'wrong') throw new InputError([{ field: 'settings.mode', fix: 'polling or webhook' }])
    if (!secrets.token) throw new InputError([{ field: 'secrets.token', fix: 'give the token' }])
  },
  make: () => {
    throw new Error('not made here')
  },
}

const snapshot = (scope: string): Snapshot => ({
  source: 'wechat-mini',
  number: '200001',
  scope,
  phase: 'ours',
  code: '201',
  label: '待商家处理',
  moves: [{ kind: 'respond', owed: true, due: instant(noon + 48 * 3_600_000), takes: {} }],
  orders: ['4200001'],
  text: '没有收到货',
  reason: '未收到商品',
  person: { name: '张三丰', phone: '13812345678', openid: 'oSecretOpenid' },
  pictures: ['https://pictures.example/secret-picture'],
  timeline: [
    {
      at: instant(noon),
      by: 'user',
      label: '发起投诉',
      text: '没有收到货',
      pictures: ['https://pictures.example/secret'],
    },
  ],
  openedAt: instant(noon),
  asOf: instant(noon),
  warnings: [],
})

export const shop = { handle: 'shop', name: '小店' }
export const program = {
  platform: 'wechat-mini',
  outsideId: 'wx0123456789abcdef',
  name: '小程序',
  secrets: {
    secret: 'canarySecret0123456789canarySecre',
    token: 'canaryToken',
    aesKey: 'canaryAesKey0123456789canaryAesKey012345678',
  },
}
export const chat = { kind: 'telegram', name: 'ops', secrets: { token: 'canary-bot-token' } }
export const canaries = [...Object.values(program.secrets), chat.secrets.token]
