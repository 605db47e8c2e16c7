import { backoff } from '../core/backoff.ts'
import type { Cancel } from '../core/clock.ts'
import { told } from '../core/errors.ts'
import type { BotId, TenantId } from '../core/words.ts'
import { announce } from '../engine/announce.ts'
import type { Engine } from '../engine/engine.ts'
import type { Lease, Leases } from '../engine/lease.ts'
import { queues } from '../engine/queues.ts'
import { enabledBots, type StoredBot } from '../storage/bots.ts'
import { destinationsWaiting } from '../storage/deliveries.ts'
import { rememberPost, setCurrentPost, setShown } from '../storage/posts.ts'
import { moveRooms, roomAt } from '../storage/rooms.ts'
import type { Bot, BotKind, Events } from './chat.ts'
import { commands } from './commands.ts'
import type { ChatParts } from './context.ts'
import { shownHash } from './draw.ts'
import { hear } from './hear.ts'
import { bucketsOf } from './outlet.ts'
import type { Pace } from './pace.ts'
import { text } from './texts.ts'

export interface BotsParts extends ChatParts {
  readonly engine: Engine
  readonly leases: Leases
  readonly pace: Pace
  readonly kinds: readonly BotKind[]
}

/** The bots of this process: those that the database says are on, and whose lease is ours. */
export interface Bots {
  /** Brings what runs into line with the database. Called at start and after every change. */
  refresh(): Promise<void>
  get(id: BotId): Bot | undefined
  running(id: BotId): boolean
  /** Where a person opens it, for bots that are a page; holds its secret. */
  address(id: BotId): string | undefined
  stop(): Promise<void>
}

interface Running {
  readonly bot: Bot
  readonly lease: Lease
  readonly made: string
}

export function createBots(parts: BotsParts): Bots {
  const running = new Map<BotId, Running>()
  const { clock, random } = parts.storage.reads
  let last: Promise<void> = Promise.resolve()
  let retry: Cancel | undefined
  let failures = 0
  let stopped = false

  async function bringIntoLine(): Promise<void> {
    const wanted = new Map((stopped ? [] : await enabledBots(parts.storage.reads)).map((bot) => [bot.id, bot]))
    for (const [id, { made }] of running) {
      const still = wanted.get(id)
      if (!still || madeOf(still) !== made) await end(id)
    }
    let failed = false
    for (const bot of wanted.values()) if (!running.has(bot.id)) failed = !(await begin(bot)) || failed
    retry?.()
    if (failed && !stopped) retry = clock.after(backoff(++failures, random, 2_000, 300_000), tryAgain)
    else failures = 0
  }

  function tryAgain(): void {
    refresh().catch((error) => parts.logger.error({ error: told(error) }, 'the bots could not be looked after'))
  }

  async function begin(stored: StoredBot): Promise<boolean> {
    const kind = parts.kinds.find(({ kind }) => kind === stored.kind)
    if (!kind) {
      parts.logger.error({ bot: stored.id, kind: stored.kind }, 'no such kind of bot here')
      return true
    }
    const lease = await parts.leases.hold(`bot:${stored.id}`)
    if (!lease) return true
    const bot = await started(stored, kind).catch((error) => {
      parts.logger.error({ bot: stored.id, error: told(error) }, 'a bot could not be started; it is tried again')
    })
    if (!bot) {
      await lease.release()
      return false
    }
    running.set(stored.id, { bot, lease, made: madeOf(stored) })
    parts.logger.info({ bot: stored.id, kind: stored.kind }, 'bot started')
    await ringWaiting()
    return true
  }

  async function started(stored: StoredBot, kind: BotKind): Promise<Bot> {
    const bot = kind.make(stored)
    await bot.start((heard) => hear(parts, bot, heard), eventsOf(parts, stored.tenant, bot))
    // A chat that refuses the menu can still be talked in.
    await bot
      .menu?.(commands.map(({ name, help }) => ({ name, help: text('zh-CN', help), en: text('en', help) })))
      .catch((error) => parts.logger.warn({ bot: stored.id, error: told(error) }, 'the menu was not taken'))
    return bot
  }

  /** What waited while the bot was away. */
  async function ringWaiting(): Promise<void> {
    const waiting = await destinationsWaiting(parts.storage.reads, 1000)
    await parts.storage.transaction(async (tx) => {
      for (const destination of waiting) await parts.engine.send(tx, queues.deliver, destination)
    })
  }

  async function end(id: BotId): Promise<void> {
    const was = running.get(id)
    running.delete(id)
    await was?.bot
      .stop()
      .catch((error) => parts.logger.warn({ bot: id, error: told(error) }, 'a bot did not stop well'))
    await was?.lease.release()
  }

  function refresh(): Promise<void> {
    last = last.then(bringIntoLine, bringIntoLine)
    return last
  }

  return {
    refresh,
    get: (id) => running.get(id)?.bot,
    running: (id) => running.has(id),
    address: (id) => running.get(id)?.bot.address,
    stop() {
      stopped = true
      retry?.()
      return refresh()
    },
  }
}

const eventsOf = ({ storage, engine, logger, pace }: BotsParts, tenant: TenantId, { id, name, can }: Bot): Events => ({
  async taken() {
    await storage.transaction((tx) => announce(engine, tx, { tenant, notice: { kind: 'taken', bot: name } }))
  },
  async moved(from, to) {
    const rooms = await storage.transaction((tx) => moveRooms(tx, id, from, to))
    logger.info({ bot: id, rooms }, 'a chat goes on under another id')
  },
  spare: ({ chat }) => pace.spare(bucketsOf({ id, can }, chat)),
  spent: ({ chat }, messages) => pace.spend(bucketsOf({ id, can }, chat), messages),
  async edited(spot, post, card) {
    const room = await roomAt(storage.reads, id, spot)
    if (room) await storage.transaction((tx) => setShown(tx, room.id, post, shownHash(card)))
  },
  async posted(spot, post, about, current) {
    const room = await roomAt(storage.reads, id, spot)
    if (!room) return
    // Where a card stays as it was posted, the newest is the one that is pressed.
    const instead = current && can.edit !== 'any-time'
    await storage.transaction((tx) =>
      instead ? setCurrentPost(tx, room.id, about, { post, shown: '' }) : rememberPost(tx, room.id, about, post),
    )
  },
})

/** A bot whose settings changed is another bot. */
const madeOf = ({ kind, name, settings, secrets }: StoredBot) => JSON.stringify([kind, name, settings, secrets])
