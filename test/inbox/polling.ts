import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import {
  createAlipay as createSandbox,
  type Merchant,
  mintApp,
  type Alipay as Sandbox,
  serveAlipay,
} from '../../sandbox/alipay/index.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { Secret } from '../../src/core/seal.ts'
import { createTransport } from '../../src/core/transport.ts'
import { type AccountId, asId, type MerchantId, type TenantId } from '../../src/core/words.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import { queues } from '../../src/engine/queues.ts'
import { drain } from '../../src/inbox/drain.ts'
import { checkGrant } from '../../src/inbox/grant.ts'
import { fetchWanted } from '../../src/inbox/import.ts'
import { createPoller, type Poller, pollDue } from '../../src/inbox/poll.ts'
import type { PollParts } from '../../src/inbox/poll-merchant.ts'
import { receive } from '../../src/inbox/receive.ts'
import { reread } from '../../src/inbox/sync.ts'
import { createAlipay } from '../../src/platforms/alipay/index.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createAccount, heldAccounts } from '../../src/storage/accounts.ts'
import { listComplaints } from '../../src/storage/complaints.ts'
import { grantStore } from '../../src/storage/grants.ts'
import { keepMerchant } from '../../src/storage/merchants.ts'
import type { Database } from '../../src/storage/open.ts'
import { createReceipts } from '../../src/storage/receipts.ts'
import type { MerchantRow } from '../../src/storage/tables.ts'
import { createTenant, type Tenant } from '../../src/storage/tenants.ts'
import { type DatabaseKind, sqlite } from '../support/databases.ts'

export const risks = 'alipay.security.risk.complaint.info.batchquery'
export const trades = 'alipay.merchant.tradecomplain.batchquery'
export const details = 'alipay.security.risk.complaint.info.query'

export const every = { active: 3 * 60_000, idle: 15 * 60_000 }

// To make a key takes a tenth of a second.
let privateKey: string | undefined

/** An app of ours with merchants that have authorised it; its account. */
export interface App {
  readonly id: AccountId
  readonly appId: string
  readonly pids: readonly string[]
  readonly merchants: readonly MerchantId[]
}

/** Alipay on real HTTP, a real database, and the part of Redress that asks; one clock that only the test moves. */
export interface PolledWorld {
  readonly clock: ManualClock
  readonly sandbox: Sandbox
  readonly storage: Database
  readonly parts: PollParts
  readonly poller: Poller
  readonly tenant: Tenant
  readonly apps: readonly App[]
  /** The first app's. */
  readonly app: App
  /** Everything that is due now is done. */
  settle(): Promise<void>
  /** Time passes in steps of a minute; with each, what is due is done. */
  pass(ms: number): Promise<void>
  /** Short steps of time, with a breath of the real one between, for what waits for an answer. */
  while(busy: () => boolean, step?: number): Promise<void>
  complain(pid: string, more?: object): Promise<string>
  /** The PIDs that were asked by this call since the last look, in order. */
  asked(on?: string): readonly string[]
  complaints(): ReturnType<typeof listComplaints>
  row(id: MerchantId): Promise<MerchantRow>
  authorise(app: Pick<App, 'id' | 'appId'>, pid: string): Promise<MerchantId>
  change(id: MerchantId, set: Partial<MerchantRow>): Promise<void>
}

