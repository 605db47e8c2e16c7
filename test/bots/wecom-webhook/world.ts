import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { wecomWebhookKind } from '../../../bots/wecom-webhook/index.ts'
import {
  createWecom,
  type Group,
  type Person,
  type Rules,
  serveWecom,
  type Wecom,
} from '../../../sandbox/wecom/index.ts'
import type { Bot } from '../../../src/chat/chat.ts'
import { type ManualClock, manualClock, systemClock } from '../../../src/core/clock.ts'
import type { Logger } from '../../../src/core/logger.ts'
import { createTransport } from '../../../src/core/transport.ts'
import { asId } from '../../../src/core/words.ts'

export interface World {
  readonly wecom: Wecom
  readonly group: Group
  readonly li: Person
  readonly key: string
  readonly bot: Bot
  readonly clock: ManualClock
  /** Everything that was logged, as text. */
  readonly log: readonly string[]
  /** Texts that the group sees, oldest first. */
  seen(): readonly string[]
}

interface Wish {
  readonly rules?: Partial<Rules>
  readonly settings?: Record<string, unknown>
  /** Instead of the group's own. */
  readonly key?: string
  readonly clock?: ManualClock
}

export const spot = { chat: 'group' }

/** A group of the played WeCom with a webhook in it, over HTTP; time passes only when the test says so. */
export async function world({ rules = {}, settings = {}, key: given, ...more }: Wish = {}): Promise<World> {
  const { clock = manualClock(Date.UTC(2026, 10, 21)) } = more
  const wecom = createWecom({ clock, random: randomBytes, bots: [], rules })
  const served = await serveWecom(wecom)
  onTestFinished(() => served.close())
  const li = wecom.person({ userid: 'li', name: '李文博' })
  const group = wecom.group({ name: '投诉通知群', people: [li] })
  const key = group.webhook()
  const log: string[] = []
  const bot = await botAt(wecom.baseUrl, { clock, log, settings, key: given ?? key })
  const seen = () => group.seenBy(li).map(({ text }) => text)
  return { wecom, group, li, key, bot, clock, log, seen }
}

export async function botAt(
  baseUrl: string,
  wish: {
    readonly clock: ManualClock
    readonly log?: string[]
    readonly settings?: Record<string, unknown>
    readonly key: string
    readonly timeout?: number
  },
): Promise<Bot> {
  const { clock, log = [], settings = {}, key, timeout = 5_000 } = wish
  const transport = createTransport({ clock: systemClock, timeout })
  onTestFinished(() => transport.close())
  const bot = wecomWebhookKind({ transport, clock, logger: writing(log), baseUrl }).make({
    ...{ id: asId('bot_1'), name: '通知', settings, secrets: { key } },
  })
  await bot.start(async () => ({}))
  onTestFinished(() => bot.stop())
  return bot
}

function writing(log: string[]): Logger {
  const write = (fields: object, message: string) => void log.push(JSON.stringify([fields, message]))
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger }
  return logger
}
