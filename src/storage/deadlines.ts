import type { ActionKind } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { Deadline, Said, Told } from '../complaints/stage.ts'
import { asId, type ComplaintId, type Instant, instant, type TenantId } from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import type { Reads, Tx } from './storage.ts'
import type { DeadlineRow } from './tables.ts'

/** Something owed by a complaint until its time, and how far people have been told of it. */
export interface StoredDeadline extends Deadline, Told {
  readonly complaint: ComplaintId
  readonly tenant: TenantId
  readonly move: ActionKind
}

export type DeadlineKey = Pick<StoredDeadline, 'tenant' | 'complaint' | 'move' | 'due'>

/** Keeps what is owed now, from when we first knew of it; what is owed no more, or until another time, has ended. Under the complaint's lock. */
export async function keepDeadlines(tx: Tx, complaint: Complaint): Promise<void> {
  const now = instant(tx.clock.now())
  const owed = complaint.phase === 'closed' ? [] : complaint.moves.filter((move) => move.owed && move.due !== undefined)
  const rows = await tx.db.selectFrom('deadline').selectAll().where('complaint', '=', complaint.id).execute()
  const stands = ({ move, due }: DeadlineRow) => owed.some((one) => one.kind === move && one.due === due)
  for (const { move, due } of rows.filter((row) => row.ended_at === null && !stands(row)))
    await change(tx, { complaint: complaint.id, move, due }, { ended_at: now, next_at: null })
  for (const { kind, due } of owed) {
    if (due === undefined) continue
    const known = rows.find((row) => row.move === kind && row.due === due)
    if (known && known.ended_at === null) continue
    // Owed anew until the same time: what was said of it stays said.
    if (known) await change(tx, { complaint: complaint.id, move: kind, due }, { ended_at: null, ...lookAt(now) })
    else await insert(tx, complaint, { move: kind, due, now })
  }
}

const lookAt = (now: Instant) => ({ looked_at: now, next_at: now })

const insert = (
  tx: Tx,
  { id, tenant }: Complaint,
  { move, due, now }: { readonly move: ActionKind; readonly due: Instant; readonly now: Instant },
) =>
  tx.db
    .insertInto('deadline')
    .values({
      ...{ complaint: id, tenant, move, due, known_at: now, said_stage: null, said_at: null },
      ...{ snoozed_until: null, ended_at: null, ...lookAt(now) },
    })
    .execute()

const change = (
  tx: Tx,
  { complaint, move, due }: { readonly complaint: string; readonly move: string; readonly due: string },
  to: Partial<DeadlineRow>,
) =>
  tx.db
    .updateTable('deadline')
    .set(to)
    .where('complaint', '=', complaint)
    .where('move', '=', move)
    .where('due', '=', due)
    .execute()

/** Of every tenant: those of which something is to be said, or looked at, by now; and those last looked at by a clock that was set back since. */
export async function deadlinesDue(reads: Reads, now: Instant, limit: number): Promise<readonly DeadlineKey[]> {
  const keys = reads.db
    .selectFrom('deadline')
    .select(['tenant', 'complaint', 'move', 'due'])
    .where('next_at', 'is not', null)
  const due = await keys.where('next_at', '<=', now).orderBy('next_at').limit(limit).execute()
  const ahead = await keys.where('looked_at', '>', now).where('next_at', '>', now).limit(limit).execute()
  return [...due, ...ahead].slice(0, limit).map(({ tenant, complaint, move, due }) => ({
    tenant: asId(tenant),
    complaint: asId(complaint),
    move: move as ActionKind,
    due: due as Instant,
  }))
}

/** Holds it until the end of the transaction. @returns undefined when it has ended */
export async function lockDeadline(tx: Tx, { complaint, move, due }: DeadlineKey): Promise<StoredDeadline | undefined> {
  const query = tx.db
    .selectFrom('deadline')
    .selectAll()
    .where('complaint', '=', complaint)
    .where('move', '=', move)
    .where('due', '=', due)
    .where('ended_at', 'is', null)
  const row = await forUpdate(tx, query).executeTakeFirst()
  return row && deadlineOf(row)
}

/** That it was looked at now; `next`: when again, undefined = never. */
export async function setLooked(
  tx: Tx,
  { knownAt, complaint, move, due }: DeadlineKey & Pick<StoredDeadline, 'knownAt'>,
  { said, next }: { readonly said?: Said; readonly next: Instant | undefined },
): Promise<void> {
  await change(
    tx,
    { complaint, move, due },
    {
      known_at: knownAt,
      looked_at: instant(tx.clock.now()),
      next_at: next ?? null,
      ...(said ? { said_stage: said.stage, said_at: said.at } : {}),
    },
  )
}

/** Nothing is said of it until then but what goes to the admins; undefined = as before. @returns whether there was something to be silent about */
export async function snooze(tx: Tx, complaint: ComplaintId, until: Instant | undefined): Promise<boolean> {
  const done = await tx.db
    .updateTable('deadline')
    .set({ snoozed_until: until ?? null, ...lookAt(instant(tx.clock.now())) })
    .where('complaint', '=', complaint)
    .where('ended_at', 'is', null)
    .returning('move')
    .execute()
  return done.length > 0
}

const deadlineOf = (row: DeadlineRow): StoredDeadline => ({
  complaint: asId(row.complaint),
  tenant: asId(row.tenant),
  move: row.move as ActionKind,
  due: row.due as Instant,
  knownAt: row.known_at as Instant,
  ...(row.said_stage === null || row.said_at === null
    ? {}
    : { said: { stage: row.said_stage, at: row.said_at as Instant } }),
  ...(row.snoozed_until === null ? {} : { snoozedUntil: row.snoozed_until as Instant }),
})
