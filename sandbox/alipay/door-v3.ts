import { type Part, readMultipart } from '../multipart.ts'
import { addressOf, readJson, type SandboxRequest } from '../wire.ts'
import type { Api, House } from './api.ts'
import { byPath } from './apis.ts'
import type { App } from './app.ts'
import { type Call, type Turned, through } from './call.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import type { Body } from './fields.ts'
import { unproven } from './proven.ts'

interface Authorization {
  /** What stands before the signature, as it was signed. */
  readonly text: string
  readonly fields: Readonly<Record<string, string>>
  readonly sign: string
}

/** `ALIPAY-SHA256withRSA app_id=…,nonce=…,timestamp=…,sign=…`. */
function readAuthorization(header: string | undefined): Authorization | undefined {
  const match = /^ALIPAY-SHA256withRSA (.+),sign=([A-Za-z0-9+/=]+)$/.exec(header ?? '')
  const [, text, sign] = match ?? []
  if (!text || !sign) return undefined
  const fields = text.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
  return { text, sign, fields: Object.fromEntries(fields) }
}

/** /v3/…: the same operations behind REST paths; parameters in path, query or JSON. */
export function readV3(house: House, request: SandboxRequest): Call | Turned {
  const { pathname } = addressOf(request)
  const authorization = readAuthorization(request.headers.authorization)
  if (!authorization) return { problem: refuse('missing-signature') }
  const app = house.app(authorization.fields.app_id ?? '')
  if (!app) return { problem: refuse('invalid-app-id') }
  const api = byPath(request.method, pathname)
  if (!api) return { app, problem: refuse('invalid-method') }
  const at = { app, api }
  const sent = readSent(request, api)
  if (isProblem(sent)) return { ...at, problem: sent }
  const wrong = unsigned(house, request, app, { authorization, signed: sent.signed })
  if (wrong) return { ...at, problem: wrong }
  const named = namedIn(api, pathname)
  const body = { ...sent.body, ...queryOf(request), ...named }
  return through(house, { api, app, token: request.headers['alipay-app-auth-token'], body, file: sent.file })
}

interface Sent {
  /** What the signature covers of the body. */
  readonly signed: Buffer
  readonly body: Body
  readonly file: Part | undefined
}

/** JSON, or of an upload the part `data` beside the file. */
function readSent(request: SandboxRequest, api: Api): Sent | Problem {
  if (request.method === 'GET') return { signed: Buffer.alloc(0), body: {}, file: undefined }
  const type = request.headers['content-type'] ?? ''
  if (api.filePart === undefined) {
    const body = readJson(request.body)
    if (!/^application\/json\b/i.test(type) || !body) return refuse('invalid-format')
    return { signed: request.body, body, file: undefined }
  }
  const parts = readMultipart(type, request.body)
  const data = parts?.find(({ name }) => name === 'data')?.body ?? Buffer.from('')
  const body = data.length === 0 ? {} : readJson(data)
  if (!parts || !body) return refuse('invalid-format')
  return { signed: data, body, file: parts.find(({ name }) => name === api.filePart) }
}

// Alipay docs, v3 signing: each piece ends in a line feed, the merchant's token is the last where there is one.
function unsigned(
  house: House,
  request: SandboxRequest,
  app: App,
  { authorization, signed }: { authorization: Authorization; signed: Buffer },
): Problem | undefined {
  const { text, fields, sign } = authorization
  const token = request.headers['alipay-app-auth-token']
  const head = Buffer.from(`${text}\n${request.method}\n${request.url}\n`)
  const tail = Buffer.from(`\n${token === undefined ? '' : `${token}\n`}`)
  const wrong = unproven(house, {
    app,
    appCertSn: fields.app_cert_sn,
    rootCertSn: request.headers['alipay-root-cert-sn'],
    signature: sign,
    contents: [Buffer.concat([head, signed, tail])],
  })
  if (wrong) return wrong
  if (!fields.nonce) return refuse('missing-parameter', '缺少nonce')
  const off = Math.abs(house.clock.now() - Number(fields.timestamp))
  return off <= house.rules.clockSkewMs ? undefined : refuse('invalid-timestamp')
}

function namedIn({ v3 }: Api, pathname: string): Body {
  const value = v3?.path.exec(pathname)?.[1]
  return v3?.named && value !== undefined ? { [v3.named]: decodeURIComponent(value) } : {}
}

const queryOf = (request: SandboxRequest): Body => Object.fromEntries(addressOf(request).searchParams)
