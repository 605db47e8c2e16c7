import type { Complaint, Happening } from '../complaints/complaint.ts'
import type { Fact, Recorded } from '../complaints/fact.ts'
import { asId, type FactId, type Instant, instant, type MemberId, newId, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { FactRow } from './tables.ts'
import { addNotes } from './terms.ts'

/** Appends in order; the caller holds the complaint's lock (or has just inserted it). */
export async function appendFacts(
  tx: Tx,
  complaint: Pick<Complaint, 'id' | 'tenant'>,
  facts: readonly Fact[],
): Promise<readonly Recorded[]> {
  if (facts.length === 0) return []
  const { nr } = await tx.db
    .selectFrom('fact')
    .select((is) => is.fn.coalesce(is.fn.max('nr'), is.val(0)).as('nr'))
    .where('complaint', '=', complaint.id)
    .executeTakeFirstOrThrow()
  const at = instant(tx.clock.now())
  const rows = facts.map((fact, index) => ({
    id: newId('fact', tx.random, tx.clock.now()),
    tenant: complaint.tenant,
    complaint: complaint.id,
    nr: Number(nr) + index + 1,
    kind: fact.kind,
    body: JSON.stringify(fact),
    at,
  }))
  await tx.db.insertInto('fact').values(rows).execute()
  await addNotes(tx, complaint.id, facts)
  return rows.map(recordedOf)
}

export interface FactOf extends Recorded {
  readonly tenant: TenantId
  readonly complaint: Complaint['id']
}

export async function findFact(reads: Reads, id: FactId): Promise<FactOf | undefined> {
  const row = await reads.db.selectFrom('fact').selectAll().where('id', '=', id).executeTakeFirst()
  return row && { ...recordedOf(row), tenant: asId(row.tenant), complaint: asId(row.complaint) }
}

/** The fact in that place of the complaint. */
export async function factAt(reads: Reads, complaint: Complaint['id'], nr: number): Promise<Recorded | undefined> {
  const row = await reads.db
    .selectFrom('fact')
    .selectAll()
    .where('complaint', '=', complaint)
    .where('nr', '=', nr)
    .executeTakeFirst()
  return row && recordedOf(row)
}

/** The newest first. @param before only those with a smaller number */
export async function factsOf(
  reads: Reads,
  complaint: Complaint['id'],
  limit: number,
  before?: number,
): Promise<readonly Recorded[]> {
  let query = reads.db.selectFrom('fact').selectAll().where('complaint', '=', complaint)
  if (before !== undefined) query = query.where('nr', '<', before)
  return (await query.orderBy('nr', 'desc').limit(limit).execute()).map(recordedOf)
}

/** When that member last did something about it. */
export async function lastActOf(
  reads: Reads,
  complaint: Complaint['id'],
  member: MemberId,
): Promise<Instant | undefined> {
  const facts = await factsOf(reads, complaint, 100)
  return facts.find(({ fact }) => 'by' in fact && fact.by?.member === member)?.at
}

/** What was told of its history, the steps that the platform no longer shows among them. */
export async function stepsTold(reads: Reads, complaint: Complaint['id']): Promise<readonly Happening[]> {
  const rows = await reads.db
    .selectFrom('fact')
    .select('body')
    .where('complaint', '=', complaint)
    .where('kind', '=', 'said')
    .execute()
  return rows.map((row) => ours<Extract<Fact, { kind: 'said' }>>(row.body).happening)
}

const recordedOf = (row: FactRow): Recorded => ({
  id: asId(row.id),
  nr: row.nr,
  at: row.at as Instant,
  fact: ours(row.body),
})
