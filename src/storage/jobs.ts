import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** A job that we took: ours until `lease`, which also tells us from a later taker. */
export interface Claim {
  readonly queue: string
  readonly key: string
  /** The wishes that this run answers; later ones make it run again. */
  readonly wanted: number
  /** Counts from 1. */
  readonly attempt: number
  readonly lease: Instant
}

/** How a run ended. */
export interface Finish {
  readonly claim: Claim
  /** When to run again although nobody asked; absent = done. */
  readonly again?: Instant
  /** Absent = it went well, and the next run is the first attempt again. */
  readonly error?: string
}

/** While a job runs, its row says "nothing more is wished"; a wish that comes meanwhile puts its own time here. */
const never = '9999-12-31T23:59:59.999Z'
const earlier = (a: RawBuilder<string>, b: RawBuilder<string>) =>
  sql<string>`case when ${a} < ${b} then ${a} else ${b} end`

/** One job per (queue, key): wishing again brings it forward, and is counted, so that a run under way does not swallow it. */
export async function sendJob(tx: Tx, queue: string, key: string, runAt: Instant): Promise<void> {
  await tx.db
    .insertInto('job')
    .values({ queue, key, run_at: runAt, wanted: 1, attempts: 0, locked_until: null, last_error: null })
    .onConflict((conflict) =>
      conflict.columns(['queue', 'key']).doUpdateSet({
        wanted: sql<number>`job.wanted + 1`,
        run_at: earlier(sql`excluded.run_at`, sql`job.run_at`),
      }),
    )
    .execute()
}

/** Which of these queues have something to do. */
export async function dueQueues(reads: Reads, queues: readonly string[], now: Instant): Promise<readonly string[]> {
  if (queues.length === 0) return []
  const asked = sql.join(queues.map((queue) => sql`(cast(${queue} as text))`))
  const { rows } = await sql<{ queue: string }>`
    with asked(queue) as (values ${asked})
    select asked.queue from asked
    where exists (select 1 from job where job.queue = asked.queue and job.locked_until is null and job.run_at <= ${now})`.execute(
    reads.db,
  )
  return rows.map((row) => row.queue)
}

/** Takes up to `limit` due jobs of a queue, oldest first. Starting counts as an attempt, so that a job that kills the process is seen to. */
export async function claimJobs(
  tx: Tx,
  wish: { readonly queue: string; readonly limit: number; readonly now: Instant; readonly lease: Instant },
): Promise<readonly Claim[]> {
  const others = tx.dialect === 'postgres' ? sql`for update skip locked` : sql``
  const { rows } = await sql<{ key: string; wanted: number; attempts: number }>`
    with taken as (
      select key from job
      where queue = ${wish.queue} and locked_until is null and run_at <= ${wish.now}
      order by run_at limit ${wish.limit} ${others}
    )
    update job set locked_until = ${wish.lease}, run_at = ${never}, attempts = attempts + 1
    where queue = ${wish.queue} and key in (select key from taken)
    returning key, wanted, attempts`.execute(tx.db)
  return rows.map((row) => ({
    queue: wish.queue,
    key: row.key,
    wanted: row.wanted,
    attempt: row.attempts,
    lease: wish.lease,
  }))
}

/** Done and wished for no more: gone. All else is free again. */
export async function finishJobs(tx: Tx, ends: readonly Finish[]): Promise<void> {
  const done = ends.filter((end) => !end.again)
  const gone = await deleteUnwished(tx, done)
  const wishedAgain = done.filter((end) => !gone.has(name(end.claim)))
  for (const end of [...wishedAgain, ...ends.filter((end) => end.again)]) await unlock(tx, end)
}

async function deleteUnwished(tx: Tx, ends: readonly Finish[]): Promise<ReadonlySet<string>> {
  if (ends.length === 0) return new Set()
  const rows = ends.map(
    ({ claim }) =>
      sql`(cast(${claim.queue} as text), cast(${claim.key} as text), cast(${claim.wanted} as bigint), cast(${claim.lease} as text))`,
  )
  const deleted = await sql<{ queue: string; key: string }>`
    delete from job where (queue, key, wanted, locked_until) in (values ${sql.join(rows)})
    returning queue, key`.execute(tx.db)
  return new Set(deleted.rows.map(name))
}

/** At the earlier of what the run asked for and what was wished meanwhile. */
async function unlock(tx: Tx, { claim, again, error }: Finish): Promise<void> {
  await tx.db
    .updateTable('job')
    .set({
      locked_until: null,
      run_at: earlier(sql`job.run_at`, sql`cast(${again ?? never} as text)`),
      last_error: error ?? null,
      ...(error === undefined ? { attempts: 0 } : {}),
    })
    .where('queue', '=', claim.queue)
    .where('key', '=', claim.key)
    .where('locked_until', '=', claim.lease)
    .execute()
}

/** Claims that were not begun go back as if never taken. */
export async function returnJobs(tx: Tx, claims: readonly Claim[], now: Instant): Promise<void> {
  for (const claim of claims)
    await tx.db
      .updateTable('job')
      .set({
        locked_until: null,
        run_at: earlier(sql`job.run_at`, sql`cast(${now} as text)`),
        attempts: sql<number>`attempts - 1`,
      })
      .where('queue', '=', claim.queue)
      .where('key', '=', claim.key)
      .where('locked_until', '=', claim.lease)
      .execute()
}

/** @returns the claims that are still ours, with their new lease. */
export async function renewLeases(tx: Tx, claims: readonly Claim[], lease: Instant): Promise<readonly Claim[]> {
  if (claims.length === 0) return []
  const rows = claims.map(
    ({ queue, key, lease: held }) => sql`(cast(${queue} as text), cast(${key} as text), cast(${held} as text))`,
  )
  const kept = await sql<{ queue: string; key: string }>`
    update job set locked_until = ${lease} where (queue, key, locked_until) in (values ${sql.join(rows)})
    returning queue, key`.execute(tx.db)
  const names = new Set(kept.rows.map(name))
  return claims.filter((claim) => names.has(name(claim))).map((claim) => ({ ...claim, lease }))
}

/** Frees what a dead process held: leases that ended by `until`, or every one where the caller is the only process. */
export async function freeJobs(tx: Tx, now: Instant, until: Instant | 'all'): Promise<number> {
  const held = tx.db
    .updateTable('job')
    .set({ locked_until: null, run_at: earlier(sql`job.run_at`, sql`cast(${now} as text)`) })
    .where('locked_until', 'is not', null)
  const freed = await (until === 'all' ? held : held.where('locked_until', '<=', until)).executeTakeFirst()
  return Number(freed.numUpdatedRows)
}

/** Whether a lease has ended: a look before the write that frees it. */
export async function anyLeaseEnded(reads: Reads, now: Instant): Promise<boolean> {
  const row = await reads.db
    .selectFrom('job')
    .select('key')
    .where('locked_until', '<=', now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Of these keys those that no job of the queue rings for. */
export async function unrung(reads: Reads, queue: string, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length === 0) return []
  const rows = await reads.db
    .selectFrom('job')
    .select('key')
    .where('queue', '=', queue)
    .where('key', 'in', keys)
    .execute()
  const rung = new Set(rows.map((row) => row.key))
  return keys.filter((key) => !rung.has(key))
}

const name = (job: { readonly queue: string; readonly key: string }) => `${job.queue} ${job.key}`
