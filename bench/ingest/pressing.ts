import type { Answer } from '../../src/chat/chat.ts'
import type { TestChat } from '../../test/support/chat.ts'
import { group, presser } from '../shop.ts'

export interface Pressing {
  /** Any of these. */
  readonly labels: readonly string[]
  readonly count: number
  /** Milliseconds between two presses: a person is never faster. */
  readonly every: number
}

/** Presses buttons of the newest card, and takes the time until there is something to show. */
export function pressing(chat: TestChat) {
  return {
    async press({ labels, count, every }: Pressing): Promise<readonly number[]> {
      const taken: number[] = []
      for (let n = 0; n < count; n++) {
        // From when it is due: a process that is too busy to notice is late, too.
        const due = performance.now() + every
        await new Promise((resolve) => setTimeout(resolve, every))
        const answer = await press(chat, labels)
        taken.push(performance.now() - due)
        if (!answer.toast && !answer.card && !answer.text && !answer.ask) throw new Error(`nothing to show: ${labels}`)
        if (answer.alert) throw new Error(`refused: ${answer.toast}`)
      }
      return taken
    },
  }
}

/** Of these buttons the one that the newest card has: what was claimed can only be released. */
function press(chat: TestChat, labels: readonly string[]): Promise<Answer> {
  const { id, card } = chat.card(group, '#')
  const button = card.buttons.find((one) => labels.includes(one.label))
  if (!button) throw new Error(`none of ${labels}: ${card.buttons.map((one) => one.label)}`)
  return chat.press(presser, group, id, button.token)
}
