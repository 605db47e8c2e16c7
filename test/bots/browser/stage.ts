import { randomBytes } from 'node:crypto'
import { type BrowserBot, browserKind } from '../../../bots/browser/index.ts'
import { type Clock, systemClock } from '../../../src/core/clock.ts'
import { silent } from '../../../src/core/logger.ts'
import type { Picture } from '../../../src/core/picture.ts'
import { asId } from '../../../src/core/words.ts'
import { group } from './group.ts'

export interface Shown {
  readonly id: string
  readonly seq: number
  readonly by?: string
  readonly text?: string
  readonly card?: { readonly title: string; readonly buttons: readonly { readonly label: string }[] }
  readonly pictures: readonly string[]
  readonly about?: string
  readonly only: boolean
  readonly edited: boolean
}

/** The bot as the app makes it; `settings` over the usual group's. */
export function makeBot(settings: Record<string, unknown> = {}, clock: Clock = systemClock): BrowserBot {
  const kind = browserKind({ clock, random: randomBytes, logger: silent })
  return kind.make({ id: asId('bot_test'), name: 'Redress', settings: { ...group, ...settings }, secrets: {} })
}

/** A person's browser without the page: the same requests, the same cookie. */
export async function visit(bot: BrowserBot) {
  const { origin } = new URL(bot.address)
  const first = await fetch(bot.address, { redirect: 'manual' })
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

  const get = (path: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(origin + path, { headers: { cookie, ...headers }, ...(signal && { signal }) })
  const send = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(origin + path, { method: 'POST', headers: { cookie, origin, ...headers }, body })
  const act = async (path: string, body: object) => {
    const response = await send(`/api/${path}`, JSON.stringify(body))
    return { status: response.status, ...((await response.json()) as Outcome) }
  }
  return {
    origin,
    cookie,
    first,
    get,
    send,
    act,
    upload: async (picture: Picture) => {
      const response = await send('/api/pictures', new Uint8Array(picture.bytes))
      return ((await response.json()) as { id: string }).id
    },
    entries: async (chat: string, as: string) => {
      const response = await get(`/api/rooms/${encodeURIComponent(chat)}?as=${as}`)
      return ((await response.json()) as { entries: readonly Shown[] }).entries
    },
    /** Reads events until `enough`; then closes the stream. */
    async events(path: string, enough: (events: readonly Event[]) => boolean, headers: Record<string, string> = {}) {
      const stop = new AbortController()
      const response = await get(path, headers, stop.signal)
      const events: Event[] = []
      let rest = ''
      for await (const chunk of response.body ?? []) {
        const blocks = (rest + Buffer.from(chunk as Uint8Array).toString('utf8')).split('\n\n')
        rest = blocks.pop() ?? ''
        events.push(...blocks.flatMap(eventOf))
        if (enough(events)) break
      }
      stop.abort()
      return events
    },
  }
}

interface Outcome {
  readonly post?: string
  readonly toast?: string
  readonly alert?: boolean
  readonly error?: string
  readonly message?: string
}
export interface Event {
  readonly name: string
  readonly id?: string
  readonly data: Shown & Record<string, unknown>
}

function eventOf(block: string): Event[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
  const [name, id, data] = [field('event'), field('id'), field('data')]
  return name && data ? [{ name, data: JSON.parse(data), ...(id && { id }) }] : []
}
