import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { type App, createApp } from '../../src/app.ts'
import { systemClock } from '../../src/core/clock.ts'
import { armFailpoints } from '../../src/core/failpoint.ts'
import { createLogger, type Logger, silent } from '../../src/core/logger.ts'
import { createMetrics } from '../../src/core/metrics.ts'
import { createReach } from '../../src/core/reach.ts'
import { createSealer } from '../../src/core/seal.ts'
import { createTransport } from '../../src/core/transport.ts'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import { emailKind } from '../../src/notify/email/index.ts'
import type { ChannelKind } from '../../src/notify/kind.ts'
import { type OfficialParts, officialAccountKind } from '../../src/notify/official-account/index.ts'
import { smsKind } from '../../src/notify/sms/index.ts'
import { createAlipay } from '../../src/platforms/alipay/index.ts'
import { paidBy } from '../../src/platforms/paid-by.ts'
import { registry } from '../../src/platforms/registry.ts'
import { createWechatMini } from '../../src/platforms/wechat-mini/index.ts'
import { createWechatPay } from '../../src/platforms/wechat-pay/index.ts'
import { payingBy } from '../../src/platforms/wechat-pay/refund-deed.ts'
import { grantStore } from '../../src/storage/grants.ts'
import { openSqlite } from '../../src/storage/open.ts'
import { tokenStore } from '../../src/storage/tokens.ts'
import { scaledClock } from '../support/kill-clock.ts'
import { type Death, type FromChild, type Order, swept, type ToChild } from '../support/kill-wire.ts'
import { chatOver } from './bot.ts'

// The service as a process of its own, to be killed. What it is to be comes over the parent's line.

const say = (word: FromChild) => process.send?.(word)
let app: App | undefined
let death: (Death & { left: number }) | undefined

process.on('message', (word: ToChild) => {
  switch (word.do) {
    case 'start':
      return void start(word.order)
    case 'arm':
      death = { ...word.death, left: word.death.hit }
      return say({ is: 'armed' })
    case 'stop':
      return void app?.stop().then(() => say({ is: 'stopped' }))
  }
})
// Without its parent it has no purpose.
process.on('disconnect', () => process.exit())
say({ is: 'loaded' })

async function start(order: Order): Promise<void> {
  armFailpoints((point) => {
    appendFileSync(order.hits, `${point}\n`)
    if (death?.point === point && --death.left === 0) process.kill(process.pid, 'SIGKILL')
  })
  const clock = scaledClock(order.pace)
  const loud = process.argv.includes('--loud') ? createLogger({ level: 'debug' }) : silent
  const logger: Logger = {
    debug: (fields, message) => loud.debug(fields, message),
    info: (fields, message) => loud.info(fields, message),
    error: (fields, message) => loud.error(fields, message),
    child: () => logger,
    warn(fields, message) {
      if (message === 'rows waited without a job') appendFileSync(order.hits, `${swept}\n`)
      loud.warn(fields, message)
    },
  }
  const parts = { clock, random: randomBytes, logger, sealer: createSealer(Buffer.alloc(32, 7), randomBytes) }
  const storage = openSqlite({ ...parts, file: order.file, synchronous: 'full' })
  // Sockets keep the world's time.
  const outside = { ...parts, transport: createTransport({ clock: systemClock }) }
  const mini = createWechatMini({ ...outside, tokens: tokenStore(storage), baseUrl: order.wechat })
  const pay = createWechatPay({ ...outside, baseUrl: order.pay })
  const alipay = order.alipay && { gateway: `${order.alipay}/gateway.do`, grants: grantStore(storage) }
  const more = alipay ? [createAlipay({ ...outside, ...alipay })] : []
  const told = ({ id }: { readonly id: string }) => `${order.publicUrl}/hooks/${id}`
  app = createApp({
    storage,
    engine: createEmbeddedEngine({ ...parts, storage }),
    platforms: registry([...[mini, pay].map((platform) => paidBy(platform, payingBy(pay, told))), ...more]),
    botKinds: [chatOver(order.chat)],
    logger,
    metrics: createMetrics(),
    ...(order.channels && {
      channelKinds: kindsAt(order.channels, { ...parts, ...outside, tokens: tokenStore(storage) }),
    }),
    checks: [],
    version: 'test',
    listen: { host: '127.0.0.1', port: 0 },
    bodyLimit: 256 * 1024,
    // As often as there is a tick.
    pollEvery: { active: 60_000, idle: 60_000 },
    publicUrl: order.publicUrl,
  })
  const { url } = await app.listen()
  say({ is: 'listening', url })
}

/** So long that only a death cuts a message short. */
const patient = 600_000

function kindsAt(
  { ca, official, sms }: NonNullable<Order['channels']>,
  parts: Omit<OfficialParts, 'baseUrl' | 'qrUrl'>,
): readonly ChannelKind[] {
  return [
    emailKind({ ...parts, ca, timeout: patient, reach: createReach(['127.0.0.1']) }),
    officialAccountKind({ ...parts, baseUrl: official, qrUrl: official }),
    smsKind({ ...parts, endpoint: sms, timeout: patient }),
  ]
}
