import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { canvas, png } from '../../sandbox/png.ts'
import {
  createTelegram,
  type Group,
  type Person,
  serveTelegram,
  type Telegram,
  type TelegramOptions,
} from '../../sandbox/telegram/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

export interface WireUser {
  readonly id: number
  readonly first_name: string
}

/** The fields of messages and other results that the tests look at; which of them are there is what the tests find out. */
export interface Result {
  readonly message_id: number
  readonly message_thread_id?: number
  readonly date: number
  readonly edit_date?: number
  readonly text: string
  readonly caption?: string
  readonly from: WireUser
  readonly entities: readonly { type: string; offset: number; url?: string; user?: WireUser }[]
  readonly reply_markup?: unknown
  readonly reply_to_message?: Result
  readonly external_reply?: unknown
  readonly media_group_id?: string
  readonly photo: readonly { file_id: string; file_size: number; width: number; height: number }[]
  readonly document: { file_id: string; file_name: string; mime_type: string; file_size: number }
  readonly file_path: string
  readonly status?: string
  readonly can_read_all_group_messages?: boolean
  readonly sender_chat?: { readonly id: number }
}

export interface WireUpdate {
  readonly update_id: number
  readonly message?: Result
  readonly edited_message?: Result
  readonly channel_post?: Result
  readonly callback_query?: {
    readonly id: string
    readonly from: WireUser
    readonly data: string
    readonly message: Result
  }
  readonly my_chat_member?: unknown
}

/** What the Bot API answers. */
export interface Answer<Of = Result> {
  readonly ok: boolean
  readonly result: Of
  readonly error_code?: number
  readonly description?: string
  readonly parameters?: Readonly<Record<string, number>>
}

export interface World {
  readonly clock: ManualClock
  readonly telegram: Telegram
  readonly url: string
  readonly li: Person
  readonly wang: Person
  /** A supergroup with both of them and the bot. */
  readonly group: Group
  /** One call with a JSON body. */
  call<Of = Result>(method: string, body?: Readonly<Record<string, unknown>>, token?: string): Promise<Answer<Of>>
  /** A message into the group; gives its id. */
  send(text: string, more?: Readonly<Record<string, unknown>>): Promise<number>
  /** What the bot is told now, confirmed. */
  updates(token?: string): Promise<WireUpdate[]>
  /** The time passes and what is due happens. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

export const start = Date.UTC(2026, 10, 21, 2, 0, 0)
export const token = '42:redress-token'
export const otherToken = '43:other-token'
export const button = (text: string, callback_data: string) => ({ inline_keyboard: [[{ text, callback_data }]] })
export const picture = (width: number, height: number) => png(canvas(width, height, [200, 30, 30]))

export async function openWorld(options: Partial<TelegramOptions> = {}): Promise<World> {
  const clock = manualClock(start)
  const telegram = createTelegram({
    clock,
    random: numbered(),
    bots: [
      { token, username: 'redress_bot', name: 'Redress' },
      { token: otherToken, username: 'other_bot', name: 'Other', privacy: false },
    ],
    ...options,
  })
  const served = await serveTelegram(telegram, { tickMs: 0 })
  const li = telegram.person({ name: '李', username: 'li_ming', language: 'zh' })
  const wang = telegram.person({ name: '王' })
  const group = telegram.group({ title: '客诉群', people: [li, wang], bots: ['redress_bot'] })
  const offsets = new Map<string, number>()
  const call = async <Of = Result>(method: string, body: Readonly<Record<string, unknown>> = {}, of = token) => {
    const answer = await fetch(`${served.url}/bot${of}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as Answer<Of>
  }
  return {
    clock,
    telegram,
    url: served.url,
    li,
    wang,
    group,
    call,
    async send(text, more = {}) {
      const answer = await call('sendMessage', { chat_id: group.chat, text, ...more })
      if (!answer.ok) throw new Error(answer.description)
      return answer.result.message_id
    },
    async updates(of = token) {
      const told: WireUpdate[] = []
      for (;;) {
        const { result } = await call<WireUpdate[]>('getUpdates', { offset: offsets.get(of) ?? 0 }, of)
        const last = result.at(-1)
        if (!last) return told
        offsets.set(of, last.update_id + 1)
        told.push(...result)
      }
    },
    async pass(ms) {
      clock.advance(ms)
      await telegram.advance()
      await telegram.idle()
    },
    close: () => served.close(),
  }
}

export interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: WireUpdate
}

export interface Server {
  readonly url: string
  readonly received: Received[]
  /** The status, and perhaps a body; or no answer. */
  answering: (one: Received) => { status: number; body?: string } | 'silence'
  close(): Promise<void>
}

/** The bot's own server, for webhooks. */
export async function openServer(): Promise<Server> {
  const received: Received[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const one = { headers: incoming.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as WireUpdate }
      received.push(one)
      const answer = own.answering(one)
      if (answer !== 'silence') response.writeHead(answer.status).end(answer.body ?? '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const own: Server = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tg`,
    received,
    answering: () => ({ status: 200 }),
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return own
}

/** Randomness that is the same in every run. */
export function numbered(): (size: number) => Buffer {
  let count = 0
  return (size) => {
    const blocks = Array.from({ length: Math.ceil(size / 32) }, () =>
      createHash('sha256').update(`random ${count++}`).digest(),
    )
    return Buffer.concat(blocks).subarray(0, size)
  }
}

/** Waits in real time until something is so; for clients that run by themselves. */
export async function until(so: () => boolean): Promise<void> {
  for (let tries = 0; !so(); tries++) {
    if (tries > 500) throw new Error('it never came so')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
