import type { Answer, Heard } from '../../src/chat/chat.ts'
import { inTime } from '../../src/core/clock.ts'
import { told } from '../../src/core/errors.ts'
import type { Lanes } from '../../src/core/lanes.ts'
import { plain } from '../../src/core/plain.ts'
import { asButtonToken, type ButtonToken } from '../../src/core/words.ts'
import type { Albums } from './albums.ts'
import type { Api } from './api.ts'
import { fetchFile } from './files.ts'
import type { Moves } from './moves.ts'
import { phrases } from './phrases.ts'
import { cut } from './plain.ts'
import { postIdOf } from './post-id.ts'
import { nameOf, readMessage, type Said, spotOf } from './read.ts'
import { type Scene, type ShowParts, show } from './show.ts'
import { type Me, type Query, reads } from './wire.ts'

/** Telegram shows a press as pending until it is answered. */
const pressPatience = 4_000
/** How long a message may hold up the next ones; it is finished all the same. */
const messagePatience = 8_000
const toastLimit = 200

export interface TalkParts extends ShowParts {
  readonly api: Pick<Api, 'call' | 'download'>
  readonly albums: Albums
  readonly lanes: Lanes
  readonly moves: Moves
  readonly me: () => Pick<Me, 'id' | 'username'>
  readonly hear: (heard: Heard) => Promise<Answer>
}

/** What people do in Telegram, as the app hears it; and its answers. */
export interface Talk {
  message(raw: unknown): Promise<void>
  press(raw: unknown): Promise<void>
  /** Resolves when nothing is underway. */
  idle(): Promise<void>
}

export function createTalk(parts: TalkParts): Talk {
  const { clock, logger, lanes, albums, asks } = parts
  const underway = new Set<Promise<void>>()

  /** Not lost sight of: a stop waits for it. */
  function tracked(work: Promise<void>): Promise<void> {
    const watched = work
      .catch((error: unknown) =>
        logger.error({ error: told(error) }, 'something that came from Telegram was not handled'),
      )
      .finally(() => underway.delete(watched))
    underway.add(watched)
    return watched
  }
  const briefly = (work: Promise<void>) => inTime(clock, messagePatience, tracked(work))

  async function message(raw: unknown): Promise<void> {
    const read = reads.message.safeParse(raw)
    if (!read.success) return logger.warn({}, 'a Telegram message of an unknown shape was not heard')
    const reading = readMessage(read.data, parts.me())
    switch (reading.is) {
      case 'moved':
        return parts.moves.moved(reading.from, reading.to)
      case 'anonymous':
        return briefly(refuseAnonymous(parts, reading))
      case 'said':
        return said(reading.said)
      case 'nothing':
        return
    }
  }

  /** What one person says in one chat is heard in its order; the rest of an album comes later, so nothing waits for it. */
  async function said(one: Said): Promise<void> {
    const whole = one.album ? albums.add(one) : Promise.resolve(one)
    if (!whole) return
    const lane = `${one.spot.chat} ${one.user.id}`
    const work = lanes.add(lane, async () => spoken(await whole))
    if (one.album) void tracked(work)
    else await briefly(work)
  }

  async function spoken(one: Said): Promise<void> {
    const scene: Scene = { spot: one.spot, alone: one.alone, user: one.user, post: one.id, pressed: false }
    const who = { spot: one.spot, user: one.user.id }
    const dropped = isCancel(one) ? asks.close(who) : undefined
    if (dropped?.cancel) {
      const press = { token: dropped.cancel, post: dropped.about }
      return show(parts, scene, toastAsText(await heardBy(parts, pressOf(one, press))))
    }
    const answering = one.answering || asks.asked(who, one.replyTo)
    // Other talk of this person leaves the question open.
    if (answering) asks.close(who)
    await show(parts, scene, toastAsText(await heardBy(parts, await heardOf(parts, one, answering))))
  }

  return {
    message: (raw) => message(raw),
    async press(raw) {
      const read = reads.query.safeParse(raw)
      if (!read.success) return logger.warn({}, 'a Telegram press of an unknown shape was not heard')
      // The next presses wait until this one is written down, not until all of its answer is shown.
      await new Promise<void>((resolve) => {
        const work = tracked(pressed(parts, read.data, resolve))
        void inTime(clock, messagePatience, work).then(() => resolve())
      })
    },
    async idle() {
      while (underway.size > 0) await Promise.allSettled(underway)
    },
  }
}

