/** One call as Telegram saw it. The token is never kept. */
export interface CallEntry {
  readonly seq: number
  readonly at: number
  readonly bot: string | undefined
  readonly method: string
  readonly chat: number | undefined
  /** What it said; files by name and size. */
  readonly said: Readonly<Record<string, unknown>>
  readonly outcome: 'answered' | 'lost'
  /** Whether the operation ran. */
  readonly ran: 'yes' | 'no'
  /** 200, or the error_code. */
  readonly code: number | undefined
  readonly description: string | undefined
  /** The messages that came of it. */
  readonly messages: readonly number[]
  /** The misbehaviour that met this call. */
  readonly how: string | undefined
}

export interface Calls {
  add(entry: Omit<CallEntry, 'seq' | 'at'>): void
  entries(): readonly CallEntry[]
}

export function createCalls(clock: { now(): number }): Calls {
  const entries: CallEntry[] = []
  return {
    add(entry) {
      const { secret_token, ...said } = entry.said
      const kept = secret_token === undefined ? said : { ...said, secret_token: '[secret]' }
      entries.push(Object.freeze({ seq: entries.length + 1, at: clock.now(), ...entry, said: kept }))
    },
    entries: () => [...entries],
  }
}
