import { sql } from 'kysely'
import type { Held } from '../complaints/complaint.ts'
import { type Picture, type PictureType, pictureHash } from '../core/picture.ts'
import {
  type AccountId,
  asId,
  asPictureHash,
  type ComplaintId,
  type Instant,
  instant,
  later,
  type MemberId,
  type MerchantId,
  type PictureHash,
  type RoomId,
  type TenantId,
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

/** As `keepPicture`, for a business that names it by its hash later. */
export async function keepSentPicture(tx: Tx, tenant: TenantId, picture: Picture): Promise<PictureHash> {
  const hash = await keepPicture(tx, picture)
  await tx.db
    .insertInto('sent_picture')
    .values({ tenant, hash, at: instant(tx.clock.now()) })
    .onConflict((on) => on.doNothing())
    .execute()
  return hash
}

/** What this business has sent: another's is not there, however well its hash is known. */
export async function findSentPicture(reads: Reads, tenant: TenantId, hash: PictureHash): Promise<Picture | undefined> {
  const sent = await reads.db
    .selectFrom('sent_picture')
    .select('hash')
    .where('tenant', '=', tenant)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return sent && findPicture(reads, hash)
}

/** Bytes of all of them together. */
export async function picturesSize(reads: Reads, hashes: readonly PictureHash[]): Promise<number> {
  if (hashes.length === 0) return 0
  const row = await reads.db
    .selectFrom('picture')
    .select(sql<number>`coalesce(sum(length(bytes)), 0)`.as('size'))
    .where('hash', 'in', hashes)
    .executeTakeFirstOrThrow()
  return Number(row.size)
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

/** Those that could be fetched, each once. */
export async function picturesOf(reads: Reads, complaint: ComplaintId): Promise<readonly Picture[]> {
  const hashes = (await heldPictures(reads, complaint)).flatMap(({ hash }) => hash ?? [])
  const found = await Promise.all([...new Set(hashes)].map((hash) => findPicture(reads, hash)))
  return found.filter((picture) => picture !== undefined)
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

/** For whom an upload was made: the platform knows it under no other name. */
export type UploadedFor = AccountId | MerchantId

/** The platform's id for a picture of ours, while it lives. */
export async function findUpload(reads: Reads, account: UploadedFor, hash: PictureHash): Promise<string | undefined> {
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
  account: UploadedFor,
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

export async function forgetUpload(tx: Tx, account: UploadedFor, hash: PictureHash): Promise<void> {
  await tx.db.deleteFrom('upload').where('account', '=', account).where('hash', '=', hash).execute()
}

export interface Pile {
  readonly room: RoomId
  readonly member: MemberId
  readonly complaint: ComplaintId
}

/** What was laid ready longer ago is forgotten: nobody expects it to go along with other words. */
const pileLife = 30 * 60_000

/** Pictures that a person has laid ready for a complaint and not yet sent, as they came; none when the newest is too old. */
export async function stagedPictures(reads: Reads, pile: Pile): Promise<readonly PictureHash[]> {
  const rows = await reads.db
    .selectFrom('staged')
    .select(['hash', 'at'])
    .where('complaint', '=', pile.complaint)
    .where('member', '=', pile.member)
    .where('room', '=', pile.room)
    .orderBy('at')
    .orderBy('hash')
    .execute()
  const newest = rows.at(-1)?.at
  if (newest === undefined || newest <= later(instant(reads.clock.now()), -pileLife)) return []
  return rows.map((row) => asPictureHash(row.hash))
}

/** For which complaint this person laid pictures ready in this room last, if that was in the last `ms` milliseconds. */
export async function newestPile(
  reads: Reads,
  of: Pick<Pile, 'room' | 'member'>,
  ms: number,
): Promise<ComplaintId | undefined> {
  const row = await reads.db
    .selectFrom('staged')
    .select('complaint')
    .where('room', '=', of.room)
    .where('member', '=', of.member)
    .where('at', '>', later(instant(reads.clock.now()), -ms))
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && asId(row.complaint)
}

/** Lays more pictures ready; a pile that is too old begins anew. */
export async function stagePictures(tx: Tx, pile: Pile, pictures: readonly Picture[]): Promise<void> {
  if (pictures.length === 0) return
  if ((await stagedPictures(tx, pile)).length === 0) await clearStaged(tx, pile)
  for (const [index, picture] of pictures.entries()) {
    const hash = await keepPicture(tx, picture)
    // In the order in which they were sent.
    const at = instant(tx.clock.now() + index)
    await tx.db
      .insertInto('staged')
      .values({ ...pile, hash, at })
      .onConflict((on) => on.doNothing())
      .execute()
  }
}

/** Of one person everywhere, or of everybody when only the complaint is named; with the bytes that nothing else holds. */
export async function clearStaged(
  tx: Tx,
  of: Pick<Pile, 'complaint'> & Partial<Pick<Pile, 'member' | 'room'>>,
): Promise<void> {
  const { member = '', room = '' } = of
  const rows = await tx.db
    .deleteFrom('staged')
    .where('complaint', '=', of.complaint)
    .$if(member !== '', (query) => query.where('member', '=', member))
    .$if(room !== '', (query) => query.where('room', '=', room))
    .returning(['hash', 'complaint', 'room'])
    .execute()
  for (const row of rows) await dropUnheld(tx, row)
}

interface Lain {
  readonly hash: string
  readonly complaint: string
  readonly room: string
}

/** The bytes of what lay ready somewhere, if nothing holds them any more: else nobody would ever let go of them. */
export async function dropUnheld(tx: Tx, lain: Lain): Promise<void> {
  if (!(await isHeld(tx, lain))) await tx.db.deleteFrom('picture').where('hash', '=', lain.hash).execute()
}

/** Shown by a complaint, laid ready, offered, drafted, kept by a rule; or sent along with an act, wherever that is still on its way. */
async function isHeld(tx: Tx, { hash, complaint, room }: Lain): Promise<boolean> {
  const within = `%${hash}%`
  const { rows } = await sql`
    select 1 from complaint_picture where hash = ${hash}
    union all select 1 from staged where hash = ${hash}
    union all select 1 from offer_picture where hash = ${hash}
    union all select 1 from sent_picture where hash = ${hash}
    union all select 1 from rule where act like ${within}
    union all select 1 from button where room = ${room} and complaint = ${complaint} and intent like ${within}
    union all select 1 from action where complaint = ${complaint} and body like ${within}
    union all select 1 from action
      where state in ('requested', 'sent', 'underway', 'unknown') and body like ${within}
    limit 1`.execute(tx.db)
  return rows.length > 0
}
