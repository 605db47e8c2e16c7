import type { LimitsByApi } from './limits.ts'
import { apiNames, callTroubles, type Misbehaviour, pushTroubles } from './misbehave.ts'
import type { RiskComplain, RiskMove } from './risk.ts'
import { defaultQuirks, defaultRules, type Quirks, type Rules } from './rules.ts'
import type { TradeWish } from './trade.ts'
import type { TradeComplain, TradeMove } from './trade-complaint.ts'

type Body = Readonly<Record<string, unknown>>

// What the page's buttons and the tests ask for by JSON: each name is known and of its kind.
const riskKinds = ['withdraw', 'upgrade', 'overdue'] as const satisfies readonly RiskMove['kind'][]
const tradeKinds = [
  'reply',
  'cancel',
  'confirm',
  'ask-platform',
  'platform-reply',
  'platform-finish',
  'close',
  'timeout',
] as const satisfies readonly TradeMove['kind'][]

const wordsOf = (body: Body) => {
  const { text } = typed(body, { text: 'string' })
  return text === '' || text === undefined ? {} : { text: String(text) }
}

export const readRiskMove = (name: string, body: Body): RiskMove => ({ kind: oneOf(name, riskKinds), ...wordsOf(body) })

export function readTradeMove(name: string, body: Body): TradeMove {
  const kind = oneOf(name, tradeKinds)
  const words = wordsOf(body)
  if ((kind === 'reply' || kind === 'platform-reply') && !('text' in words)) throw new Error(`${kind} needs words`)
  return { kind, ...words } as TradeMove
}

export function readMisbehaviour(body: Body): Misbehaviour {
  const on = oneOf(body.on, [...apiNames, 'any', 'push'])
  const how = oneOf(body.how, on === 'push' ? pushTroubles : callTroubles)
  const needs: Readonly<Record<string, readonly [name: string, kind: string]>> = {
    'late-effect': ['ms', 'number'],
    slow: ['ms', 'number'],
    replay: ['ms', 'number'],
    html: ['status', 'number'],
    refused: ['subCode', 'string'],
    'sign-type': ['signType', 'string'],
    shape: ['quirks', 'object'],
  }
  const need = needs[how]
  if (need) {
    const [name, kind] = need
    const given: unknown = body[name]
    if (typeof given !== kind) throw new Error(`${how} needs the ${kind} ${name}`)
  }
  return { ...body, on, how } as unknown as Misbehaviour
}

export function readTrade(body: Body): TradeWish {
  const texts = ['pid', 'tradeNo', 'outTradeNo', 'subject', 'state', 'buyerUserId', 'buyerLogonId', 'refundEnds']
  if ('refundEnds' in body) oneOf(body.refundEnds, ['at-once', 'later', 'never', 'fails'])
  if ('state' in body) oneOf(body.state, ['WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED'])
  const fields = { ...kindsOf(texts, 'string'), ...kindsOf(['total', 'paidAt'], 'number') }
  return typed(body, fields) as unknown as TradeWish
}

/** Photos are made by the caller. */
export function readRisk(body: Body): RiskComplain {
  const texts = kindsOf(['pid', 'text', 'contact', 'subject'], 'string')
  const fields = { ...texts, ...kindsOf(['amount', 'overdueMs'], 'number'), ...kindsOf(['trades', 'labels'], 'object') }
  return typed(body, fields) as unknown as RiskComplain
}

export function readTradeComplaint(body: Body): TradeComplain {
  const texts = ['pid', 'tradeNo', 'subject', 'category', 'reason', 'text', 'phone', 'targetType']
  if ('targetType' in body) oneOf(body.targetType, ['APPID', 'PUBLICID', 'PID'])
  return typed(body, { ...kindsOf(texts, 'string'), amount: 'number' }) as unknown as TradeComplain
}

export function readQuirks(body: Body): Partial<Quirks> {
  for (const name of Object.keys(body)) oneOf(name, Object.keys(defaultQuirks))
  return body as Partial<Quirks>
}

export function readRules(body: Body): Partial<Rules> {
  for (const name of Object.keys(body)) oneOf(name, Object.keys(defaultRules))
  return body as Partial<Rules>
}

export function readLimits(body: Body): LimitsByApi {
  for (const [name, limit] of Object.entries(body)) {
    oneOf(name, apiNames)
    typed(Object(limit), { perSecond: 'number', perMinute: 'number' })
  }
  return body
}

export const readEnd = (name: string | undefined): 'SUCCESS' | 'FAILED' =>
  oneOf(name?.toUpperCase(), ['SUCCESS', 'FAILED'])

/** Texts that must all be there. */
export function readTexts<Name extends string>(body: Body, ...names: readonly Name[]): Record<Name, string> {
  for (const name of names) {
    const given: unknown = body[name]
    if (typeof given !== 'string') throw new Error(`${name}: must be a string`)
  }
  return body as Record<Name, string>
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
