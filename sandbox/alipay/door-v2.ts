import { type Part, readMultipart } from '../multipart.ts'
import { readJson, type SandboxRequest } from '../wire.ts'
import type { Api, House } from './api.ts'
import { byName } from './apis.ts'
import type { App } from './app.ts'
import { type Call, type Turned, through } from './call.ts'
import { type Charset, charsetOf, decode } from './charset.ts'
import { isProblem, type Problem, refuse } from './errors.ts'
import type { Body } from './fields.ts'
import { content, gather, type Params, readForm } from './form.ts'
import { unproven } from './proven.ts'
import { moment } from './time.ts'

/** Parameters of the gateway itself; everything else belongs to the API. */
const own = [
  'app_id',
  'method',
  'format',
  'return_url',
  'charset',
  'sign_type',
  'sign',
  'timestamp',
  'version',
  'notify_url',
  'app_auth_token',
  'auth_token',
  'biz_content',
  'app_cert_sn',
  'alipay_root_cert_sn',
  'ws_service_url',
]

export interface KnockV2 {
  readonly result: Call | Turned
  readonly charset: Charset
  /** As asked; names the member of the answer. */
  readonly method: string | undefined
}

/** POST /gateway.do: parameters from the query and the body together. */
export function readV2(house: House, request: SandboxRequest): KnockV2 {
  const { params, file } = parameters(request)
  if (!params) return { result: { problem: refuse('invalid-parameter') }, charset: 'utf-8', method: undefined }
  const charset = charsetOf(params.get('charset')?.toString('latin1'))
  const say = sayer(params, charset ?? 'utf-8')
  const app = house.app(say('app_id') ?? '')
  const api = byName(say('method'))
  const at = { app, api }
  const problem = charset ? refusal(house, params, say, at) : refuse('invalid-charset')
  const back = { charset: charset ?? 'utf-8', method: api?.name } as const
  if (problem || !app || !api) return { result: { ...at, problem: problem ?? refuse('invalid-method') }, ...back }
  const body = bodyOf(house, api, params, say)
  if (isProblem(body)) return { result: { ...at, problem: body }, ...back }
  const part = file?.name === api.filePart ? file : undefined
  return { result: through(house, { api, app, token: say('app_auth_token'), body, file: part }), ...back }
}

type Say = (name: string) => string | undefined

function sayer(params: Params, charset: Charset): Say {
  return (name) => {
    const value = params.get(name)
    return value && decode(value, charset)
  }
}

function parameters(request: SandboxRequest): { params: Params | undefined; file?: Part | undefined } {
  const query = readForm(request.url.split('?')[1] ?? '')
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/'))
    return { params: gather([...query, ...readForm(request.body.toString('latin1'))]) }
  const parts = readMultipart(type, request.body) ?? []
  const texts = parts.filter(({ filename }) => filename === undefined)
  const pairs = texts.map(({ name, body }) => [name, body] as const)
  return { params: gather([...query, ...pairs]), file: parts.find(({ filename }) => filename !== undefined) }
}

function refusal(house: House, params: Params, say: Say, { app, api }: { app: App | undefined; api: Api | undefined }) {
  if (!say('app_id')) return refuse('missing-app-id')
  if (!app) return refuse('invalid-app-id')
  const envelope = envelopeWrong(say, api)
  if (envelope) return envelope
  const wrong = unproven(house, {
    app,
    appCertSn: say('app_cert_sn'),
    rootCertSn: say('alipay_root_cert_sn'),
    signature: say('sign') ?? '',
    // Whether an empty parameter is signed differs between the official SDKs.
    contents: [content(params, ['sign']), content(params, ['sign'], false)],
  })
  return wrong ?? untimely(house, say('timestamp') ?? '')
}

function envelopeWrong(say: Say, api: Api | undefined): Problem | undefined {
  if (!say('method')) return refuse('missing-method')
  if (!api) return refuse('invalid-method')
  if (!say('version')) return refuse('missing-version')
  if (say('version') !== '1.0') return refuse('invalid-version')
  if ((say('format') ?? 'JSON').toUpperCase() !== 'JSON') return refuse('invalid-format')
  if (!say('sign_type')) return refuse('missing-signature-type')
  if (say('sign_type') !== 'RSA2') return refuse('invalid-signature-type')
  if (!say('sign')) return refuse('missing-signature')
  return say('timestamp') ? undefined : refuse('missing-timestamp')
}

/** The text is Beijing's time, whatever the caller's zone. */
function untimely(house: House, timestamp: string): Problem | undefined {
  const at = moment(timestamp)
  const off = at === undefined ? Number.POSITIVE_INFINITY : Math.abs(house.clock.now() - at)
  return off > house.rules.clockSkewMs ? refuse('invalid-timestamp') : undefined
}

function bodyOf(house: House, api: Api, params: Params, say: Say): Body | Problem {
  const flat = Object.fromEntries(
    [...params.keys()].filter((name) => !own.includes(name)).map((name) => [name, say(name)]),
  )
  const text = say('biz_content')
  const biz = text === undefined ? undefined : readJson(Buffer.from(text))
  if (text !== undefined && !biz) return refuse('invalid-parameter', 'biz_content不是合法的JSON')
  if (api.v2 === 'biz') {
    const stray = Object.keys(flat)[0]
    return stray === undefined ? (biz ?? {}) : refuse('invalid-parameter', `未知参数${stray}`)
  }
  const loose = house.rules.feedbackFrom === 'either' && api.filePart === undefined
  return loose ? { ...biz, ...flat } : flat
}
