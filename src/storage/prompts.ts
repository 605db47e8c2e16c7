import { asId, type ComplaintId, type Instant, instant, type MemberId, type RoomId } from '../core/words.ts'
import type { Tx } from './storage.ts'

/** A question to one person in one room; the next words of that person there are the answer. */
export interface Prompt {
  readonly room: RoomId
  readonly member: MemberId
  readonly complaint: ComplaintId
  readonly version: number
  readonly intent: string
  /** The key of the wish that the answer makes. */
  readonly key: string
  readonly expiresAt: Instant
}

/** A newer question takes the place of an older one. */
export async function askMember(tx: Tx, prompt: Prompt): Promise<void> {
  const row = {
    complaint: prompt.complaint,
    version: prompt.version,
    intent: prompt.intent,
    key: prompt.key,
    expires_at: prompt.expiresAt,
  }
  await tx.db
    .insertInto('prompt')
    .values({ room: prompt.room, member: prompt.member, ...row })
    .onConflict((on) => on.columns(['room', 'member']).doUpdateSet(row))
    .execute()
}

/** Takes the question away. @returns undefined when none was open or its time has passed. */
export async function takePrompt(tx: Tx, room: RoomId, member: MemberId): Promise<Prompt | undefined> {
  const row = await tx.db
    .deleteFrom('prompt')
    .where('room', '=', room)
    .where('member', '=', member)
    .returningAll()
    .executeTakeFirst()
  if (!row || row.expires_at <= instant(tx.clock.now())) return undefined
  return {
    room,
    member,
    complaint: asId(row.complaint),
    version: row.version,
    intent: row.intent,
    key: row.key,
    expiresAt: row.expires_at as Instant,
  }
}
