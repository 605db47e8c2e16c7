import type { Bot, BotKind } from '../../src/chat/chat.ts'
import { OutsideError } from '../../src/core/errors.ts'
import { textReply } from '../../src/core/http.ts'
import { checkReach, createReach, nameOf, placeOf, type Reach } from '../../src/core/reach.ts'
import { inspect } from './inspect.ts'
import { begin, type Deps, type Session } from './session.ts'
import { parseSettings, type Settings } from './settings.ts'
import { answerHook } from './webhook.ts'

interface KindDeps extends Omit<Deps, 'reach'> {
  /** The Bot API for bots that name none. */
  readonly apiRoot?: string
  /** Absent: what is public, and that. */
  readonly reach?: Reach
}

export function telegramKind({ apiRoot, ...rest }: KindDeps): BotKind {
  const { reach = createReach(apiRoot === undefined ? [] : [nameOf(placeOf(apiRoot))]) } = rest
  function settingsIn(given: Parameters<typeof parseSettings>[0]): Settings {
    const settings = parseSettings(given, apiRoot)
    const { proxy, apiRoot: root } = settings
    const field = given.secrets.proxy === undefined ? 'settings.proxy' : 'secrets.proxy'
    checkReach(reach, { 'settings.apiRoot': placeOf(root), [field]: proxy === undefined ? undefined : placeOf(proxy) })
    return settings
  }
  return {
    kind: 'telegram',
    check: (settings, secrets) => void settingsIn({ settings, secrets }),
    make: ({ id, name, ...given }) => createBot({ ...rest, reach }, settingsIn(given), { id, name }),
  }
}

function createBot(given: Deps, settings: Settings, called: Pick<Bot, 'id' | 'name'>): Bot {
  const { id } = called
  const deps = { ...given, logger: given.logger.child({ bot: id }) }
  const { webhook } = settings
  const hook = webhook && { url: `${webhook.base}bots/${id}`, secret: webhook.secret(id) }
  let begun: Promise<Session> | undefined
  let session: Session | undefined

  const live = (): Session => {
    if (!session) throw new OutsideError('unreachable', 'the Telegram bot is not running')
    return session
  }

  return {
    ...called,
    can: {
      buttons: 8,
      edit: 'any-time',
      onlyFor: false,
      toast: true,
      hears: 'all',
      pace: { burst: 4, every: 4_000 },
      // About 30 a second over all chats.
      paceOfAll: { burst: 28, every: 36 },
    },
    async start(hear, events = {}) {
      if (begun) throw new Error('the Telegram bot is already running')
      begun = begin(deps, { settings, hook, hear, events })
      try {
        session = await begun
      } catch (error) {
        begun = undefined
        throw error
      }
    },
    post: async (spot, say) => live().sender.say(spot, say),
    edit: async (spot, post, say) => live().sender.edit(spot, post, say),
    menu: async (entries) => live().menu(entries),
    ...(hook && {
      answer: async (request) =>
        session?.ready() ? answerHook(request, hook.secret, session.handle) : textReply(503, 'not running'),
    }),
    inspect: async (spots) => inspect(live().api, { hook: hook?.url, spots }),
    async stop() {
      const was = await begun?.catch(() => undefined)
      session = undefined
      if (was) await was.stop()
      begun = undefined
    },
  }
}
