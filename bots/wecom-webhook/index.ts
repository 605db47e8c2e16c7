import type { Bot, BotKind, Say } from '../../src/chat/chat.ts'
import type { Clock } from '../../src/core/clock.ts'
import { OutsideError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import { checkReach, createReach, nameOf, placeOf, type Reach } from '../../src/core/reach.ts'
import type { Transport } from '../../src/core/transport.ts'
import { asPostId, type PostId } from '../../src/core/words.ts'
import { inspect } from './inspect.ts'
import { phrases } from './phrases.ts'
import { taken } from './pictures.ts'
import { markdown, numberIn } from './render.ts'
import { type Message, notNow, picture, send, words } from './send.ts'
import { parseSettings, type Settings } from './settings.ts'
import { createWindow } from './window.ts'

interface Deps {
  readonly transport: Transport
  readonly clock: Clock
  readonly logger: Logger
  readonly reach: Reach
}

interface KindDeps extends Omit<Deps, 'reach'> {
  /** The WeCom API for bots that name none. */
  readonly baseUrl?: string
  /** Absent: what is public, and that. */
  readonly reach?: Reach
}

/** Messages a minute that one webhook takes. */
const inMinute = 20

/** 消息推送（原群机器人）: a group that is told, and hears nothing. */
export function wecomWebhookKind({ baseUrl, ...rest }: KindDeps): BotKind {
  const { reach = createReach(baseUrl === undefined ? [] : [nameOf(placeOf(baseUrl))]) } = rest
  function settingsIn(given: Parameters<typeof parseSettings>[0]): Settings {
    const settings = parseSettings(given, baseUrl)
    checkReach(reach, { 'settings.url': placeOf(settings.base) })
    return settings
  }
  return {
    kind: 'wecom-webhook',
    pushOnly: true,
    check: (settings, secrets) => void settingsIn({ settings, secrets }),
    make: ({ id, name, ...given }) => createBot({ ...rest, reach }, settingsIn(given), { id, name }),
  }
}

function createBot(given: Deps, settings: Settings, called: Pick<Bot, 'id' | 'name'>): Bot {
  const { clock, reach } = given
  const publicOnly = !reach.isNamed(placeOf(settings.base))
  const transport: Transport = { send: (request) => given.transport.send({ ...request, publicOnly }) }
  const logger = given.logger.child({ bot: called.id })
  const window = createWindow(clock, inMinute)
  let running = false
  let posts = 0
  let failed: OutsideError | undefined
  /** Which complaint the group read about last. */
  let last: string | undefined
  let turn: Promise<unknown> = Promise.resolve()

  async function post(say: Say): Promise<PostId> {
    if (!running) throw new OutsideError('unreachable', 'the WeCom webhook is not running')
    const number = numberIn(say.card?.title) ?? numberIn(say.text) ?? numberOf(say.about)
    const { pictures, leftOut } = await taken(say.pictures)
    if (leftOut > 0) logger.warn({ pictures: leftOut }, 'pictures that WeCom does not take were left out')
    const messages: readonly Message[] = [
      ...textsOf(say, { number, last, pictures: pictures.length, leftOut }).map(words),
      ...pictures.map(picture),
    ]
    const wait = window.wait(messages.length)
    if (wait > 0) throw notNow(wait)
    for (const message of messages) await one(message)
    last = number
    // WeCom gives no ids. Without one of our own the lines about a complaint would have no card to stand below.
    return asPostId(`${number ?? ''}.${clock.now().toString(36)}.${posts++}`)
  }

  async function one(message: Message): Promise<void> {
    window.sent()
    try {
      await send(transport, settings, message)
      failed = undefined
    } catch (error) {
      failed = error instanceof OutsideError ? error : undefined
      throw error
    }
  }

  return {
    ...called,
    can: {
      buttons: 0,
      edit: 'never',
      onlyFor: false,
      toast: false,
      hears: 'addressed',
      pace: { burst: 4, every: 4_000 },
    },
    async start() {
      running = true
    },
    post(_spot, say) {
      // One after the other: what belongs together stands together.
      const mine = turn.then(() => post(say))
      turn = mine.catch(() => undefined)
      return mine
    },
    edit: async () => 'cannot',
    inspect: async (spots) => inspect({ key: settings.key, spots, failed }),
    async stop() {
      running = false
      await turn
    },
  }
}

/** Ours begin with it. */
const numberOf = (post: PostId | undefined): string | undefined => /^(\d+)\./.exec(post ?? '')?.[1]

/** Pictures cannot answer a card here: where something else was said in between, they say whose they are. */
function textsOf(
  { text, card }: Say,
  known: {
    readonly number: string | undefined
    readonly last: string | undefined
    readonly pictures: number
    readonly leftOut: number
  },
): readonly string[] {
  const { number, last, pictures, leftOut } = known
  const said = text !== undefined || card !== undefined
  const alone = !said && pictures > 0 && leftOut === 0 && number !== undefined && number !== last
  return [
    ...(said ? [markdown({ ...(text === undefined ? {} : { text }), ...(card ? { card } : {}) })] : []),
    ...(alone ? [phrases.pictures(number)] : []),
    ...(leftOut > 0 ? [phrases.leftOut(leftOut, number)] : []),
  ]
}
