import { sql } from 'kysely'
import { type Action, type ActionKind, type ActionState, unsettled } from '../complaints/action.ts'
import type { By } from '../complaints/fact.ts'
import { type ActionId, asId, type ComplaintId, type Instant, instant, newId, type TenantId } from '../core/words.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { ActionRow, RefundRow } from './tables.ts'

/** A wish as it is kept. */
export interface StoredAction {
  readonly id: ActionId
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  readonly action: Action
  readonly key: string
  readonly by: By
  readonly state: ActionState
  readonly reference?: string
  readonly message?: string
  readonly requestedAt: Instant
  /** The first call: an effect may have come any time since. */
  readonly sentAt?: Instant
  /** The last call. */
  readonly calledAt?: Instant
  readonly settledAt?: Instant
  /** Of a refund, once it is read back: where its money is. */
  readonly refund?: RefundOfAction
}

export interface RefundOfAction {
  readonly number: string
  /** The platform takes no two refunds of an order within a minute. */
  readonly notBefore: Instant
  /** The user's account did not take it: a person must finish it in the console. */
  readonly stuck: boolean
  readonly arrivedAt?: Instant
  /** Where it went, in the platform's words. */
  readonly receivedBy?: string
}

export interface Wish {
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  readonly action: Action
  readonly key: string
  readonly by: By
  readonly version: number
}

