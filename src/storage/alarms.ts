import { type Disputed, disputeKeys } from '../complaints/notice.ts'
import {
  type AccountId,
  type AlarmId,
  asId,
  type ComplaintId,
  type Instant,
  instant,
  newId,
  type TenantId,
} from '../core/words.ts'
import { forUpdate } from './dialect.ts'
import { ours } from './json.ts'
import type { Reads, Tx } from './storage.ts'
import type { AlarmRow } from './tables.ts'

/** An order in dispute of which no complaint was heard. */
export interface Alarm {
  readonly id: AlarmId
  readonly tenant: TenantId
  readonly account: AccountId
  readonly dispute: Disputed
  readonly seenAt: Instant
  readonly raisedAt?: Instant
  readonly closedAt?: Instant
}

/** @returns undefined when this order has had its alarm. */
export async function insertAlarm(
  tx: Tx,
  of: { readonly tenant: TenantId; readonly account: AccountId; readonly dispute: Disputed },
): Promise<AlarmId | undefined> {
  const id = newId('alarm', tx.random, tx.clock.now())
  const [number] = disputeKeys(of.dispute)
  if (number === undefined) return undefined
  const row = await tx.db
    .insertInto('alarm')
    .values({
      id,
      tenant: of.tenant,
      account: of.account,
      number,
      body: JSON.stringify(of.dispute),
      seen_at: instant(tx.clock.now()),
      raised_at: null,
      closed_at: null,
      complaint: null,
    })
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row && id
}

/** Holds the alarm until the end of the transaction. */
export async function lockAlarm(tx: Tx, id: AlarmId): Promise<Alarm | undefined> {
  const row = await forUpdate(tx, tx.db.selectFrom('alarm').selectAll().where('id', '=', id)).executeTakeFirst()
  return row && alarmOf(row)
}

export async function setRaised(tx: Tx, id: AlarmId): Promise<void> {
  await tx.db
    .updateTable('alarm')
    .set({ raised_at: instant(tx.clock.now()) })
    .where('id', '=', id)
    .where('raised_at', 'is', null)
    .execute()
}

/** The complaint about one of these orders has come. */
export async function closeAlarms(
  tx: Tx,
  by: { readonly account: AccountId; readonly complaint: ComplaintId; readonly keys: readonly string[] },
): Promise<void> {
  if (by.keys.length === 0) return
  await tx.db
    .updateTable('alarm')
    .set({ closed_at: instant(tx.clock.now()), complaint: by.complaint })
    .where('account', '=', by.account)
    .where('number', 'in', [...by.keys])
    .where('closed_at', 'is', null)
    .execute()
}

/** Raised and still without a complaint, the oldest first. */
export async function openAlarms(reads: Reads, tenant: TenantId, limit: number): Promise<readonly Alarm[]> {
  const rows = await reads.db
    .selectFrom('alarm')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('closed_at', 'is', null)
    .where('raised_at', 'is not', null)
    .orderBy('seen_at')
    .limit(limit)
    .execute()
  return rows.map(alarmOf)
}

/** Seen before `until` and neither raised nor closed: what a lost job would leave behind. */
export async function silentAlarms(reads: Reads, until: Instant, limit: number): Promise<readonly string[]> {
  const rows = await reads.db
    .selectFrom('alarm')
    .select('id')
    .where('raised_at', 'is', null)
    .where('closed_at', 'is', null)
    .where('seen_at', '<=', until)
    .orderBy('seen_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

const alarmOf = (row: AlarmRow): Alarm => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  account: asId(row.account),
  dispute: ours(row.body),
  seenAt: row.seen_at as Instant,
  ...(row.raised_at === null ? {} : { raisedAt: row.raised_at as Instant }),
  ...(row.closed_at === null ? {} : { closedAt: row.closed_at as Instant }),
})
