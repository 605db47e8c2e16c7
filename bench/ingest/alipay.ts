import { createPrivateKey } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { keyOf } from '../../sandbox/alipay/answer.ts'
import { signed } from '../../sandbox/alipay/sign.ts'
import type { AlipayKeys } from '../source.ts'
import { answer, given } from './asked.ts'

/** As much of Alipay as polling meets: lists without a line, tokens that hold or do not, silence, and "too much". */
export interface PlayedGateway {
  readonly keys: AlipayKeys
  /** Milliseconds until it answers. */
  readonly latency: number
  /** Calls in a window of that many milliseconds; more are refused. */
  readonly most: number
  readonly window: number
}

/** Of a hundred tokens the first never gets an answer, and the second has been taken back. */
export const tokenOf = (nr: number): string => `t${nr}`
export const hangs = (nr: number): boolean => nr % 100 === 0
export const revoked = (nr: number): boolean => nr % 100 === 1

const nrIn = (token: string): number => Number(token.slice(1))

const { keys, latency, most, window: length } = given<PlayedGateway>()
const key = createPrivateKey(keys.alipay)
const signatures = new Map<string, string>()
const counts = { calls: 0, limited: 0, silent: 0 }
let window = { nr: 0, calls: 0 }

const server = createServer(async (request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1')
  const method = searchParams.get('method') ?? ''
  const nr = nrIn(searchParams.get('app_auth_token') ?? (await askedToken(request)))
  request.resume()
  counts.calls += 1
  if (full()) {
    counts.limited += 1
    return say(response, method, { code: '40005', msg: 'Call Limited', sub_code: 'isv.app-call-limited' })
  }
  if (hangs(nr)) {
    counts.silent += 1
    return
  }
  setTimeout(() => say(response, method, saidOf(method, nr)), latency)
})

function saidOf(method: string, nr: number): object {
  const fine = { code: '10000', msg: 'Success' }
  if (method === 'alipay.open.auth.token.app.query')
    return { ...fine, status: revoked(nr) ? 'invalid' : 'valid', auth_methods: [] }
  if (revoked(nr)) return { code: '40002', msg: 'Invalid Arguments', sub_code: 'aop.invalid-app-auth-token' }
  return { ...fine, total_size: 0, total_num: 0, total_page_num: 0 }
}

/** Which token a question about a token names. */
async function askedToken(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  const content = new URLSearchParams(Buffer.concat(chunks).toString()).get('biz_content') ?? '{}'
  return String((JSON.parse(content) as { app_auth_token?: string }).app_auth_token)
}

function full(): boolean {
  const nr = Math.floor(Date.now() / length)
  window = { nr, calls: nr === window.nr ? window.calls + 1 : 1 }
  return window.calls > most
}

function say(response: ServerResponse, method: string, told: object): void {
  const inner = JSON.stringify(told)
  const sign = signatures.get(inner) ?? signed(key, Buffer.from(inner))
  signatures.set(inner, sign)
  response.setHeader('content-type', 'text/html;charset=utf-8')
  response.end(`{"${keyOf(method)}":${inner},"sign":"${sign}"}`)
}

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

answer({
  url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway.do`,
  counts: () => ({ ...counts }),
})
