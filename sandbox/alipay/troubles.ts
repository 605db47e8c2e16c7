import type { ApiName, CallMisbehaviour, Misbehaviour, PushMisbehaviour } from './misbehave.ts'

export interface TroubleHandle {
  readonly id: number
  readonly script: Misbehaviour
  /** How often it has happened. */
  readonly happened: number
  /** How often it will still happen. */
  readonly left: number
  /** How many callers hang in it now. */
  readonly waiting: number
  stop(): void
  /** Lets go everybody who hangs in it. */
  release(): void
}

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

interface Planned {
  readonly handle: TroubleHandle
  take(): Pick<Taken, 'hang'>
}

export function createTroubles(): Troubles {
  const all: Planned[] = []
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

function plan(id: number, script: Misbehaviour): Planned {
  let happened = 0
  let left = script.times ?? 1
  const hanging: (() => void)[] = []
  const handle: TroubleHandle = {
    id,
    script,
    get happened() {
      return happened
    },
    get left() {
      return left
    },
    get waiting() {
      return hanging.length
    },
    stop() {
      left = 0
    },
    release() {
      for (const go of hanging.splice(0)) go()
    },
  }
  return {
    handle,
    take() {
      happened++
      left--
      return { hang: () => new Promise<void>((resolve) => hanging.push(resolve)) }
    },
  }
}
