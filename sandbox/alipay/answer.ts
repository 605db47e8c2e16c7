import { reply, type SandboxReply } from '../wire.ts'
import type { House, Outcome } from './api.ts'
import type { App } from './app.ts'
import { type Charset, encode } from './charset.ts'
import { isProblem, type Problem } from './errors.ts'
import type { Fault } from './misbehave.ts'
import type { Quirks } from './rules.ts'
import { proof } from './sign.ts'

/** To whom an answer goes, and how it is spoiled on the way. */
export interface Answering {
  readonly protocol: 'v2' | 'v3'
  /** Unknown apps get no signature: nobody knows whose key they trust. */
  readonly app: App | undefined
  /** The API's name, where it was known. */
  readonly method: string | undefined
  readonly charset: Charset
  readonly fault?: Fault | undefined
  /** Changed after signing. */
  readonly tampered?: boolean
  readonly cut?: boolean
  /** v2: the member's name. */
  readonly key?: string
  readonly quirks?: Partial<Quirks>
}

/** The bytes of an answer. */
export function answerOf(house: House, to: Answering, outcome: Outcome): SandboxReply {
  const trace = house.random(16).toString('hex')
  const made = to.protocol === 'v2' ? answerV2(house, to, outcome) : answerV3(house, to, outcome)
  const body = to.cut ? made.body.subarray(0, Math.ceil(made.body.length * 0.6)) : made.body
  const name = to.protocol === 'v2' ? 'trace_id' : 'alipay-trace-id'
  return { ...made, body, headers: { ...made.headers, [name]: trace } }
}

function written(value: unknown, { escapedSlashes, hugeIds }: Quirks): string {
  const json = JSON.stringify(value)
  const huge = hugeIds ? json.replace(/"id":(\d+)/g, '"id":9007199$1000') : json
  return escapedSlashes ? huge.replaceAll('/', '\\/') : huge
}

/** A value is another one, and the JSON is still JSON. */
const tampered = (text: string): string => text.replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10))

// Alipay docs, v2: the signature covers the raw text of the inner object.
function answerV2(house: House, to: Answering, outcome: Outcome): SandboxReply {
  const quirks = { ...house.quirks(), ...to.quirks }
  const inner = encode(written(membersV2(outcome), quirks), to.charset)
  const signer = to.app && house.authority.signerFor(to.app)
  const stranger = house.authority.strangerKey
  const sign = signer && proof({ key: signer.key, stranger, bytes: inner, fault: to.fault })
  const sn =
    signer?.certSn ?? (quirks.alwaysCertSn && to.app ? house.authority.credentials(to.app).alipayCertSn : undefined)
  const key = to.key ?? (to.method === undefined ? 'error_response' : keyOf(to.method))
  const colon = quirks.blanks ? ': ' : ':'
  const shown = to.tampered ? Buffer.from(tampered(inner.toString('latin1')), 'latin1') : inner
  const tail = [sn && `,"alipay_cert_sn"${colon}"${sn}"`, sign && `,"sign"${colon}"${sign}"`].filter(Boolean).join('')
  const body = Buffer.concat([Buffer.from(`{"${key}"${colon}`), shown, Buffer.from(`${tail}}`)])
  return reply(200, `text/html;charset=${to.charset}`, body)
}

export const keyOf = (method: string): string => `${method.replaceAll('.', '_')}_response`

function membersV2(outcome: Outcome): Record<string, unknown> {
  if (!isProblem(outcome)) return { code: '10000', msg: 'Success', ...outcome }
  const { code, msg, subCode, subMsg } = outcome
  return { code, msg, sub_code: subCode, sub_msg: subMsg }
}

function answerV3(house: House, to: Answering, outcome: Outcome): SandboxReply {
  const quirks = { ...house.quirks(), ...to.quirks }
  const status = isProblem(outcome) ? outcome.v3.status : 200
  const body = Buffer.from(written(isProblem(outcome) ? errorV3(outcome) : outcome, quirks))
  const shown = to.tampered ? Buffer.from(tampered(body.toString('latin1')), 'latin1') : body
  const answer = reply(status, 'application/json;charset=utf-8', shown)
  return { ...answer, headers: { ...answer.headers, ...proofV3(house, to, body) } }
}

const errorV3 = ({ v3, subMsg }: Problem) => ({
  code: v3.code,
  message: subMsg,
  links: [{ link: 'https://open.alipay.com', desc: '解决方案' }],
})

function proofV3(house: House, { app, fault }: Answering, body: Buffer): Record<string, string> {
  const signer = app && house.authority.signerFor(app)
  if (!signer) return {}
  const timestamp = String(house.clock.now())
  const nonce = house.random(16).toString('hex')
  const bytes = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')])
  const sign = proof({ key: signer.key, stranger: house.authority.strangerKey, bytes, fault })
  if (sign === undefined) return {}
  return {
    'alipay-timestamp': timestamp,
    'alipay-nonce': nonce,
    'alipay-signature': sign,
    ...(signer.certSn ? { 'alipay-sn': signer.certSn } : {}),
  }
}
