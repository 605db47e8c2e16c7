import { formsOf } from './forms.ts'

/** Everything that came out of the service, by the way it came. */
export interface Capture {
  add(kind: string, said: string | Buffer): void
  /** All of one kind. */
  read(kind: string): Buffer
  kinds(): readonly string[]
}

export function createCapture(): Capture {
  const all = new Map<string, Buffer[]>()
  return {
    add(kind, said) {
      const heard = all.get(kind) ?? []
      all.set(kind, heard)
      heard.push(Buffer.from(said), Buffer.from('\n'))
    },
    read: (kind) => Buffer.concat(all.get(kind) ?? []),
    kinds: () => [...all.keys()].sort(),
  }
}

/** A text that stands nowhere else in the world. */
export interface Canary {
  readonly name: string
  readonly text: string
}

export interface Find {
  readonly kind: string
  readonly canary: string
  readonly form: string
  /** The words around the first one, for whoever mends it. */
  readonly around: string
}

/** Where each of them stands, and in which form. */
export function findIn(capture: Capture, kinds: readonly string[], canaries: readonly Canary[]): readonly Find[] {
  const sought = canaries.flatMap(({ name, text }) => formsOf(text).map((form) => ({ canary: name, ...form })))
  return kinds.flatMap((kind) => {
    const said = capture.read(kind)
    return sought.flatMap(({ canary, name: form, bytes }) => {
      const at = said.indexOf(bytes)
      if (at < 0) return []
      return [{ kind, canary, form, around: said.subarray(Math.max(0, at - 300), at + bytes.length + 60).toString() }]
    })
  })
}
