import { addressOf, readJson, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { type Acts, appeal, type Done, postBody, respond, supplyProof, supplyRefund } from './api.ts'
import { showDetail } from './detail.ts'
import { isRefusal, type Refusal, refuse } from './errors.ts'
import type { Point } from './misbehave.ts'
import type { Quirks } from './rules.ts'
import type { Tokens } from './tokens.ts'

export type Answer = SandboxReply | Readonly<Record<string, unknown>> | Refusal

/** One call that has passed the door: what it is about, and its operation, which runs at most once. */
export interface Call {
  readonly on: Exclude<Point, 'push' | 'any'>
  readonly appid?: string
  readonly token?: string
  readonly complaint?: number
  readonly body?: Readonly<Record<string, unknown>>
  run(quirks?: Partial<Quirks>): Answer
}

export interface Door {
  readonly tokens: Tokens
  readonly acts: Acts
  quirks(): Quirks
}

/** What a request wants, once it has passed the door: method, token, body. */
export function readCall(options: Door, request: SandboxRequest): Call | Refusal {
  const address = addressOf(request)
  const { pathname } = address
  if (pathname.startsWith('/cdn/')) return { on: 'cdn', run: () => options.acts.media.cdn(address) }
  if (pathname === '/cgi-bin/token') return readPlainToken(options, request, address.searchParams)
  if (pathname === '/cgi-bin/stable_token') return readStableToken(options, request)
  const read = business[pathname]
  if (!read) return refuse(40066)
  const token = address.searchParams.get('access_token')
  const owner = options.tokens.check(token)
  if ('errcode' in owner) return owner
  const call = read({ options, request, query: address.searchParams, appid: owner.appid })
  return 'errcode' in call ? call : { ...call, appid: owner.appid, ...(token ? { token } : {}) }
}

function readPlainToken({ tokens }: Door, request: SandboxRequest, query: URLSearchParams): Call | Refusal {
  if (request.method !== 'GET') return refuse(43001)
  const appid = query.get('appid') ?? ''
  const wish = { grantType: query.get('grant_type'), appid, secret: query.get('secret') }
  return { on: 'token', appid, run: () => ({ ...tokens.plain(wish) }) }
}

function readStableToken({ tokens }: Door, request: SandboxRequest): Call | Refusal {
  if (request.method !== 'POST') return refuse(43002)
  if (request.body.length === 0) return refuse(44002)
  const body = readJson(request.body)
  if (!body) return refuse(47001)
  const { grant_type: grantType, appid, secret, force_refresh: force } = body
  const wish = { grantType, appid, secret, force: force === true }
  return { on: 'token', appid: String(appid ?? ''), run: () => ({ ...tokens.stable(wish) }) }
}

interface Knock {
  readonly options: Door
  readonly request: SandboxRequest
  readonly query: URLSearchParams
  readonly appid: string
}

const business: Readonly<Record<string, (knock: Knock) => Call | Refusal>> = {
  '/wxaapi/minishop/complaintOrderDetail': readDetail,
  // The two spellings, bussi and busi, are the platform's own.
  '/wxaapi/minishop/bussiRespondComplaint': (knock) => readAct(knock, 'respond', respond),
  '/wxaapi/minishop/bussiSupplyProof': (knock) => readAct(knock, 'evidence', supplyProof),
  '/wxaapi/minishop/bussiSupplyRefund': (knock) => readAct(knock, 'proof', supplyRefund),
  '/wxaapi/minishop/busiAppeal': (knock) => readAct(knock, 'appeal', appeal),
  '/cgi-bin/media/upload': readUpload,
  '/cgi-bin/media/get': ({ options, query, appid }) => ({
    on: 'media',
    run: () => ({ ...options.acts.media.download(appid, query.get('media_id') ?? '') }),
  }),
}

// WeChat docs, 查询投诉单详情: the number stands in the query; an unknown one (an order number, say) is answered with -1.
function readDetail({ options, request, query, appid }: Knock): Call | Refusal {
  if (request.method !== 'GET') return refuse(43001)
  const { acts } = options
  const id = Number(query.get('complaintOrderId') ?? Number.NaN)
  return {
    on: 'detail',
    complaint: id,
    run(quirks) {
      const complaint = acts.find(appid, id)
      return complaint ? showDetail(complaint, { ...options.quirks(), ...quirks }, acts.media.cdnUrl) : refuse(-1)
    },
  }
}

type Act = (acts: Acts, appid: string, body: Readonly<Record<string, unknown>>) => Done

function readAct({ options, request, appid }: Knock, on: Call['on'], act: Act): Call | Refusal {
  const body = postBody(request)
  if (isRefusal(body)) return body
  return { on, complaint: Number(body.complaintOrderId), body, run: () => ({ ...act(options.acts, appid, body) }) }
}

function readUpload({ options, request, query, appid }: Knock): Call | Refusal {
  if (request.method !== 'POST') return refuse(43002)
  if (query.get('type') !== 'image') return refuse(40004)
  const { media } = options.acts
  return { on: 'upload', run: () => ({ ...media.upload(appid, request.headers['content-type'], request.body) }) }
}
