import { type Body, oneKind, oneOf } from '../desk.ts'
import { type CallTrouble, callTroubles } from '../spoil.ts'

export const callNames = ['token', 'send', 'templates', 'qrcode', 'picture', 'users'] as const
export type CallName = (typeof callNames)[number]

interface Where {
  /** How often; once when left out. */
  readonly times?: number
  readonly appid?: string
}

export type AnswerTrouble =
  | { readonly how: 'errcode'; readonly errcode: number; readonly errmsg?: string; readonly effect?: boolean }
  /** The token used is really taken back; `sticky`: normal mode goes on handing out the dead one. */
  | { readonly how: 'token'; readonly errcode: 40001 | 40014 | 42001; readonly sticky?: boolean }

/** How a push can go wrong. */
export type PushTrouble =
  | { readonly how: 'duplicate' }
  /** The very same bytes once more, `ms` later. */
  | { readonly how: 'replay'; readonly ms: number }
  | { readonly how: 'slow'; readonly ms: number }
  | { readonly how: 'withheld' }
  | { readonly how: 'bad-signature' }
  | { readonly how: 'wrong-appid' }
  /** The ciphertext is broken, the signature over it is right; a plain body is cut off. */
  | { readonly how: 'damaged' }
  /** Sent without encryption although the mode asks for it. */
  | { readonly how: 'plain' }
  /** The event's name in other letters: SUBSCRIBE, scan. */
  | { readonly how: 'case' }
  /** Another event instead. */
  | { readonly how: 'other-event' }
  | { readonly how: 'doctype' }

export type CallMisbehaviour = Where & { readonly on: CallName | 'any' } & (CallTrouble | AnswerTrouble)
export type PushMisbehaviour = Where & { readonly on: 'push'; readonly event?: string } & PushTrouble
/** A template message that was taken does not arrive; TEMPLATESENDJOBFINISH says why. */
export type FinishMisbehaviour = Where & { readonly on: 'finish'; readonly how: 'status'; readonly status: string }
export type Misbehaviour = CallMisbehaviour | PushMisbehaviour | FinishMisbehaviour

const ofAccount = ({ appid }: Where, own: string | undefined) => appid === undefined || appid === own
export const isOfCall =
  (on: CallName, own: string | undefined) =>
  (script: Misbehaviour): script is CallMisbehaviour =>
    (script.on === on || script.on === 'any') && ofAccount(script, own)
export const isOfPush =
  (own: string, event: string) =>
  (script: Misbehaviour): script is PushMisbehaviour =>
    script.on === 'push' && ofAccount(script, own) && (script.event ?? event) === event
export const isOfFinish =
  (own: string) =>
  (script: Misbehaviour): script is FinishMisbehaviour =>
    script.on === 'finish' && ofAccount(script, own)

const pushTroubles: Readonly<Record<PushTrouble['how'], readonly string[]>> = {
  duplicate: [],
  replay: ['ms'],
  slow: ['ms'],
  withheld: [],
  'bad-signature': [],
  'wrong-appid': [],
  damaged: [],
  plain: [],
  case: [],
  'other-event': [],
  doctype: [],
}

export function readMisbehaviour(body: Body): Misbehaviour {
  const on = oneOf(body.on, [...callNames, 'any', 'push', 'finish'] as const)
  if (on === 'finish') oneKind(body, { status: [] })
  else oneKind(body, on === 'push' ? pushTroubles : { ...callTroubles, errcode: ['errcode'], token: ['errcode'] })
  if (on === 'finish' && typeof body.status !== 'string') throw new Error('status needs the text status')
  return body as unknown as Misbehaviour
}