export async function polledWorld(
  given: {
    readonly merchants?: readonly number[]
    readonly settings?: object
    readonly kind?: DatabaseKind
    /** Nothing runs by itself: the test calls the poller. */
    readonly byHand?: true
  } = {},
): Promise<PolledWorld> {
  const { merchants: sizes = [1], settings = { sources: ['risk'] } } = given
  const { database: storage, clock } = await (given.kind ?? sqlite).open()
  const random = storage.reads.random
  const identity = mintApp({
    name: 'app',
    random: randomBytes,
    now: clock.now(),
    ...(privateKey === undefined ? {} : { privateKey }),
  })
  privateKey = identity.privateKey
  const wished = sizes.map((count, at) => ({
    appId: `202100000000000${at + 1}`,
    pids: Array.from({ length: count }, (_, nr) => `208800000000${at + 1}${String(nr).padStart(3, '0')}`),
  }))
  const known: Merchant[] = wished.flatMap(({ pids }, at) =>
    pids.map((pid, nr) => ({
      pid,
      name: `${nr + 1} 号店`,
      appId: `20219000000${at + 1}${String(nr).padStart(4, '0')}`,
    })),
  )
  const apps: App[] = []
  const sandbox = createSandbox({
    clock,
    random: randomBytes,
    merchants: known,
    apps: wished.map(({ appId }) => ({
      ...{ appId, name: appId, pid: '2088000000000900', kind: 'isv' as const },
      gatewayUrl: `http://hooks.example/${appId}`,
      publicKey: identity.publicKey,
    })),
    // What is pushed comes in by the same door, without the way there.
    async deliver({ method, url, headers, body }) {
      const { pathname, search } = new URL(url)
      const account = apps.find(({ appId }) => pathname === `/${appId}`)?.id ?? asId<'account'>('')
      const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
      const request = { method, path: pathname, query: search.slice(1), headers: plain, body: Buffer.from(body) }
      const said = await receive(receiving, account, request)
      return { ...said, body: Buffer.from(said.body) }
    },
  })
  const served = await serveAlipay(sandbox, { tickMs: 0 })
  const transport = createTransport({ clock })
  const platform = createAlipay({
    ...{ transport, clock, random, logger: silent, grants: grantStore(storage) },
    gateway: `${served.url}/gateway.do`,
  })
  const engine = createEmbeddedEngine({ storage, clock, random, logger: silent })
  const parts: PollParts = {
    ...{ storage, engine, logger: silent, metrics: createMetrics(), pollEvery: every },
    platforms: registry([platform]),
  }
  const receipts = createReceipts({ database: storage, queue: queues.drain, ring: engine.ring })
  const receiving = { ...parts, receipts, random, accounts: heldAccounts(storage.reads) }
  const poller = createPoller(parts)
  engine.work(queues.drain, (id) => drain(parts, asId(id)))
  engine.work(queues.poll, poller.poll)
  engine.work(queues.fetchWanted, (key) => fetchWanted(parts, key))
  engine.work(queues.reread, (id) => reread(parts, asId(id)))
  engine.work(queues.grant, (id) => checkGrant(parts, asId(id)))
  if (!given.byHand) await engine.start()
  onTestFinished(async () => {
    for (const trouble of sandbox.misbehaviours()) trouble.stop()
    poller.stop()
    await engine.stop()
    await served.close()
    await transport.close()
  })

  const tenant = await storage.transaction((tx) =>
    createTenant(tx, {
      handle: 'shop',
      name: '小店',
      zone: 'Asia/Shanghai',
      language: 'zh-CN',
      secondPersonFrom: 1 as never,
    }),
  )
  if (!tenant) throw new Error('no tenant')
  for (const { appId, pids } of wished) {
    const id = await accountFor({ storage, tenant: tenant.id, sandbox, appId, settings })
    const merchants: MerchantId[] = []
    for (const pid of pids) merchants.push(await authorise({ id, appId }, pid))
    apps.push({ id, appId, pids, merchants })
  }
  const [app] = apps
  if (!app) throw new Error('no app')
  let seen = 0

  async function authorise({ id, appId }: Pick<App, 'id' | 'appId'>, pid: string): Promise<MerchantId> {
    const { token, authAppId } = await sandbox.authorise(appId, pid)
    const of = { tenant: tenant?.id ?? asId<'tenant'>(''), account: id }
    const grant = { outsideId: pid, authAppId, token: new Secret(token) }
    return (await storage.transaction((tx) => keepMerchant(tx, of, grant))).id
  }

  async function settle() {
    await pollDue(parts)
    await engine.settle()
    // What was found is not new any more when it is asked again: two answers of one millisecond would be.
    clock.advance(1)
    await engine.settle()
  }

  return {
    ...{ clock, sandbox, storage, parts, poller, tenant, apps, app, settle, authorise },
    async pass(ms) {
      for (let left = ms; left > 0; left -= 60_000) {
        clock.advance(Math.min(60_000, left))
        await sandbox.advance()
        await settle()
      }
    },
    async while(busy, step = 5) {
      for (let turn = 0; busy(); turn++) {
        if (turn > 20_000) throw new Error('it does not come to an end')
        clock.advance(step)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    },
    complain: async (pid, more = {}) => String((await sandbox.complainRisk({ pid, ...more })).id),
    asked(on = risks) {
      const calls = sandbox.calls()
      const fresh = calls.slice(seen)
      seen = calls.length
      return fresh.filter((call) => call.on === on).map(({ pid }) => pid ?? '')
    },
    complaints: () => listComplaints(storage.reads, { tenant: tenant.id, which: 'all', limit: 100 }),
    row: (id) => storage.reads.db.selectFrom('merchant').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    async change(id, set) {
      await storage.transaction(async (tx) => {
        await tx.db.updateTable('merchant').set(set).where('id', '=', id).execute()
      })
    },
  }
}

async function accountFor(given: {
  readonly storage: Database
  readonly tenant: TenantId
  readonly sandbox: Sandbox
  readonly appId: string
  readonly settings: object
}): Promise<AccountId> {
  const { storage, tenant, sandbox, appId, settings } = given
  const account = await storage.transaction((tx) =>
    createAccount(tx, {
      ...{ tenant, platform: 'alipay', outsideId: appId, name: appId, enabled: true },
      settings: { mode: 'key', ...settings },
      secrets: { privateKey: privateKey ?? '', alipayPublicKey: sandbox.credentials(appId).alipayPublicKey },
    }),
  )
  if (!account) throw new Error('no account')
  return account.id
}
