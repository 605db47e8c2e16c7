import type { Bot, BotKind } from '../../src/chat/chat.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { inspect } from './inspect.ts'
import { begin, type Deps, type Session } from './session.ts'
import { parseSettings, type Settings } from './settings.ts'

interface KindDeps extends Deps {
  /** The long connection's address for bots that name none. */
  readonly url?: string
}

/** WeCom's 智能机器人 over its long connection. */
export const wecomKind = (deps: KindDeps): BotKind => ({
  kind: 'wecom',
  check: (settings, secrets) => void parseSettings({ settings, secrets }, deps.url),
  make: ({ id, name, settings, secrets }) =>
    createBot(deps, parseSettings({ settings, secrets }, deps.url), { id, name }),
})

function createBot(given: Deps, settings: Settings, called: Pick<Bot, 'id' | 'name'>): Bot {
  const { id, name } = called
  const deps = { ...given, logger: given.logger.child({ bot: id }) }
  let begun: Promise<Session> | undefined
  let session: Session | undefined
  let ending = new AbortController()

  const live = (): Session => {
    if (!session) throw new OutsideError('unreachable', 'the WeCom bot is not running')
    return session
  }

  return {
    ...called,
    can: {
      buttons: 6,
      edit: 'on-press',
      onlyFor: true,
      toast: false,
      hears: 'addressed',
      pace: { burst: 4, every: 4_000 },
      faces: true,
    },
    async start(hear, events = {}) {
      if (begun) throw new Error('the WeCom bot is already running')
      ending = new AbortController()
      begun = begin(deps, { settings, name, hear, events, ending })
      try {
        session = await begun
      } catch (error) {
        begun = undefined
        throw error
      }
    },
    post: async (spot, say) => live().sender.say(spot, say),
    // WeCom lets a card be changed only in answer to a press.
    edit: async () => 'cannot',
    inspect: async (spots) => inspect(live().link.state, settings, spots),
    async stop() {
      ending.abort()
      const was = await begun?.catch(() => undefined)
      session = undefined
      if (was) await was.stop()
      begun = undefined
    },
  }
}
