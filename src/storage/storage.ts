import type { Kysely } from 'kysely'
import type { Clock } from '../core/clock.ts'
import type { Sealer } from '../core/seal.ts'
import type { Random } from '../core/words.ts'
import type { Tables } from './tables.ts'

declare const writes: unique symbol

/** A handle that can look. Only storage/ names `db`; other floors hand the handle on. */
export interface Reads {
  readonly db: Kysely<Tables>
  readonly dialect: 'sqlite' | 'postgres'
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: Random
}

/**
 * A handle inside one transaction. What must happen together asks for it in its type.
 * Await nothing in it but its own statements: no network, no timer, no other handle.
 */
export interface Tx extends Reads {
  readonly [writes]: true
  /** Runs once the transaction is committed; never when it is rolled back. */
  afterCommit(run: () => void): void
}

export interface Storage {
  /** Sees what is committed; cannot write. */
  readonly reads: Reads
  /** All of `work` or nothing of it; on SQLite one at a time, in the order of the calls. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}
