import { type ExpressionBuilder, sql } from 'kysely'
import type { Complaint, Person, Phase, PlatformName, Snapshot, Source } from '../complaints/complaint.ts'
import { dueOf } from '../complaints/deadline.ts'
import { orderKeys } from '../complaints/notice.ts'
import { phoneTail } from '../complaints/person.ts'
import {
  type AccountId,
  asId,
  type ComplaintId,
  type Instant,
  instant,
  type MemberId,
  type MerchantId,
  newId,
  type TenantId,
} from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { ComplaintRow, Tables } from './tables.ts'
import { nextRunning } from './tenants.ts'
import { addOwn, asText, insertTerms, ownGrams, tailHash } from './terms.ts'

/** By what the platform's number is one complaint of ours. */
export interface Identity {
  readonly tenant: TenantId
  readonly platform: PlatformName
  readonly scope: string
  readonly number: string
}

/** What the caller decided; the rest of a complaint follows from it. */
export interface Known {
  readonly version: number
  readonly who: string
  readonly payer?: string
  /** When to ask the platform again; undefined = not any more. */
  readonly readDue?: Instant
  /** About whom it is; once known it stays so. */
  readonly merchant?: MerchantId
}

/** Holds the complaint until the end of the transaction. */
export async function lockByIdentity(tx: Tx, is: Identity): Promise<Complaint | undefined> {
  const row = await forUpdate(
    tx,
    tx.db
      .selectFrom('complaint')
      .selectAll()
      .where('tenant', '=', is.tenant)
      .where('platform', '=', is.platform)
      .where('scope', '=', is.scope)
      .where('number', '=', is.number),
  ).executeTakeFirst()
  return row && complaintOf(tx, row)
}

/** Holds the complaint until the end of the transaction. */
export async function lockComplaint(tx: Tx, tenant: TenantId, id: ComplaintId): Promise<Complaint | undefined> {
  const query = tx.db.selectFrom('complaint').selectAll().where('tenant', '=', tenant).where('id', '=', id)
  const row = await forUpdate(tx, query).executeTakeFirst()
  return row && complaintOf(tx, row)
}

