import type { Logger } from '../core/logger.ts'
import type { Metrics } from '../core/metrics.ts'
import { type BotId, type DeliveryId, type Instant, instant, later } from '../core/words.ts'
import type { Platforms } from '../platforms/registry.ts'
import { settleDeliveries } from '../storage/deliveries.ts'
import type { Room } from '../storage/rooms.ts'
import type { Storage } from '../storage/storage.ts'
import type { Bot } from './chat.ts'
import type { Bucket, Pace } from './pace.ts'

export interface GroupParts {
  readonly storage: Storage
  readonly platforms: Platforms
  readonly pace: Pace
  readonly logger: Logger
  readonly metrics: Metrics
  /** What the world calls us, when it can reach us. */
  readonly publicUrl?: string
  /** The running bot of that id, if this process owns it. */
  bot(id: BotId): Bot | undefined
}

/** A room, and the bot through which it hears. */
export interface Outlet {
  readonly parts: GroupParts
  readonly bot: Bot
  readonly room: Room
}

/** What the chat counts together: its topics are one chat. */
export const chatOf = (room: Room): string => `${room.bot}:${room.chat}`

/** What a message there is taken from: the chat's bucket, and the bot's where all its chats are limited together. */
export const bucketsOf = ({ id, can }: Pick<Bot, 'id' | 'can'>, chat: string): readonly Bucket[] => [
  { name: `${id}:${chat}`, rate: can.pace },
  ...(can.paceOfAll ? [{ name: id, rate: can.paceOfAll }] : []),
]

/** Asked before every post and edit. `count`: an album counts for as many as it has pictures. @returns when to come back, if not now. */
export function notYet({ parts, bot, room }: Outlet, count = 1): Instant | undefined {
  const wait = parts.pace.take(bucketsOf(bot, room.chat), count)
  return wait > 0 ? later(instant(parts.storage.reads.clock.now()), wait) : undefined
}

/** They are there; or, with an `error`, never will be. */
export const settle = ({ parts }: Outlet, ids: readonly DeliveryId[], error?: string): Promise<void> =>
  parts.storage.transaction((tx) =>
    settleDeliveries(tx, ids, error === undefined ? { state: 'sent' } : { state: 'dropped', error }),
  )
