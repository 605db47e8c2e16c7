import type { Picture } from '../core/picture.ts'
import {
  asId,
  asPictureHash,
  type ComplaintId,
  type Instant,
  instant,
  later,
  type MemberId,
  newId,
  type OfferId,
  type PictureHash,
  type RoomId,
  type TenantId,
} from '../core/words.ts'
import { dropUnheld, keepPicture } from './pictures.ts'
import type { Reads, Tx } from './storage.ts'

/** Pictures that somebody brought by a room's link. */
export interface Offer {
  readonly id: OfferId
  readonly tenant: TenantId
  readonly complaint: ComplaintId
  readonly room: RoomId
  readonly expiresAt: Instant
  readonly takenBy?: MemberId
}

/** A day: what nobody took by then was not wanted. */
const offerLife = 24 * 3_600_000

export async function keepOffer(
  tx: Tx,
  of: Pick<Offer, 'tenant' | 'complaint' | 'room'>,
  pictures: readonly Picture[],
): Promise<Offer> {
  const now = instant(tx.clock.now())
  const offer: Offer = {
    id: newId('offer', tx.random, tx.clock.now()),
    tenant: of.tenant,
    complaint: of.complaint,
    room: of.room,
    expiresAt: later(now, offerLife),
  }
  await tx.db
    .insertInto('offer')
    .values({
      ...of,
      id: offer.id,
      at: now,
      expires_at: offer.expiresAt,
      taken_by: null,
      taken_at: null,
    })
    .execute()
  for (const [nr, picture] of pictures.entries()) {
    const hash = await keepPicture(tx, picture)
    await tx.db.insertInto('offer_picture').values({ offer: offer.id, nr, hash }).execute()
  }
  return offer
}

export async function findOffer(reads: Reads, id: OfferId): Promise<Offer | undefined> {
  const row = await reads.db.selectFrom('offer').selectAll().where('id', '=', id).executeTakeFirst()
  return (
    row && {
      id: asId(row.id),
      tenant: asId(row.tenant),
      complaint: asId(row.complaint),
      room: asId(row.room),
      expiresAt: row.expires_at as Instant,
      ...(row.taken_by === null ? {} : { takenBy: asId<'member'>(row.taken_by) }),
    }
  )
}

export async function offeredPictures(reads: Reads, id: OfferId): Promise<readonly PictureHash[]> {
  const rows = await reads.db.selectFrom('offer_picture').select('hash').where('offer', '=', id).orderBy('nr').execute()
  return rows.map((row) => asPictureHash(row.hash))
}

/** Pictures that were brought to this complaint through this room's link within a day, taken or not. */
export async function offeredLately(
  reads: Reads,
  of: Pick<Offer, 'complaint' | 'room'>,
): Promise<readonly PictureHash[]> {
  const rows = await reads.db
    .selectFrom('offer')
    .innerJoin('offer_picture', 'offer_picture.offer', 'offer.id')
    .select('offer_picture.hash')
    .where('offer.complaint', '=', of.complaint)
    .where('offer.room', '=', of.room)
    .where('offer.at', '>', later(instant(reads.clock.now()), -offerLife))
    .execute()
  return rows.map((row) => asPictureHash(row.hash))
}

/** The first who takes it has it. @returns whether nobody had */
export async function takeOffer(tx: Tx, id: OfferId, member: MemberId): Promise<boolean> {
  const row = await tx.db
    .updateTable('offer')
    .set({ taken_by: member, taken_at: instant(tx.clock.now()) })
    .where('id', '=', id)
    .where('taken_by', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Nothing came of it: somebody else may take it. */
export async function giveBackOffer(tx: Tx, id: OfferId, member: MemberId): Promise<void> {
  await tx.db
    .updateTable('offer')
    .set({ taken_by: null, taken_at: null })
    .where('id', '=', id)
    .where('taken_by', '=', member)
    .execute()
}

/** Those that ran out by then, with pictures that nothing else holds. */
export async function letOffersGo(tx: Tx, before: Instant): Promise<void> {
  const rows = await tx.db
    .selectFrom('offer')
    .select(['id', 'complaint', 'room'])
    .where('expires_at', '<=', before)
    .limit(100)
    .execute()
  for (const { id, ...of } of rows) {
    const hashes = await offeredPictures(tx, asId(id))
    await tx.db.deleteFrom('offer_picture').where('offer', '=', id).execute()
    await tx.db.deleteFrom('offer').where('id', '=', id).execute()
    for (const hash of hashes) await dropUnheld(tx, { ...of, hash })
  }
}
