import type { Shown } from '../../../sandbox/wecom/index.ts'
import { driveWecom, labels, wecomBot } from '../../support/wecom.ts'
import type { WecomWorld } from '../../support/world.ts'
import { everybody, type Talk, type Who } from './talk.ts'

const textOf = ({ text, buttons, choices }: Shown): string =>
  [text, ...buttons.map(({ label }) => label), ...choices.map(({ label }) => label)].join('\n')

/** People in the played WeCom. */
export function inWecom(w: WecomWorld): Talk {
  const { people, group } = w.wecom
  const { say, press, calm } = driveWecom(w)
  const hear: Talk['say'] = async (who, words, photos = []) =>
    (await say(people[who], words, { photos })).map(textOf).join('\n')
  const pressed = async (...args: Parameters<typeof press>) => {
    const { face, said } = await press(...args)
    return [face, ...said].map(textOf).join('\n')
  }
  /** The newest card that stands under that title for anybody: a question may have taken its place before this person. */
  function hung(who: Who, title: string): Shown {
    const under = new Set(
      everybody.flatMap((one) =>
        group.seenBy(people[one]).flatMap((shown) => (isCard(shown, title) ? [shown.id] : [])),
      ),
    )
    const shown = group.seenBy(people[who]).findLast(({ id }) => under.has(id))
    if (!shown) throw new Error(`no card says ${title}`)
    return shown
  }
  function card(who: Who, title: string): Shown {
    const shown = hung(who, title)
    if (!isCard(shown, title)) throw new Error(`in the place of ${title} ${who} sees:\n${shown.text}`)
    return shown
  }
  const look: Talk['look'] = async (who, title) => {
    await press(people[who], hung(who, title), refreshOf(hung(who, title)))
  }
  return {
    lively: false,
    calm,
    say: hear,
    // The next words that are addressed to the bot.
    answer: hear,
    async press(who, title, label) {
      if (!isCard(hung(who, title), title)) await look(who, title)
      return pressed(people[who], card(who, title), label)
    },
    async keep(who, title, label) {
      const key = card(who, title).buttons.find((one) => one.label === label)?.key
      if (key === undefined) throw new Error(`no button ${label} on ${title}`)
      return () => pressed(people[who], hung(who, title), refreshOf(hung(who, title)), { forged: key })
    },
    look,
    async labels(who, title) {
      const shown = card(who, title)
      return [...labels(shown), ...shown.buttons.filter(isOurs).map(({ label }) => label)]
    },
    read: async (who) =>
      group
        .seenBy(people[who])
        .filter(({ from }) => from === wecomBot.botId)
        .map(textOf),
  }
}

/** What follows the title tells how things stand. */
const isCard = ({ kind, text }: Shown, title: string): boolean =>
  kind === 'card' && text.split('\n').some((line) => line === title || line.startsWith(`${title} · `))

const refreshes: readonly string[] = ['刷新', 'Refresh']

/** The menu holds what has no room, and the bot's own way to look anew. */
const isOurs = ({ label, menu }: Shown['buttons'][number]): boolean => menu === true && !refreshes.includes(label)

function refreshOf({ buttons, text }: Shown): string {
  const found = buttons.find(({ label }) => refreshes.includes(label))
  if (!found) throw new Error(`this card cannot be looked at anew:\n${text}`)
  return found.label
}