async function pressed(parts: TalkParts, query: Query, heard: () => void): Promise<void> {
  const { message, data, from } = query
  // Of an inline message, or of a game: not ours.
  if (!message || data === undefined) return void (await answerQuery(parts, query.id, {}))
  if (from.is_bot) return void (await answerQuery(parts, query.id, { toast: phrases.anonymous, alert: true }))
  const post = postIdOf(message.chat.id, message.message_id)
  const scene: Scene = {
    spot: spotOf(message),
    alone: message.chat.type === 'private',
    user: nameOf(from),
    post,
    pressed: true,
  }
  const answering = heardBy(parts, {
    id: query.id,
    spot: scene.spot,
    alone: scene.alone,
    ...(message.chat.title ? { title: message.chat.title } : {}),
    user: scene.user,
    press: { token: asButtonToken(data), post },
  })
  const atOnce = await inTime(parts.clock, pressPatience, answering)
  const shown = await answerQuery(parts, query.id, atOnce ?? { toast: phrases.slow })
  const answer = await answering
  heard()
  await show(parts, scene, atOnce && shown ? answer : toastAsText(answer, scene))
}

/** Exactly once for each press. @returns whether the person could read the toast there, all of it. */
async function answerQuery(
  parts: TalkParts,
  id: string,
  { toast, alert }: Pick<Answer, 'toast' | 'alert'>,
): Promise<boolean> {
  const text = plain(toast ?? '')
  const words = text === '' ? {} : { text: cut(text, toastLimit), ...(alert ? { show_alert: true } : {}) }
  try {
    await parts.api.call('answerCallbackQuery', { callback_query_id: id, ...words })
    return text.length <= toastLimit
  } catch (error) {
    // "query is too old": it was pressed while we were away.
    parts.logger.info({ error: told(error) }, 'a press could not be answered at the button')
    return false
  }
}

/** Where there is no button to show it at, a toast is a message to the person. */
function toastAsText(answer: Answer, scene?: Scene): Answer {
  if (!answer.toast) return answer
  const text = [answer.toast, answer.text].filter(Boolean).join('\n')
  return { ...answer, text, ...(scene ? { onlyFor: [scene.user.id] } : {}) }
}

async function heardBy(parts: TalkParts, heard: Heard): Promise<Answer> {
  try {
    return await parts.hear(heard)
  } catch (error) {
    parts.logger.error({ error: told(error) }, 'what a person did in Telegram was not answered')
    return heard.press ? { toast: phrases.trouble, alert: true } : { text: phrases.trouble, onlyFor: [heard.user.id] }
  }
}

/** Of somebody whom we asked something, it is the press that the app gave us for it. */
const isCancel = ({ text = '' }: Said) => /^\s*[/／](cancel|取消)\s*$/i.test(text)

async function heardOf(parts: TalkParts, one: Said, answering: boolean): Promise<Heard> {
  const fetched = await Promise.all(one.files.map((id) => fetchFile(parts, id)))
  const pictures = fetched.filter((picture) => picture !== undefined)
  const lost = one.lost + fetched.length - pictures.length
  return {
    ...sceneOf(one),
    id: one.id,
    ...(one.text === undefined ? {} : { text: one.text }),
    ...(pictures.length > 0 ? { pictures } : {}),
    ...(lost > 0 ? { lost } : {}),
    ...(one.replyTo ? { replyTo: parts.asks.meant(one.replyTo) } : {}),
    ...(answering ? { answering } : {}),
  }
}

const pressOf = (one: Said, press: { readonly token: ButtonToken; readonly post: Said['id'] }): Heard => ({
  ...sceneOf(one),
  id: one.id,
  press,
})

const sceneOf = ({ spot, alone, title, user }: Said) => ({ spot, alone, user, ...(title ? { title } : {}) })

async function refuseAnonymous(parts: TalkParts, { spot, id }: Pick<Said, 'spot' | 'id'>): Promise<void> {
  const nobody: Scene = { spot, alone: false, user: { id: '', name: '' }, post: id, pressed: false }
  await show(parts, nobody, { text: phrases.anonymous })
}
