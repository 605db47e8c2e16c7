import type { SendMsgBody, TemplateCard } from '@wecom/aibot-node-sdk'
import type { Say, Spot } from '../../src/chat/chat.ts'
import { told } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/logger.ts'
import { asPostId, type PostId, type Random } from '../../src/core/words.ts'
import { type Frame, templateCard } from './card.ts'
import { fits } from './fit.ts'
import type { Link } from './link.ts'
import { markdown } from './markdown.ts'
import { uploadOf } from './pictures.ts'
import { chatOf } from './read.ts'

/** 字 of a sentence that stands in the card, and needs no message. */
const withinCard = 60

/** One message of a chat. */
export type Message = SendMsgBody

/** How messages go that are not simply sent. */
export interface Manner {
  /** Before each message. */
  spent?(): void
  /** The first one, once. @throws OutsideError */
  first?(message: Message): Promise<void>
}

export interface Sender {
  /** A card of its own, never used before. */
  frame(): Frame
  /** @returns the card's id; nothing else can be pressed. @throws OutsideError */
  say(spot: Spot, say: Say, manner?: Manner): Promise<PostId | undefined>
  /** @throws OutsideError */
  card(spot: Spot, card: TemplateCard, manner?: Manner): Promise<void>
}

export function createSender(parts: {
  readonly link: Pick<Link, 'send' | 'upload'>
  readonly random: Random
  readonly logger: Logger
  /** The bot's name. */
  readonly source: string
}): Sender {
  const { link, random, logger, source } = parts
  const frame = (): Frame => ({ taskId: `c@${random(12).toString('base64url')}`, source })

  /** The first message of an answer has a way of its own. */
  function sending(spot: Spot, { spent, first }: Manner): (message: Message) => Promise<void> {
    let way = first
    return async (message) => {
      spent?.()
      const now = way ?? ((message: Message) => link.send({ ...chatOf(spot), ...message }))
      way = undefined
      await now(message)
    }
  }

  const cardMessage = (card: TemplateCard): Message => ({ msgtype: 'template_card', template_card: card })

  async function say(spot: Spot, said: Say, manner: Manner = {}): Promise<PostId | undefined> {
    const send = sending(spot, manner)
    const { card, text, pictures = [] } = said
    const pressable = card && card.buttons.length > 0 ? card : undefined
    const within = pressable && text !== undefined && fits(text, withinCard)
    const flat = {
      ...(text === undefined || within ? {} : { text }),
      ...(card && !pressable ? { card } : {}),
    }
    let spoken = false
    if (flat.text !== undefined || flat.card) {
      await send({ msgtype: 'markdown', markdown: { content: markdown(flat) } })
      spoken = true
    }
    const made = pressable && templateCard(pressable, { ...frame(), said: within ? text : undefined })
    if (made) {
      await send(cardMessage(made))
      spoken = true
    }
    for (const [at, picture] of pictures.entries()) {
      try {
        const { bytes, type, filename } = await uploadOf(picture, at)
        const media_id = await link.upload(bytes, { type, filename })
        await send({ msgtype: type, [type]: { media_id } })
        spoken = true
      } catch (error) {
        // What stands stands; to fail now would say it again.
        if (!spoken) throw error
        logger.warn({ chat: spot.chat, error: told(error) }, 'a picture of a message could not be sent')
      }
    }
    return made?.task_id === undefined ? undefined : asPostId(made.task_id)
  }

  return {
    frame,
    say,
    card: (spot, card, manner = {}) => sending(spot, manner)(cardMessage(card)),
  }
}
