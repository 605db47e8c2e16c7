import { randomBytes } from 'node:crypto'
import { telegramKind } from '../../../bots/telegram/index.ts'
import type { Answer, Bot, Events, Heard } from '../../../src/chat/chat.ts'
import { type ManualClock, manualClock } from '../../../src/core/clock.ts'
import type { Logger } from '../../../src/core/logger.ts'
import type { Picture } from '../../../src/core/picture.ts'
import { createReach } from '../../../src/core/reach.ts'
import { asId } from '../../../src/core/words.ts'
import { type FakeTelegram, fakeTelegram, token } from './fake.ts'

export const group = { id: -1001, type: 'supergroup', title: '投诉处理群' }
export const li = { id: 7, is_bot: false, first_name: '文博', last_name: '李' }
export const spot = { chat: '-1001' }

export interface World {
  readonly telegram: FakeTelegram
  readonly bot: Bot
  readonly clock: ManualClock
  readonly heard: Heard[]
  readonly log: readonly string[]
  answer: (heard: Heard) => Promise<Answer>
  message(more: object): void
  press(more?: object): void
  start(events?: Events): Promise<void>
  close(): Promise<void>
}

/** A bot beside a scripted Bot API; time passes only when the test says so. */
export async function world(
  settings: Record<string, unknown> = {},
  secrets: Record<string, string> = {},
): Promise<World> {
  const telegram = await fakeTelegram()
  const clock = manualClock(Date.UTC(2026, 10, 21))
  const log: string[] = []
  const reach = createReach(['127.0.0.1'])
  const kind = telegramKind({ clock, random: randomBytes, logger: writing(log), apiRoot: telegram.root, reach })
  const bot = kind.make({ id: asId('bot_1'), name: 'Redress', settings, secrets: { token, ...secrets } })
  const heard: Heard[] = []
  let number = 10
  const made: World = {
    ...{ telegram, bot, clock, heard, log },
    answer: async () => ({}),
    message: (more) =>
      void telegram.update({ message: { message_id: ++number, date: 0, chat: group, from: li, ...more } }),
    press: (more = {}) =>
      void telegram.update({
        callback_query: { id: `q${++number}`, from: li, message: { message_id: 50, chat: group }, data: 't0', ...more },
      }),
    start: (events) =>
      bot.start((thing) => {
        heard.push(thing)
        return made.answer(thing)
      }, events),
    async close() {
      await bot.stop()
      await telegram.close()
    },
  }
  return made
}

function writing(log: string[]): Logger {
  const write = (level: string) => (fields: object, message: string) =>
    void log.push(JSON.stringify([level, fields, message]))
  const logger: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => logger,
  }
  return logger
}

/** Waits in real time for what the machine does by itself. */
export async function until(true_: () => boolean, what = 'it'): Promise<void> {
  for (let turn = 0; turn < 500; turn++) {
    if (true_()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`${what} did not happen`)
}

/** Long enough for anything that should not happen to happen. */
export const aWhile = (ms = 60): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const bytesOf = (hex: string, size = 64) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(size)])
export const pictures = {
  jpeg: { type: 'image/jpeg', bytes: bytesOf('ffd8ffe0') },
  png: { type: 'image/png', bytes: bytesOf('89504e470d0a1a0a') },
  gif: { type: 'image/gif', bytes: Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(64)]) },
  webp: { type: 'image/webp', bytes: Buffer.concat([Buffer.from('RIFF\x40\0\0\0WEBP', 'latin1'), Buffer.alloc(64)]) },
} as const satisfies Record<string, Picture>
