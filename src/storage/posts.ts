import { asId, asPostId, type ComplaintId, type Instant, instant, type PostId, type RoomId } from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** The card of a complaint in a room. */
export interface Post {
  readonly post: PostId
  /** Hash of what it shows. */
  readonly shown: string
}

/** The card as it hangs. */
export interface Hanging extends Post {
  readonly postedAt: Instant
}

export async function currentPost(reads: Reads, room: RoomId, complaint: ComplaintId): Promise<Hanging | undefined> {
  const row = await reads.db
    .selectFrom('post')
    .select(['post', 'shown', 'posted_at'])
    .where('room', '=', room)
    .where('complaint', '=', complaint)
    .where('current', '=', 1)
    .executeTakeFirst()
  return row && { post: asPostId(row.post), shown: row.shown, postedAt: row.posted_at as Instant }
}

/** Which complaint a post is about, older cards included. */
export async function complaintOfPost(reads: Reads, room: RoomId, post: PostId): Promise<ComplaintId | undefined> {
  const row = await reads.db
    .selectFrom('post')
    .select('complaint')
    .where('room', '=', room)
    .where('post', '=', post)
    .executeTakeFirst()
  return row && asId(row.complaint)
}

/** The card is not there any more, or cannot be changed: the next one is posted anew. */
export async function forgetCurrentPost(tx: Tx, room: RoomId, complaint: ComplaintId): Promise<void> {
  await tx.db
    .updateTable('post')
    .set({ current: 0 })
    .where('room', '=', room)
    .where('complaint', '=', complaint)
    .where('current', '=', 1)
    .execute()
}

/** From now on this is the card that is kept up to date; an older one no longer is. */
export async function setCurrentPost(tx: Tx, room: RoomId, complaint: ComplaintId, card: Post): Promise<void> {
  await forgetCurrentPost(tx, room, complaint)
  await tx.db
    .insertInto('post')
    .values({ room, post: card.post, complaint, current: 1, shown: card.shown, posted_at: instant(tx.clock.now()) })
    .onConflict((on) => on.columns(['room', 'post']).doUpdateSet({ current: 1, shown: card.shown }))
    .execute()
}

/** A post about the complaint that is not its card: answers to it are about the complaint all the same. */
export async function rememberPost(tx: Tx, room: RoomId, complaint: ComplaintId, post: PostId): Promise<void> {
  await tx.db
    .insertInto('post')
    .values({ room, post, complaint, current: 0, shown: '', posted_at: instant(tx.clock.now()) })
    .onConflict((on) => on.doNothing())
    .execute()
}

export async function setShown(tx: Tx, room: RoomId, post: PostId, shown: string): Promise<void> {
  await tx.db.updateTable('post').set({ shown }).where('room', '=', room).where('post', '=', post).execute()
}
