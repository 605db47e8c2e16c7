import type { Bot, BotKind } from '../../src/chat/chat.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { checkReach, createReach, nameOf, placeOf, type Reach } from '../../src/core/reach.ts'
import { inspect } from './inspect.ts'
import { begin, type Deps, type Session } from './session.ts'
import { parseSettings, type Settings } from './settings.ts'

interface KindDeps extends Omit<Deps, 'reach'> {
  /** The long connection's address for bots that name none. */
  readonly url?: string
  /** Absent: what is public, and that. */
  readonly reach?: Reach
}

/** WeCom's 智能机器人 over its long connection. */
export function wecomKind({ url, ...rest }: KindDeps): BotKind {
  const { reach = createReach(url === undefined ? [] : [nameOf(placeOf(url))]) } = rest
  function settingsIn(given: Parameters<typeof parseSettings>[0]): Settings {
    const settings = parseSettings(given, url)
    checkReach(reach, { 'settings.url': placeOf(settings.url) })
    return settings
  }
  return {
    kind: 'wecom',
    check: (settings, secrets) => void settingsIn({ settings, secrets }),
    make: ({ id, name, ...given }) => createBot({ ...rest, reach }, settingsIn(given), { id, name }),
  }
}

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
