import { type Planned, type PlannedHandle, plan } from '../planned.ts'
import type { Quirks } from './rules.ts'

export const points = [
  'token',
  'detail',
  'respond',
  'evidence',
  'proof',
  'appeal',
  'upload',
  'media',
  'cdn',
  'penalty',
  'guarantee',
  'orders',
  'quota',
  'push',
  'any',
] as const
/** Where: one of the calls, every call (`any`), the pictures' addresses, or the pushes. */
export type Point = (typeof points)[number]
export type CallName = Exclude<Point, 'push' | 'any'>

/** How a call can go wrong. `effect` says whether the operation happens all the same. */
export type CallTrouble =
  /** The operation happens, the answer never arrives. */
  | { readonly how: 'lost-answer' }
  /** The request never arrives. */
  | { readonly how: 'lost-request' }
  /** No answer; the operation happens `ms` later by itself. */
  | { readonly how: 'late-effect'; readonly ms: number }
  | { readonly how: 'http'; readonly status: number; readonly effect?: boolean }
  | { readonly how: 'errcode'; readonly errcode: number; readonly errmsg?: string; readonly effect?: boolean }
  /** The token used is really taken back; `sticky`: normal mode goes on handing out the dead one. */
  | { readonly how: 'token'; readonly errcode: 40001 | 40014 | 42001; readonly sticky?: boolean }
  /** No answer until `release()`. */
  | { readonly how: 'hang'; readonly effect?: boolean }
  | { readonly how: 'slow'; readonly ms: number }
  /** The operation happens, the JSON of the answer is cut off. */
  | { readonly how: 'malformed' }
  /** The detail shows a status that no table knows. */
  | { readonly how: 'status'; readonly status: number }
  /** The detail, the deductions or the orders have another shape. */
  | { readonly how: 'shape'; readonly quirks: Partial<Quirks> }

/** How a push can go wrong. */
export type PushTrouble =
  | { readonly how: 'duplicate' }
  /** Waits until the complaint's next push has been sent. */
  | { readonly how: 'reorder' }
  /** The very same bytes once more, `ms` later. */
  | { readonly how: 'replay'; readonly ms: number }
  | { readonly how: 'slow'; readonly ms: number }
  | { readonly how: 'bad-signature' }
  | { readonly how: 'wrong-appid' }
  /** The ciphertext is broken, the signature over it is right. */
  | { readonly how: 'damaged' }
  | { readonly how: 'withheld' }
  /** Another event of the same mini program instead. */
  | { readonly how: 'other-event' }
  /** Sent without encryption although the mode asks for it. */
  | { readonly how: 'plain' }
  | { readonly how: 'shape'; readonly shape: PushShape }

export type PushShape = 'event-space' | 'wrapped-json' | 'history-array' | 'numbers' | 'content-in-json' | 'doctype'

interface Where {
  /** How often; once when left out. */
  readonly times?: number
  readonly appid?: string
  readonly complaint?: number
}

export type CallMisbehaviour = Where & { readonly on: Exclude<Point, 'push'> } & CallTrouble
export type PushMisbehaviour = Where & { readonly on: 'push' } & PushTrouble
export type Misbehaviour = CallMisbehaviour | PushMisbehaviour

export const callTroubles = [
  'lost-answer',
  'lost-request',
  'late-effect',
  'http',
  'errcode',
  'token',
  'hang',
  'slow',
  'malformed',
  'status',
  'shape',
] as const satisfies readonly CallTrouble['how'][]

export const pushTroubles = [
  'duplicate',
  'reorder',
  'replay',
  'slow',
  'bad-signature',
  'wrong-appid',
  'damaged',
  'withheld',
  'other-event',
  'plain',
  'shape',
] as const satisfies readonly PushTrouble['how'][]

export type TroubleHandle = PlannedHandle<Misbehaviour>

/** One trouble that happens to a call now. */
export interface Taken {
  readonly script: CallMisbehaviour
  /** Resolves at `release()`. */
  hang(): Promise<void>
}

interface About {
  readonly appid?: string | undefined
  readonly complaint?: number | undefined
}

export interface Troubles {
  add(script: Misbehaviour): TroubleHandle
  takeCall(on: CallName, about: About): Taken | undefined
  takePush(about: About): PushMisbehaviour | undefined
  list(): readonly TroubleHandle[]
}

export function createTroubles(): Troubles {
  const all: Planned<Misbehaviour>[] = []
  return {
    add(script) {
      const planned = plan(all.length + 1, script)
      all.push(planned)
      return planned.handle
    },
    takeCall(on, about) {
      for (const { handle, take } of all) {
        const { script } = handle
        if (handle.left > 0 && script.on !== 'push' && covers(script.on, on) && concerns(script, about))
          return { script, ...take() }
      }
      return undefined
    },
    takePush(about) {
      for (const { handle, take } of all) {
        const { script } = handle
        if (handle.left === 0 || script.on !== 'push' || !concerns(script, about)) continue
        take()
        return script
      }
      return undefined
    },
    list: () => all.map(({ handle }) => handle),
  }
}

const covers = (scripted: Point, on: CallName) => scripted === on || (scripted === 'any' && on !== 'cdn')
const concerns = (script: Misbehaviour, about: About) =>
  (script.appid === undefined || script.appid === about.appid) &&
  (script.complaint === undefined || script.complaint === about.complaint)
