import type { Complain } from './complain.ts'
import type { LimitsByCall } from './limits.ts'
import { callTroubles, type Misbehaviour, type PushPoint, points, pushTroubles } from './misbehave.ts'
import type { OutsideMove } from './moves.ts'
import type { OrderWish } from './orders.ts'
import type { RefundStatus } from './refund.ts'
import { defaultQuirks, type Quirks } from './rules.ts'

type Body = Readonly<Record<string, unknown>>

// What the page's buttons and the tests ask for by JSON: each name is known and of its kind.
const kinds = [
  'message',
  'continue',
  'ask-platform',
  'cancel-platform',
  'satisfaction',
  'click',
  'platform-message',
  'finish-platform',
  'want-immediate',
] as const satisfies readonly OutsideMove['kind'][]

export function readMove(name: string, body: Body): OutsideMove {
  const kind = oneOf(name, kinds)
  const given = Object.entries(typed(body, { text: 'string', reason: 'string', actionId: 'string' }))
  const words = Object.fromEntries(given.filter(([, value]) => value !== ''))
  return { kind, ...words } as OutsideMove
}

export function readMisbehaviour(body: Body): Misbehaviour {
  const on = oneOf(body.on, points)
  const pushes: readonly string[] = ['push', 'refund-push', 'complaint-push'] satisfies readonly PushPoint[]
  const how = oneOf(body.how, pushes.includes(on) ? pushTroubles : callTroubles)
  const need = how === 'http' ? 'status' : ['late-effect', 'slow', 'replay'].includes(how) ? 'ms' : undefined
  if (need && typeof body[need] !== 'number') throw new Error(`${how} needs the number ${need}`)
  return { ...body, on, how } as unknown as Misbehaviour
}

export function readOrder(body: Body): OrderWish {
  const texts = ['mchid', 'transactionId', 'outTradeNo', 'appid', 'openid', 'product', 'state', 'refundEnds']
  const fields = { ...kindsOf(texts, 'string'), ...kindsOf(['total', 'paidAt'], 'number'), payerAbnormal: 'boolean' }
  if ('refundEnds' in body) oneOf(body.refundEnds, ['SUCCESS', 'ABNORMAL', 'CLOSED', 'never'])
  if ('state' in body) oneOf(body.state, ['SUCCESS', 'NOTPAY', 'CLOSED', 'USERPAYING'])
  return typed(body, fields) as unknown as OrderWish
}

/** Photos are made by the caller. */
export function readComplain(body: Body): Complain {
  const flags = ['needImmediateService', 'agentMode', 'powerBank', 'payScore']
  const texts = ['mchid', 'transactionId', 'type', 'text', 'problem', 'product', 'phone']
  const numbers = kindsOf(['amount', 'applied'], 'number')
  const fields = { ...kindsOf(texts, 'string'), ...kindsOf(flags, 'boolean'), ...numbers, tags: 'object' }
  if ('type' in body) oneOf(body.type, ['REFUND', 'SERVICE_NOT_WORK', 'OTHERS'])
  return typed(body, fields) as unknown as Complain
}

export const readEnd = (name: string | undefined): RefundStatus =>
  oneOf(name?.toUpperCase(), ['SUCCESS', 'ABNORMAL', 'CLOSED'])

export function readQuirks(body: Body): Partial<Quirks> {
  for (const name of Object.keys(body)) oneOf(name, Object.keys(defaultQuirks))
  return body as Partial<Quirks>
}

export function readLimits(body: Body): LimitsByCall {
  for (const [name, limit] of Object.entries(body)) {
    oneOf(name, points)
    typed(Object(limit), { perSecond: 'number', perMinute: 'number' })
  }
  return body
}

export function readBalance(body: Body): [mchid: string, fen: number] {
  const { mchid, fen } = typed(body, { mchid: 'string', fen: 'number' })
  return [String(mchid), Number(fen)]
}

const kindsOf = (names: readonly string[], kind: string) => Object.fromEntries(names.map((name) => [name, kind]))

function typed(body: Body, fields: Readonly<Record<string, string>>): Body {
  for (const [name, value] of Object.entries(body)) {
    const kind = fields[name]
    if (typeof value !== kind) throw new Error(`${name}: ${kind ? `must be a ${kind}` : 'not known'}`)
  }
  return body
}

function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found === undefined) throw new Error(`${String(value)} is none of ${words.join(', ')}`)
  return found
}
