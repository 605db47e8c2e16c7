import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import {
  createWechat,
  type MiniProgram,
  serveWechat,
  type Wechat,
  type WechatOptions,
} from '../../sandbox/wechat/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

export interface Received {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What the merchant's server answers: a status and a text, or nothing at all. */
type Answering = (received: Received) => { status: number; body: string } | 'silence'

export interface World {
  readonly clock: ManualClock
  readonly wechat: Wechat
  readonly url: string
  /** What reached the merchant's server, in order. */
  readonly received: Received[]
  answering: Answering
  /** A valid token, by a literal call. */
  token(appid?: string): Promise<string>
  get(path: string): Promise<Response>
  post(path: string, body: unknown): Promise<Record<string, unknown>>
  /** The time passes, what is due happens, pushes are answered. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

export const start = Date.UTC(2026, 10, 21, 2, 0, 0)
export const secret = 'c0ffee00c0ffee00c0ffee00c0ffee00'
export const aesKey = 'A'.repeat(43)
/** The smallest thing that starts like a PNG. */
export const tinyPng = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

export const program = (more: Partial<MiniProgram> = {}): MiniProgram => ({
  name: '青禾优选',
  appid: 'wxba5fad812f8e6fb9',
  secret,
  token: 'AAAAA',
  aesKey,
  mode: 'plain',
  format: 'json',
  pushUrl: '',
  ...more,
})

export async function openWorld(
  options: Partial<Omit<WechatOptions, 'programs'>> & { programs?: readonly Partial<MiniProgram>[] } = {},
): Promise<World> {
  const clock = manualClock(start)
  const received: Received[] = []
  const merchant = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://merchant.test')
      const one = {
        method: incoming.method ?? '',
        url,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      }
      received.push(one)
      const answer = world.answering(one)
      if (answer !== 'silence') response.writeHead(answer.status).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve))
  const pushUrl = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/callbacks/wechat-mini/one`
  const { programs = [{}], ...others } = options
  const wechat = createWechat({
    clock,
    random: numbered(),
    deliver: deliverByHttp,
    programs: programs.map((one) => program({ pushUrl, ...one })),
    ...others,
  })
  const served = await serveWechat(wechat, { tickMs: 0 })
  const json = { 'content-type': 'application/json' }
  const world: World = {
    clock,
    wechat,
    url: served.url,
    received,
    answering: () => ({ status: 200, body: 'success' }),
    async token(appid = 'wxba5fad812f8e6fb9') {
      const answer = await world.post('/cgi-bin/stable_token', { grant_type: 'client_credential', appid, secret })
      return String(answer.access_token)
    },
    get: (path) => fetch(served.url + path),
    async post(path, body) {
      const answer = await fetch(served.url + path, { method: 'POST', headers: json, body: JSON.stringify(body) })
      return (await answer.json()) as Record<string, unknown>
    },
    async pass(ms) {
      clock.advance(ms)
      await wechat.advance()
      await wechat.idle()
    },
    async close() {
      await served.close()
      merchant.closeAllConnections()
      await new Promise((resolve) => merchant.close(resolve))
    },
  }
  return world
}

/** Randomness that is the same in every run. */
function numbered(): (size: number) => Buffer {
  let count = 0
  return (size) => {
    const blocks = Array.from({ length: Math.ceil(size / 32) }, () =>
      createHash('sha256').update(`random ${count++}`).digest(),
    )
    return Buffer.concat(blocks).subarray(0, size)
  }
}