export async function insertComplaint(
  tx: Tx,
  is: { readonly tenant: TenantId; readonly account: AccountId; readonly platform: PlatformName },
  said: Snapshot,
  known: Known,
): Promise<Complaint> {
  const id = newId('complaint', tx.random, tx.clock.now())
  const now = instant(tx.clock.now())
  const grams = ownGrams(said)
  const row = await tx.db
    .insertInto('complaint')
    .values({
      id,
      tenant: is.tenant,
      account: is.account,
      platform: is.platform,
      scope: said.scope,
      number: said.number,
      running: await nextRunning(tx, is.tenant),
      nth: (await countOfPayer(tx, is.tenant, known.payer)) + 1,
      claimed_by: null,
      claimed_at: null,
      created_at: now,
      grams: asText(grams),
      ...rowOf(tx, is.tenant, id, said, known),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await saveOrders(tx, row, orderKeys(said))
  await insertTerms(tx, row, grams)
  return complaintOf(tx, row)
}

export async function saveComplaint(tx: Tx, before: Complaint, said: Snapshot, known: Known): Promise<Complaint> {
  const row = await tx.db
    .updateTable('complaint')
    .set(rowOf(tx, before.tenant, before.id, said, known))
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await saveOrders(tx, row, orderKeys(said))
  await addOwn(tx, row, said)
  return complaintOf(tx, row)
}

function rowOf(tx: Tx, tenant: TenantId, id: ComplaintId, said: Snapshot, known: Known) {
  const { person, ...snapshot } = said
  const tail = phoneTail(person)
  return {
    source: said.source,
    phase: said.phase,
    code: said.code,
    label: said.label,
    version: known.version,
    provisional: said.provisional === undefined ? 0 : 1,
    opened_at: said.openedAt,
    due_at: dueOf(said) ?? null,
    read_due: known.readDue ?? null,
    as_of: said.asOf,
    payer: known.payer ?? null,
    who: known.who,
    person: tx.sealer.seal(personPlace(tenant, id), JSON.stringify(person)),
    snapshot: JSON.stringify(snapshot),
    changed_at: instant(tx.clock.now()),
    // Said anew, it is there anew.
    person_gone_at: null,
    pictures_gone_at: null,
    ...(known.merchant === undefined ? {} : { merchant: known.merchant }),
    phone_tail: tail === undefined ? null : tailHash(tx, tenant, tail),
  }
}

async function saveOrders(tx: Tx, row: ComplaintRow, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return
  await tx.db
    .insertInto('complaint_order')
    .values(numbers.map((number) => ({ complaint: row.id, tenant: row.tenant, number })))
    .onConflict((on) => on.doNothing())
    .execute()
}

async function countOfPayer(reads: Reads, tenant: TenantId, payer: string | undefined): Promise<number> {
  if (payer === undefined) return 0
  const row = await reads.db
    .selectFrom('complaint')
    .select((is) => is.fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('payer', '=', payer)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function findComplaint(reads: Reads, tenant: TenantId, id: ComplaintId): Promise<Complaint | undefined> {
  const row = await reads.db
    .selectFrom('complaint')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && complaintOf(reads, row)
}

/** For the engine, whose jobs carry an id and nothing else. */
export async function complaintOfJob(reads: Reads, id: ComplaintId): Promise<Complaint | undefined> {
  const row = await reads.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirst()
  return row && complaintOf(reads, row)
}

export async function findRunning(reads: Reads, tenant: TenantId, running: number): Promise<Complaint | undefined> {
  const row = await reads.db
    .selectFrom('complaint')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('running', '=', running)
    .executeTakeFirst()
  return row && complaintOf(reads, row)
}

/** Those of these numbers that are there, the highest first. */
export async function findRunnings(
  reads: Reads,
  tenant: TenantId,
  running: readonly number[],
): Promise<readonly Complaint[]> {
  if (running.length === 0) return []
  const rows = await reads.db
    .selectFrom('complaint')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('running', 'in', [...running])
    .orderBy('running', 'desc')
    .execute()
  return rows.map((row) => complaintOf(reads, row))
}

type AnyScope = Omit<Identity, 'scope'> & { readonly scopes: readonly string[] }

/** Whether this account has brought that complaint. */
export const isKnown = async (reads: Reads, is: AnyScope): Promise<boolean> =>
  (await runningOf(reads, is)) !== undefined

/** Its public number, where we know it. */
export async function runningOf(reads: Reads, is: AnyScope): Promise<number | undefined> {
  const row = await reads.db
    .selectFrom('complaint')
    .select('running')
    .where('tenant', '=', is.tenant)
    .where('platform', '=', is.platform)
    .where('scope', 'in', [...is.scopes])
    .where('number', '=', is.number)
    .limit(1)
    .executeTakeFirst()
  return row?.running
}

/** What we know of a complaint without opening it. */
export interface KnownAs {
  readonly id: ComplaintId
  readonly code: string
  readonly asOf: Instant
  readonly merchant?: MerchantId
}

/** Of these numbers those that we have, by their number. */
export async function knownAmong(
  reads: Reads,
  are: Omit<Identity, 'scope' | 'number'> & { readonly scopes: readonly string[]; readonly numbers: readonly string[] },
): Promise<ReadonlyMap<string, KnownAs>> {
  if (are.numbers.length === 0) return new Map()
  const rows = await reads.db
    .selectFrom('complaint')
    .select(['id', 'number', 'code', 'as_of', 'merchant'])
    .where('tenant', '=', are.tenant)
    .where('platform', '=', are.platform)
    .where('scope', 'in', [...are.scopes])
    .where('number', 'in', [...are.numbers])
    .execute()
  return new Map(
    rows.map(({ id, number, code, as_of, merchant }) => [
      number,
      {
        id: asId(id),
        code,
        asOf: as_of as Instant,
        ...(merchant === null ? {} : { merchant: asId<'merchant'>(merchant) }),
      },
    ]),
  )
}

/** The complaint of this account that is about one of these orders. */
export async function complaintAboutOrder(
  reads: Reads,
  of: { readonly tenant: TenantId; readonly account: AccountId; readonly keys: readonly string[] },
): Promise<ComplaintId | undefined> {
  const row = await reads.db
    .selectFrom('complaint_order')
    .innerJoin('complaint', 'complaint.id', 'complaint_order.complaint')
    .select('complaint.id')
    .where('complaint_order.tenant', '=', of.tenant)
    .where('complaint_order.number', 'in', [...of.keys])
    .where('complaint.account', '=', of.account)
    .limit(1)
    .executeTakeFirst()
  return row && asId(row.id)
}

export interface Filter {
  readonly tenant: TenantId
  readonly which: 'open' | 'due' | 'mine' | 'all'
  readonly member?: MemberId
  readonly accounts?: readonly AccountId[]
  readonly limit: number
  /** Those behind this one, in the same order. */
  readonly after?: Pick<Position, 'running'> & Partial<Position>
}

/** Where a complaint stands in a list. */
export interface Position {
  readonly running: number
  /** When it is due; without a time, behind all that have one. */
  readonly due: string
}

const never = '9'
export const positionOf = (complaint: Complaint): Position => ({
  running: complaint.running,
  due: dueOf(complaint) ?? never,
})

type Where = ExpressionBuilder<Tables, 'complaint'>

/** Of an account that is on, and of a merchant that is, where there is one. */
export const isOnNow = ({ and, or, exists, eb, selectFrom }: Where) =>
  and([
    exists(
      selectFrom('account')
        .select('account.id')
        .whereRef('account.id', '=', 'complaint.account')
        .where('account.enabled', '=', 1),
    ),
    or([
      eb('complaint.merchant', 'is', null),
      exists(
        selectFrom('merchant')
          .select('merchant.id')
          .whereRef('merchant.id', '=', 'complaint.merchant')
          .where('merchant.enabled', '=', 1),
      ),
    ]),
  ])

/** Every phase but the last, one by one: so an index in which the phase stands behind something else leads to them. */
export const openPhases = ['ours', 'theirs', 'platform', 'remedy'] as const satisfies readonly Phase[]

/** A literal, as in the indexes of what is open: a database that is given values later cannot know that they are the same. */
const isOpen = sql<boolean>`phase <> 'closed'`

/** Open ones by time left, those without a due time last; 'all' newest first. 'due': of those who are on. */
export async function listComplaints(reads: Reads, filter: Filter): Promise<readonly Complaint[]> {
  let query = reads.db.selectFrom('complaint').selectAll().where('tenant', '=', filter.tenant)
  if (filter.which !== 'all') query = query.where(isOpen)
  if (filter.which === 'due') query = query.where('due_at', 'is not', null).where(isOnNow)
  if (filter.which === 'mine') query = query.where('claimed_by', '=', filter.member ?? '')
  if (filter.accounts) query = query.where('account', 'in', filter.accounts.length > 0 ? [...filter.accounts] : [''])
  const { after } = filter
  if (filter.which === 'all') {
    if (after) query = query.where('running', '<', after.running)
    query = query.orderBy('running', 'desc')
  } else {
    if (after) query = query.where((is) => behind(is, after))
    query = query.orderBy(dueOrder).orderBy('running')
  }
  return (await query.limit(filter.limit).execute()).map((row) => complaintOf(reads, row))
}

const dueOrder = sql<string>`coalesce(due_at, '9')`

const behind = (is: Where, { due = never, running }: NonNullable<Filter['after']>) =>
  is.and([is(dueOrder, '>=', due), is.or([is(dueOrder, '>', due), is('running', '>', running)])])

/** Open complaints of one account, for the day it is switched on again. */
export async function openOfAccount(reads: Reads, account: AccountId): Promise<readonly Complaint[]> {
  const rows = await reads.db
    .selectFrom('complaint')
    .selectAll()
    // What is open is found by its tenant.
    .where('tenant', '=', ({ selectFrom }) =>
      selectFrom('account').select('account.tenant').where('account.id', '=', account),
    )
    .where('account', '=', account)
    .where(isOpen)
    .execute()
  // In the order of an index all that the tenant ever had would be read.
  return rows.map((row) => complaintOf(reads, row)).sort((a, b) => a.running - b.running)
}

/** The same of one merchant, under whatever account. */
export async function openOfMerchant(reads: Reads, merchant: MerchantId): Promise<readonly Complaint[]> {
  const rows = await reads.db
    .selectFrom('complaint')
    .selectAll()
    .where('merchant', '=', merchant)
    .where('phase', 'in', openPhases)
    .orderBy('running')
    .execute()
  return rows.map((row) => complaintOf(reads, row))
}

/** Whose time to be read again has come, nearest deadline first. */
export async function dueToRead(reads: Reads, now: Instant, limit: number): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('complaint')
    .select('id')
    .where('read_due', '<=', now)
    .orderBy((is) => is.fn.coalesce('due_at', is.val('9')), 'asc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

export async function setReadDue(tx: Tx, id: ComplaintId, at: Instant | undefined): Promise<void> {
  await tx.db
    .updateTable('complaint')
    .set({ read_due: at ?? null })
    .where('id', '=', id)
    .execute()
}

/** Every card drawn before is out of date from now on. */
export async function raiseVersion(tx: Tx, id: ComplaintId): Promise<void> {
  await tx.db
    .updateTable('complaint')
    .set((old) => ({ version: old('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export async function setClaim(tx: Tx, complaint: Complaint, member: MemberId | undefined): Promise<Complaint> {
  const row = await tx.db
    .updateTable('complaint')
    .set({ claimed_by: member ?? null, claimed_at: member ? instant(tx.clock.now()) : null })
    .where('id', '=', complaint.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return complaintOf(tx, row)
}

/** Open ones that somebody took before then, the longest held first. */
export async function claimedBefore(
  reads: Reads,
  until: Instant,
  limit: number,
): Promise<readonly Pick<Complaint, 'id' | 'tenant'>[]> {
  const rows = await reads.db
    .selectFrom('complaint')
    .select(['id', 'tenant'])
    .where('claimed_at', '<=', until)
    .where(isOpen)
    .orderBy('claimed_at')
    .limit(limit)
    .execute()
  return rows.map(({ id, tenant }) => ({ id: asId(id), tenant: asId(tenant) }))
}

const personPlace = (tenant: string, row: string) => ({ tenant, table: 'complaint', row, column: 'person' })

/** For storage/ alone. */
export function complaintOf(reads: Reads, row: ComplaintRow): Complaint {
  const person = ours<Person>(reads.sealer.open(personPlace(row.tenant, row.id), row.person))
  return {
    ...ours<Omit<Snapshot, 'person'>>(row.snapshot),
    source: row.source as Source,
    phase: row.phase as Phase,
    person,
    id: asId(row.id),
    tenant: asId(row.tenant),
    account: asId(row.account),
    ...(row.merchant === null ? {} : { merchant: asId<'merchant'>(row.merchant) }),
    platform: row.platform as PlatformName,
    running: row.running,
    version: row.version,
    who: row.who,
    ...(row.payer === null ? {} : { payer: row.payer }),
    nth: row.nth,
    ...(row.claimed_by === null || row.claimed_at === null
      ? {}
      : { claim: { member: asId<'member'>(row.claimed_by), at: row.claimed_at as Instant } }),
  }
}
