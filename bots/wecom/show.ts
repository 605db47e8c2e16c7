import type { TemplateCard } from '@wecom/aibot-node-sdk'
import type { Answer, Ask, Card, Events } from '../../src/chat/chat.ts'
import { type Clock, sleep } from '../../src/core/clock.ts'
import { OutsideError, told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { ButtonToken } from '../../src/core/words.ts'
import { type Asking, askCard, askWords } from './ask.ts'
import { noticeCard, templateCard } from './card.ts'
import type { Link } from './link.ts'
import { phrases, phrasesBeside } from './phrases.ts'
import type { Scene } from './read.ts'
import type { Manner, Sender } from './send.ts'
import type { Head } from './wire.ts'

export interface ShowParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly link: Pick<Link, 'reply' | 'update'>
  readonly sender: Sender
  readonly events: Events
  readonly signal: AbortSignal
  /** The bot's name: of the cards' heads, and what people type after the @ where that is known. */
  readonly source: string
  readonly at?: string | undefined
}

/** A card that somebody pressed. */
export interface Pressed extends Scene {
  readonly head: Head
  readonly taskId: string
  readonly token: ButtonToken
}

/** Shows what the app answered to words, part by part: what fails is logged and keeps nothing else back. */
export async function show(parts: ShowParts, scene: Scene & { readonly head: Head }, answer: Answer): Promise<void> {
  let used = false
  // Tied to what it answers; where that fails, simply sent.
  const first: NonNullable<Manner['first']> = async (message) => {
    used = true
    await parts.link.reply(scene.head, message)
  }
  await post(parts, scene, answer, () => (used ? {} : { first }))
}

/** A new face of the pressed card; within five seconds, and once. @returns what is still to be said. */
export async function showFace(parts: ShowParts, pressed: Pressed, answer: Answer): Promise<Answer> {
  const face = faceOf(parts, pressed, answer)
  if (!face) return answer
  const shown = await update(parts, pressed, face)
  // Too late, or the connection broke: the same as messages.
  return shown ? without(answer, face.shows) : answer
}

/** What stands in the pressed card as long as there is no answer. */
export async function showSlow(parts: ShowParts, pressed: Pressed): Promise<boolean> {
  const card = noticeCard(phrases.slow, { taskId: pressed.taskId, source: parts.source, pressed: pressed.token })
  return update(parts, pressed, { card, to: [pressed.userid], shows: [] })
}

/** What no face shows, as messages. */
export async function showAfter(parts: ShowParts, pressed: Pressed, answer: Answer): Promise<void> {
  const { toast, fresh, to, ...more } = answer
  const warned = toast && answer.alert ? `⚠ ${toast}` : toast
  const named = warned && (pressed.alone ? warned : saidTo(to ?? pressed.user.name, warned))
  const text = [named, more.text].filter(Boolean).join('\n')
  // A card to press shows first what is to be pressed.
  const instead = more.card === undefined && !more.ask ? fresh : undefined
  const said = { ...more, ...(text === '' ? {} : { text }), ...(instead ? { card: instead } : {}) }
  await post(parts, pressed, said, () => ({}))
}

interface Face {
  readonly card: TemplateCard
  /** Who alone sees it; everybody when empty. */
  readonly to: readonly string[]
  /** What of the answer is then said. */
  readonly shows: readonly (keyof Answer)[]
}

const without = (answer: Answer, shown: readonly string[]): Answer =>
  Object.fromEntries(Object.entries(answer).filter(([part]) => !shown.includes(part)))

/** One face can be shown: what is to be pressed next comes before how things stand. */
function faceOf(parts: ShowParts, pressed: Pressed, answer: Answer): Face | undefined {
  const { card, ask, fresh, toast, alert } = answer
  const { taskId, userid, token } = pressed
  const said = toast && alert ? `⚠ ${toast}` : toast
  const around = { taskId, source: parts.source, said, pressed: token }
  const spoken = ['toast', 'fresh'] as const
  if (ask) return { card: askCard(ask, asking(parts, pressed)), to: [userid], shows: [...spoken, 'ask'] }
  // What is asked of everybody is a card of its own.
  if (card && card.buttons.length > 0 && answer.onlyFor)
    return { card: templateCard(card, around), to: [userid], shows: [...spoken, 'card'] }
  if (fresh) {
    const name = answer.to ?? pressed.user.name
    return freshFace(fresh, pressed, { ...around, alert: alert ?? false, shows: spoken, name })
  }
  if (said) return { card: noticeCard(said, { ...around, pressed: token }), to: [userid], shows: spoken }
  return undefined
}

