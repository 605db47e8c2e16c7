import { type Planned, type PlannedHandle, plan } from '../planned.ts'
import type { ErrorParameters } from './errors.ts'

interface Where {
  /** How often; once when left out. */
  readonly times?: number
  /** The bot's username. */
  readonly bot?: string
  readonly chat?: number
}

/** How a call can go wrong. `effect` says whether the operation happens all the same. */
export type CallTrouble =
  /** 429 with retry_after. */
  | { readonly how: 'flood'; readonly retryAfter: number; readonly effect?: boolean }
  | { readonly how: 'conflict' }
  | { readonly how: 'unauthorized' }
  | { readonly how: 'http'; readonly status: number; readonly html?: boolean; readonly effect?: boolean }
  /** Any refusal in Telegram's shape. */
  | {
      readonly how: 'refuse'
      readonly code: number
      readonly description: string
      readonly parameters?: ErrorParameters
      readonly effect?: boolean
    }
  /** The operation happens, the answer never arrives. */
  | { readonly how: 'lost-answer' }
  /** The request never arrives. */
  | { readonly how: 'lost-request' }
  /** No answer until `release()`. */
  | { readonly how: 'hang'; readonly effect?: boolean }
  | { readonly how: 'slow'; readonly ms: number }
  /** The operation happens, the JSON of the answer is cut off. */
  | { readonly how: 'malformed' }

/** How an update can go wrong on its way to the bot. */
export type UpdateTrouble =
  /** The same update_id once more, although it was confirmed. */
  | { readonly how: 'duplicate' }
  /** Waits until the bot's next update has gone. */
  | { readonly how: 'reorder' }
  | { readonly how: 'slow'; readonly ms: number }
  | { readonly how: 'withheld' }

/** `on`: a method's name, `any` (every method but getUpdates), `file` (a download), or `update`. */
export type CallMisbehaviour = Where & { readonly on: string } & CallTrouble
export type UpdateMisbehaviour = Where & { readonly on: 'update' } & UpdateTrouble
export type Misbehaviour = CallMisbehaviour | UpdateMisbehaviour

export const callTroubles = [
  'flood',
  'conflict',
  'unauthorized',
  'http',
  'refuse',
  'lost-answer',
  'lost-request',
  'hang',
  'slow',
  'malformed',
] as const satisfies readonly CallTrouble['how'][]

export const updateTroubles = [
  'duplicate',
  'reorder',
  'slow',
  'withheld',
] as const satisfies readonly UpdateTrouble['how'][]

export type TroubleHandle = PlannedHandle<Misbehaviour>

export interface About {
  readonly bot: string
  readonly chat?: number | undefined
}

export interface TakenCall {
  readonly script: CallMisbehaviour
  hang(): Promise<void>
}

export interface Troubles {
  add(script: Misbehaviour): TroubleHandle
  takeCall(on: string, about: About): TakenCall | undefined
  takeUpdate(about: About): UpdateMisbehaviour | undefined
  list(): readonly TroubleHandle[]
}

export function createTroubles(): Troubles {
  const all: Planned<Misbehaviour>[] = []
  const next = (on: string, about: About) =>
    all.find(({ handle: { left, script } }) => left > 0 && covers(script.on, on) && concerns(script, about))
  return {
    add(script) {
      const planned = plan(all.length + 1, script)
      all.push(planned)
      return planned.handle
    },
    takeCall(on, about) {
      const found = next(on, about)
      if (!found || isOfUpdates(found.handle.script)) return undefined
      return { script: found.handle.script, ...found.take() }
    },
    takeUpdate(about) {
      const found = next('update', about)
      if (!found || !isOfUpdates(found.handle.script)) return undefined
      found.take()
      return found.handle.script
    },
    list: () => all.map(({ handle }) => handle),
  }
}

const isOfUpdates = (script: Misbehaviour): script is UpdateMisbehaviour => script.on === 'update'

function covers(scripted: string, on: string): boolean {
  if (scripted.toLowerCase() === on.toLowerCase()) return true
  return scripted === 'any' && !['getupdates', 'file', 'update'].includes(on.toLowerCase())
}

const concerns = (script: Misbehaviour, about: About) =>
  (script.bot === undefined || script.bot === about.bot) && (script.chat === undefined || script.chat === about.chat)
