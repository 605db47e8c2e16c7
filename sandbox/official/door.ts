import type { Body } from '../desk.ts'
import { addressOf, readJson, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { Core } from './core.ts'
import { isRefusal, type Refusal, refuse } from './errors.ts'
import type { CallName } from './misbehave.ts'
import type { OfficialAccount } from './official.ts'
import { pictureOf } from './picture.ts'
import type { Sending, Sent } from './send.ts'
import { addTemplate, allTemplates, follower, followers } from './templates.ts'

export type Answer = SandboxReply | Readonly<Record<string, unknown>> | Sent | Refusal

/** One call that has passed the door: its operation runs at most once. */
export interface Call {
  readonly on: CallName
  readonly appid?: string
  readonly token?: string
  readonly body?: Body
  run(): Answer
}

export interface Door {
  readonly core: Core
  readonly sending: Sending
}

interface Knock extends Door {
  readonly account: OfficialAccount
  readonly body: Body
  readonly query: URLSearchParams
}

interface Service {
  readonly on: CallName
  readonly method: 'GET' | 'POST'
  run(knock: Knock): Answer
}

const services: Readonly<Record<string, Service>> = {
  '/cgi-bin/message/template/send': {
    on: 'send',
    method: 'POST',
    run: ({ sending, account, body }) => sending.send(account, body),
  },
  '/cgi-bin/qrcode/create': { on: 'qrcode', method: 'POST', run: createCode },
  '/cgi-bin/template/api_add_template': {
    on: 'templates',
    method: 'POST',
    run: ({ core, account, body }) => addTemplate(core, account, body),
  },
  '/cgi-bin/template/get_all_private_template': {
    on: 'templates',
    method: 'GET',
    run: ({ core, account }) => allTemplates(core, account),
  },
  '/cgi-bin/user/get': { on: 'users', method: 'GET', run: ({ core, account }) => followers(core, account) },
  '/cgi-bin/user/info': {
    on: 'users',
    method: 'GET',
    run: ({ core, account, query }) => follower(core, account, query.get('openid')),
  },
}

function createCode({ core, account, body }: Knock): Answer {
  const { appid, verified = true } = account
  if (!verified) return refuse(48001)
  const made = core.codes.create(appid, body)
  if (isRefusal(made)) return made
  const { ticket, url, scene } = made.code
  core.ledger.add({ appid, what: 'code', scene })
  return { ticket, ...(made.seconds === undefined ? {} : { expire_seconds: made.seconds }), url }
}

/** What a request wants, once it has passed the door: method, token, body. */
export function readCall(door: Door, request: SandboxRequest): Call | Refusal {
  const { pathname, searchParams: query } = addressOf(request)
  if (pathname === '/cgi-bin/token') return readPlainToken(door, request, query)
  if (pathname === '/cgi-bin/stable_token') return readStableToken(door, request)
  if (pathname === '/cgi-bin/showqrcode')
    return { on: 'picture', run: () => pictureOf(door.core.codes.good(query.get('ticket') ?? '')) }
  const service = services[pathname]
  if (!service) return refuse(40066)
  const token = query.get('access_token')
  const owner = door.core.tokens.check(token)
  if ('errcode' in owner) return owner
  const account = door.core.accounts.get(owner.appid)
  if (!account) return refuse(40013)
  const body = service.method === 'POST' ? postBody(request) : getBody(request)
  if (isRefusal(body)) return body
  const { on, run } = service
  const shown = service.method === 'POST' ? { body } : {}
  return { on, appid: owner.appid, token: token ?? '', ...shown, run: () => run({ ...door, account, body, query }) }
}

function postBody(request: SandboxRequest): Body | Refusal {
  if (request.method !== 'POST') return refuse(43002)
  if (request.body.length === 0) return refuse(44002)
  return readJson(request.body) ?? refuse(47001)
}

const getBody = (request: SandboxRequest): Body | Refusal => (request.method === 'GET' ? {} : refuse(43001))

function readPlainToken({ core }: Door, request: SandboxRequest, query: URLSearchParams): Call | Refusal {
  if (request.method !== 'GET') return refuse(43001)
  const appid = query.get('appid') ?? ''
  const wish = { grantType: query.get('grant_type'), appid, secret: query.get('secret') }
  return { on: 'token', appid, run: () => ({ ...core.tokens.plain(wish) }) }
}

function readStableToken({ core }: Door, request: SandboxRequest): Call | Refusal {
  const body = postBody(request)
  if (isRefusal(body)) return body
  const { grant_type: grantType, appid, secret, force_refresh: force } = body
  const wish = { grantType, appid, secret, force: force === true }
  return { on: 'token', appid: String(appid ?? ''), run: () => ({ ...core.tokens.stable(wish) }) }
}
