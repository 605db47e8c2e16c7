import type { Answer, Events, Heard } from '../../src/chat/chat.ts'
import type { Clock } from '../../src/core/clock.ts'
import { told } from '../../src/core/errors.ts'
import { createLanes } from '../../src/core/lanes.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Called } from '../../src/core/outside-call.ts'
import type { Reach } from '../../src/core/reach.ts'
import type { Transport } from '../../src/core/transport.ts'
import type { Random } from '../../src/core/words.ts'
import { connect, type Link } from './link.ts'
import { createSender, type Sender } from './send.ts'
import type { Settings } from './settings.ts'
import { createTalk, type Talk } from './talk.ts'

export interface Deps {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly called?: Called
  readonly reach: Reach
  /** For the pictures that people send. */
  readonly transport: Transport
}

/** One run of a bot, from its start to its stop. */
export interface Session {
  readonly link: Pick<Link, 'state'>
  readonly sender: Sender
  stop(): Promise<void>
}

interface Begun {
  readonly settings: Settings
  /** The bot's name with us. */
  readonly name: string
  readonly hear: (heard: Heard) => Promise<Answer>
  readonly events: Events
  /** Aborted, it ends: see `stop`. */
  readonly ending: AbortController
}

/** @throws OutsideError when WeCom does not know the bot; where it only does not answer, it is tried on in the background. */
export async function begin(deps: Deps, { settings, name, hear, events, ending }: Begun): Promise<Session> {
  const { clock, random, logger, transport, called, reach } = deps
  const { signal } = ending
  const source = settings.name ?? name
  // Nothing comes before the connection stands, and that is after all this.
  const handlers: { talk?: Talk } = {}
  const link = await connect({
    ...{ settings, clock, logger, called, reach },
    message: (frame) => handlers.talk?.message(frame),
    event: (frame) => handlers.talk?.event(frame),
    taken: () =>
      void events.taken?.().catch((error: unknown) => logger.error({ error: told(error) }, 'nobody was told')),
  })
  const sender = createSender({ link, random, logger, source })
  const talk = createTalk({
    ...{ clock, logger, transport, link, sender, events, hear, signal, source },
    lanes: createLanes(),
    hosts: [new URL(settings.url).host],
    us: settings,
    at: settings.name,
  })
  handlers.talk = talk

  async function stop(): Promise<void> {
    ending.abort()
    await talk.idle()
    link.close()
  }

  try {
    await link.first(signal)
  } catch (error) {
    await stop()
    throw error
  }
  return { link, sender, stop }
}
