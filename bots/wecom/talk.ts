import type { Answer, Heard } from '../../src/chat/chat.ts'
import { inTime } from '../../src/core/clock.ts'
import { told } from '../../src/core/errors.ts'
import type { Lanes } from '../../src/core/lanes.ts'
import type { Picture } from '../../src/core/picture.ts'
import { asButtonToken, asPostId } from '../../src/core/words.ts'
import { question, readKey } from './key.ts'
import { fetchMedia, type MediaParts } from './media.ts'
import { phrases } from './phrases.ts'
import { readMessage, type Said, type Scene, sceneOf, type Us } from './read.ts'
import { type Pressed, type ShowParts, show, showAfter, showFace, showSlow } from './show.ts'
import { type Head, type Press, type Pressing, reads } from './wire.ts'

/** A pressed card can be shown anew for five seconds. */
const pressPatience = 4_000
const remembered = 2_000

export interface TalkParts extends ShowParts, MediaParts {
  readonly lanes: Lanes
  readonly us: Us
  readonly hear: (heard: Heard) => Promise<Answer>
}

/** What people do in WeCom, as the app hears it; and its answers. */
export interface Talk {
  message(frame: unknown): void
  /** A press; what else WeCom tells of is nothing to us. */
  event(frame: unknown): void
  /** Resolves when nothing is underway. */
  idle(): Promise<void>
}

export function createTalk(parts: TalkParts): Talk {
  const { logger, lanes } = parts
  const underway = new Set<Promise<void>>()
  const known = new Set<string>()

  function track(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => logger.error({ error: told(error) }, 'something that came from WeCom was not handled'))
      .finally(() => underway.delete(watched))
    underway.add(watched)
  }

  /** WeCom sends again what it is not sure that we had. */
  function isNew(msgid: string): boolean {
    if (known.has(msgid) || parts.signal.aborted) return false
    known.add(msgid)
    for (const old of known) {
      if (known.size <= remembered) break
      known.delete(old)
    }
    return true
  }

  return {
    message(frame) {
      const read = reads.message.safeParse(frame)
      if (!read.success) return logger.warn({}, 'a WeCom message of an unknown shape was not heard')
      const { headers, body } = read.data
      const scene = sceneOf(body)
      if (!scene || !isNew(body.msgid)) return
      const said = readMessage(body, scene, parts.us)
      // At once: addresses die in minutes, and others may stand before it.
      const pictures = Promise.all(said.media.map((one) => fetchMedia(parts, one)))
      const saying = { ...scene, head: { headers }, id: body.msgid, said, pictures }
      // What one person says in one chat is heard in its order.
      track(lanes.add(`${scene.spot.chat} ${scene.user.id}`, () => spoken(parts, saying)))
    },
    event(frame) {
      const read = reads.press.safeParse(frame)
      if (!read.success) return
      const { headers, body } = read.data
      const scene = sceneOf(body)
      if (scene && isNew(body.msgid)) track(pressed(parts, { scene, head: { headers }, body }))
    },
    async idle() {
      while (underway.size > 0) await Promise.allSettled(underway)
    },
  }
}

interface Saying extends Scene {
  readonly head: Head
  readonly id: string
  readonly said: Said
  readonly pictures: Promise<readonly (Picture | undefined)[]>
}

async function spoken(parts: TalkParts, saying: Saying): Promise<void> {
  const { said, id, spot, alone, user } = saying
  const fetched = await saying.pictures
  const pictures = fetched.filter((picture) => picture !== undefined)
  const lost = said.lost + fetched.length - pictures.length
  const answer = await heardBy(parts, {
    ...{ id, spot, alone, user },
    ...(said.text === undefined ? {} : { text: said.text }),
    ...(said.quoted === undefined ? {} : { quoted: said.quoted }),
    ...(pictures.length > 0 ? { pictures } : {}),
    ...(lost > 0 ? { lost } : {}),
    // Whatever reaches us is said to us; a command is no answer.
    ...(/^\s*[/／]/.test(said.text ?? '') ? {} : { answering: true }),
  })
  const { toast, ...more } = answer
  const text = [toast, more.text].filter(Boolean).join('\n')
  await show(parts, saying, { ...more, ...(text === '' ? {} : { text }) })
}

async function pressed(
  parts: TalkParts,
  { scene, head, body }: { readonly scene: Scene; readonly head: Head; readonly body: Press },
): Promise<void> {
  const { event_key, task_id } = body.event
  const key = readKey(event_key)
  const chosen = key.do === 'use' ? chosenIn(body.event) : undefined
  const at: Pressed = { ...scene, head, taskId: task_id, token: key.of }
  if (key.do === 'use' && chosen === undefined) {
    return showAfter(parts, at, await showFace(parts, at, { toast: phrases.choose, alert: true }))
  }
  const press = {
    token: chosen ?? key.of,
    post: asPostId(task_id),
    ...(key.do === 'refresh' ? { refresh: true as const } : {}),
  }
  const { spot, alone, user } = scene
  const answering = heardBy(parts, { id: body.msgid, spot, alone, user, press })
  const atOnce = await inTime(parts.clock, pressPatience, answering)
  if (atOnce) return showAfter(parts, at, await showFace(parts, at, atOnce))
  const told = await showSlow(parts, at)
  const { fresh, ...more } = await answering
  // Whoever was told to refresh gets the card by that.
  await showAfter(parts, at, told || !fresh ? more : { ...more, fresh })
}

const chosenIn = ({ selected_items }: Pressing) => {
  const item = selected_items?.selected_item.find(({ question_key }) => question_key === question)
  const [option] = item?.option_ids.option_id ?? []
  return option === undefined ? undefined : asButtonToken(option)
}

async function heardBy(parts: TalkParts, heard: Heard): Promise<Answer> {
  try {
    return await parts.hear(heard)
  } catch (error) {
    parts.logger.error({ error: told(error) }, 'what a person did in WeCom was not answered')
    return heard.press ? { toast: phrases.trouble, alert: true } : { text: phrases.trouble, onlyFor: [heard.user.id] }
  }
}
