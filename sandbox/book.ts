interface Numbered {
  readonly seq: number
  /** Milliseconds of the sandbox's clock. */
  readonly at: number
}

/** Append-only: what really happened on the platform, whatever anybody was told about it. */
export interface Book<Entry extends Numbered> {
  add(entry: Omit<Entry, 'seq' | 'at'>, at?: number): void
  entries(): readonly Entry[]
}

export function createBook<Entry extends Numbered>(clock: { now(): number }): Book<Entry> {
  const entries: Entry[] = []
  return {
    add(entry, at) {
      entries.push(Object.freeze({ seq: entries.length + 1, at: at ?? clock.now(), ...entry } as unknown as Entry))
    },
    entries: () => [...entries],
  }
}
