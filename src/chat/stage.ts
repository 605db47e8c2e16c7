import type { Complaint, Takes } from '../complaints/complaint.ts'
import { failpoint } from '../core/failpoint.ts'
import { fitting, type Picture, type PictureLimit, pictureHash } from '../core/picture.ts'
import { never, type PictureHash } from '../core/words.ts'
import { clearStaged, type Pile, stagedPictures, stagePictures } from '../storage/pictures.ts'
import { type Context, say } from './context.ts'

export interface Staged {
  /** Everything that lies ready now. */
  readonly pictures: readonly PictureHash[]
  /** What could not be taken, in words for the person. */
  readonly problems: readonly string[]
  /** There would be more than the platform takes: none of these was laid ready. */
  readonly tooMany: boolean
}

/**
 * Lays the pictures that were heard ready, pressed to what the platform takes, beside those that lie there.
 * `all`: they belong to the words that they came with, so that too many are refused together; `some`: as many as there is room for.
 */
export async function stage(
  context: Context,
  complaint: Complaint,
  { takes, how }: { readonly takes: Takes | undefined; readonly how: 'all' | 'some' },
): Promise<Staged> {
  const { storage } = context.parts
  const { lost = 0, pictures: heard = [] } = context.heard
  // What lies ready is for another act: it neither goes along with this one nor stands in its way.
  if (!takes?.pictures && heard.length === 0 && lost === 0) return { pictures: [], problems: [], tooMany: false }
  const { fit, problems } = await fitted(context, takes?.pictures)
  const pile = pileOf(context, complaint)
  const most = takes?.pictures?.max ?? 0
  const { over, is } = await storage.transaction(async (tx) => {
    const before = new Set(await stagedPictures(tx, pile))
    const fresh = distinct(fit).filter(({ bytes }) => !before.has(pictureHash(bytes)))
    const over = Math.max(0, before.size + fresh.length - most)
    const room = how === 'all' && over > 0 ? 0 : Math.max(0, most - before.size)
    await stagePictures(tx, pile, fresh.slice(0, room))
    return { over, is: before.size + fresh.length }
  })
  failpoint('stage.kept')
  return {
    pictures: await stagedPictures(storage.reads, pile),
    problems: [
      ...(lost > 0 ? [say(context, 'no.picture.lost', { count: lost })] : []),
      ...problems,
      ...(over === 0
        ? []
        : [
            how === 'all'
              ? say(context, 'no.pictures-too-many', { is, most })
              : say(context, 'no.pictures-left', { count: over, most }),
          ]),
    ],
    tooMany: how === 'all' && over > 0,
  }
}

export const unstage = (context: Context, complaint: Complaint): Promise<void> =>
  context.parts.storage.transaction((tx) => clearStaged(tx, pileOf(context, complaint)))

const pileOf = ({ room, member }: Context, complaint: Complaint): Pile => ({
  room: room.id,
  member: member.id,
  complaint: complaint.id,
})

async function fitted(
  context: Context,
  limit: PictureLimit | undefined,
): Promise<{ readonly fit: readonly Picture[]; readonly problems: readonly string[] }> {
  const { pictures = [] } = context.heard
  if (!limit) return { fit: [], problems: pictures.length > 0 ? [say(context, 'no.picture.none')] : [] }
  const fits = await Promise.all(pictures.map((picture) => fitting(picture, limit)))
  return {
    fit: fits.flatMap((one) => (one.outcome === 'fits' ? [one.picture] : [])),
    problems: fits.flatMap((one) =>
      one.outcome === 'fits' ? [] : [say(context, 'no.picture', { why: whyNot(context, one.outcome, limit) })],
    ),
  }
}

function whyNot(context: Context, why: 'broken' | 'type' | 'big', limit: PictureLimit): string {
  switch (why) {
    case 'broken':
      return say(context, 'no.picture.broken')
    case 'type': {
      const types = limit.types.map((type) => type.replace('image/', '').toUpperCase()).join(' / ')
      return say(context, 'no.picture.type', { types })
    }
    case 'big':
      return say(context, 'no.picture.big', { most: Math.floor(limit.bytes / 1_048_576) })
    default:
      return never(why)
  }
}

const distinct = (pictures: readonly Picture[]): readonly Picture[] => [
  ...new Map(pictures.map((picture) => [pictureHash(picture.bytes), picture])).values(),
]
