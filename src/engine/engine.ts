import type { Instant } from '../core/words.ts'
import type { Tx } from '../storage/storage.ts'
import type { Queue } from './queues.ts'

/** Done for now (void), or to be called again at that time. A throw is tried again with back-off, for ever. */
export type Handled = void | { readonly again: Instant }

/**
 * Durable work. A job carries a row's id and nothing else: rows are the truth, so a job may run twice, late, or out of order without harm.
 */
export interface Engine {
  /** Commits with the caller's transaction. One job per (queue, key): sending again brings it forward, and a job that runs right now runs once more. */
  send(tx: Tx, queue: Queue, key: string, runAt?: Instant): Promise<void>
  /** `attempt` counts from 1 and starts anew after a success. */
  work(queue: Queue, handler: (key: string, attempt: number) => Promise<Handled>): void
  /** A cron line in UTC; a slot runs once, whatever the number of processes and restarts. @throws RangeError when it is no cron line. */
  every(name: string, cron: string, handler: (slot: Instant) => Promise<void>): void
  start(): Promise<void>
  /** Takes nothing new and resolves when what runs is done. */
  stop(): Promise<void>
  /** Resolves when nothing is due at the clock's present time and nothing runs: tests wait with it instead of sleeping. */
  settle(): Promise<void>
}
