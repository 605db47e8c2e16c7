import { randomBytes } from 'node:crypto'
import type { Env } from '../../../config/env.ts'
import type { Telegram } from '../../../sandbox/telegram/index.ts'
import type { Wecom } from '../../../sandbox/wecom/index.ts'
import { systemClock } from '../../core/clock.ts'
import type { StoredBot } from '../../storage/bots.ts'
import type { Language } from '../../storage/tenants.ts'
import { people, title, wordsIn } from './people.ts'

/** A chat beside the page, with the same people and a group of its own. */
export interface Played<Server = unknown> {
  readonly server: Server
  readonly url: string
  readonly pane: readonly [zh: string, en: string]
  /** The settings that lead there. */
  readonly env: Env
  readonly bot: Pick<StoredBot, 'kind' | 'name' | 'settings' | 'secrets'>
  readonly realm: string
  readonly chat: string
  /** The people's ids there, by ours. */
  readonly users: ReadonlyMap<string, string>
  close(): Promise<void>
}

export async function playTelegram(language: Language): Promise<Played<Telegram>> {
  const { createTelegram, serveTelegram } = await import('../../../sandbox/telegram/index.ts')
  const words = wordsIn(language)
  const token = `42:${randomBytes(32).toString('base64url').slice(0, 35)}`
  const bots = [{ token, username: 'RedressBot', name: 'Redress' }]
  const server = createTelegram({ clock: systemClock, random: randomBytes, bots })
  const { url, close } = await serveTelegram(server)
  const there = people.map(({ id, name }) => ({ id, person: server.person({ name: words(name) }) }))
  const persons = there.map(({ person }) => person)
  const group = server.group({ title: words(title), people: persons, bots: ['RedressBot'] })
  return {
    ...{ server, url, close },
    pane: ['Telegram（扮演）', 'Telegram (played)'],
    env: { REDRESS_TELEGRAM_API_ROOT: url },
    bot: { kind: 'telegram', name: 'Telegram', settings: {}, secrets: { token } },
    realm: 'telegram',
    chat: String(group.chat),
    users: new Map(there.map(({ id, person }) => [id, String(person.user.id)])),
  }
}

export interface PlayedWecom extends Played<Wecom> {
  /** Somebody speaks to the bot: before that it may not post in the group. */
  greet(): void
}

export async function playWecom(language: Language): Promise<PlayedWecom> {
  const { createWecom, serveWecom } = await import('../../../sandbox/wecom/index.ts')
  const words = wordsIn(language)
  const secrets = { botId: `aib${randomBytes(12).toString('hex')}`, secret: randomBytes(24).toString('base64url') }
  const name = 'Redress'
  const server = createWecom({ clock: systemClock, random: randomBytes, bots: [{ ...secrets, name }] })
  const { url, close } = await serveWecom(server)
  const persons = people.map((one) => server.person({ userid: one.id, name: words(one.name) }))
  const group = server.group({ name: words(title), people: persons, bots: [secrets.botId] })
  return {
    ...{ server, url, close },
    pane: ['企业微信（扮演）', 'WeCom (played)'],
    env: { REDRESS_WECOM_URL: server.wsUrl, REDRESS_WECOM_WEBHOOK_URL: server.baseUrl },
    bot: { kind: 'wecom', name: 'WeCom', settings: { name }, secrets },
    realm: `wecom:${secrets.botId}`,
    chat: group.chatid,
    users: new Map(people.map(({ id }) => [id, id])),
    greet: () => void persons[0]?.say(group, '/help', { to: secrets.botId }),
  }
}
