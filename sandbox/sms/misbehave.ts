import { type Body, oneKind, oneOf } from '../desk.ts'
import { type CallTrouble, callTroubles } from '../spoil.ts'

export const callNames = ['send', 'records', 'templates', 'signs', 'pull'] as const
export type CallName = (typeof callNames)[number]

interface Where {
  /** How often; once when left out. */
  readonly times?: number
}

/** The whole request is answered with this code. */
export interface ErrorTrouble {
  readonly how: 'error'
  readonly code: string
  readonly message?: string
  readonly effect?: boolean
}

/** One number's status is this code, and nothing is sent to it; the others of the request have theirs. */
export type NumberMisbehaviour = Where & {
  readonly on: 'number'
  readonly how: 'code'
  readonly code: string
  readonly phone?: string
}

export type CallMisbehaviour = Where & { readonly on: CallName | 'any' } & (CallTrouble | ErrorTrouble)

/** How the push of a delivery status can go wrong, or the delivery itself. */
export type StatusMisbehaviour = Where & { readonly on: 'status'; readonly phone?: string } & StatusTrouble
export type StatusTrouble =
  | { readonly how: 'withheld' }
  | { readonly how: 'duplicate' }
  /** Of a message that nobody sent. */
  | { readonly how: 'unknown-sid' }
  /** The carrier says why it did not arrive. */
  | { readonly how: 'failed'; readonly word: string }

export type Misbehaviour = CallMisbehaviour | NumberMisbehaviour | StatusMisbehaviour

export const isOfCall =
  (on: CallName) =>
  (script: Misbehaviour): script is CallMisbehaviour =>
    script.on === on || script.on === 'any'
export const isOfNumber =
  (phone: string) =>
  (script: Misbehaviour): script is NumberMisbehaviour =>
    script.on === 'number' && (script.phone ?? phone) === phone
export const isOfStatus =
  (phone: string, kinds: readonly StatusTrouble['how'][]) =>
  (script: Misbehaviour): script is StatusMisbehaviour =>
    script.on === 'status' && (script.phone ?? phone) === phone && kinds.includes(script.how)

const kinds: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  number: { code: [] },
  status: { withheld: [], duplicate: [], 'unknown-sid': [], failed: [] },
}

export function readMisbehaviour(body: Body): Misbehaviour {
  const on = oneOf(body.on, [...callNames, 'any', 'number', 'status'] as const)
  oneKind(body, kinds[on] ?? { ...callTroubles, error: [] })
  if ((body.how === 'error' || body.how === 'code') && typeof body.code !== 'string')
    throw new Error('a code is needed')
  if (body.how === 'failed' && typeof body.word !== 'string') throw new Error('failed needs a word')
  return body as unknown as Misbehaviour
}
