import { expect } from 'vitest'
import { commands } from '../../../src/chat/commands.ts'
import { type Params, type TextKey, text } from '../../../src/chat/texts.ts'
import {
  type AlipayWorld,
  type PayWorld,
  type TelegramWorld,
  type WecomWorld,
  type World,
  world,
} from '../../support/world.ts'
import { inBrowser } from './browser.ts'
import { everybody, remembered, type Talk, type Who } from './talk.ts'
import { inTelegram } from './telegram.ts'
import { inWecom } from './wecom.ts'

export const chats = ['browser', 'telegram', 'wecom'] as const
export const languages = ['zh-CN', 'en'] as const
export const ways = ['buttons', 'commands'] as const

export interface Run {
  readonly chat: (typeof chats)[number]
  readonly language: (typeof languages)[number]
  /** How people act wherever there are both; a note has no button, and what is looked at before it goes no command. */
  readonly by: (typeof ways)[number]
}

/** Each chat in each language in each way. */
export const runs: readonly Run[] = chats.flatMap((chat) =>
  languages.flatMap((language) => ways.map((by) => ({ chat, language, by }))),
)

export const names = { li: '小李', chen: '阿陈', wang: '小王' } as const satisfies Record<Who, string>

/** An act as people wish it, in both of its forms. */
export interface Act {
  readonly button: TextKey
  /** The command's English name. */
  readonly command: string
  readonly words?: string
  readonly photos?: readonly Buffer[]
}

export interface Stage<W extends World> {
  readonly w: W
  readonly talk: Talk
  /** Everything that anybody was ever given to read. */
  readonly texts: ReadonlySet<string>
  t(key: TextKey, params?: Params): string
  /** `/同意 1 …`, `/agree 1 …` */
  command(name: string, words?: string): string
  /** On the card of that title, with the words asked for; or by a command that says it all. @returns what the person reads */
  act(who: Who, title: string, act: Act): Promise<string>
  /** Everybody sees these buttons on the newest card of that title. */
  offers(title: string, buttons: readonly TextKey[]): Promise<void>
  /** Everybody has read this line so often, and every line of before as often as then. */
  told(line: string | RegExp, times?: number): Promise<void>
}

export async function stage(run: Run, pay: readonly string[]): Promise<Stage<PayWorld>>
export async function stage(run: Run, alipay: 'alipay'): Promise<Stage<AlipayWorld>>
export async function stage(run: Run): Promise<Stage<World>>
export async function stage({ chat, language, by }: Run, beside?: readonly string[] | 'alipay'): Promise<Stage<World>> {
  const t = (key: TextKey, params?: Params) => text(language, key, params)
  const w = await world({
    language,
    ...(chat === 'browser' ? { page: true } : chat === 'telegram' ? { telegram: true } : { wecom: true }),
    ...(beside === 'alipay' ? { alipay: true } : beside && { pay: beside }),
  })
  const { talk, texts } = remembered(await talkIn(chat, w))
  const lines = new Map<string | RegExp, number>()
  const command = (name: string, words = '') => `/${wordOf(name, language)} 1 ${words}`.trim()
  return {
    ...{ w, talk, texts, t, command },
    async act(who, title, { button, command: name, words, photos }) {
      if (by === 'commands') return talk.say(who, command(name, words), photos)
      const asked = await talk.press(who, title, t(button))
      return words === undefined ? asked : talk.answer(who, words, photos)
    },
    async offers(title, buttons) {
      for (const who of everybody)
        expect(await talk.labels(who, title), `what ${who} may press`).toEqual(buttons.map((key) => t(key)))
    },
    async told(line, times = 1) {
      lines.set(line, times)
      for (const who of everybody) {
        const all = (await talk.read(who)).flatMap((message) => message.split('\n'))
        for (const [line, times] of lines) {
          const read = all.filter((one) => (typeof line === 'string' ? one === line : line.test(one)))
          expect(read, `${who} reads ${line} in:\n${all.join('\n')}`).toHaveLength(times)
        }
      }
    },
  }
}

function talkIn(chat: Run['chat'], w: World): Talk | Promise<Talk> {
  if (chat === 'browser') return inBrowser(w)
  return chat === 'telegram' ? inTelegram(w as TelegramWorld) : inWecom(w as WecomWorld)
}

function wordOf(name: string, language: Run['language']): string {
  const known = commands.find((one) => one.name === name)
  if (!known) throw new Error(`no command ${name}`)
  return (language === 'en' ? undefined : known.aliases[0]) ?? name
}
