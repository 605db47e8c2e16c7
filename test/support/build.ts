import { standardChecks } from '../../src/admin/checks/index.ts'
import { type App, type AppParts, createApp } from '../../src/app.ts'
import type { BotKind } from '../../src/chat/chat.ts'
import { type Logger, silent } from '../../src/core/logger.ts'
import { createMetrics, type Metrics } from '../../src/core/metrics.ts'
import { createTransport } from '../../src/core/transport.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from '../../src/engine/embedded.ts'
import type { ChannelKind } from '../../src/notify/kind.ts'
import { createAlipay } from '../../src/platforms/alipay/index.ts'
import { paidBy } from '../../src/platforms/paid-by.ts'
import { type Platforms, registry } from '../../src/platforms/registry.ts'
import { createWechatMini } from '../../src/platforms/wechat-mini/index.ts'
import { createWechatPay, type WechatPay } from '../../src/platforms/wechat-pay/index.ts'
import { payingBy } from '../../src/platforms/wechat-pay/refund-deed.ts'
import { grantStore } from '../../src/storage/grants.ts'
import type { Database } from '../../src/storage/open.ts'
import { tokenStore } from '../../src/storage/tokens.ts'

export interface Built {
  readonly app: App
  readonly engine: EmbeddedEngine
  readonly metrics: Metrics
  readonly pay: WechatPay
  readonly platforms: Platforms
  close(): Promise<void>
}

const nowhere = 'http://127.0.0.1:9'

/** The whole of Redress on this database, with WeChat, WeChat Pay and Alipay at these addresses and this chat. */
export function build(parts: {
  readonly database: Database
  readonly wechat: string
  readonly pay?: string
  readonly alipay?: string
  readonly publicUrl?: string
  readonly botKind: BotKind
  readonly channelKinds?: readonly ChannelKind[]
  readonly logger?: Logger
  /** Of the app, beside or in place of what stands here; its kinds of bots beside the one above. */
  readonly more?: Partial<AppParts>
}): Built {
  const { database, logger = silent } = parts
  const { clock, random } = database.reads
  const transport = createTransport({ clock })
  const engine = createEmbeddedEngine({ storage: database, clock, random, logger })
  const metrics = createMetrics()
  const mini = createWechatMini({
    transport,
    clock,
    random,
    tokens: tokenStore(database),
    logger,
    baseUrl: parts.wechat,
  })
  const pay = createWechatPay({ transport, clock, random, logger, baseUrl: parts.pay ?? nowhere })
  const { alipay: theirs = nowhere } = parts
  const alipay = createAlipay({
    ...{ transport, clock, random, logger, grants: grantStore(database) },
    gateway: `${theirs}/gateway.do`,
    authorizeUrl: theirs,
  })
  // Told where it can be reached, as main does.
  const told = ({ id }: { readonly id: string }) => parts.publicUrl && `${parts.publicUrl}/hooks/${id}`
  const platforms = registry([...[mini, pay].map((platform) => paidBy(platform, payingBy(pay, told))), alipay])
  const app = createApp({
    storage: database,
    engine,
    metrics,
    logger,
    platforms,
    channelKinds: parts.channelKinds ?? [],
    checks: standardChecks,
    version: 'test',
    listen: { host: '127.0.0.1', port: 0 },
    bodyLimit: 256 * 1024,
    ...(parts.publicUrl === undefined ? {} : { publicUrl: parts.publicUrl }),
    ...parts.more,
    botKinds: [parts.botKind, ...(parts.more?.botKinds ?? [])],
  })
  return {
    app,
    engine,
    metrics,
    pay,
    platforms,
    async close() {
      await app.stop()
      for (const kind of parts.channelKinds ?? []) await kind.close()
      await transport.close()
    },
  }
}
