import type { LimitsByCall } from './limits.ts'
import { callTroubles, type Misbehaviour, points, pushTroubles } from './misbehave.ts'
import { type OutsideMove, waybillStates } from './moves.ts'
import type { OrderWish } from './orders.ts'
import { type Deduct, type PenaltyMove, penaltyMoves } from './penalties.ts'
import { type Guarantee, guaranteed } from './penalty-api.ts'
import { defaultQuirks, type Quirks } from './rules.ts'

type Body = Readonly<Record<string, unknown>>

// What the page's buttons and the tests ask for: a move is named as in judge:liable, or by name and body.
const kinds: readonly string[] = [
  'accept',
  'ask-platform',
  'withdraw',
  'message',
  'user-evidence',
  'ship-return',
  'take-up',
  'ask-evidence',
  'judge',
  'return-received',
  'return-abnormal',
  'waybill',
  'verify-proof',
  'refuse-proof',
  'pay',
  'finish-pay',
  'open-appeal',
  'close-appeal',
  'win-appeal',
  'lose-appeal',
  'merchant-message',
]

export function readMove(name: string, body: Body): OutsideMove {
  const [kind = '', choice] = decodeURIComponent(name).split(':')
  if (!kinds.includes(kind)) throw new Error(`no move ${kind}`)
  const move: Record<string, unknown> = { kind, ...texts(body) }
  if (kind === 'ask-evidence') move.of = oneOf(choice ?? body.of, ['merchant', 'both', 'customer'])
  if (kind === 'judge') move.verdict = oneOf(choice ?? body.verdict, ['liable', 'return', 'not-liable', 'dismissed'])
  if (kind === 'waybill') move.state = Number(oneOf(choice ?? String(body.state), waybillStates.map(String)))
  if (kind === 'refuse-proof' && choice) move.node = Number(oneOf(choice, ['26', '37']))
  return move as unknown as OutsideMove
}

function texts(body: Body): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of ['content', 'waybill', 'carrier']) {
    const value = body[name]
    if (typeof value === 'string' && value !== '') found[name] = value
  }
  return found
}

export function readMisbehaviour(body: Body): Misbehaviour {
  const on = oneOf(body.on, points)
  const how = oneOf(body.how, on === 'push' ? pushTroubles : callTroubles)
  for (const name of needs[how] ?? []) {
    if (typeof body[name] !== 'number') throw new Error(`${how} needs the number ${name}`)
  }
  return { ...body, on, how } as unknown as Misbehaviour
}

const needs: Readonly<Record<string, readonly string[]>> = {
  'late-effect': ['ms'],
  slow: ['ms'],
  replay: ['ms'],
  http: ['status'],
  status: ['status'],
  errcode: ['errcode'],
  token: ['errcode'],
}

export function readQuirks(body: Body): Partial<Quirks> {
  for (const name of Object.keys(body)) oneOf(name, Object.keys(defaultQuirks))
  return body as Partial<Quirks>
}

/** Each name is known and of its kind. */
export function typed(body: Body, texts: readonly string[], numbers: readonly string[]): Body {
  for (const [name, value] of Object.entries(body)) {
    const kind = texts.includes(name) ? 'string' : numbers.includes(name) ? 'number' : undefined
    if (typeof value !== kind) throw new Error(`${name}: ${kind ? `must be a ${kind}` : 'not known'}`)
  }
  return body
}

export const readDeduct = (body: Body): Deduct => typed(body, ['appid', 'wording'], ['complaint', 'points'])
export const readPenaltyMove = (name: string | undefined): PenaltyMove => oneOf(name, penaltyMoves)

const orderTexts = ['appid', 'transactionId', 'merchantId', 'subMerchantId', 'outTradeNo', 'product', 'openid']
const orderNumbers = ['amount', 'createdAt', 'paidAt', 'state']
export const readOrder = (body: Body): OrderWish =>
  typed(body, [...orderTexts, 'waybill', 'carrier'], orderNumbers) as unknown as OrderWish

export function readGuarantee({ appid, ...changed }: Body): [appid: string, changed: Partial<Guarantee>] {
  for (const name of Object.keys(changed)) oneOf(name, Object.keys(guaranteed))
  return [String(appid), changed]
}

export function readLimits(body: Body): LimitsByCall {
  const calls = points.filter((point) => point !== 'push' && point !== 'any')
  for (const [name, limit] of Object.entries(body)) {
    oneOf(name, calls)
    typed(Object(limit), [], ['daily', 'perMinute'])
  }
  return body
}

function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found === undefined) throw new Error(`${String(value)} is none of ${words.join(', ')}`)
  return found
}
