import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { telegramKind } from '../../bots/telegram/index.ts'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import {
  createTelegram,
  type Group,
  type Person,
  type Place,
  type Shown,
  serveTelegram,
  type Telegram,
} from '../../sandbox/telegram/index.ts'
import type { BotKind } from '../../src/chat/chat.ts'
import type { ManualClock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import { destinationsWaiting } from '../../src/storage/deliveries.ts'
import type { Reads } from '../../src/storage/storage.ts'
import { publicUrl } from './public-url.ts'

export const botName = 'RedressBot'
export const botToken = `42:${'A'.repeat(35)}`

/** Telegram as it is played beside a world: a group, the people of the world in it, and the bot. */
export interface Played {
  readonly telegram: Telegram
  readonly kind: BotKind
  readonly people: Readonly<Record<'li' | 'chen' | 'wang' | 'stranger', Person>>
  /** Where the first room is, once it is bound. */
  readonly group: Group
  /** Where the page is. */
  readonly url: string
  /** Everything that people did so far has reached the bot, and was handled by it; not waited for when nobody asks. */
  heard(): Promise<void>
}

export interface PlayWish {
  readonly clock: ManualClock
  readonly logger: Logger
  readonly language: 'zh-CN' | 'en'
  readonly group?: 'group' | 'supergroup' | 'forum'
  /** Where Redress listens: Telegram calls nothing but https, by our public name. */
  where(): string
}

const names = {
  'zh-CN': { li: '小李', chen: '阿陈', wang: '小王', stranger: '路人', title: '投诉处理群' },
  en: { li: 'Li', chen: 'Chen', wang: 'Wang', stranger: 'Passer-by', title: 'Complaints' },
} as const

export async function playTelegram({
  clock,
  logger,
  language,
  group = 'supergroup',
  where,
}: PlayWish): Promise<Played> {
  const account = { token: botToken, username: botName, name: 'Redress' }
  const telegram = createTelegram({
    clock,
    random: randomBytes,
    bots: [account],
    deliver: (push, signal) => deliverByHttp({ ...push, url: push.url.replace(publicUrl, where()) }, signal),
  })
  const served = await serveTelegram(telegram, { tickMs: 0 })
  onTestFinished(() => served.close())
  const { title, ...called } = names[language]
  const person = (who: keyof typeof called) => telegram.person({ name: called[who], language: language.slice(0, 2) })
  const people = { li: person('li'), chen: person('chen'), wang: person('wang'), stranger: person('stranger') }
  const forum = group === 'forum'
  const hooked = () => telegram.calls().some(({ method }) => method === 'setWebhook')
  return {
    telegram,
    people,
    url: served.url,
    kind: telegramKind({ clock, random: randomBytes, logger, apiRoot: served.url }),
    group: telegram.group({
      ...{ title, forum, people: Object.values(people), bots: [botName] },
      kind: group === 'group' ? 'group' : 'supergroup',
    }),
    async heard() {
      for (let away = 0; away < 30; away++) {
        await turns(telegram)
        await telegram.idle()
        if (telegram.pending(botName) === 0 && (telegram.polled(botName) || hooked())) return
      }
    },
  }
}

/** Both ends of each call are in this process: so many turns without one, and none is underway. */
async function turns(telegram: Telegram): Promise<void> {
  for (let seen = -1; seen !== telegram.calls().length; ) {
    seen = telegram.calls().length
    await new Promise((resolve) => setTimeout(resolve, 1))
    for (let turn = 0; turn < 16; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}

export type Words = string | RegExp

const holds = (shown: Shown, words: Words) =>
  typeof words === 'string' ? shown.text.includes(words) : words.test(shown.text)

/** The newest message there with these words; what was deleted is not there. */
export function found(where: Place, words: Words): Shown {
  const shown = where.messages().findLast((one) => holds(one, words))
  if (!shown) throw new Error(`nothing says ${words} in:\n${where.transcript()}`)
  return shown
}

export const count = (where: Place, words: Words): number => where.messages().filter((one) => holds(one, words)).length

/** The newest card or draft whose title begins so, whatever its tone. */
export const card = (where: Place, title: string): Shown => found(where, cardOf(title))
export const cards = (where: Place, title: string): number => count(where, cardOf(title))

const cardOf = (title: string) => new RegExp(`^(🔵|🟠|🔴|✅) ${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'um')

export interface Driver {
  /** Work is done and time passes until nothing waits for the group. */
  calm(): Promise<void>
  /** What the person says and what the bot says after it, in words. */
  say(who: Person, text: string, how?: Saying): Promise<readonly Shown[]>
  /** Answers the question that the bot has put to this person. */
  answer(who: Person, text: string, photos?: readonly Buffer[]): Promise<readonly Shown[]>
  /** @returns the toast at the button, and what the bot says after it */
  press(who: Person, shown: Shown, label: string, where?: Place): Promise<Pressed>
}

export interface Pressed {
  readonly toast: string
  readonly alert: boolean
  readonly said: readonly Shown[]
}

export interface Saying {
  readonly in?: Place
  readonly replyTo?: number
  readonly photos?: readonly Buffer[]
}

interface Driven {
  readonly played: Played
  readonly storage: { readonly reads: Reads }
  settle(): Promise<void>
  pass(ms: number, step?: number): Promise<void>
}

/** People in the played Telegram; after each of their acts everything that follows has happened. */
export function drive(w: Driven): Driver {
  const { telegram, group } = w.played
  async function calm() {
    await w.pass(1_500, 500)
    for (let turn = 0; turn < 90; turn++) {
      if ((await destinationsWaiting(w.storage.reads, 1)).length === 0) return
      await w.pass(2_000, 1_000)
    }
  }
  /** What the bot does by itself, when its album is whole, nobody waits for: until it calls no more. */
  async function still() {
    for (let seen = -1; seen !== telegram.calls().length; ) {
      seen = telegram.calls().length
      await new Promise((resolve) => setTimeout(resolve, 120))
    }
  }
  async function after(where: Place, act: () => void, album = false): Promise<readonly Shown[]> {
    const seen = where.messages({ deleted: true }).at(-1)?.id ?? 0
    act()
    await calm()
    if (album) await still()
    if (album) await calm()
    return where.messages().filter(({ id, fromId }) => id > seen && fromId === telegram.bots[0]?.id)
  }
  const say: Driver['say'] = (who, text, { in: where = group, replyTo, photos = [] } = {}) =>
    after(
      where,
      () => {
        const how = replyTo === undefined ? {} : { replyTo }
        const [only] = photos
        if (photos.length > 1) who.album(where, photos, { ...how, caption: text })
        else if (only) who.photo(where, only, { ...how, caption: text })
        else who.say(where, text, how)
      },
      photos.length > 1,
    )
  return {
    calm,
    say,
    answer(who, text, photos = []) {
      const asked = who.asked(group)
      if (!asked) throw new Error(`${who.user.first_name} was asked nothing in:\n${group.transcript()}`)
      return say(who, text, { replyTo: asked.id, photos })
    },
    async press(who, shown, label, where = group) {
      let id = ''
      const said = await after(where, () => {
        id = who.press(where, shown.id, label).id
      })
      const answer = telegram.answerTo(id)
      return { toast: answer?.text ?? '', alert: answer?.alert ?? false, said }
    },
  }
}
