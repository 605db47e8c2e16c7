import type { Shown } from '../../../sandbox/telegram/index.ts'
import { card, drive } from '../../support/telegram.ts'
import type { TelegramWorld } from '../../support/world.ts'
import type { Talk } from './talk.ts'

const textOf = ({ text, buttons }: Shown): string => [text, ...buttons.flat()].join('\n')
const all = (said: readonly Shown[]) => said.map(textOf).join('\n')

/** People in the played Telegram. */
export function inTelegram(w: TelegramWorld): Talk {
  const { telegram, group, people } = w.played
  const { say, answer, press, calm } = drive(w)
  const us = telegram.bots[0]?.id
  /** In a group the bot hears commands in Latin letters, and else only what is in answer to it; so with all pictures of an album but the first. */
  const heardAnyway = (words: string, photos: readonly Buffer[]) => /^\/\w/.test(words) && photos.length < 2
  return {
    lively: true,
    calm,
    async say(who, words, photos = []) {
      const how = heardAnyway(words, photos) ? { photos } : { photos, replyTo: card(group, '#1 ').id }
      return all(await say(people[who], words, how))
    },
    answer: async (who, words, photos) => all(await answer(people[who], words, photos)),
    async press(who, title, label) {
      const { toast, said } = await press(people[who], card(group, title), label)
      return [toast, all(said)].join('\n')
    },
    async keep(who, title, label) {
      const { id, keyboard } = card(group, title)
      const button = keyboard.flat().find(({ text }) => text === label)
      if (!button) throw new Error(`no button ${label} on ${title}: ${keyboard.flat().map(({ text }) => text)}`)
      return async () => {
        const pressed = people[who].press(group, id, label, { stale: true, forged: button.callback_data ?? '' })
        await calm()
        return telegram.answerTo(pressed.id)?.text ?? ''
      }
    },
    look: async () => undefined,
    // What is pressed; the key under them only opens the page.
    labels: async (_, title) =>
      card(group, title)
        .keyboard.flat()
        .flatMap(({ text, callback_data }) => (callback_data === undefined ? [] : [text])),
    read: async () =>
      group
        .messages()
        .filter(({ fromId }) => fromId === us)
        .map(textOf),
  }
}
