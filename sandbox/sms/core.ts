import type { Clock } from '../../src/core/clock.ts'
import type { Book } from '../book.ts'
import type { Troubles } from '../troubles.ts'
import type { Misbehaviour } from './misbehave.ts'
import type { Rules } from './rules.ts'
import type { App, LedgerEntry, Message, Random } from './sms.ts'

/** What the calls and the post share. */
export interface Core {
  readonly clock: Clock
  readonly random: Random
  readonly rules: () => Rules
  readonly apps: Map<string, App>
  readonly phones: ReadonlyMap<string, 'on' | 'off' | 'blacklisted'>
  readonly store: Store
  readonly ledger: Book<LedgerEntry>
  readonly troubles: Troubles<Misbehaviour>
}

export interface Store {
  all(): readonly Message[]
  add(message: Message): void
  settle(serialNo: string, how: Pick<Message, 'state' | 'settledAt' | 'word'>): Message
}

export function createStore(): Store {
  const messages: Message[] = []
  return {
    all: () => [...messages],
    add: (message) => void messages.push(Object.freeze(message)),
    settle(serialNo, how) {
      const index = messages.findIndex((one) => one.serialNo === serialNo)
      const found = messages[index]
      if (!found) throw new Error(`no message ${serialNo}`)
      const settled = Object.freeze({ ...found, ...how })
      messages[index] = settled
      return settled
    },
  }
}

const beijing = (at: number): Date => new Date(at + 8 * 3_600_000)
/** Beijing's calendar day and hour. */
export const dayOf = (at: number): string => beijing(at).toISOString().slice(0, 10)
export const hourOf = (at: number): number => beijing(at).getUTCHours()
/** `YYYY-MM-DD HH:mm:ss` of Beijing. */
export const stampOf = (at: number): string => beijing(at).toISOString().slice(0, 19).replace('T', ' ')
