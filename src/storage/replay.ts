import type { CallbackId, Instant, TenantId } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** It is to be drained again, as if it had just come. @returns false when the tenant has no such callback */
export async function renewCallback(tx: Tx, tenant: TenantId, id: CallbackId): Promise<boolean> {
  const { numUpdatedRows } = await tx.db
    .updateTable('callback')
    .set({ state: 'new', drained_at: null })
    .where('id', '=', id)
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export interface ParkedCallback {
  readonly id: CallbackId
  readonly account: string
  readonly event: string
  readonly number?: string
  readonly receivedAt: Instant
}

/** Of which nothing could be made, the newest first. */
export async function listParked(reads: Reads, tenant: TenantId, limit: number): Promise<readonly ParkedCallback[]> {
  const rows = await reads.db
    .selectFrom('callback')
    .select(['id', 'account', 'event', 'number', 'received_at'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'parked')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id, account, event, number, received_at }) => ({
    id: id as CallbackId,
    account,
    event,
    ...(number === null ? {} : { number }),
    receivedAt: received_at as Instant,
  }))
}

export interface StuckJob {
  readonly queue: string
  readonly key: string
  readonly attempts: number
  readonly runAt: Instant
  readonly error: string
}

/** Jobs that have failed and wait to be tried again, the worst first. */
export async function stuckJobs(reads: Reads, limit: number): Promise<readonly StuckJob[]> {
  const rows = await reads.db
    .selectFrom('job')
    .select(['queue', 'key', 'attempts', 'run_at', 'last_error'])
    .where('attempts', '>=', 1)
    .where('last_error', 'is not', null)
    .orderBy('attempts', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ queue, key, attempts, run_at, last_error }) => ({
    queue,
    key,
    attempts,
    runAt: run_at as Instant,
    error: last_error ?? '',
  }))
}

export async function jobExists(reads: Reads, queue: string, key: string): Promise<boolean> {
  const row = await reads.db
    .selectFrom('job')
    .select('key')
    .where('queue', '=', queue)
    .where('key', '=', key)
    .executeTakeFirst()
  return row !== undefined
}
