import { type Planned, type PlannedHandle, plan } from './planned.ts'

/** One trouble that happens now. */
export interface Taken<Script> {
  readonly script: Script
  /** Resolves at `release()`. */
  hang(): Promise<void>
}

export interface Troubles<Script> {
  add(script: Script): PlannedHandle<Script>
  /** The first that fits, used up once by whoever asks. */
  take<Kind extends Script>(fits: (script: Script) => script is Kind): Taken<Kind> | undefined
  list(): readonly PlannedHandle<Script>[]
}

export function createTroubles<Script extends { readonly times?: number }>(): Troubles<Script> {
  const all: Planned<Script>[] = []
  return {
    add(script) {
      const planned = plan(all.length + 1, script)
      all.push(planned)
      return planned.handle
    },
    take(fits) {
      for (const { handle, take } of all) {
        const { script } = handle
        if (handle.left > 0 && fits(script)) return { script, ...take() }
      }
      return undefined
    },
    list: () => all.map(({ handle }) => handle),
  }
}
