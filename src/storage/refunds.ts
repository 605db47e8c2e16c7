import { sql } from 'kysely'
import type { Refund } from '../complaints/action.ts'
import { type PaidPlace, refundNumber } from '../complaints/refund-number.ts'
import {
  type AccountId,
  type ActionId,
  asId,
  type ComplaintId,
  type Fen,
  fen,
  type Instant,
  instant,
  later,
  type MemberId,
  type TenantId,
} from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'
import type { RefundRow } from './tables.ts'

/** One refund as it is kept: its number never changes. */
export interface StoredRefund {
  readonly action: ActionId
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  /** That pays. */
  readonly account: AccountId
  readonly place: PaidPlace
  readonly ordinal: number
  readonly number: string
  readonly amount: Fen
  readonly total: Fen
  readonly state: RefundRow['state']
  readonly stuck: boolean
  readonly receivedBy?: string
  /** The platform takes no two refunds of an order within a minute. */
  readonly notBefore: Instant
  readonly arrivedAt?: Instant
}

export interface NewRefund {
  readonly action: ActionId
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  readonly account: AccountId
  readonly place: PaidPlace
  readonly refund: Refund
  readonly member?: MemberId
  readonly approver?: MemberId
}

/** Two refunds of an order are at least so far apart. docs/platforms/wechat-pay.md#refunds */
const apart = 61_000
/** What was made under an ordinal: the next one is another refund. */
const made = ['done', 'closed', 'found'] as const

/** Everybody who wants to refund this order, through whatever complaint or account, waits here until the transaction ends. */
export async function lockOrder(tx: Tx, { platform, payee, order }: PaidPlace): Promise<void> {
  if (tx.dialect === 'postgres')
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${platform} ${payee} ${order}`}, 0))`.execute(tx.db)
}

/** Written with its action, under the order's lock: the number is there before the first call. */
export async function insertRefund(tx: Tx, wish: NewRefund): Promise<StoredRefund> {
  const { place, refund } = wish
  const earlier = await ofOrder(tx, place)
  const ordinal = 1 + earlier.filter(({ state }) => made.some((one) => one === state)).length
  const now = instant(tx.clock.now())
  const last = earlier
    .map(({ settled_at, requested_at }) => settled_at ?? requested_at)
    .sort()
    .at(-1) as Instant | undefined
  const soonest = last === undefined ? now : later(last, apart)
  const row = await tx.db
    .insertInto('refund')
    .values({
      action: wish.action,
      tenant: wish.tenant,
      complaint: wish.complaint,
      account: wish.account,
      platform: place.platform,
      payee: place.payee,
      order_no: place.order,
      ordinal,
      number: refundNumber(place, ordinal),
      amount: refund.amount,
      total: refund.total,
      member: wish.member ?? null,
      approver: wish.approver ?? null,
      state: 'open',
      stuck: 0,
      received_by: null,
      not_before: soonest > now ? soonest : now,
      requested_at: now,
      arrived_at: null,
      settled_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return refundOf(row)
}

const ofOrder = (reads: Reads, { platform, payee, order }: PaidPlace): Promise<readonly RefundRow[]> =>
  reads.db
    .selectFrom('refund')
    .selectAll()
    .where('platform', '=', platform)
    .where('payee', '=', payee)
    .where('order_no', '=', order)
    .execute()

/** Sums of an order over all complaints and accounts. `busy`: whose action is on its way. */
export interface OrderLedger {
  readonly settled: Fen
  readonly underway: Fen
  /** What the order cost, as it was when money was last given back; 0 = never was. */
  readonly total: Fen
  readonly busy?: ActionId
  readonly count: number
}

export async function ledgerOf(reads: Reads, place: PaidPlace): Promise<OrderLedger> {
  const rows = await ofOrder(reads, place)
  const sum = (states: readonly RefundRow['state'][]) =>
    fen(rows.filter(({ state }) => states.includes(state)).reduce((all, { amount }) => all + amount, 0))
  const open = rows.find(({ state }) => state === 'open')
  return {
    settled: sum(['done', 'found']),
    underway: sum(['open']),
    total: fen(rows.reduce((most, { total }) => Math.max(most, total), 0)),
    ...(open ? { busy: asId(open.action) } : {}),
    count: rows.filter(({ state }) => state !== 'failed').length,
  }
}

/** What was promised since then; a member's: asked for, or approved as the second. */
export async function givenSince(
  reads: Reads,
  tenant: TenantId,
  { since, member }: { readonly since: Instant; readonly member?: MemberId },
): Promise<Fen> {
  const row = await reads.db
    .selectFrom('refund')
    .select(({ fn }) => fn.coalesce(fn.sum<number>('amount'), sql<number>`0`).as('sum'))
    .where('tenant', '=', tenant)
    .where('requested_at', '>=', since)
    .where('state', 'in', ['open', 'done'])
    .$if(member !== undefined, (query) =>
      query.where((is) => is.or([is('member', '=', member ?? ''), is('approver', '=', member ?? '')])),
    )
    .executeTakeFirstOrThrow()
  return fen(Number(row.sum))
}

export async function findRefund(reads: Reads, action: ActionId): Promise<StoredRefund | undefined> {
  const row = await reads.db.selectFrom('refund').selectAll().where('action', '=', action).executeTakeFirst()
  return row && refundOf(row)
}

/** The open one under that number of an account: what a notice is about. */
export async function openRefund(reads: Reads, account: AccountId, number: string): Promise<ActionId | undefined> {
  const row = await reads.db
    .selectFrom('refund')
    .select('action')
    .where('number', '=', number)
    .where('account', '=', account)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return row && asId(row.action)
}

export interface RefundMove {
  readonly state: RefundRow['state']
  readonly stuck?: boolean
  readonly arrivedAt?: Instant
  readonly receivedBy?: string
  /** Of what was found under the number. */
  readonly amount?: Fen
}

/** Only what is open is moved; the caller moves its action in the same transaction. */
export async function moveRefund(tx: Tx, action: ActionId, to: RefundMove): Promise<void> {
  await tx.db
    .updateTable('refund')
    .set({
      state: to.state,
      ...(to.stuck === undefined ? {} : { stuck: to.stuck ? 1 : 0 }),
      ...(to.arrivedAt === undefined ? {} : { arrived_at: to.arrivedAt }),
      ...(to.receivedBy === undefined ? {} : { received_by: to.receivedBy }),
      ...(to.amount === undefined ? {} : { amount: to.amount }),
      ...(to.state === 'open' ? {} : { settled_at: instant(tx.clock.now()) }),
    })
    .where('action', '=', action)
    .where('state', '=', 'open')
    .execute()
}

const refundOf = (row: RefundRow): StoredRefund => ({
  action: asId(row.action),
  tenant: asId(row.tenant),
  complaint: asId(row.complaint),
  account: asId(row.account),
  place: { platform: row.platform, payee: row.payee, order: row.order_no },
  ordinal: row.ordinal,
  number: row.number,
  amount: fen(row.amount),
  total: fen(row.total),
  state: row.state,
  stuck: row.stuck === 1,
  ...(row.received_by === null ? {} : { receivedBy: row.received_by }),
  notBefore: row.not_before as Instant,
  ...(row.arrived_at === null ? {} : { arrivedAt: row.arrived_at as Instant }),
})
