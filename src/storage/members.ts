import type { Member, Role } from '../complaints/member.ts'
import { asId, type Fen, fen, type Instant, instant, type MemberId, newId, type TenantId } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'
import type { MemberRow } from './tables.ts'

/** @returns undefined when the tenant has that handle. */
export async function createMember(tx: Tx, member: Omit<Member, 'id'>): Promise<Member | undefined> {
  const row = await tx.db
    .insertInto('member')
    .values({
      id: newId('member', tx.random, tx.clock.now()),
      tenant: member.tenant,
      handle: member.handle,
      name: member.name,
      role: member.role,
      enabled: member.enabled ? 1 : 0,
      refund_each: member.refundEach ?? null,
      refund_day: member.refundDay ?? null,
      created_at: instant(tx.clock.now()),
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && memberOf(row)
}

export interface MemberChange {
  readonly name?: string
  readonly role?: Role
  readonly enabled?: boolean
  /** null = the tenant's rule alone. */
  readonly refundEach?: Fen | null
  readonly refundDay?: Fen | null
}

export async function changeMember(
  tx: Tx,
  tenant: TenantId,
  id: MemberId,
  change: MemberChange,
): Promise<Member | undefined> {
  const row = await tx.db
    .updateTable('member')
    .set({
      id,
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.role === undefined ? {} : { role: change.role }),
      ...(change.enabled === undefined ? {} : { enabled: change.enabled ? 1 : 0 }),
      ...(change.refundEach === undefined ? {} : { refund_each: change.refundEach }),
      ...(change.refundDay === undefined ? {} : { refund_day: change.refundDay }),
    })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && memberOf(row)
}

export async function findMember(reads: Reads, tenant: TenantId, id: MemberId): Promise<Member | undefined> {
  const row = await reads.db
    .selectFrom('member')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && memberOf(row)
}

/** By the handle. */
export async function memberCalled(reads: Reads, tenant: TenantId, handle: string): Promise<Member | undefined> {
  const row = await reads.db
    .selectFrom('member')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('handle', '=', handle)
    .executeTakeFirst()
  return row && memberOf(row)
}

export async function listMembers(reads: Reads, tenant: TenantId): Promise<readonly Member[]> {
  const rows = await reads.db.selectFrom('member').selectAll().where('tenant', '=', tenant).orderBy('handle').execute()
  return rows.map(memberOf)
}

/** The chat user as members: of one tenant, or of several when `tenant` is not given. Disabled ones are nobody. */
export async function membersBehind(
  reads: Reads,
  who: { readonly realm: string; readonly user: string; readonly tenant?: TenantId },
): Promise<readonly Member[]> {
  const rows = await reads.db
    .selectFrom('identity')
    .innerJoin('member', 'member.id', 'identity.member')
    .selectAll('member')
    .where('identity.realm', '=', who.realm)
    .where('identity.user', '=', who.user)
    .where('member.enabled', '=', 1)
    .$if(who.tenant !== undefined, (query) => query.where('identity.tenant', '=', who.tenant ?? ''))
    .execute()
  return rows.map(memberOf)
}

/** Makes the chat user this member from now on. */
export async function bindIdentity(tx: Tx, member: Member, who: { realm: string; user: string }): Promise<void> {
  const now = instant(tx.clock.now())
  await tx.db
    .insertInto('identity')
    .values({ tenant: member.tenant, realm: who.realm, user: who.user, member: member.id, bound_at: now })
    .onConflict((on) => on.columns(['realm', 'user', 'tenant']).doUpdateSet({ member: member.id, bound_at: now }))
    .execute()
}

/** A chat user who is a member. */
export interface Identity {
  readonly member: MemberId
  readonly realm: string
  readonly boundAt: Instant
}

export async function identitiesOf(reads: Reads, tenant: TenantId): Promise<readonly Identity[]> {
  const rows = await reads.db
    .selectFrom('identity')
    .innerJoin('member', 'member.id', 'identity.member')
    .select(['identity.member', 'identity.realm', 'identity.bound_at'])
    .where('member.tenant', '=', tenant)
    .orderBy('identity.bound_at')
    .execute()
  return rows.map((row) => ({ member: asId(row.member), realm: row.realm, boundAt: row.bound_at as Instant }))
}

const memberOf = (row: MemberRow): Member => ({
  id: asId(row.id),
  tenant: asId(row.tenant),
  handle: row.handle,
  name: row.name,
  role: row.role as Role,
  enabled: row.enabled === 1,
  ...(row.refund_each === null ? {} : { refundEach: fen(row.refund_each) }),
  ...(row.refund_day === null ? {} : { refundDay: fen(row.refund_day) }),
})
