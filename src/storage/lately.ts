import type { Fact, FactKind } from '../complaints/fact.ts'
import {
  asId,
  type ComplaintId,
  type Instant,
  type MemberId,
  millis,
  newId,
  type RoomId,
  type TenantId,
} from '../core/words.ts'
import type { FactOf } from './facts.ts'
import { ours } from './json.ts'
import type { Reads } from './storage.ts'

/** What happened to a tenant's complaints after `since`, the newest first. Only rows as young as that are read: ids begin with their time. */
export async function factsSince(
  reads: Reads,
  of: { readonly tenant: TenantId; readonly since: Instant; readonly kinds: readonly FactKind[] },
): Promise<readonly FactOf[]> {
  const rows = await reads.db
    .selectFrom('fact')
    .selectAll()
    .where('id', '>', newId('fact', Buffer.alloc, millis(of.since)))
    .where('tenant', '=', of.tenant)
    .where('kind', 'in', [...of.kinds])
    .where('at', '>', of.since)
    .orderBy('at', 'desc')
    .orderBy('nr', 'desc')
    .execute()
  return rows.map((row) => ({
    id: asId<'fact'>(row.id),
    tenant: asId<'tenant'>(row.tenant),
    complaint: asId<'complaint'>(row.complaint),
    nr: row.nr,
    at: row.at as Instant,
    fact: ours<Fact>(row.body),
  }))
}

/** For which complaints this person has laid pictures ready in this room after `since`, and when last. */
export async function pilesSince(
  reads: Reads,
  of: { readonly room: RoomId; readonly member: MemberId; readonly since: Instant },
): Promise<readonly { readonly complaint: ComplaintId; readonly at: Instant }[]> {
  const rows = await reads.db
    .selectFrom('staged')
    .select(({ fn }) => ['complaint', fn.max('at').as('at')])
    .where('room', '=', of.room)
    .where('member', '=', of.member)
    .groupBy('complaint')
    .having(({ fn }) => fn.max('at'), '>', of.since)
    .execute()
  return rows.map(({ complaint, at }) => ({ complaint: asId(complaint), at: at as Instant }))
}
