import type { Quirks } from './rules.ts'
import type { Fault } from './signed.ts'

export const points = [
  'refund',
  'refund-query',
  'order',
  'certificates',
  'list',
  'detail',
  'history',
  'reply',
  'immediate',
  'complete',
  'decide',
  'notify-url',
  'upload',
  'image',
  'push',
  'refund-push',
  'complaint-push',
  'any',
] as const
/** Where: one of the calls, every call (`any`), or the notices: all, of refunds, of complaints. */
export type Point = (typeof points)[number]
export type PushPoint = 'push' | 'refund-push' | 'complaint-push'
export type CallName = Exclude<Point, PushPoint | 'any'>

/** How a call can go wrong. `effect` says whether the operation happens all the same. */
export type CallTrouble =
  /** The operation happens, the answer never arrives. */
  | { readonly how: 'lost-answer' }
  /** The request never arrives. */
  | { readonly how: 'lost-request' }
  /** No answer; the operation happens `ms` later by itself. */
  | { readonly how: 'late-effect'; readonly ms: number }
  /** This status; with a `code` the documented JSON, without one a 5xx is the front server's page. */
  | {
      readonly how: 'http'
      readonly status: number
      readonly code?: string
      readonly message?: string
      readonly effect?: boolean
    }
  | { readonly how: 'frequency-limited'; readonly effect?: boolean }
  /** The operation happens, the answer cannot be verified. */
  | { readonly how: 'unverifiable'; readonly fault?: 'signature' | 'serial' | 'missing' }
  /** As `unverifiable`, by the platform's own test traffic: WECHATPAY/SIGNTEST/. */
  | { readonly how: 'probe' }
  /** Well signed, ten minutes ago. */
  | { readonly how: 'stale-timestamp' }
  /** Of the certificates: their ciphertext is broken, the signature over it is right. */
  | { readonly how: 'bad-tag' }
  /** The operation happens, the JSON of the answer is cut off, and well signed. */
  | { readonly how: 'malformed' }
  /** The answer names another merchant. */
  | { readonly how: 'wrong-mchid' }
  /** No answer until `release()`. */
  | { readonly how: 'hang'; readonly effect?: boolean }
  | { readonly how: 'slow'; readonly ms: number }
  | { readonly how: 'shape'; readonly quirks: Partial<Quirks> }

/** How a notice can go wrong. Wrong signatures meet its first try only: retries are signed anew. */
export type PushTrouble =
  | { readonly how: 'duplicate' }
  /** Waits until the next notice about the same complaint or order has been sent. */
  | { readonly how: 'reorder' }
  /** The very same bytes once more, `ms` later. */
  | { readonly how: 'replay'; readonly ms: number }
  | { readonly how: 'slow'; readonly ms: number }
  | { readonly how: 'withheld' }
  | { readonly how: 'unverifiable'; readonly fault?: 'signature' | 'serial' | 'missing' }
  | { readonly how: 'probe' }
  | { readonly how: 'stale-timestamp' }
  /** The ciphertext is broken, the signature over it is right. */
  | { readonly how: 'bad-tag' }
  | { readonly how: 'malformed' }
  | { readonly how: 'wrong-mchid' }
  | { readonly how: 'shape'; readonly shape: PushShape }

/** An event nobody knows; fields of version 1 beside the true ones; no associated_data; the changelog's misspelt action. */
export type PushShape = 'unknown-event' | 'unknown-action' | 'version-1' | 'no-associated-data' | 'misspelt'

interface Where {
  /** How often; once when left out. */
  readonly times?: number
  readonly mchid?: string
  readonly complaint?: string
  /** out_refund_no. */
  readonly refund?: string
}

export type CallMisbehaviour = Where & { readonly on: CallName | 'any' } & CallTrouble
export type PushMisbehaviour = Where & { readonly on: PushPoint } & PushTrouble
export type Misbehaviour = CallMisbehaviour | PushMisbehaviour

export const callTroubles = [
  'lost-answer',
  'lost-request',
  'late-effect',
  'http',
  'frequency-limited',
  'unverifiable',
  'probe',
  'stale-timestamp',
  'bad-tag',
  'malformed',
  'wrong-mchid',
  'hang',
  'slow',
  'shape',
] as const satisfies readonly CallTrouble['how'][]

export const pushTroubles = [
  'duplicate',
  'reorder',
  'replay',
  'slow',
  'withheld',
  'unverifiable',
  'probe',
  'stale-timestamp',
  'bad-tag',
  'malformed',
  'wrong-mchid',
  'shape',
] as const satisfies readonly PushTrouble['how'][]

/** What a trouble does to the signature. */
export function faultOf(script: CallTrouble | PushTrouble | undefined): Fault | undefined {
  if (script?.how === 'unverifiable') return script.fault ?? 'signature'
  if (script?.how === 'probe') return 'probe'
  return script?.how === 'stale-timestamp' ? 'stale' : undefined
}
