import type { Hours } from '../complaints/hours.ts'
import { asId, type MemberId, type TenantId } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** Who is on duty when, by the clock of the tenant's zone; equal ends = all day. */
export interface Duty extends Hours {
  readonly member: MemberId
}

/** In place of whoever was. */
export async function setDuty(tx: Tx, tenant: TenantId, duties: readonly Duty[]): Promise<void> {
  await tx.db.deleteFrom('duty').where('tenant', '=', tenant).execute()
  if (duties.length === 0) return
  const rows = duties.map(({ member, from, to }) => ({ tenant, member, from_minute: from, to_minute: to }))
  await tx.db.insertInto('duty').values(rows).execute()
}

export async function listDuty(reads: Reads, tenant: TenantId): Promise<readonly Duty[]> {
  const rows = await reads.db
    .selectFrom('duty')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('from_minute')
    .orderBy('member')
    .execute()
  return rows.map((row) => ({ member: asId(row.member), from: row.from_minute, to: row.to_minute }))
}
