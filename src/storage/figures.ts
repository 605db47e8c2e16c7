import { sql } from 'kysely'
import { type Instant, instant, millis } from '../core/words.ts'
import type { Reads } from './storage.ts'

/** Ages in seconds; never below 0, whatever a clock did. */
const age = (reads: Reads, at: string) => Math.max(0, (reads.clock.now() - millis(at as Instant)) / 1000)

/** Jobs of each queue. `oldest`: for how long the one that has been due for longest has been; 0 = none is. */
export async function jobFigures(reads: Reads) {
  const { rows } = await sql<{ queue: string; waiting: number; first: string | null }>`
    with recursive named(queue) as (
      select min(queue) from job
      union all select (select min(job.queue) from job where job.queue > named.queue) from named where queue is not null
    )
    select queue, (select count(*) from job where job.queue = named.queue) as waiting,
      (select min(run_at) from job where job.queue = named.queue and locked_until is null) as first
    from named where queue is not null order by queue`.execute(reads.db)
  const { rows: failed } = await sql<{ queue: string; failing: number }>`
    select queue, count(*) as failing from job where attempts >= 0 and last_error is not null
    group by queue`.execute(reads.db)
  const failing = new Map(failed.map((row) => [row.queue, Number(row.failing)]))
  return rows.map(({ queue, waiting, first }) => ({
    queue,
    waiting: Number(waiting),
    failing: failing.get(queue) ?? 0,
    oldest: first === null ? 0 : age(reads, first),
  }))
}

/** Actions whose outcome is not known, by kind and state. */
export async function actionFigures(reads: Reads) {
  const { rows } = await sql<{ kind: string; state: string; count: number; first: string }>`
    select kind, state, count(*) as count, min(requested_at) as first from action
    where state in ('requested', 'sent', 'underway', 'unknown')
    group by kind, state order by kind, state`.execute(reads.db)
  return rows.map(({ kind, state, count, first }) => ({ kind, state, count: Number(count), oldest: age(reads, first) }))
}

/** Moves that are owed until a known time, and how many of these times have passed. */
export async function owedFigures(reads: Reads) {
  const now = instant(reads.clock.now())
  const { rows } = await sql<{ owed: number; overdue: number }>`
    select count(*) as owed, count(case when due <= ${now} then 1 end) as overdue
    from deadline where ended_at is null`.execute(reads.db)
  return { owed: Number(rows[0]?.owed), overdue: Number(rows[0]?.overdue) }
}

/** Messages that wait, by the kind of place. */
export async function deliveryFigures(reads: Reads) {
  const rows = await reads.db
    .selectFrom('delivery')
    .select(({ fn }) => ['destination', fn.countAll<number>().as('count')])
    .where('state', '=', 'waiting')
    .groupBy('destination')
    .execute()
  const counts = new Map<string, number>()
  for (const { destination, count } of rows) {
    const channel = destination.split(':', 1)[0] ?? ''
    counts.set(channel, (counts.get(channel) ?? 0) + Number(count))
  }
  return [...counts].map(([channel, count]) => ({ channel, count }))
}

/** What only a person can mend. */
export async function stuckFigures(reads: Reads) {
  const { rows } = await sql<{ dead: number; parked: number; breakers: number }>`
    select (select count(*) from delivery where state = 'dead') as dead,
      (select count(*) from callback where state = 'parked') as parked,
      (select count(*) from breaker where tripped_at is not null) as breakers`.execute(reads.db)
  const [row] = rows
  return { deadLetters: Number(row?.dead), parked: Number(row?.parked), breakers: Number(row?.breakers) }
}

/** Whether the database answers. @throws when it does not */
export async function ping(reads: Reads): Promise<void> {
  await sql`select 1`.execute(reads.db)
}
