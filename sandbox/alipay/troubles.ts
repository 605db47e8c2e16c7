import { type Planned, type PlannedHandle, plan } from '../planned.ts'
import type { ApiName, CallMisbehaviour, Misbehaviour, PushMisbehaviour } from './misbehave.ts'

export type TroubleHandle = PlannedHandle<Misbehaviour>

/** One trouble that happens to a call now. */
export interface Taken {
  readonly script: CallMisbehaviour
  /** Resolves at `release()`. */
  hang(): Promise<void>
}

export interface About {
  readonly appId?: string | undefined
  readonly pid?: string | undefined
  readonly complaint?: string | undefined
  readonly tradeNo?: string | undefined
}

export interface Troubles {
  add(script: Misbehaviour): TroubleHandle
  takeCall(on: ApiName, about: About): Taken | undefined
  takePush(about: About): PushMisbehaviour | undefined
  list(): readonly TroubleHandle[]
}

export function createTroubles(): Troubles {
  const all: Planned<Misbehaviour>[] = []
  const ready = (about: About) => all.filter(({ handle }) => handle.left > 0 && concerns(handle.script, about))
  return {
    add(script) {
      const planned = plan(all.length + 1, script)
      all.push(planned)
      return planned.handle
    },
    takeCall(on, about) {
      for (const { handle, take } of ready(about)) {
        const { script } = handle
        if (script.on !== 'push' && (script.on === on || script.on === 'any')) return { script, ...take() }
      }
      return undefined
    },
    takePush(about) {
      for (const { handle, take } of ready(about)) {
        const { script } = handle
        if (script.on !== 'push') continue
        take()
        return script
      }
      return undefined
    },
    list: () => all.map(({ handle }) => handle),
  }
}

const concerns = (script: Misbehaviour, about: About) =>
  (['appId', 'pid', 'complaint', 'tradeNo'] as const).every(
    (name) => script[name] === undefined || script[name] === about[name],
  )
