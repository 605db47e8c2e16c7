/** The right to be the only one who does something by this name, such as to speak through a bot. */
export interface Lease {
  readonly name: string
  /** Grows with every new holder: what an older one still sends can be told from it. */
  readonly fence: number
  /** Aborted when it is lost. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

export interface Leases {
  /** @returns undefined while another process holds it. */
  hold(name: string): Promise<Lease | undefined>
}

/** One process holds everything there is; within it a name is held once. */
export function embeddedLeases(): Leases {
  const held = new Set<string>()
  let fence = 0
  return {
    async hold(name) {
      if (held.has(name)) return undefined
      held.add(name)
      fence += 1
      return {
        name,
        fence,
        lost: new AbortController().signal,
        async release() {
          held.delete(name)
        },
      }
    },
  }
}
