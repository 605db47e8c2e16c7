import { randomBytes } from 'node:crypto'
import { telegramKind } from '../../../bots/telegram/index.ts'
import {
  createTelegram,
  type Group,
  type Person,
  paces,
  serveTelegram,
  type Telegram,
} from '../../../sandbox/telegram/index.ts'
import type { Bot } from '../../../src/chat/chat.ts'
import { type Clock, systemClock } from '../../../src/core/clock.ts'
import { type Logger, silent } from '../../../src/core/logger.ts'
import { asId } from '../../../src/core/words.ts'
import { token } from './fake.ts'

export const username = 'RedressBot'

export interface TelegramStage {
  readonly telegram: Telegram
  readonly bot: Bot
  readonly li: Person
  readonly wang: Person
  readonly group: Group
  /** Resolves when everything that people did has been handled; rejects when nobody asks for it. */
  settled(): Promise<void>
  /** What people have done so far is not told to the bot. */
  forget(): Promise<void>
  close(): Promise<void>
}

interface StageOptions {
  readonly clock?: Clock
  readonly logger?: Logger
  readonly privacy?: boolean
  readonly settings?: Record<string, unknown>
  readonly kind?: 'group' | 'supergroup'
}

/** The sandbox's Telegram with a group, two people and the bot in it. */
export async function telegramStage(options: StageOptions = {}): Promise<TelegramStage> {
  const { clock = systemClock, logger = silent, privacy = true, settings = {}, kind = 'supergroup' } = options
  const account = { token, username, name: 'Redress', privacy }
  const telegram = createTelegram({
    ...{ clock, random: randomBytes, bots: [account], rules: { pace: paces.off } },
    // The service's own door stands between in real life.
    async deliver({ url, method, headers, body }) {
      const path = new URL(url).pathname
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
      const answer = await bot.answer?.({ method, path, query: '', headers: lower, body })
      return { status: answer?.status ?? 404, headers: answer?.headers ?? {}, body: Buffer.from(answer?.body ?? '') }
    },
  })
  const served = await serveTelegram(telegram, { tickMs: clock === systemClock ? 50 : 0 })
  const li = telegram.person({ name: '李文博' })
  const wang = telegram.person({ name: '王思远' })
  const group = telegram.group({ title: '投诉处理群', kind, people: [li, wang], bots: [username] })
  const made = telegramKind({ clock, random: randomBytes, logger, apiRoot: served.url })
  const bot: Bot = made.make({ id: asId('bot_test'), name: 'Redress', settings, secrets: { token } })
  return {
    ...{ telegram, bot, li, wang, group },
    async settled() {
      for (let away = 0; away < 200; ) {
        if (telegram.pending(username) === 0 && telegram.polled(username)) return
        away = telegram.polled(username) ? 0 : away + 1
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      throw new Error('the bot does not ask for updates')
    },
    async forget() {
      await fetch(`${served.url}/bot${token}/deleteWebhook?drop_pending_updates=true`)
    },
    async close() {
      await bot.stop()
      await served.close()
    },
  }
}
