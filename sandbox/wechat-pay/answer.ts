import { jsonReply, type SandboxReply, type SandboxRequest } from '../wire.ts'
import type { House, Outcome } from './call.ts'
import { isProblem } from './errors.ts'
import type { Merchant } from './merchant.ts'
import { type Fault, signatureHeaders } from './signed.ts'

export interface Answering {
  readonly request: SandboxRequest
  /** Unknown when the signature was. */
  readonly merchant: Merchant | undefined
  readonly fault?: Fault | undefined
  /** The JSON breaks off, and is signed so. */
  readonly cut?: boolean
  /** Another merchant's number stands in it. */
  readonly stranger?: boolean
}

/** The bytes of an answer. Every one is signed but pictures, and those to whom nobody knows. */
export function answerOf(house: House, to: Answering, outcome: Outcome): SandboxReply {
  const { random } = house
  const cause = typeof outcome === 'object' && isProblem(outcome) ? outcome.cause : undefined
  const base = {
    'request-id': `08${random(12).toString('hex').toUpperCase()}-${cause ?? 0}`,
    'cache-control': 'no-cache',
  }
  if (typeof outcome === 'object' && 'picture' in outcome) {
    const { picture } = outcome
    return { ...picture, headers: { ...picture.headers, ...base } }
  }
  const plain = spoilt(to, written(outcome))
  const { merchant, fault, request } = to
  if (!merchant) return { ...plain, headers: { ...plain.headers, ...base } }
  const by = house.keys.forAnswer(merchant, request.headers['wechatpay-serial'])
  const proof = signatureHeaders({ by, body: plain.body, now: house.clock.now(), random, fault })
  return { ...plain, headers: { ...plain.headers, ...base, ...proof } }
}

function written(outcome: Exclude<Outcome, { picture: SandboxReply }>): SandboxReply {
  if (outcome === 'done') return { status: 204, headers: {}, body: Buffer.alloc(0) }
  if (!isProblem(outcome)) return jsonReply(outcome.json)
  const { status, code, message, detail } = outcome
  return jsonReply({ code, message, ...(detail ? { detail } : {}) }, status)
}

function spoilt({ cut, stranger }: Answering, plain: SandboxReply): SandboxReply {
  if (cut) return { ...plain, body: plain.body.subarray(0, Math.ceil(plain.body.length * 0.6)) }
  if (!stranger) return plain
  const text = plain.body
    .toString('utf8')
    .replace(/"((?:sp_|sub_|complainted_)?mchid)":("?)\d+\2/g, '"$1":$21999999999$2')
  return { ...plain, body: Buffer.from(text) }
}
