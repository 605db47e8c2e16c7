import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { wecomKind } from '../../bots/wecom/index.ts'
import {
  type Chat,
  createWecom,
  type Group,
  type Person,
  type Press,
  type Shown,
  serveWecom,
  type Wecom,
} from '../../sandbox/wecom/index.ts'
import type { BotKind } from '../../src/chat/chat.ts'
import { type ManualClock, systemClock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import { createTransport } from '../../src/core/transport.ts'
import { destinationsWaiting } from '../../src/storage/deliveries.ts'
import type { Reads } from '../../src/storage/storage.ts'

export const wecomBot = { botId: 'aibRedress', secret: 'S'.repeat(43), name: 'Redress 客诉' } as const

/** WeCom as it is played beside a world: a group, the people of the world in it, and the bot. */
export interface PlayedWecom {
  readonly wecom: Wecom
  readonly kind: BotKind
  readonly people: Readonly<Record<'li' | 'chen' | 'wang' | 'stranger', Person>>
  readonly group: Group
  /** Everything that people did so far has reached the bot, and was handled by it. */
  heard(): Promise<void>
}

const names = {
  'zh-CN': { li: '小李', chen: '阿陈', wang: '小王', stranger: '路人', title: '投诉处理群' },
  en: { li: 'Li', chen: 'Chen', wang: 'Wang', stranger: 'Passer-by', title: 'Complaints' },
} as const

export async function playWecom(wish: {
  readonly clock: ManualClock
  readonly logger: Logger
  readonly language: 'zh-CN' | 'en'
}): Promise<PlayedWecom> {
  const { clock, logger, language } = wish
  // The bot's heart beats by the real clock: hours that pass here in a second are no silence of its.
  const wecom = createWecom({ clock, random: randomBytes, bots: [wecomBot], rules: { pingMs: 1e12 } })
  const served = await serveWecom(wecom, { tickMs: 0 })
  const transport = createTransport({ clock: systemClock })
  onTestFinished(async () => {
    await served.close()
    await transport.close()
  })
  const { title, ...called } = names[language]
  const person = (who: keyof typeof called) => wecom.person({ userid: `User-${who}`, name: called[who] })
  const people = { li: person('li'), chen: person('chen'), wang: person('wang'), stranger: person('stranger') }
  const group = wecom.group({ name: title, people: Object.values(people), bots: [wecomBot.botId] })
  // Before that a bot may not speak there.
  people.chen.say(group, '你好', { to: wecomBot.botId })
  return {
    ...{ wecom, people, group },
    kind: wecomKind({ clock, random: randomBytes, logger, transport, url: wecom.wsUrl }),
    async heard() {
      await wecom.idle()
      await quiet(wecom)
    },
  }
}

/** Both ends of the connection are in this process: so long without a frame, and none is underway. */
async function quiet(wecom: Wecom): Promise<void> {
  for (let seen = -1; seen !== wecom.calls().length; ) {
    seen = wecom.calls().length
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
    await wecom.idle()
  }
}

export interface WecomDriver {
  /** Work is done and time passes until nothing waits for the group. */
  calm(): Promise<void>
  /** Addressed to the bot; what the bot says after it, as this person sees it. */
  say(
    who: Person,
    text: string,
    how?: { readonly in?: Chat; readonly photos?: readonly Buffer[] },
  ): Promise<readonly Shown[]>
  /** On the newest card that this person sees under that title. */
  press(
    who: Person,
    title: string,
    label: string,
    how?: { readonly in?: Chat; readonly choose?: string },
  ): Promise<Pressed>
  /** The newest card of that title in this person's face of it. */
  card(who: Person, title: string, where?: Chat): Shown
  /** Everything that this person reads in the group, oldest first. */
  read(who: Person, where?: Chat): readonly string[]
}

export interface Pressed {
  readonly press: Press
  /** The pressed card afterwards, to whoever pressed it. */
  readonly face: Shown
  readonly said: readonly Shown[]
}

interface Driven {
  readonly wecom: PlayedWecom
  readonly storage: { readonly reads: Reads }
  pass(ms: number, step?: number): Promise<void>
}

/** People in the played WeCom; after each of their acts everything that follows has happened. */
export function driveWecom(w: Driven): WecomDriver {
  const { group } = w.wecom
  const bot = wecomBot.botId
  async function calm() {
    await w.pass(1_500, 500)
    for (let turn = 0; turn < 90; turn++) {
      if ((await destinationsWaiting(w.storage.reads, 1)).length === 0) return
      await w.pass(2_000, 1_000)
    }
  }
  const card: WecomDriver['card'] = (who, title, where = group) => {
    const all = where.seenBy(who)
    const shown = all.findLast(({ kind, text }) => kind === 'card' && text.includes(title))
    if (!shown) throw new Error(`no card says ${title} in:\n${all.map(({ text }) => text).join('\n---\n')}`)
    return shown
  }
  async function after(who: Person, where: Chat, act: () => void): Promise<readonly Shown[]> {
    const seen = new Set(where.seenBy(who).map(({ id }) => id))
    act()
    await w.wecom.heard()
    await calm()
    return where.seenBy(who).filter(({ id, from }) => !seen.has(id) && from === bot)
  }
  return {
    calm,
    card,
    say: (who, text, { in: where = group, photos = [] } = {}) =>
      after(who, where, () => {
        if (photos.length > 0) who.mixed(where, [text, ...photos], { to: bot })
        else who.say(where, text, where.kind === 'group' ? { to: bot } : {})
      }),
    async press(who, title, label, { in: where = group, choose } = {}) {
      const shown = card(who, title, where)
      let press: Press | undefined
      const said = await after(who, where, () => {
        press = who.press(where, shown, label, choose === undefined ? {} : { choose })
      })
      const face = where.seenBy(who).find(({ id }) => id === shown.id)
      if (!press || !face) throw new Error('the card is gone')
      return { press, face, said }
    },
    read: (who, where = group) => where.seenBy(who).map(({ text }) => text),
  }
}
