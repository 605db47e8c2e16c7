import {
  asButtonToken,
  asId,
  type ButtonToken,
  type ComplaintId,
  type Instant,
  type MemberId,
  type RoomId,
  type TenantId,
} from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** What stands behind a token; the meaning of `intent` is the chat's. */
export interface StoredButton {
  readonly tenant: TenantId
  readonly room: RoomId
  readonly complaint: ComplaintId
  readonly version: number
  readonly intent: string
  readonly member?: MemberId
  readonly expiresAt?: Instant
}

/** The token of this button: the same as before where it was drawn before. 144 random bits. */
export async function tokenFor(tx: Tx, button: StoredButton): Promise<ButtonToken> {
  const row = {
    tenant: button.tenant,
    room: button.room,
    complaint: button.complaint,
    version: button.version,
    intent: button.intent,
    member: button.member ?? '',
    expires_at: button.expiresAt ?? null,
  }
  const kept = await tx.db
    .insertInto('button')
    .values({ token: tx.random(18).toString('base64url'), ...row })
    .onConflict((on) =>
      on.columns(['room', 'complaint', 'version', 'intent', 'member']).doUpdateSet({ expires_at: row.expires_at }),
    )
    .returning('token')
    .executeTakeFirstOrThrow()
  return asButtonToken(kept.token)
}

export async function findButton(reads: Reads, token: ButtonToken): Promise<StoredButton | undefined> {
  const row = await reads.db.selectFrom('button').selectAll().where('token', '=', token).executeTakeFirst()
  return (
    row && {
      tenant: asId(row.tenant),
      room: asId(row.room),
      complaint: asId(row.complaint),
      version: row.version,
      intent: row.intent,
      ...(row.member === '' ? {} : { member: asId<'member'>(row.member) }),
      ...(row.expires_at === null ? {} : { expiresAt: row.expires_at as Instant }),
    }
  )
}
