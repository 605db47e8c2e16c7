import type { Deliver, Sandbox } from '../../sandbox/wire.ts'
import type { Clock, ManualClock } from '../../src/core/clock.ts'
import type { Logger } from '../../src/core/logger.ts'
import type { Outgoing, Transport } from '../../src/core/transport.ts'
import type { Random, TenantId } from '../../src/core/words.ts'
import type { Platform } from '../../src/platforms/platform.ts'
import type { Database } from '../../src/storage/open.ts'
import type { StoredSeat } from '../../src/storage/seats.ts'
import type { Storage, Tx } from '../../src/storage/storage.ts'
import type { Chance } from './chance.ts'
import type { Happening } from './mix.ts'

/** Sunday 2026-03-01, noon in UTC. */
export const noon = Date.UTC(2026, 2, 1, 12)
/** Where we are told. */
export const ours = 'https://redress.example'

/** The orders that are complained about, a cheap one and a dear one. */
export const orders = [
  { number: '4200000000000000000000000001', total: 1990 },
  { number: '4200000000000000000000000002', total: 3000 },
] as const
export type Order = (typeof orders)[number]
/** Which order each complaint is about: the first two meet at one. */
export const complained = [orders[0], orders[0], orders[1], orders[1]] as const

/** A platform that gives money back, with everything about it that the schedules need. */
export interface Side {
  readonly name: string
  readonly troubles: {
    /** What is asked for happens, and the answer says nothing of it. */
    readonly lost: readonly string[]
    /** What is asked for happens later. */
    readonly late: readonly string[]
    readonly other: readonly string[]
    /** A merchant takes back its word; and gives it again. */
    readonly word?: { readonly taken: readonly string[]; readonly given: readonly string[] }
  }
  /** How refunds may end; the first is the good one. */
  readonly ends: readonly string[]
  /** The fourth complaint asks for its money by itself. */
  readonly approves: boolean
  /** What its schedules must bring about beside what every platform's must. */
  readonly brings: readonly Happening[]
  /** At noon, with the same complaints as ever; `seed` decides what chance brings from here on. */
  create(given: { readonly seed: number; readonly settleMs: number; readonly hear: Deliver }): Promise<Outside>
}

export interface PlatformParts {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly storage: Storage
}

/** One refund as the platform carries it out. */
export interface Refunded {
  readonly order: string
  readonly number: string
  /** Fen. */
  readonly amount: number
  /** `stuck`: a person must help it; `over`: the money is back where it came from. */
  readonly state: 'underway' | 'arrived' | 'stuck' | 'over'
}

/** The platforms of one schedule. What is told here is what really happened. */
export interface Outside {
  readonly clock: ManualClock
  readonly chance: Chance
  readonly hosts: Readonly<Record<string, Sandbox>>
  /** Of the complaints, in the order of `complained`. */
  readonly numbers: readonly string[]
  /** The accounts as the consoles hand them out. @returns in whose name each complaint is read */
  join(tx: Tx, tenant: TenantId): Promise<readonly Omit<StoredSeat, 'payer'>[]>
  platforms(parts: PlatformParts): readonly Platform[]
  advance(): Promise<void>
  trouble(name: string, database: Database): Promise<void>
  setBalance(fen: number): void
  setEnds(how: string): Promise<void>
  /** Faults stop, what was lost is given again, and what waits for ever ends. */
  calm(database: Database): Promise<void>
  refunds(): readonly Refunded[]
  /** Refund numbers that were asked for. */
  asked(): ReadonlySet<string>
  /** What this request wants to be refunded. */
  wants(request: Outgoing): { readonly number: string; readonly amount: number } | undefined
  /** What had to be refused because too little of its order is left. */
  overdrawn(): readonly { readonly number: string; readonly what: string }[]
  /** This account may not ask any more what became of this number. `unclear`: we died before it was clear whether it was asked for. */
  unasked(refund: { readonly number: string; readonly by: string }, unclear: boolean): boolean
  /** A complaint for each time that its customer was answered, and one for each decision. */
  answered(): readonly string[]
  brought(): readonly Happening[]
  /** All that the platforms saw, in order. */
  course(): readonly unknown[]
}
