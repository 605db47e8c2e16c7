import { sql } from 'kysely'
import { type AccountId, asId, type Instant, millis, type RoomId, type TenantId } from '../core/words.ts'
import type { Reads } from './storage.ts'

/** What the database takes for the present, in UTC milliseconds. */
export async function databaseNow(reads: Reads): Promise<number> {
  const now =
    reads.dialect === 'sqlite'
      ? sql<number>`cast((julianday('now') - 2440587.5) * 86400000 as integer)`
      : sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
  const { rows } = await sql<{ now: number }>`select ${now} as now`.execute(reads.db)
  return Number(rows[0]?.now)
}

export interface Parked {
  readonly tenant: TenantId
  readonly account: AccountId
  readonly count: number
}

/** Callbacks of which nothing could be made. */
export async function parkedCallbacks(reads: Reads): Promise<readonly Parked[]> {
  const rows = await reads.db
    .selectFrom('callback')
    .select(({ fn }) => ['tenant', 'account', fn.countAll<number>().as('count')])
    .where('state', '=', 'parked')
    .groupBy(['tenant', 'account'])
    .execute()
  return rows.map((row) => ({ tenant: asId(row.tenant), account: asId(row.account), count: Number(row.count) }))
}

export async function everCalledBack(reads: Reads, account: AccountId): Promise<boolean> {
  const row = await reads.db
    .selectFrom('callback')
    .select('id')
    .where('account', '=', account)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export interface FailingJob {
  readonly queue: string
  readonly key: string
  readonly attempts: number
  readonly error: string
}

/** Jobs that have failed at least that often, the worst first. */
export async function failingJobs(reads: Reads, attempts: number, limit: number): Promise<readonly FailingJob[]> {
  const rows = await reads.db
    .selectFrom('job')
    .select(['queue', 'key', 'attempts', 'last_error'])
    .where('attempts', '>=', attempts)
    .where('last_error', 'is not', null)
    .orderBy('attempts', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ queue: row.queue, key: row.key, attempts: row.attempts, error: row.last_error ?? '' }))
}

export interface WaitingRoom {
  readonly room: RoomId
  readonly count: number
  /** Of the one that has waited for longest. */
  readonly minutes: number
}

/** Of these rooms, those for which messages wait that should have gone out, however often they were put off. */
export async function waitingRooms(reads: Reads, rooms: readonly RoomId[]): Promise<readonly WaitingRoom[]> {
  if (rooms.length === 0) return []
  const found = await reads.db
    .selectFrom('delivery')
    .select(({ fn }) => ['destination', fn.countAll<number>().as('count'), fn.min('created_at').as('first')])
    .where(
      'destination',
      'in',
      rooms.map((id) => `room:${id}`),
    )
    .where('state', '=', 'waiting')
    .groupBy('destination')
    .execute()
  const now = reads.clock.now()
  return found.map(({ destination, count, first }) => ({
    room: asId(destination.slice('room:'.length)),
    count: Number(count),
    minutes: Math.max(0, Math.floor((now - millis(first as Instant)) / 60_000)),
  }))
}

/** As the database says it, such as 3.53.0 or 17.2. */
export async function databaseVersion(reads: Reads): Promise<string> {
  const version =
    reads.dialect === 'sqlite' ? sql<string>`sqlite_version()` : sql<string>`current_setting('server_version')`
  const { rows } = await sql<{ version: string }>`select ${version} as version`.execute(reads.db)
  return rows[0]?.version.split(' ', 1)[0] ?? ''
}

/** PostgreSQL alone: pages that it found damaged; 0 too where it does not look. */
export async function checksumFailures(reads: Reads): Promise<number> {
  const { rows } = await sql<{ count: number | null }>`
    select sum(checksum_failures) as count from pg_stat_database`.execute(reads.db)
  return Number(rows[0]?.count ?? 0)
}
