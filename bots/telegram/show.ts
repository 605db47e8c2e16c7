import type { Answer, Card, Events, Spot } from '../../src/chat/chat.ts'
import { type Clock, sleep } from '../../src/core/clock.ts'
import { OutsideError, told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { PostId } from '../../src/core/words.ts'
import { question } from './ask.ts'
import type { Asks } from './asks.ts'
import { phrasesBeside } from './phrases.ts'
import type { Addressee } from './render.ts'
import type { Sender } from './send.ts'

export interface ShowParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly sender: Sender
  readonly asks: Asks
  readonly events: Events
  readonly signal: AbortSignal
}

/** Where somebody did something, and what. */
export interface Scene {
  readonly spot: Spot
  readonly alone: boolean
  readonly user: Addressee
  /** Their message, or the card that they pressed. */
  readonly post: PostId
  readonly pressed: boolean
}

/** Shows what the app answered, part by part: what fails is logged and keeps nothing else back. */
export async function show(parts: ShowParts, scene: Scene, answer: Answer): Promise<void> {
  const { sender, events } = parts
  const { fresh, card, pictures, about, ask } = answer
  if (fresh && scene.pressed && mayEdit(parts, scene, fresh)) {
    const edited = await patiently(parts, () => sender.edit(scene.spot, scene.post, { card: fresh }))
    if (edited === 'edited') await quietly(parts, events.edited?.(scene.spot, scene.post, fresh))
  }
  // In a group a message names the one whom it concerns: by answering theirs, or else by name.
  const to = answer.onlyFor && scene.pressed && !scene.alone ? scene.user : undefined
  if (answer.text !== undefined || card || pictures?.length) {
    const said = {
      ...(answer.text === undefined ? {} : { text: answer.text }),
      ...(card && { card }),
      ...(pictures && { pictures }),
    }
    events.spent?.(scene.spot, Math.max(1, pictures?.length ?? 0))
    const post = await patiently(parts, () => sender.say(scene.spot, { ...said, ...replying(scene) }, to ? { to } : {}))
    if (post && card && about) await quietly(parts, events.posted?.(scene.spot, post, about, answer.current))
  }
  if (ask) await askFor(parts, scene, ask)
}

/** What is left of a question is drawn nowhere else; a complaint's card comes in its turn, when people press faster than Telegram takes edits. */
function mayEdit({ events }: ShowParts, { spot }: Scene, fresh: Card): boolean {
  if (fresh.buttons.length > 0) return events.spare?.(spot) ?? true
  events.spent?.(spot)
  return true
}

/** What is not remembered of an answer is no reason to keep the rest of it back. */
async function quietly({ logger }: ShowParts, work: Promise<void> | undefined): Promise<void> {
  await work?.catch((error: unknown) => logger.warn({ error: told(error) }, 'an answer could not be remembered'))
}

async function askFor(parts: ShowParts, scene: Scene, ask: NonNullable<Answer['ask']>): Promise<void> {
  const { offers = [] } = ask
  // Before the question: a message cannot carry buttons and open the answer field as well.
  if (offers.length > 0) {
    const card = { title: phrasesBeside(ask.prompt).offers, tone: 'calm', lines: [], buttons: offers } as const
    parts.events.spent?.(scene.spot)
    await patiently(parts, () => parts.sender.say(scene.spot, { card, ...replying(scene) }))
  }
  const manner = question(ask, scene.alone ? undefined : scene.user)
  parts.events.spent?.(scene.spot)
  const post = await patiently(parts, () => parts.sender.say(scene.spot, replying(scene), manner))
  if (!post) return
  const until = parts.clock.now() + ask.ttl
  const asked = { about: scene.post, until, ...(ask.cancel && { cancel: ask.cancel }) }
  parts.asks.open({ spot: scene.spot, user: scene.user.id }, post, asked)
}

/** Between two people alone everything is an answer. */
const replying = ({ alone, pressed, post }: Scene) => (alone && !pressed ? {} : { about: post })

const tries = 3
const longest = 60_000

/** An answer has no queue behind it: it waits as long as Telegram asks, within reason, and is then given up. */
async function patiently<Result>(parts: ShowParts, run: () => Promise<Result>): Promise<Result | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const wait = waitAfter(error)
      if (attempt === tries || wait === undefined || parts.signal.aborted) {
        parts.logger.warn({ error: told(error) }, 'an answer could not be shown')
        return undefined
      }
      await sleep(parts.clock, wait, parts.signal).catch(() => undefined)
    }
  }
}

function waitAfter(error: unknown): number | undefined {
  if (!(error instanceof OutsideError)) return undefined
  if (error.trouble === 'unreachable') return 2_000
  if (error.trouble !== 'busy') return undefined
  const wait = error.wait ?? 2_000
  return wait <= longest ? wait : undefined
}
