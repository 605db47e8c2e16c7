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
import type { Bot, BotKind } from '../../src/chat/chat.ts'
import { type ManualClock, systemClock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import { createTransport } from '../../src/core/transport.ts'
import { destinationsWaiting } from '../../src/storage/deliveries.ts'
import type { Reads } from '../../src/storage/storage.ts'

export const wecomBot = { botId: 'aibRedress', secret: 'S'.repeat(43), name: 'Redress 客诉' } as const
/** Known there too; of no business yet. */
export const otherBot = { botId: 'aibSpare', secret: 'T'.repeat(43), name: '备用' } as const

/** WeCom as it is played beside a world: a group, the people of the world in it, and the bot. */
export interface PlayedWecom {
  readonly wecom: Wecom
  readonly kind: BotKind
  readonly people: Readonly<Record<'li' | 'chen' | 'wang' | 'stranger', Person>>
  readonly group: Group
  /** Everything that people did so far has reached the bot, and was handled by it. */
  heard(): Promise<void>
  /** The bot stands there again: it comes back by the real clock. */
  connected(): Promise<void>
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
  const wecom = createWecom({ clock, random: randomBytes, bots: [wecomBot, otherBot], rules: { pingMs: 1e12 } })
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
  const busy = counter()
  const kind = wecomKind({
    ...{ clock, random: randomBytes, logger, url: wecom.wsUrl },
    transport: { send: (request) => busy.while(transport.send(request)) },
  })
  return {
    ...{ wecom, people, group },
    kind: { ...kind, make: (options) => counted(kind.make(options), busy) },
    heard: () => quiet(wecom, busy),
    async connected() {
      while (!wecom.connected(wecomBot.botId)) await new Promise((resolve) => setTimeout(resolve, 20))
      await quiet(wecom, busy)
    },
  }
}

interface Busy {
  readonly now: number
  while<Result>(work: Promise<Result>): Promise<Result>
}

function counter(): Busy {
  let now = 0
  return {
    get now() {
      return now
    },
    while(work) {
      now++
      return work.finally(() => {
        now--
      })
    },
  }
}

/** The same bot; it is only counted what it hears. */
const counted = (bot: Bot, busy: Busy): Bot => ({
  ...bot,
  start: (hear, events) => bot.start((heard) => busy.while(hear(heard)), events),
})

/** What waits for the time that passes here is not waited for. */
const patience = 250

/** Both ends of the connection are in this process: so many turns without a frame, and nothing is underway. */
async function quiet(wecom: Wecom, busy: Busy): Promise<void> {
  let since = Date.now()
  for (let seen = -1; seen !== wecom.calls().length || (busy.now > 0 && Date.now() - since < patience); ) {
    if (seen !== wecom.calls().length) since = Date.now()
    seen = wecom.calls().length
    await new Promise((resolve) => setTimeout(resolve, 1))
    for (let turn = 0; turn < 24; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}

export interface Saying {
  readonly in?: Chat
  /** Words and pictures in one message. */
  readonly photos?: readonly Buffer[]
  readonly quote?: Shown
}

export interface WecomDriver {
  /** Work is done and time passes until nothing waits for the group. */
  calm(): Promise<void>
  /** Addressed to the bot; what the bot says after it, as this person sees it. */
  say(who: Person, text: string, how?: Saying): Promise<readonly Shown[]>
  /** On the newest card that this person sees under that title, or on this one. */
  press(
    who: Person,
    on: string | Shown,
    label: string,
    how?: { readonly in?: Chat; readonly choose?: string; readonly forged?: string },
  ): Promise<Pressed>
  /** The newest card of that title in this person's face of it. */
  card(who: Person, title: string, where?: Chat): Shown
  /** The same card in this person's face, as it is now. */
  face(who: Person, shown: Shown, where?: Chat): Shown
  /** Everything that this person reads there, oldest first. */
  read(who: Person, where?: Chat): readonly string[]
}

export interface Pressed {
  readonly press: Press
  /** The pressed card afterwards, to whoever pressed it. */
  readonly face: Shown
  /** What the bot says after it. */
  readonly said: readonly Shown[]
}

/** Without the ⋮ menu. */
export const labels = ({ buttons }: Shown): readonly string[] =>
  buttons.filter(({ menu }) => !menu).map(({ label }) => label)

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
    await w.pass(1_500, 750)
    for (let turn = 0; turn < 90; turn++) {
      if ((await destinationsWaiting(w.storage.reads, 1)).length === 0) return
      await w.pass(2_000, 2_000)
    }
  }
  const card: WecomDriver['card'] = (who, title, where = group) => {
    const all = where.seenBy(who)
    const shown = all.findLast(({ kind, text }) => kind === 'card' && text.includes(title))
    if (!shown) throw new Error(`no card says ${title} in:\n${all.map(({ text }) => text).join('\n---\n')}`)
    return shown
  }
  const face: WecomDriver['face'] = (who, { id }, where = group) => {
    const shown = where.seenBy(who).find((one) => one.id === id)
    if (!shown) throw new Error('the card is gone')
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
    face,
    say: (who, text, { in: where = group, photos = [], quote } = {}) =>
      after(who, where, () => {
        const how = { ...(where.kind === 'group' ? { to: bot } : {}), ...(quote ? { quote } : {}) }
        if (photos.length > 0) who.mixed(where, [...(text === '' ? [] : [text]), ...photos], how)
        else who.say(where, text, how)
      }),
    async press(who, on, label, { in: where = group, ...how } = {}) {
      const shown = typeof on === 'string' ? card(who, on, where) : on
      const pressed: Press[] = []
      const said = await after(who, where, () => pressed.push(who.press(where, shown, label, how)))
      const [press] = pressed
      if (!press) throw new Error('nothing was pressed')
      return { press, face: face(who, shown, where), said }
    },
    read: (who, where = group) => where.seenBy(who).map(({ text }) => text),
  }
}
