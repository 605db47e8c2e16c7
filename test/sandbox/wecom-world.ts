import { createHash } from 'node:crypto'
import { WebSocket } from 'ws'
import { canvas, png } from '../../sandbox/png.ts'
import {
  createWecom,
  type Group,
  type Json,
  type Person,
  type Shown,
  serveWecom,
  type Wecom,
  type WecomOptions,
} from '../../sandbox/wecom/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

export interface WireItem {
  readonly msgtype: string
  readonly text?: { readonly content: string }
  readonly image?: { readonly url: string; readonly aeskey: string }
  readonly file?: { readonly url: string; readonly aeskey: string }
  readonly mixed?: { readonly msg_item: readonly WireItem[] }
}

/** The fields of callbacks that the tests look at. */
export interface WireBody extends WireItem {
  readonly msgid: string
  readonly aibotid: string
  readonly chatid?: string
  readonly chattype: string
  readonly create_time: number
  readonly from: { readonly userid: string }
  readonly quote?: WireItem
  readonly event: { readonly eventtype: string; readonly template_card_event: Json }
}

export interface WireFrame {
  readonly cmd?: string
  readonly headers: { readonly req_id: string }
  readonly errcode?: number
  readonly errmsg?: string
  readonly body: WireBody
}

/** A bot's side of the wire: frames as they are, nothing clever. */
export interface Link {
  readonly frames: readonly WireFrame[]
  readonly closed: boolean
  raw(text: string): void
  /** Sends, and waits for the frame with the same req_id. */
  ask(cmd: string, body?: Json, reqId?: string): Promise<WireFrame>
  /** Sends without waiting. */
  send(cmd: string, body?: Json, reqId?: string): string
  /** Resolves with the n-th callback (from 0) of this command. */
  heard(cmd: string, n?: number): Promise<WireFrame>
  over(): Promise<void>
  close(): void
}

export interface World {
  readonly clock: ManualClock
  readonly wecom: Wecom
  readonly url: string
  readonly li: Person
  readonly wang: Person
  /** With both of them and the bot. */
  readonly group: Group
  dial(): Promise<Link>
  /** A link that has subscribed. */
  subscribed(botId?: string): Promise<Link>
  pass(ms: number): Promise<void>
  last(person?: Person): Shown
  close(): Promise<void>
}

export const start = Date.UTC(2026, 10, 21, 2, 0, 0)
export const bot = { botId: 'aib-1', secret: 'secret-1', name: '客诉 助手' }
export const other = { botId: 'aib-2', secret: 'secret-2', name: '客诉' }
export const picture = (width: number, height: number) => png(canvas(width, height, [200, 30, 30]))
export const markdown = (content: string): Json => ({ msgtype: 'markdown', markdown: { content } })
export const message = 'aibot_msg_callback'
export const event = 'aibot_event_callback'

/** A button card with what must be there. */
export const card = (taskId: string, more: Json = {}): Json => ({
  card_type: 'button_interaction',
  main_title: { title: '交易投诉 #A7' },
  button_list: [
    { text: '退款', style: 3, key: 'refund' },
    { text: '详情', key: 'more' },
  ],
  task_id: taskId,
  ...more,
})
export const cardMessage = (of: Json): Json => ({ msgtype: 'template_card', template_card: of })

/** Waits in real time, for what travels over sockets. */
export async function until<Of>(find: () => Of | undefined | false): Promise<Of> {
  for (let tries = 0; tries < 500; tries++) {
    const found = find()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('it never came so')
}

/** Long enough for a frame that is on its way to arrive. */
export const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 50))

export async function openWorld(options: Partial<WecomOptions> = {}): Promise<World> {
  const clock = manualClock(start)
  const wecom = createWecom({ clock, random: numbered(), bots: [bot, other], ...options })
  const served = await serveWecom(wecom, { tickMs: 0 })
  const li = wecom.person({ userid: 'LiMing', name: '李明' })
  const wang = wecom.person({ userid: 'wangfang', name: '王芳' })
  const group = wecom.group({ name: '客诉群', people: [li, wang], bots: [bot.botId] })
  const dial = () => dialTo(wecom.wsUrl)
  return {
    clock,
    wecom,
    url: served.url,
    li,
    wang,
    group,
    dial,
    async subscribed(botId = bot.botId) {
      const link = await dial()
      const { secret } = [bot, other].find((one) => one.botId === botId) ?? bot
      const { errcode } = await link.ask('aibot_subscribe', { bot_id: botId, secret })
      if (errcode !== 0) throw new Error(`subscribe: ${errcode}`)
      return link
    },
    async pass(ms) {
      clock.advance(ms)
      await wecom.advance()
    },
    last(person = li) {
      const shown = group.seenBy(person).at(-1)
      if (!shown) throw new Error('the group is empty')
      return shown
    },
    close: () => served.close(),
  }
}

let requests = 0

async function dialTo(url: string): Promise<Link> {
  const socket = new WebSocket(url)
  const frames: WireFrame[] = []
  let closed = false
  socket.on('message', (data) => frames.push(JSON.parse(String(data)) as WireFrame))
  socket.on('close', () => {
    closed = true
  })
  socket.on('error', () => {})
  await new Promise<void>((resolve) => socket.once('open', resolve))
  const send = (cmd: string, body?: Json, reqId = `${cmd}_${++requests}`) => {
    socket.send(JSON.stringify({ cmd, headers: { req_id: reqId }, body }))
    return reqId
  }
  return {
    frames,
    get closed() {
      return closed
    },
    raw: (text) => socket.send(text),
    send,
    ask(cmd, body, reqId) {
      const before = frames.length
      const id = send(cmd, body, reqId)
      return until(() => frames.slice(before).find((one) => one.headers.req_id === id && one.cmd === undefined))
    },
    heard: (cmd, n = 0) => until(() => frames.filter((one) => one.cmd === cmd)[n]),
    over: () => until(() => closed).then(() => {}),
    close: () => socket.close(),
  }
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
