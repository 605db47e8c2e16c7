import type { Card, Heard } from '../../src/chat/chat.ts'
import type { Picture } from '../../src/core/picture.ts'
import { asPostId, type ButtonToken } from '../../src/core/words.ts'
import type { KillChat } from '../support/kill-chat.ts'
import { group, people } from '../support/world.ts'

/** How long a person waits for an answer before doing it again. */
const patience = 700
/** After this the service has had all the time that it may want. */
const enough = 12_000

/** Somebody who does not know that the service dies, and does it again until the card says that it is done. */
export interface Keeper {
  /** Waits until the card with these words looks so. */
  sees(quote: string, like: (card: Card) => boolean, what: string): Promise<Card>
  /** Presses, says the words and confirms what there is to confirm, until the card says `done`. */
  does(quote: string, act: Act): Promise<void>
}

export interface Act {
  readonly button: string
  readonly words: string
  readonly picture?: Picture
  /** What the card says when it is done. */
  readonly done: RegExp
}

/** The chat gives every event its own number. */
let count = 0

export function keeper(chat: KillChat): Keeper {
  const happen = (more: Partial<Heard>) =>
    chat.happen({ id: `e${++count}`, spot: { chat: group }, alone: false, user: people.li, ...more }, patience)
  const press = (token: ButtonToken) => happen({ press: { token, post: asPostId('any') } })

  async function comes(quote: string, like: (card: Card) => boolean, wait: number): Promise<Card | undefined> {
    for (const end = Date.now() + wait; Date.now() < end; await pause()) {
      const card = chat.card(quote)
      if (card && like(card)) return card
    }
    return undefined
  }

  async function sees(quote: string, like: (card: Card) => boolean, what: string): Promise<Card> {
    const card = await comes(quote, like, enough)
    if (!card) throw new Error(`the card of "${quote}" never ${what}: ${JSON.stringify(chat.card(quote))}`)
    return card
  }

  async function tries(token: ButtonToken, { words, picture }: Act): Promise<void> {
    const asked = await press(token)
    if (!asked?.ask) return
    const said = await happen({ text: words, answering: true, ...(picture ? { pictures: [picture] } : {}) })
    const confirm = said?.card && tokenOf(said.card, '确认提交')
    if (confirm) await press(confirm)
  }

  return {
    sees,
    async does(quote, act) {
      const done = (card: Card) => act.done.test(card.note ?? '')
      for (const end = Date.now() + enough; Date.now() < end; ) {
        const card = await sees(quote, (now) => done(now) || !!tokenOf(now, act.button), `offered ${act.button}`)
        const token = tokenOf(card, act.button)
        if (done(card) || !token) return
        await tries(token, act)
        await comes(quote, done, patience)
      }
      throw new Error(`"${quote}": ${act.button} was never done: ${JSON.stringify(chat.card(quote))}`)
    },
  }
}

export const tokenOf = ({ buttons }: Pick<Card, 'buttons'>, label: string): ButtonToken | undefined =>
  buttons.find((button) => button.label === label)?.token

const pause = () => new Promise((resolve) => setTimeout(resolve, 10))
