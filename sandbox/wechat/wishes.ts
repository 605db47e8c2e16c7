import { callTroubles, type Misbehaviour, points, pushTroubles } from './misbehave.ts'
import type { CustomerMove, PlatformMove } from './moves.ts'
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
  'verify-proof',
  'refuse-proof',
  'pay',
  'finish-pay',
  'open-appeal',
  'close-appeal',
  'win-appeal',
  'lose-appeal',
]

export function readMove(name: string, body: Body): CustomerMove | PlatformMove {
  const [kind = '', choice] = decodeURIComponent(name).split(':')
  if (!kinds.includes(kind)) throw new Error(`no move ${kind}`)
  const move: Record<string, unknown> = { kind, ...texts(body) }
  if (kind === 'ask-evidence') move.of = oneOf(choice ?? body.of, ['merchant', 'both', 'customer'])
  if (kind === 'judge') move.verdict = oneOf(choice ?? body.verdict, ['liable', 'return', 'not-liable'])
  return move as unknown as CustomerMove | PlatformMove
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

function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value)
  if (found === undefined) throw new Error(`${String(value)} is none of ${words.join(', ')}`)
  return found
}
