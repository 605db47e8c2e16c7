import type { CallMisbehaviour, CallName, Misbehaviour, Point, PushMisbehaviour, PushPoint } from './misbehave.ts'

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

interface Planned {
  readonly handle: TroubleHandle
  take(): Pick<Taken, 'hang'>
}

export function createTroubles(): Troubles {
  const all: Planned[] = []
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