/** @returns undefined when the key is taken, or an unsettled action of this kind stands in the way. */
export async function insertAction(tx: Tx, wish: Wish): Promise<StoredAction | undefined> {
  const row = await tx.db
    .insertInto('action')
    .values({
      id: newId('action', tx.random, tx.clock.now()),
      tenant: wish.tenant,
      complaint: wish.complaint,
      kind: wish.action.kind,
      body: JSON.stringify(wish.action),
      key: wish.key,
      by: JSON.stringify(wish.by),
      state: 'requested',
      reference: null,
      message: null,
      version: wish.version,
      requested_at: instant(tx.clock.now()),
      sent_at: null,
      called_at: null,
      settled_at: null,
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && actionOf(row)
}

export async function findAction(reads: Reads, id: ActionId): Promise<StoredAction | undefined> {
  const row = await actions(reads).where('id', '=', id).executeTakeFirst()
  return row && actionOf(row)
}

const actions = ({ db }: Reads) =>
  db
    .selectFrom('action')
    .leftJoin('refund', 'refund.action', 'action.id')
    .selectAll('action')
    .select(['refund.number', 'refund.not_before', 'refund.stuck', 'refund.arrived_at', 'refund.received_by'])

export async function actionByKey(reads: Reads, tenant: TenantId, key: string): Promise<StoredAction | undefined> {
  const row = await actions(reads).where('action.tenant', '=', tenant).where('key', '=', key).executeTakeFirst()
  return row && actionOf(row)
}

export async function unsettledOf(
  reads: Reads,
  complaint: ComplaintId,
  kind?: ActionKind,
): Promise<StoredAction | undefined> {
  const row = await actions(reads)
    .where('action.complaint', '=', complaint)
    .where('action.state', 'in', unsettled)
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
    .executeTakeFirst()
  return row && actionOf(row)
}

/** The newest of this kind that the platform took. */
export async function lastDone(
  reads: Reads,
  complaint: ComplaintId,
  kind: ActionKind,
): Promise<StoredAction | undefined> {
  const row = await actions(reads)
    .where('action.complaint', '=', complaint)
    .where('kind', '=', kind)
    .where('action.state', '=', 'done')
    .orderBy('action.settled_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && actionOf(row)
}

/** Whether anything of ours was done after the one and until the other. */
export async function doneBetween(
  reads: Reads,
  complaint: ComplaintId,
  after: Instant,
  until: Instant,
): Promise<boolean> {
  const row = await reads.db
    .selectFrom('action')
    .select('id')
    .where('complaint', '=', complaint)
    .where('state', '=', 'done')
    .where('settled_at', '>', after)
    .where('settled_at', '<=', until)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The newest first. */
export async function actionsOf(reads: Reads, complaint: ComplaintId, limit: number): Promise<readonly StoredAction[]> {
  const rows = await actions(reads)
    .where('action.complaint', '=', complaint)
    .orderBy('action.requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(actionOf)
}

/** Where a state may come from; nothing else is written, so a slow process overwrites no outcome. */
const before: { readonly [State in ActionState]: readonly ActionState[] } = {
  // Only when it is certain that nothing arrived there.
  requested: ['sent'],
  sent: ['requested', 'unknown', 'sent'],
  unknown: ['sent'],
  underway: ['sent', 'unknown', 'underway'],
  done: ['sent', 'unknown', 'underway'],
  // From `requested` when it turns out that it cannot be done here at all.
  failed: ['requested', 'sent', 'unknown', 'underway'],
  withdrawn: ['requested'],
}

export interface Settling {
  readonly state: ActionState
  readonly reference?: string
  readonly message?: string
  /** Only while this is the last call, or, null, while there is none: a no to an earlier call says nothing of a later one. */
  readonly called?: Instant | null
}

/** @returns undefined when the action is not in a state that this may follow: somebody else was faster. */
export async function moveAction(tx: Tx, id: ActionId, to: Settling): Promise<StoredAction | undefined> {
  const now = instant(tx.clock.now())
  const settles = to.state === 'done' || to.state === 'failed' || to.state === 'withdrawn'
  const row = await tx.db
    .updateTable('action')
    .set({
      state: to.state,
      ...(to.reference === undefined ? {} : { reference: to.reference }),
      ...(to.message === undefined ? {} : { message: to.message }),
      ...(to.state === 'sent' ? { sent_at: sql<string>`coalesce(sent_at, ${now})`, called_at: now } : {}),
      // As if it had never been called.
      ...(to.state === 'requested' ? { sent_at: null, called_at: null } : {}),
      ...(settles ? { settled_at: now } : {}),
    })
    .where('id', '=', id)
    .where('state', 'in', before[to.state])
    .$if(to.called !== undefined, (query) =>
      query.where('called_at', to.called === null ? 'is' : '=', to.called ?? null),
    )
    .returningAll()
    .executeTakeFirst()
  return row && actionOf(row)
}

/** Unsettled since before `until`: what a lost job would leave behind. */
export async function unsettledSince(reads: Reads, until: Instant, limit: number): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('action')
    .select('id')
    // Literals, as in the index: a database that is given values later cannot know that they are the same.
    .where(sql<boolean>`state in ('requested', 'sent', 'underway', 'unknown')`)
    .where('requested_at', '<=', until)
    .orderBy('requested_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

type Joined = ActionRow & Partial<{ [Column in keyof Joinable]: Joinable[Column] | null }>
type Joinable = Pick<RefundRow, 'number' | 'not_before' | 'stuck' | 'arrived_at' | 'received_by'>

const actionOf = (row: Joined): StoredAction => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  complaint: asId(row.complaint),
  action: ours(row.body),
  key: row.key,
  by: ours(row.by),
  state: row.state as ActionState,
  ...(row.reference === null ? {} : { reference: row.reference }),
  ...(row.message === null ? {} : { message: row.message }),
  requestedAt: row.requested_at as Instant,
  ...(row.sent_at === null ? {} : { sentAt: row.sent_at as Instant }),
  ...(row.called_at === null ? {} : { calledAt: row.called_at as Instant }),
  ...(row.settled_at === null ? {} : { settledAt: row.settled_at as Instant }),
  ...refundOf(row),
})

function refundOf({ number, not_before, stuck, arrived_at, received_by }: Joined): { refund?: RefundOfAction } {
  if (!number || !not_before) return {}
  return {
    refund: {
      number,
      notBefore: not_before as Instant,
      stuck: stuck === 1,
      ...(arrived_at ? { arrivedAt: arrived_at as Instant } : {}),
      ...(received_by ? { receivedBy: received_by } : {}),
    },
  }
}
