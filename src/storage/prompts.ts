import { asId, type ComplaintId, type Instant, instant, type MemberId, type RoomId } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

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
  /** The chat's id of the words that answered it: heard twice, they are the same answer; other words are none. */
  readonly answer?: string
}

/** A newer question takes the place of an older one. */
export async function askMember(tx: Tx, prompt: Omit<Prompt, 'answer'>): Promise<void> {
  const row = {
    complaint: prompt.complaint,
    version: prompt.version,
    intent: prompt.intent,
    key: prompt.key,
    expires_at: prompt.expiresAt,
    answer: null,
  }
  await tx.db
    .insertInto('prompt')
    .values({ room: prompt.room, member: prompt.member, ...row })
    .onConflict((on) => on.columns(['room', 'member']).doUpdateSet(row))
    .execute()
}

/** @returns undefined when none was asked or its time has passed. */
export async function findPrompt(reads: Reads, room: RoomId, member: MemberId): Promise<Prompt | undefined> {
  const row = await reads.db
    .selectFrom('prompt')
    .selectAll()
    .where('room', '=', room)
    .where('member', '=', member)
    .where('expires_at', '>', instant(reads.clock.now()))
    .executeTakeFirst()
  return (
    row && {
      room,
      member,
      complaint: asId(row.complaint),
      version: row.version,
      intent: row.intent,
      key: row.key,
      expiresAt: row.expires_at as Instant,
      ...(row.answer === null ? {} : { answer: row.answer }),
    }
  )
}

/** From now on other words are no answer to it. A newer question stays open. */
export async function answerPrompt(tx: Tx, { room, member, key }: Prompt, answer: string): Promise<void> {
  await tx.db
    .updateTable('prompt')
    .set({ answer })
    .where('room', '=', room)
    .where('member', '=', member)
    .where('key', '=', key)
    .where('answer', 'is', null)
    .execute()
}

export async function dropPrompt(tx: Tx, room: RoomId, member: MemberId): Promise<void> {
  await tx.db.deleteFrom('prompt').where('room', '=', room).where('member', '=', member).execute()
}
