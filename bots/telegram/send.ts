import type { Say, Spot } from '../../src/chat/chat.ts'
import { told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import { plain } from '../../src/core/plain.ts'
import type { PostId } from '../../src/core/words.ts'
import type { Api, Method } from './api.ts'
import type { Moves } from './moves.ts'
import { type Batch, batches, upload } from './pictures.ts'
import { messageOf, postIdOf } from './post-id.ts'
import { type Addressee, captionLimit, html, keyboard } from './render.ts'
import { says, TelegramTrouble } from './trouble.ts'
import { reads } from './wire.ts'

/** Files take longer than words. */
const uploadPatience = 90_000

/** What else a message can have. */
export interface Manner {
  /** Named at the beginning, so that Telegram tells them. */
  readonly to?: Addressee
  /** In place of buttons. */
  readonly markup?: object
  /** Already in Telegram's HTML. */
  readonly html?: string
}

export interface Sender {
  /** @throws OutsideError */
  say(spot: Spot, say: Say, manner?: Manner): Promise<PostId | undefined>
  /** @throws OutsideError */
  edit(spot: Spot, post: PostId, say: Say): Promise<'edited' | 'cannot' | 'gone'>
}

export function createSender(parts: {
  readonly api: Pick<Api, 'call'>
  readonly moves: Moves
  readonly logger: Logger
}): Sender {
  const { api, moves, logger } = parts
  let styled = true

  /** Colours are a comfort: a server that does not take them gets plain buttons, from then on. */
  async function coloured<Result>(run: (styled: boolean) => Promise<Result>): Promise<Result> {
    try {
      return await run(styled)
    } catch (error) {
      // "message is not modified: … reply markup are exactly the same" is no complaint about colours.
      if (!styled || !says(error, /^(?!.*not modified).*(style|button|keyboard|markup)/i)) throw error
      styled = false
      logger.warn({ error: told(error) }, 'the Bot API takes no coloured buttons')
      return run(styled)
    }
  }

  /** One message; pictures of a line of text carry it below themselves, so that both come or neither. */
  async function say(spot: Spot, said: Say, manner: Manner = {}): Promise<PostId | undefined> {
    const { buttons = [], link } = said.card ?? {}
    const none = buttons.length === 0 && !link
    const markup = (styled: boolean) => manner.markup ?? (none ? undefined : keyboard(buttons, styled, link))
    const groups = batches(said.pictures ?? [])
    const words = wordsOf(said, manner)
    if (words === undefined) return pictures(spot, groups, { about: said.about })
    const asCaption = groups.length > 0 && !said.card && !manner.markup && plain(said.text ?? '').length <= captionLimit
    if (asCaption) return pictures(spot, groups, { about: said.about, caption: words })
    const about = said.about
    const post = await coloured((styled) => message(spot, { text: words, markup: markup(styled), about }))
    if (groups.length > 0)
      await pictures(spot, groups, { about: post }).catch((error: unknown) => {
        // The words stand; to fail now would say them again.
        logger.warn({ chat: spot.chat, error: told(error) }, 'the pictures of a message could not be sent')
      })
    return post
  }

  function message(
    spot: Spot,
    { text, markup, about }: { text: string; markup: object | undefined; about: PostId | undefined },
  ): Promise<PostId> {
    const words = { text, parse_mode: 'HTML', link_preview_options: { is_disabled: true } }
    return moves.at(spot.chat, async (chat) => {
      const payload = {
        ...placeOf(chat, spot),
        ...words,
        ...replyTo(chat, about),
        ...(markup && { reply_markup: markup }),
      }
      const sent = reads.sent.parse(await api.call('sendMessage', payload))
      return postIdOf(chat, sent.message_id)
    })
  }

  async function pictures(
    spot: Spot,
    groups: readonly Batch[],
    { about, caption }: { readonly about: PostId | undefined; readonly caption?: string },
  ): Promise<PostId | undefined> {
    let first: PostId | undefined
    for (const group of groups) {
      const sent = await oneBatch(spot, group, { about, ...(first || caption === undefined ? {} : { caption }) })
      first ??= sent
    }
    return first
  }

  async function oneBatch(
    spot: Spot,
    group: Batch,
    with_: { readonly about: PostId | undefined; readonly caption?: string },
  ): Promise<PostId> {
    try {
      return await moves.at(spot.chat, (chat) => send(chat, spot, group, with_))
    } catch (error) {
      // Too long and narrow, or not what its first bytes say: as a file everything goes.
      if (group.as === 'document' || !says(error, /photo|image|dimensions/i)) throw error
      return moves.at(spot.chat, (chat) => send(chat, spot, { ...group, as: 'document' }, with_))
    }
  }

  async function send(
    chat: string,
    spot: Spot,
    { as, pictures }: Batch,
    { about, caption }: { readonly about: PostId | undefined; readonly caption?: string },
  ): Promise<PostId> {
    const words = caption === undefined ? {} : { caption, parse_mode: 'HTML' }
    const place = { ...placeOf(chat, spot), ...asText(replyTo(chat, about)) }
    const [only] = pictures
    if (only && pictures.length === 1) {
      const method: Method = as === 'photo' ? 'sendPhoto' : 'sendDocument'
      const payload = { ...place, ...words, [as]: upload(only, 0) }
      const sent = reads.sent.parse(await api.call(method, payload, { timeout: uploadPatience }))
      return postIdOf(chat, sent.message_id)
    }
    const media = pictures.map((one, at) => ({ type: as, media: upload(one, at), ...(at === 0 ? words : {}) }))
    const [first] = reads.sentAll.parse(
      await api.call('sendMediaGroup', { ...place, media }, { timeout: uploadPatience }),
    )
    return postIdOf(chat, first?.message_id ?? 0)
  }

  return {
    say,
    async edit(spot, post, said) {
      const at = messageOf(post)
      // What stood in the group before it became a supergroup is out of reach.
      if (!at || at.chat !== moves.now(spot.chat)) return 'gone'
      const { buttons = [], link } = said.card ?? {}
      const words = { text: wordsOf(said) ?? html({}), parse_mode: 'HTML', link_preview_options: { is_disabled: true } }
      const place = { chat_id: Number(at.chat), message_id: at.message }
      try {
        await coloured((styled) =>
          api.call('editMessageText', { ...place, ...words, reply_markup: keyboard(buttons, styled, link) }),
        )
        return 'edited'
      } catch (error) {
        if (error instanceof TelegramTrouble && error.movedTo !== undefined) {
          await moves.moved(at.chat, error.movedTo)
          return 'gone'
        }
        if (says(error, /message is not modified/i)) return 'edited'
        if (says(error, /message to edit not found|MESSAGE_ID_INVALID|message not found/i)) return 'gone'
        if (says(error, /can't be edited|no text in the message/i)) return 'cannot'
        throw error
      }
    },
  }
}

function wordsOf(said: Say, manner: Manner = {}): string | undefined {
  if (manner.html !== undefined) return manner.html
  const { text, card } = said
  return text === undefined && !card ? undefined : html(said, manner.to)
}

/** The general topic of a forum is the one without a number. */
const placeOf = (chat: string, { topic }: Spot) => ({
  chat_id: /^-?\d+$/.test(chat) ? Number(chat) : chat,
  ...(topic && topic !== '1' ? { message_thread_id: Number(topic) } : {}),
})

function replyTo(chat: string, about: PostId | undefined) {
  const at = about === undefined ? undefined : messageOf(about)
  if (at?.chat !== chat) return {}
  return { reply_parameters: { message_id: at.message, allow_sending_without_reply: true } }
}

/** telegraf drops objects from a request that carries bytes; texts it keeps. */
const asText = (payload: object) =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, JSON.stringify(value)]))
