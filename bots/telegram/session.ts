import { setMaxListeners } from 'node:events'
import type { Answer, Events, Heard, MenuEntry } from '../../src/chat/chat.ts'
import type { Clock } from '../../src/core/clock.ts'
import { told } from '../../src/core/errors.ts'
import { createLanes } from '../../src/core/lanes.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Called } from '../../src/core/outside-call.ts'
import type { Reach } from '../../src/core/reach.ts'
import type { Random } from '../../src/core/words.ts'
import { createAlbums } from './albums.ts'
import { type Api, connect } from './api.ts'
import { createAsks } from './asks.ts'
import { createGreeting } from './greeting.ts'
import { createMoves } from './moves.ts'
import { once } from './once.ts'
import { poll, type Update } from './poll.ts'
import { createSender, type Sender } from './send.ts'
import type { Settings } from './settings.ts'
import { createTalk, type Talk } from './talk.ts'
import { type Hook, keepHook } from './webhook.ts'
import { reads } from './wire.ts'

export interface Deps {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly called?: Called
  readonly reach: Reach
}

/** One run of a bot, from its start to its stop. */
export interface Session {
  readonly api: Api
  readonly sender: Sender
  /** We know who we are there, so that what comes can be understood. */
  ready(): boolean
  handle(update: Update): Promise<void>
  menu(entries: readonly MenuEntry[]): Promise<void>
  stop(): Promise<void>
}

interface Begun {
  readonly settings: Settings
  readonly hook: Hook | undefined
  readonly hear: (heard: Heard) => Promise<Answer>
  readonly events: Events
}

/** @throws OutsideError when Telegram does not know the token; where it only does not answer, it is asked on in the background. */
export async function begin(deps: Deps, { settings, hook, hear, events }: Begun): Promise<Session> {
  const { clock, random, logger } = deps
  const api = await connect(settings, { ...deps, secrets: hook ? [hook.secret] : [] })
  const ending = new AbortController()
  // Whatever waits ends with it, and that may be many answers at once.
  setMaxListeners(0, ending.signal)
  const { signal } = ending
  const moves = createMoves(logger, events)
  const sender = createSender({ api, moves, logger })
  const asks = createAsks(clock)
  const albums = createAlbums(clock)
  const lanes = createLanes()
  const call: Api['call'] = (method, payload, options) => api.call(method, payload, { signal, ...options })
  const greeting = createGreeting({ api: { ...api, call }, clock, logger })
  const me = () => greeting.me() ?? { id: 0, username: '' }
  const talk = createTalk({ clock, logger, api, sender, asks, albums, lanes, moves, events, hear, me, signal })
  dispatch(api, talk, logger)

  const handle = once((update: Update) => api.telegraf.handleUpdate(update as never))
  const loop = { api, clock, random, logger, signal, prepare: greeting.prepare }
  const running = hook ? keepHook(loop, hook) : poll(loop, handle)

  async function stop(): Promise<void> {
    ending.abort()
    albums.flush()
    await running
    await talk.idle()
    api.close()
  }

  try {
    await greeting.first()
  } catch (error) {
    await stop()
    throw error
  }
  return { api, sender, ready: () => greeting.me() !== undefined, handle, menu: greeting.menu, stop }
}

function dispatch({ telegraf }: Api, talk: Talk, logger: Logger): void {
  telegraf.on('message', ({ message }) => talk.message(message))
  telegraf.on('callback_query', ({ callbackQuery }) => talk.press(callbackQuery))
  telegraf.on('my_chat_member', ({ myChatMember }) => membership(logger, myChatMember))
  // Without it one mistake would end everything, and telegraf would print what people wrote.
  telegraf.catch((error) => logger.error({ error: told(error) }, 'a Telegram update could not be handled'))
}

function membership(logger: Logger, raw: unknown): void {
  const read = reads.membership.safeParse(raw)
  if (!read.success) return
  const { chat, new_chat_member } = read.data
  const gone = new_chat_member.status === 'left' || new_chat_member.status === 'kicked'
  const fields = { chat: String(chat.id), as: new_chat_member.status }
  if (gone) logger.warn(fields, 'the bot was taken out of a Telegram chat')
  else logger.info(fields, 'the bot has a place in a Telegram chat')
}
