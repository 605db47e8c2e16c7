import type { Answer, Card, Heard } from '../../src/chat/chat.ts'
import type { Picture } from '../../src/core/picture.ts'
import { asPostId, type ButtonToken } from '../../src/core/words.ts'
import type { Person } from '../support/chat.ts'
import type { KillChat } from '../support/kill-chat.ts'
import { group, people } from '../support/world.ts'

/** How long a person waits for an answer before doing it again. */
const patience = 1_000
/** After this the service has had all the time that it may want. */
const enough = 45_000

/** Somebody who does not know that the service dies, and does it again until the card says that it is done. */
export interface Keeper {
  /** Waits until the card with these words looks so. */
  sees(quote: string, like: (card: Card) => boolean, what: string): Promise<Card>
  /** Says this once, and waits a while for what is answered. */
  says(text: string): Promise<Answer | undefined>
  /** Presses the same button until somebody answers. @returns the word at the button */
  insists(token: ButtonToken): Promise<string>
  /** Presses, says the words and confirms what there is to confirm, until the card says `done`. */
  does(quote: string, act: Act): Promise<void>
}

export interface Act {
  readonly button: string
  readonly words: string
  readonly picture?: Picture
  /** What is pressed on the cards that come in answer; a draft's confirm where nothing is said. */
  readonly steps?: readonly string[]
  /** What the card says when it is done. */
  readonly done: RegExp
}

/** The chat gives every event its own number. */
let count = 0

export function keeper(chat: KillChat, user: Person = people.li): Keeper {
  const happen = (more: Partial<Heard>) =>
    chat.happen({ id: `e${++count}`, spot: { chat: group }, alone: false, user, ...more }, patience)
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

  async function tries(token: ButtonToken, { words, picture, steps = ['确认提交'] }: Act): Promise<void> {
    const says: Partial<Heard> = { text: words, answering: true, ...(picture ? { pictures: [picture] } : {}) }
    let answer = await press(token)
    for (let step = 0; answer && step < 5; step++) {
      const { ask, card } = answer
      const next = card && steps.flatMap((label) => tokenOf(card, label) ?? []).at(0)
      if (!ask && !next) return
      answer = ask ? await happen(says) : next && (await press(next))
    }
  }

  return {
    sees,
    says: (text) => happen({ text }),
    async insists(token) {
      for (const end = Date.now() + enough; Date.now() < end; ) {
        const answer = await press(token)
        if (answer) return answer.toast ?? ''
      }
      throw new Error('nobody answered a press')
    },
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

/** Waits until it is so. Works where several tests run beside each other. */
export async function until(is: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + enough; !is(); await pause()) if (Date.now() > end) throw new Error(`never: ${what}`)
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 10))
