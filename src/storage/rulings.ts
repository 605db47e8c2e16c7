import type { By, Stopped } from '../complaints/fact.ts'
import type { Does, RuleActKind } from '../complaints/rule.ts'
import {
  asId,
  type ComplaintId,
  type Fen,
  fen,
  type Instant,
  instant,
  newId,
  type RuleId,
  type RulingId,
  type TenantId,
} from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { RulingRow } from './tables.ts'

/** What a rule is about to do, or would have done, about one complaint as it stood. */
export interface Ruling {
  readonly id: RulingId
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  readonly rule: RuleId
  /** Of the complaint. */
  readonly version: number
  /** The rule's, as they were. */
  readonly position: number
  readonly name: string
  readonly act: RuleActKind
  readonly amount?: Fen
  readonly does?: Does
  /** The fact that it was told with. */
  readonly nr: number
  readonly due: Instant
  readonly state: RulingRow['state']
  readonly why?: Stopped
  readonly by?: By
  readonly createdAt: Instant
}

export type NewRuling = Omit<Ruling, 'id' | 'by' | 'createdAt'>

/** @returns undefined when this rule has spoken about the complaint as it stands. */
export async function insertRuling(tx: Tx, ruling: NewRuling): Promise<Ruling | undefined> {
  const now = instant(tx.clock.now())
  const row = await tx.db
    .insertInto('ruling')
    .values({
      id: newId('ruling', tx.random, tx.clock.now()),
      tenant: ruling.tenant,
      complaint: ruling.complaint,
      rule: ruling.rule,
      version: ruling.version,
      position: ruling.position,
      name: ruling.name,
      act: ruling.act,
      amount: ruling.amount ?? null,
      does: JSON.stringify(ruling.does ?? null),
      nr: ruling.nr,
      due: ruling.due,
      state: ruling.state,
      why: ruling.why ?? null,
      by: null,
      created_at: now,
      settled_at: ruling.state === 'waiting' ? null : now,
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && rulingOf(row)
}

export async function findRuling(reads: Reads, id: RulingId): Promise<Ruling | undefined> {
  const row = await reads.db.selectFrom('ruling').selectAll().where('id', '=', id).executeTakeFirst()
  return row && rulingOf(row)
}

/** The newest first; of one decision the last rule first. */
export async function rulingsOf(reads: Reads, complaint: ComplaintId): Promise<readonly Ruling[]> {
  const rows = await reads.db
    .selectFrom('ruling')
    .selectAll()
    .where('complaint', '=', complaint)
    .orderBy('created_at', 'desc')
    .orderBy('position', 'desc')
    .execute()
  return rows.map(rulingOf)
}

export interface RulingMove {
  readonly state: RulingRow['state']
  readonly why?: Stopped
  readonly by?: By
}

/** Where a state may come from. */
const before: { readonly [State in RulingRow['state']]: readonly RulingRow['state'][] } = {
  waiting: [],
  begun: ['waiting', 'begun'],
  done: ['waiting', 'begun'],
  cancelled: ['waiting', 'begun'],
  skipped: ['waiting', 'begun'],
}

/** @returns undefined when it has ended already: somebody else was faster. */
export async function moveRuling(tx: Tx, id: RulingId, to: RulingMove): Promise<Ruling | undefined> {
  const row = await tx.db
    .updateTable('ruling')
    .set({
      state: to.state,
      ...(to.why === undefined ? {} : { why: to.why }),
      ...(to.by === undefined ? {} : { by: JSON.stringify(to.by) }),
      ...(to.state === 'begun' ? {} : { settled_at: instant(tx.clock.now()) }),
    })
    .where('id', '=', id)
    .where('state', 'in', before[to.state])
    .returningAll()
    .executeTakeFirst()
  return row && rulingOf(row)
}

/** Refunds of a tenant that wait, the first to go first. */
export async function refundsWaiting(reads: Reads, tenant: TenantId): Promise<readonly RulingId[]> {
  const rows = await reads.db
    .selectFrom('ruling')
    .select('id')
    .where('tenant', '=', tenant)
    .where('act', '=', 'refund')
    .where('settled_at', 'is', null)
    .orderBy('due')
    .execute()
  return rows.map(({ id }) => asId(id))
}

/** Due since before `until`: what a lost job would leave behind. */
export async function rulingsDue(reads: Reads, until: Instant, limit: number): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('ruling')
    .select('id')
    .where('settled_at', 'is', null)
    .where('due', '<=', until)
    .orderBy('due')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Whether the customer has spoken after that fact of the complaint. */
export async function spokenSince(reads: Reads, complaint: ComplaintId, nr: number): Promise<boolean> {
  const rows = await reads.db
    .selectFrom('fact')
    .select('body')
    .where('complaint', '=', complaint)
    .where('nr', '>', nr)
    .where('kind', '=', 'said')
    .execute()
  return rows.some(({ body }) => ours<{ happening: { by: string } }>(body).happening.by === 'user')
}

const rulingOf = (row: RulingRow): Ruling => {
  const does = ours<Does | null>(row.does)
  return {
    id: asId(row.id),
    tenant: asId(row.tenant),
    complaint: asId(row.complaint),
    rule: asId(row.rule),
    version: row.version,
    position: row.position,
    name: row.name,
    act: row.act as RuleActKind,
    ...(row.amount === null ? {} : { amount: fen(row.amount) }),
    ...(does ? { does } : {}),
    nr: row.nr,
    due: row.due as Instant,
    state: row.state,
    ...(row.why === null ? {} : { why: row.why as Stopped }),
    ...(row.by === null ? {} : { by: ours<By>(row.by) }),
    createdAt: row.created_at as Instant,
  }
}
