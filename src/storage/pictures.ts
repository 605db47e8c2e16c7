import type { Held } from '../complaints/complaint.ts'
import { type Picture, type PictureType, pictureHash } from '../core/picture.ts'
import {
  type AccountId,
  asPictureHash,
  type ComplaintId,
  type Instant,
  instant,
  type MemberId,
  type PictureHash,
  type RoomId,
} from '../core/words.ts'
import type { Reads, Tx } from './storage.ts'

/** Keeps the bytes under their hash; the same picture is kept once. */
export async function keepPicture(tx: Tx, picture: Picture): Promise<PictureHash> {
  const hash = pictureHash(picture.bytes)
  await tx.db
    .insertInto('picture')
    .values({ hash, type: picture.type, bytes: picture.bytes, created_at: instant(tx.clock.now()) })
    .onConflict((on) => on.doNothing())
    .execute()
  return hash
}

export async function findPicture(reads: Reads, hash: PictureHash): Promise<Picture | undefined> {
  const row = await reads.db.selectFrom('picture').select(['type', 'bytes']).where('hash', '=', hash).executeTakeFirst()
  return row && { type: row.type as PictureType, bytes: row.bytes }
}

/** What became of each place of the complaint's pictures that was tried. */
export async function heldPictures(
  reads: Reads,
  complaint: ComplaintId,
): Promise<readonly (Held & { readonly tries: number })[]> {
  const rows = await reads.db
    .selectFrom('complaint_picture')
    .selectAll()
    .where('complaint', '=', complaint)
    .orderBy('place')
    .execute()
  return rows.map((row) => ({
    place: row.place,
    tries: row.tries,
    ...(row.hash === null ? {} : { hash: asPictureHash(row.hash) }),
    ...(row.failed === null ? {} : { failed: row.failed }),
  }))
}

export async function holdPicture(tx: Tx, complaint: ComplaintId, held: Held): Promise<void> {
  const row = { hash: held.hash ?? null, failed: held.failed ?? null }
  await tx.db
    .insertInto('complaint_picture')
    .values({ complaint, place: held.place, ...row, tries: 1 })
    .onConflict((on) =>
      on
        .columns(['complaint', 'place'])
        .doUpdateSet((old) => ({ ...row, tries: old('complaint_picture.tries', '+', 1) }))
        // What was fetched once stays, whatever a later try meets.
        .where('complaint_picture.hash', 'is', null),
    )
    .execute()
}

/** What failed is tried again, however often it has failed: somebody asks for it. */
export async function forgetFailures(tx: Tx, complaint: ComplaintId): Promise<void> {
  await tx.db
    .updateTable('complaint_picture')
    .set({ tries: 0 })
    .where('complaint', '=', complaint)
    .where('hash', 'is', null)
    .execute()
}

/** The platform's id for a picture of ours, while it lives; ids belong to one account. */
export async function findUpload(reads: Reads, account: AccountId, hash: PictureHash): Promise<string | undefined> {
  const row = await reads.db
    .selectFrom('upload')
    .select('media')
    .where('account', '=', account)
    .where('hash', '=', hash)
    .where('until', '>', instant(reads.clock.now()))
    .executeTakeFirst()
  return row?.media
}

export async function keepUpload(
  tx: Tx,
  account: AccountId,
  hash: PictureHash,
  upload: { readonly id: string; readonly until: Instant },
): Promise<void> {
  const row = { media: upload.id, until: upload.until }
  await tx.db
    .insertInto('upload')
    .values({ account, hash, ...row })
    .onConflict((on) => on.columns(['account', 'hash']).doUpdateSet(row))
    .execute()
}

export async function forgetUpload(tx: Tx, account: AccountId, hash: PictureHash): Promise<void> {
  await tx.db.deleteFrom('upload').where('account', '=', account).where('hash', '=', hash).execute()
}

export interface Pile {
  readonly room: RoomId
  readonly member: MemberId
  readonly complaint: ComplaintId
}

/** Pictures that a person has laid ready for a complaint and not yet sent. */
export async function stagePicture(tx: Tx, pile: Pile, hash: PictureHash): Promise<void> {
  await tx.db
    .insertInto('staged')
    .values({ ...pile, hash, at: instant(tx.clock.now()) })
    .onConflict((on) => on.doNothing())
    .execute()
}

export async function stagedPictures(reads: Reads, pile: Pile): Promise<readonly PictureHash[]> {
  const rows = await reads.db
    .selectFrom('staged')
    .select('hash')
    .where('room', '=', pile.room)
    .where('member', '=', pile.member)
    .where('complaint', '=', pile.complaint)
    .orderBy('at')
    .orderBy('hash')
    .execute()
  return rows.map((row) => asPictureHash(row.hash))
}

export async function clearStaged(tx: Tx, pile: Pile): Promise<void> {
  await tx.db
    .deleteFrom('staged')
    .where('room', '=', pile.room)
    .where('member', '=', pile.member)
    .where('complaint', '=', pile.complaint)
    .execute()
}
