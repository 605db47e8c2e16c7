import { createHash } from 'node:crypto'
import {
  asId,
  type ComplaintId,
  type Instant,
  instant,
  type MemberId,
  type RoomId,
  type TenantId,
} from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'
import type { CasePassRow } from './tables.ts'

/** What a room's link leads from and to. */
export interface Linked {
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  readonly room: RoomId
}

/** Which links are taken back together: all of a tenant, of a complaint, of one room to it. */
const scopeOf = (complaint?: ComplaintId, room?: RoomId): string => [complaint, room].filter(Boolean).join(' ')

/** How often the links from this room to this complaint were taken back, alone and with others: a link names the number that it was made under. */
export async function generationOf(reads: Reads, { tenant, complaint, room }: Linked): Promise<number> {
  const row = await reads.db
    .selectFrom('case_generation')
    .select((is) => is.fn.coalesce(is.fn.sum<number>('generation'), is.val(0)).as('generation'))
    .where('tenant', '=', tenant)
    .where('complaint', 'in', [scopeOf(), scopeOf(complaint), scopeOf(complaint, room)])
    .executeTakeFirstOrThrow()
  return Number(row.generation)
}

/** No link that was given out before opens any more, and who is inside is out: of one complaint, or of all of the tenant's. */
export async function revokeLinks(tx: Tx, tenant: TenantId, complaint?: ComplaintId): Promise<void> {
  await countOn(tx, tenant, scopeOf(complaint))
  await tx.db
    .deleteFrom('case_pass')
    .where('tenant', '=', tenant)
    .$if(complaint !== undefined, (query) => query.where('complaint', '=', complaint ?? ''))
    .execute()
}

/** Those that cards in this room carry now lead nowhere any more; members' own stay. */
export const revokeRoomLink = (tx: Tx, { tenant, complaint, room }: Linked): Promise<void> =>
  countOn(tx, tenant, scopeOf(complaint, room))

async function countOn(tx: Tx, tenant: TenantId, scope: string): Promise<void> {
  await tx.db
    .insertInto('case_generation')
    .values({ tenant, complaint: scope, generation: 1 })
    .onConflict((on) =>
      on
        .columns(['tenant', 'complaint'])
        .doUpdateSet((old) => ({ generation: old('case_generation.generation', '+', 1) })),
    )
    .execute()
}

/** A member's own way to the page of one complaint. */
export interface Pass {
  /** Names it in addresses; opens nothing. */
  readonly id: string
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  readonly member: MemberId
  readonly room: RoomId
  /** The chat's id of whoever asked for it. */
  readonly user: string
}

/** One that was opened, and until when it lets in. */
export interface OpenPass extends Pass {
  readonly until: Instant
}

export async function createPass(
  tx: Tx,
  pass: Omit<Pass, 'id'> & { readonly secret: string; readonly expiresAt: Instant },
): Promise<void> {
  const { tenant, complaint, member, room, user } = pass
  await tx.db
    .insertInto('case_pass')
    .values({
      ...{ tenant, complaint, member, room, user },
      id: tx.random(9).toString('base64url'),
      link_hash: hashOf(pass.secret),
      expires_at: pass.expiresAt,
      session_hash: null,
      session_until: null,
    })
    .execute()
}

/** @returns undefined when it is unknown, used, or too old. */
export async function passBehind(reads: Reads, secret: string): Promise<Pass | undefined> {
  const row = await reads.db
    .selectFrom('case_pass')
    .selectAll()
    .where('link_hash', '=', hashOf(secret))
    .where('session_hash', 'is', null)
    .where('expires_at', '>', instant(reads.clock.now()))
    .executeTakeFirst()
  return row && passOf(row)
}

/** Uses the link up: from now on `session` opens it. @returns undefined when it is unknown, used, or too old. */
export async function openPass(
  tx: Tx,
  secret: string,
  opened: { readonly session: string; readonly until: Instant },
): Promise<Pass | undefined> {
  const row = await tx.db
    .updateTable('case_pass')
    .set({ session_hash: hashOf(opened.session), session_until: opened.until })
    .where('link_hash', '=', hashOf(secret))
    .where('session_hash', 'is', null)
    .where('expires_at', '>', instant(tx.clock.now()))
    .returningAll()
    .executeTakeFirst()
  return row && passOf(row)
}

/** A member's own link as others may know of it. */
export interface KnownPass extends Pass {
  /** It was used, and lets in whoever used it. */
  readonly opened: boolean
  readonly until: Instant
}

/** Those by which somebody may come in now, or is in. */
export async function passesOf(reads: Reads, tenant: TenantId, complaint: ComplaintId): Promise<readonly KnownPass[]> {
  const now = instant(reads.clock.now())
  const rows = await reads.db
    .selectFrom('case_pass')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('complaint', '=', complaint)
    .orderBy('expires_at')
    .orderBy('id')
    .execute()
  return rows
    .map((row) => ({
      ...passOf(row),
      opened: row.session_hash !== null,
      until: (row.session_until ?? row.expires_at) as Instant,
    }))
    .filter(({ until }) => until > now)
}

/** Nobody comes in by it any more, and who is in is out. */
export async function revokePass(
  tx: Tx,
  { id, tenant, complaint }: Pick<Pass, 'id' | 'tenant' | 'complaint'>,
): Promise<void> {
  await tx.db
    .deleteFrom('case_pass')
    .where('id', '=', id)
    .where('tenant', '=', tenant)
    .where('complaint', '=', complaint)
    .execute()
}

export async function passOpenedBy(reads: Reads, id: string, session: string): Promise<OpenPass | undefined> {
  const row = await reads.db
    .selectFrom('case_pass')
    .selectAll()
    .where('id', '=', id)
    .where('session_hash', '=', hashOf(session))
    .where('session_until', '>', instant(reads.clock.now()))
    .executeTakeFirst()
  return row?.session_until ? { ...passOf(row), until: row.session_until as Instant } : undefined
}

/** @returns whether it was not used before. */
export async function useNonce(tx: Tx, pass: Pick<Pass, 'id'>, nonce: string): Promise<boolean> {
  const row = await tx.db
    .insertInto('case_nonce')
    .values({ pass: pass.id, nonce, used_at: instant(tx.clock.now()) })
    .onConflict((on) => on.doNothing())
    .returning('nonce')
    .executeTakeFirst()
  return row !== undefined
}

/** Those that ran out by then: nobody comes in by them any more. */
export async function letPassesGo(tx: Tx, before: Instant): Promise<void> {
  const rows = await tx.db
    .selectFrom('case_pass')
    .select('id')
    .where('expires_at', '<=', before)
    .where((is) => is.or([is('session_until', 'is', null), is('session_until', '<=', before)]))
    .limit(500)
    .execute()
  for (const { id } of rows) {
    await tx.db.deleteFrom('case_nonce').where('pass', '=', id).execute()
    await tx.db.deleteFrom('case_pass').where('id', '=', id).execute()
  }
}

const passOf = (row: CasePassRow): Pass => ({
  id: row.id,
  tenant: asId(row.tenant),
  complaint: asId(row.complaint),
  member: asId(row.member),
  room: asId(row.room),
  user: row.user,
})

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')
