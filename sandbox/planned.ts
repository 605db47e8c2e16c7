/** A misbehaviour that was asked for, and how far it has come. */
export interface PlannedHandle<Script> {
  readonly id: number
  readonly script: Script
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

export interface Planned<Script> {
  readonly handle: PlannedHandle<Script>
  /** It happens once more. */
  take(): {
    /** Resolves at `release()`. */
    hang(): Promise<void>
  }
}

export function plan<Script extends { readonly times?: number }>(id: number, script: Script): Planned<Script> {
  let happened = 0
  let left = script.times ?? 1
  const hanging: (() => void)[] = []
  return {
    handle: {
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
    },
    take() {
      happened++
      left--
      return { hang: () => new Promise<void>((resolve) => hanging.push(resolve)) }
    },
  }
}
