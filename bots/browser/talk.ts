import type { Answer, Ask, Heard } from '../../src/chat/chat.ts'
import type { Clock } from '../../src/core/clock.ts'
import { told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { ButtonToken, PictureHash, PostId } from '../../src/core/words.ts'
import type { Asks } from './asks.ts'
import type { Gallery } from './gallery.ts'
import type { Refusal } from './replies.ts'
import { type Chat, mayRead, type Person } from './settings.ts'
import type { Entry, Transcript } from './transcript.ts'

/** How long a person waits for an answer; one that comes later is still shown in the chat. */
const patience = 30_000
const picturesLimit = 20

export interface Parts {
  readonly people: readonly Person[]
  readonly chats: ReadonlyMap<string, Chat>
  readonly transcript: Transcript
  readonly gallery: Gallery
  readonly asks: Asks
  /** A new name for something that was pressed; never the same again, in another start neither. */
  readonly event: () => string
  readonly clock: Clock
  readonly logger: Logger
}

export interface Deed {
  readonly as: string
  readonly chat: string
}
export interface Said extends Deed {
  readonly text?: string | undefined
  readonly replyTo?: PostId | undefined
  readonly pictures?: readonly PictureHash[] | undefined
}
export interface Pressed extends Deed {
  readonly post: PostId
  readonly token: ButtonToken
}

/** What the page shows at once where the person acted; all else of the answer is in the transcript. */
export type Outcome =
  | { readonly post?: PostId; readonly toast?: string | undefined; readonly alert?: boolean | undefined }
  | { readonly refused: Refusal }

export interface Talk {
  say(said: Said): Promise<Outcome>
  press(pressed: Pressed): Promise<Outcome>
  /** The person thinks better of the words that were asked for. */
  cancel(deed: Deed): Promise<Outcome>
}

/** What people do on the page, as the bot hears it; and its answers, as the page shows them. */
export function createTalk(parts: Parts, hear: (heard: Heard) => Promise<Answer>): Talk {
  const { transcript, gallery, asks, clock } = parts

  /** Who speaks where, or why not. */
  function scene({ as, chat: name }: Deed) {
    const person = parts.people.find(({ id }) => id === as)
    if (!person) return { refused: 'refused.person' } as const
    const chat = parts.chats.get(name)
    if (!chat || !mayRead(as, chat)) return { refused: 'refused.chat' } as const
    const heard = { spot: { chat: name }, alone: chat.alone !== undefined, user: { id: as, name: person.name } }
    return { heard } as const
  }
  const seen = ({ as, chat }: Deed, id: PostId): Entry | undefined => {
    const entry = transcript.find(id)
    return entry?.chat === chat && (entry.onlyFor?.includes(as) ?? true) ? entry : undefined
  }

  function show(deed: Deed, about: PostId, answer: Answer): void {
    const pressed = transcript.find(about)
    if (answer.fresh && pressed) transcript.change(about, { text: pressed.text, card: answer.fresh })
    const { text, card, onlyFor } = answer
    const pictures = answer.pictures?.map(gallery.keep)
    const shown =
      text !== undefined || card || pictures?.length
        ? transcript.add({ chat: deed.chat, at: clock.now(), about, text, card, pictures, onlyFor })
        : undefined
    if (!answer.ask) return
    const post = pressed?.by === undefined ? about : (shown?.id ?? about)
    asks.open({ chat: deed.chat, person: deed.as, post, ask: answer.ask, until: clock.now() + answer.ask.ttl })
  }

  /** Never rejects: a failure of the app is told to the person who waits, and to the log. */
  function answered(deed: Deed, about: PostId, heard: Heard): Promise<Outcome> {
    return new Promise((resolve) => {
      const stop = clock.after(patience, () => resolve({ refused: 'refused.slow' }))
      Promise.resolve()
        .then(() => hear(heard))
        .then((answer) => {
          show(deed, about, answer)
          resolve({ toast: answer.toast, alert: answer.alert })
        })
        .catch((error: unknown) => {
          parts.logger.error(
            { chat: deed.chat, error: told(error) },
            'what a person did on the chat page was not answered',
          )
          resolve({ refused: 'refused.failed' })
        })
        .finally(stop)
    })
  }

  return {
    async say(said) {
      const place = scene(said)
      if (place.refused) return place
      const { as: by, chat, replyTo } = said
      const text = said.text?.trim() || undefined
      const hashes = said.pictures ?? []
      const pictures = hashes.flatMap((hash) => gallery.find(hash) ?? [])
      if (!text && hashes.length === 0) return { refused: 'refused.nothing' }
      if (hashes.length > picturesLimit) return { refused: 'refused.many' }
      if (pictures.length < hashes.length) return { refused: 'refused.picture' }
      if (replyTo && !seen(said, replyTo)) return { refused: 'refused.post' }
      const entry = transcript.add({ chat, at: clock.now(), by, text, pictures: hashes, about: replyTo })
      // Other talk of this person leaves the question open.
      const asked = asks.of(by, clock.now()).find((one) => one.chat === chat && one.post === replyTo)
      if (asked) asks.close(chat, by)
      const outcome = await answered(said, entry.id, {
        id: entry.id,
        ...place.heard,
        ...(text && { text }),
        ...(pictures.length > 0 && { pictures }),
        ...(replyTo && { replyTo }),
        ...(asked && { answering: true }),
      })
      return { post: entry.id, ...outcome }
    },

    async press({ post, token, ...deed }) {
      const place = scene(deed)
      if (place.refused) return place
      if (!seen(deed, post)) return { refused: 'refused.post' }
      const offering = asks.of(deed.as, clock.now()).find(({ chat, ask }) => chat === deed.chat && offers(ask, token))
      if (offering) asks.close(deed.chat, deed.as)
      return answered(deed, post, { id: parts.event(), ...place.heard, press: { token, post } })
    },

    async cancel(deed) {
      const place = scene(deed)
      if (place.refused) return place
      const asked = asks.close(deed.chat, deed.as)
      if (!asked?.ask.cancel) return {}
      const press = { token: asked.ask.cancel, post: asked.post }
      return answered(deed, asked.post, { id: parts.event(), ...place.heard, press })
    },
  }
}

const offers = (ask: Ask, token: ButtonToken): boolean => ask.offers?.some((one) => one.token === token) ?? false
