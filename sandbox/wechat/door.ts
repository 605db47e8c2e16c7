import { addressOf, readJson, type SandboxReply, type SandboxRequest } from '../wire.ts'
import { type Acts, appeal, type Done, postBody, respond, supplyProof, supplyRefund } from './api.ts'
import { showDetail } from './detail.ts'
import { isRefusal, type Refusal, refuse } from './errors.ts'
import type { Limits } from './limits.ts'
import type { CallName } from './misbehave.ts'
import { getOrder, getOrderList, type OrderBook } from './order-api.ts'
import type { Penalties } from './penalties.ts'
import { type Guarantee, getPenaltyList } from './penalty-api.ts'
import type { Quirks } from './rules.ts'
import type { Tokens } from './tokens.ts'

export type Answer = SandboxReply | Readonly<Record<string, unknown>> | Refusal

/** One call that has passed the door: what it is about, and its operation, which runs at most once. */
export interface Call {
  readonly on: CallName
  readonly appid?: string
  readonly token?: string
  readonly complaint?: number
  readonly body?: Readonly<Record<string, unknown>>
  run(quirks?: Partial<Quirks>): Answer
}

export interface Door {
  readonly tokens: Tokens
  readonly acts: Acts
  readonly book: OrderBook
  readonly penalties: Penalties
  readonly limits: Limits
  guarantee(appid: string): Guarantee
  quirks(): Quirks
}

/** What a request wants, once it has passed the door: method, token, body. */
export function readCall(options: Door, request: SandboxRequest): Call | Refusal {
  const address = addressOf(request)
  const { pathname } = address
  if (pathname.startsWith('/cdn/')) return { on: 'cdn', run: () => options.acts.media.cdn(address) }
  if (pathname === '/cgi-bin/token') return readPlainToken(options, request, address.searchParams)
  if (pathname === '/cgi-bin/stable_token') return readStableToken(options, request)
  const one = business[pathname]
  if (!one) return refuse(40066)
  const token = address.searchParams.get('access_token')
  const owner = options.tokens.check(token)
  if ('errcode' in owner) return owner
  const { on, read } = one
  const { appid } = owner
  const call = read({ options, request, query: address.searchParams, appid })
  return 'errcode' in call ? call : { on, ...call, appid, ...(token ? { token } : {}) }
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

type Read = (knock: Knock) => Omit<Call, 'on'> | Refusal

const business: Readonly<Record<string, { readonly on: CallName; readonly read: Read }>> = {
  '/wxaapi/minishop/complaintOrderDetail': { on: 'detail', read: readDetail },
  // The two spellings, bussi and busi, are the platform's own.
  '/wxaapi/minishop/bussiRespondComplaint': { on: 'respond', read: readAct(respond) },
  '/wxaapi/minishop/bussiSupplyProof': { on: 'evidence', read: readAct(supplyProof) },
  '/wxaapi/minishop/bussiSupplyRefund': { on: 'proof', read: readAct(supplyRefund) },
  '/wxaapi/minishop/busiAppeal': { on: 'appeal', read: readAct(appeal) },
  '/wxaapi/wxamptrade/get_penalty_list': { on: 'penalty', read: readPenaltyList },
  '/wxaapi/wxamptrade/get_guarantee_status': { on: 'guarantee', read: readGuarantee },
  '/wxa/sec/order/get_order': { on: 'orders', read: readOrders(getOrder) },
  '/wxa/sec/order/get_order_list': { on: 'orders', read: readOrders(getOrderList) },
  '/cgi-bin/openapi/quota/get': { on: 'quota', read: readQuota },
  '/cgi-bin/media/upload': { on: 'upload', read: readUpload },
  '/cgi-bin/media/get': { on: 'media', read: readDownload },
}

// WeChat docs, 查询投诉单详情: the number stands in the query; an unknown one (an order number, say) is answered with -1.
function readDetail({ options, request, query, appid }: Knock): ReturnType<Read> {
  if (request.method !== 'GET') return refuse(43001)
  const { acts } = options
  const id = Number(query.get('complaintOrderId') ?? Number.NaN)
  return {
    complaint: id,
    run(quirks) {
      const complaint = acts.find(appid, id)
      return complaint ? showDetail(complaint, { ...options.quirks(), ...quirks }, acts.media.cdnUrl) : refuse(-1)
    },
  }
}

type Act = (acts: Acts, appid: string, body: Readonly<Record<string, unknown>>) => Done

function readAct(act: Act): Read {
  return ({ options, request, appid }) => {
    const body = postBody(request)
    if (isRefusal(body)) return body
    return { complaint: Number(body.complaintOrderId), body, run: () => ({ ...act(options.acts, appid, body) }) }
  }
}

function readPenaltyList({ options, request, query, appid }: Knock): ReturnType<Read> {
  if (request.method !== 'GET') return refuse(43001)
  return { run: (quirks) => getPenaltyList(options.penalties, appid, query, { ...options.quirks(), ...quirks }) }
}

function readGuarantee({ options, request, appid }: Knock): ReturnType<Read> {
  if (request.method !== 'GET') return refuse(43001)
  return { run: () => ({ errcode: 0, errmsg: 'ok', ...options.guarantee(appid) }) }
}

type Look = (book: OrderBook, appid: string, body: Readonly<Record<string, unknown>>, quirks: Quirks) => Answer

function readOrders(look: Look): Read {
  return ({ options, request, appid }) => {
    const body = postBody(request)
    if (isRefusal(body)) return body
    return { body, run: (quirks) => look(options.book, appid, body, { ...options.quirks(), ...quirks }) }
  }
}

// WeChat docs, quota/get: how much of a call is left.
function readQuota({ options, request, appid }: Knock): ReturnType<Read> {
  const body = postBody(request)
  if (isRefusal(body)) return body
  const asked = business[String(body.cgi_path)]
  return { body, run: () => (asked ? options.limits.quota(asked.on, appid) : refuse(76021)) }
}

function readDownload({ options, query, appid }: Knock): ReturnType<Read> {
  return { run: () => ({ ...options.acts.media.download(appid, query.get('media_id') ?? '') }) }
}

function readUpload({ options, request, query, appid }: Knock): ReturnType<Read> {
  if (request.method !== 'POST') return refuse(43002)
  if (query.get('type') !== 'image') return refuse(40004)
  const { media } = options.acts
  return { run: () => ({ ...media.upload(appid, request.headers['content-type'], request.body) }) }
}
