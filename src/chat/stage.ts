import type { Complaint, Takes } from '../complaints/complaint.ts'
import { failpoint } from '../core/failpoint.ts'
import { fitting, type Picture } from '../core/picture.ts'
import type { PictureHash } from '../core/words.ts'
import { clearStaged, keepPicture, type Pile, stagedPictures, stagePicture } from '../storage/pictures.ts'
import { type Context, say } from './context.ts'

export interface Staged {
  readonly pictures: readonly PictureHash[]
  /** What could not be taken, in words for the person. */
  readonly problems: readonly string[]
}

/** Keeps the pictures that came with the words, pressed to what the platform takes, beside those laid ready before. */
export async function stage(context: Context, complaint: Complaint, takes: Takes | undefined): Promise<Staged> {
  const { storage } = context.parts
  const { pictures = [], lost = 0 } = context.heard
  const limit = takes?.pictures
  const problems = lost > 0 ? [say(context, 'no.picture.lost', { count: lost })] : []
  const pile = pileOf(context, complaint)
  for (const picture of pictures) {
    const fit = limit && (await fitting(picture, limit))
    if (fit) await storage.transaction(async (tx) => stagePicture(tx, pile, await keepPicture(tx, fit)))
    else problems.push(say(context, 'no.picture', { why: whyNot(context, picture, limit) }))
  }
  failpoint('stage.kept')
  return { pictures: await stagedPictures(storage.reads, pile), problems }
}

export const unstage = (context: Context, complaint: Complaint): Promise<void> =>
  context.parts.storage.transaction((tx) => clearStaged(tx, pileOf(context, complaint)))

const pileOf = ({ room, member }: Context, complaint: Complaint): Pile => ({
  room: room.id,
  member: member.id,
  complaint: complaint.id,
})

function whyNot(context: Context, picture: Picture, limit: Takes['pictures']): string {
  const types = (limit?.types ?? []).map((type) => type.replace('image/', '').toUpperCase()).join(' / ')
  if (!limit?.types.includes(picture.type)) return say(context, 'no.picture.type', { types })
  return say(context, 'no.picture.big', { most: Math.floor(limit.bytes / 1_048_576) })
}
