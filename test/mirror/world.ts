import { onTestFinished } from 'vitest'
import { standardChecks } from '../../src/admin/checks/index.ts'
import { createApp } from '../../src/app.ts'
import type { BotKind } from '../../src/chat/chat.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { createTransport } from '../../src/core/transport.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from '../../src/engine/embedded.ts'
import { createAlipay } from '../../src/platforms/alipay/index.ts'
import { paidBy } from '../../src/platforms/paid-by.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createWechatMini } from '../../src/platforms/wechat-mini/index.ts'
import { createWechatPay } from '../../src/platforms/wechat-pay/index.ts'
import { payingBy } from '../../src/platforms/wechat-pay/refund-deed.ts'
import { openKeys } from '../../src/storage/data-keys.ts'
import { grantStore } from '../../src/storage/grants.ts'
import type { Database } from '../../src/storage/open.ts'
import { tokenStore } from '../../src/storage/tokens.ts'
import { type Api, adminKey, apiAt } from '../support/admin-api.ts'
import { type Channels, playChannels } from '../support/channels.ts'
import { type TestChat, testChat } from '../support/chat.ts'
import { sqlite } from '../support/databases.ts'
import { publicUrl } from '../support/public-url.ts'
import { type Outside, playOutside } from './outside.ts'
import { dress, type Side } from './side.ts'

/** Two businesses under one roof that are as like each other as two can be. */
export interface Mirror {
  readonly url: string
  readonly storage: Database
  readonly clock: ManualClock
  readonly engine: EmbeddedEngine
  readonly outside: Outside
  readonly channels: Channels
  readonly platforms: ReturnType<typeof registry>
  /** With a key of the whole installation. */
  readonly api: Api
  readonly a: Side
  readonly b: Side
  /** What happens to this appid is told there from now on. */
  tellAt(appid: string, address: string): void
  settle(): Promise<void>
}

/** What a business is made with, before it is there. */
export type Bare = Omit<Mirror, 'a' | 'b'>

export const marks = { a: '甲家', b: '乙家' } as const

export async function mirror(): Promise<Mirror> {
  const { database: storage, clock } = await sqlite.open()
  await openKeys(storage)
  const hooks = new Map<string, string>()
  let url = ''
  const channels = await playChannels()
  const outside = await playOutside({
    ...{ clock, names: [marks.a, marks.b], where: () => url },
    hookOf: (appid) => hooks.get(appid) ?? '',
  })
  const chats = { a: testChat(), b: testChat() }
  const { app, engine, platforms, close } = build({ storage, outside, channels, chats })
  url = (await app.listen()).url
  onTestFinished(async () => {
    // What waits for a later try is let go.
    await waitedFor({ clock }, close())
    await outside.close()
  })
  async function settle() {
    // What is done may cause pushes, and pushes cause work.
    for (let quiet = 0; quiet < 2; quiet++) {
      clock.advance(1)
      await outside.idle()
      await engine.settle()
    }
  }
  const api = apiAt(url, await adminKey(storage, { name: 'installation' }))
  const tellAt = (appid: string, address: string) => void hooks.set(appid, address)
  const bare = { url, storage, clock, engine, outside, channels, platforms, api, tellAt, settle }
  const alipay = await outside.alipay.join({ storage, tenant: await tenantCalled(api, 'a'), settle })
  const other = await alipay.join(await tenantCalled(api, 'b'), 'key', `${marks.b}支付宝`)
  const [merchant] = alipay.merchants
  if (!merchant) throw new Error('no merchant')
  await alipay.authorise(other, merchant)
  const a = await dress(bare, { at: 'a', chat: chats.a, shop: outside.shops[0] })
  const b = await dress(bare, { at: 'b', chat: chats.b, shop: outside.shops[1] })
  // What falls due soon has been done: whatever happens from here on has another cause.
  for (const ms of [35_000, 3_000, 3_000]) {
    clock.advance(ms)
    await outside.advance()
    await settle()
  }
  return { ...bare, a, b }
}

async function tenantCalled(api: Api, at: 'a' | 'b') {
  const made = await api('POST', '/tenants', { handle: at === 'a' ? 'jia' : 'yi', name: `${marks[at]}商店` })
  if (made.status !== 201) throw new Error(JSON.stringify(made.json))
  return made.json
}

interface Parts {
  readonly storage: Database
  readonly outside: Outside
  readonly channels: Channels
  readonly chats: { readonly a: TestChat; readonly b: TestChat }
}

/** One realm for both, as Telegram has it: whoever is in both groups is the same person. Each has a bot of its own. */
function kindsFor(chats: Parts['chats']): readonly BotKind[] {
  const make: BotKind['make'] = (options) => chats[options.settings.side === 'b' ? 'b' : 'a'].kind.make(options)
  return [
    { ...chats.a.kind, kind: 'telegram', make },
    // Of a kind that is never heard; it says nothing here.
    { ...chats.a.kind, kind: 'wecom-webhook', pushOnly: true, make: (options) => testChat().kind.make(options) },
  ]
}

function build({ storage, outside, channels, chats }: Parts) {
  const { clock, random } = storage.reads
  const shared = { clock, random, logger: silent, transport: createTransport({ clock }) }
  const { urls } = outside
  const engine = createEmbeddedEngine({ storage, clock, random, logger: silent })
  const mini = createWechatMini({ ...shared, tokens: tokenStore(storage), baseUrl: urls.wechat })
  const pay = createWechatPay({ ...shared, baseUrl: urls.pay })
  const alipay = createAlipay({
    ...{ ...shared, grants: grantStore(storage) },
    ...{ gateway: `${urls.alipay}/gateway.do`, authorizeUrl: urls.alipay },
  })
  const told = ({ id }: { readonly id: string }) => `${publicUrl}/hooks/${id}`
  const platforms = registry([...[mini, pay].map((platform) => paidBy(platform, payingBy(pay, told))), alipay])
  const channelKinds = channels.kindsOn(storage)
  const app = createApp({
    ...{ storage, engine, platforms, channelKinds, publicUrl, checks: standardChecks, version: 'test' },
    ...{ metrics: createMetrics(), logger: silent, botKinds: kindsFor(chats) },
    ...{ listen: { host: '127.0.0.1', port: 0 }, bodyLimit: 256 * 1024 },
    // A test asks more in a second than a person in a minute.
    requestsPerMinute: 1_000_000,
  })
  return {
    ...{ app, engine, platforms },
    async close() {
      await app.stop()
      for (const kind of channelKinds) await kind.close()
      await shared.transport.close()
    },
  }
}

/** What waits for time to go by is given some, once it is plain that it waits: less than until anything else falls due. */
export async function waitedFor<Result>({ clock }: Pick<Mirror, 'clock'>, work: Promise<Result>): Promise<Result> {
  let over = false
  const end = () => {
    over = true
  }
  work.then(end, end)
  for (let tries = 0; tries < 150 && !over; tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  for (let left = 60; left > 0 && !over; left--) {
    clock.advance(100)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return work
}
