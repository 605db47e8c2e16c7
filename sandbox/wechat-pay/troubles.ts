import { type Planned, type PlannedHandle, plan } from '../planned.ts'
import type { CallMisbehaviour, CallName, Misbehaviour, Point, PushMisbehaviour, PushPoint } from './misbehave.ts'

export type TroubleHandle = PlannedHandle<Misbehaviour>

/** One trouble that happens to a call now. */
export interface Taken {
  readonly script: CallMisbehaviour
  /** Resolves at `release()`. */
  hang(): Promise<void>
}

export interface About {
  readonly mchid?: string | undefined
  readonly complaint?: string | undefined
  readonly refund?: string | undefined
}

export interface Troubles {
  add(script: Misbehaviour): TroubleHandle
  takeCall(on: CallName, about: About): Taken | undefined
  takePush(on: Exclude<PushPoint, 'push'>, about: About): PushMisbehaviour | undefined
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
        if (handle.left === 0 || isPush(script) || !concerns(script, about)) continue
        if (script.on === on || script.on === 'any') return { script, ...take() }
      }
      return undefined
    },
    takePush(on, about) {
      for (const { handle, take } of all) {
        const { script } = handle
        if (handle.left === 0 || !isPush(script) || !concerns(script, about)) continue
        if (script.on !== on && script.on !== 'push') continue
        take()
        return script
      }
      return undefined
    },
    list: () => all.map(({ handle }) => handle),
  }
}

const pushPoints: readonly Point[] = ['push', 'refund-push', 'complaint-push']
const isPush = (script: Misbehaviour): script is PushMisbehaviour => pushPoints.includes(script.on)
const concerns = (script: Misbehaviour, about: About) =>
  (script.mchid === undefined || script.mchid === about.mchid) &&
  (script.complaint === undefined || script.complaint === about.complaint) &&
  (script.refund === undefined || script.refund === about.refund)