/** Everybody's, unless a refusal stands in it; what it says to one it says by name. */
function freshFace(
  fresh: Card,
  { alone, userid }: Pressed,
  around: Parameters<typeof templateCard>[1] & {
    readonly alert: boolean
    readonly shows: Face['shows']
    readonly name: string
  },
): Face {
  const { said, alert, shows, name } = around
  // What is left of a confirm says it already.
  const once = said === fresh.title ? undefined : said
  const named = once === undefined || alert || alone ? once : saidTo(name, once)
  return { card: templateCard(fresh, { ...around, said: named }), to: alert ? [userid] : [], shows }
}

const saidTo = (name: string, words: string): string => phrasesBeside(words).to(name, words)

const asking = (parts: ShowParts, { taskId, token, alone }: Pressed): Asking => ({
  taskId,
  source: parts.source,
  alone,
  at: parts.at,
  pressed: token,
})

async function update(parts: ShowParts, { head, spot }: Pressed, { card, to }: Face): Promise<boolean> {
  parts.events.spent?.(spot)
  try {
    await parts.link.update(head, card, to)
    return true
  } catch (error) {
    parts.logger.info({ error: told(error) }, 'a pressed card could not be shown anew')
    return false
  }
}

async function post(parts: ShowParts, scene: Scene, answer: Answer, manner: () => Manner): Promise<void> {
  const { sender, events } = parts
  const { text, card, pictures, about, current, ask } = answer
  const spent = () => events.spent?.(scene.spot)
  const said = {
    ...(text === undefined ? {} : { text }),
    ...(card && { card }),
    ...(pictures?.length && { pictures }),
  }
  if (Object.keys(said).length > 0) {
    const id = await patiently(parts, () => sender.say(scene.spot, said, { spent, ...manner() }))
    if (id && card && about)
      await events.posted?.(scene.spot, id, about, current).catch((error: unknown) => {
        parts.logger.warn({ error: told(error) }, 'the post of an answer could not be remembered')
      })
  }
  if (ask) await patiently(parts, () => askFor(parts, scene, ask, { spent, ...manner() }))
}

/** As a card where there is something to press. */
async function askFor(parts: ShowParts, { spot, alone }: Scene, ask: Ask, manner: Manner): Promise<void> {
  const around = { ...parts.sender.frame(), alone, at: parts.at }
  if (ask.cancel || ask.offers?.length) await parts.sender.card(spot, askCard(ask, around), manner)
  else await parts.sender.say(spot, { text: askWords(ask, around) }, manner)
}

const tries = 7
const longest = 60_000

/** An answer has no queue behind it: it waits for the connection and for as long as WeCom asks, within reason, and is then given up. */
async function patiently<Result>(parts: ShowParts, run: () => Promise<Result>): Promise<Result | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const wait = waitAfter(error, attempt)
      if (attempt === tries || wait === undefined || parts.signal.aborted) {
        parts.logger.warn({ error: told(error) }, 'an answer could not be shown')
        return undefined
      }
      await sleep(parts.clock, wait, parts.signal).catch(() => undefined)
    }
  }
}

function waitAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof OutsideError)) return undefined
  const { trouble, wait } = error
  switch (trouble) {
    case 'busy':
      return (wait ?? 2_000) <= longest ? (wait ?? 2_000) : undefined
    case 'unreachable':
      return Math.min(1_000 * 2 ** (attempt - 1), 30_000)
    // It may stand there already: said twice is better than never, but not more often.
    case 'unknown':
      return attempt === 1 ? 1_000 : undefined
    // What may not be tied to the words may still be sent.
    case 'refused':
      return attempt === 1 ? 0 : undefined
    default:
      return undefined
  }
}
