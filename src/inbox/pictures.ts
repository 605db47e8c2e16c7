import type { Complaint, Held } from '../complaints/complaint.ts'
import { told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import type { Logger } from '../core/logger.ts'
import type { Engine } from '../engine/engine.ts'
import { tell } from '../engine/tell.ts'
import type { Platform, Seat } from '../platforms/platform.ts'
import { lockComplaint } from '../storage/complaints.ts'
import { heldPictures, holdPicture, keepPicture } from '../storage/pictures.ts'
import type { Reads, Storage } from '../storage/storage.ts'

/** Most pictures that we keep of one complaint. */
const most = 20
/** A picture that failed this often is left alone until somebody asks for it. */
const tries = 3

export interface PictureParts {
  readonly storage: Storage
  readonly engine: Engine
  readonly logger: Logger
}

/** Pictures are ours at once: their addresses expire, and a platform may take them away. */
export async function fetchPictures(
  { storage, engine, logger }: PictureParts,
  from: { readonly platform: Platform; readonly seat: Seat; readonly complaint: Complaint },
): Promise<void> {
  const { platform, seat, complaint } = from
  const held = new Map((await heldPictures(storage.reads, complaint.id)).map((picture) => [picture.place, picture]))
  const missing = picturePlaces(complaint)
    .slice(0, most)
    .filter(({ place }) => {
      const known = held.get(place)
      return !known || (known.hash === undefined && known.tries < tries)
    })
  if (missing.length === 0) return
  const results: Held[] = []
  for (const { place, reference } of missing) {
    try {
      const picture = await platform.picture(seat, reference)
      failpoint('pictures.fetched')
      const hash = await storage.transaction((tx) => keepPicture(tx, picture))
      results.push({ place, hash })
    } catch (error) {
      logger.warn({ complaint: complaint.id, place, error: told(error) }, 'a picture could not be fetched')
      results.push({ place, failed: told(error) })
    }
  }
  failpoint('pictures.kept')
  await storage.transaction(async (tx) => {
    const locked = await lockComplaint(tx, complaint.tenant, complaint.id)
    if (!locked) return
    // Two readers may have fetched the same: what counts is what is held now.
    const known = new Set((await heldPictures(tx, complaint.id)).map(({ hash }) => hash))
    for (const result of results) await holdPicture(tx, complaint.id, result)
    const fetched = results.flatMap(({ hash }) => (hash ? [hash] : []))
    const pictures = [...new Set(fetched)].filter((hash) => !known.has(hash))
    const failed = results.length - fetched.length
    // One that had failed and is here now changes the card, though the picture is known from another place.
    const mended = results.some(({ place, hash }) => hash !== undefined && held.has(place))
    if (pictures.length + failed > 0 || mended) await tell(engine, tx, locked, [{ kind: 'pictured', pictures, failed }])
  })
}

/** Whether a picture of it was never tried: whoever wrote the complaint down did not live to fetch it. */
export async function anyUntried(reads: Reads, complaint: Complaint): Promise<boolean> {
  const tried = new Set((await heldPictures(reads, complaint.id)).map(({ place }) => place))
  return picturePlaces(complaint)
    .slice(0, most)
    .some(({ place }) => !tried.has(place))
}

/** Every picture of the complaint by the place where it stands. */
export function picturePlaces(complaint: Complaint): readonly { place: string; reference: string }[] {
  const own = complaint.pictures.map((reference, index) => ({ place: `own/${index}`, reference }))
  const seen = new Map<string, number>()
  const steps = complaint.timeline.flatMap((step) => {
    // Two steps of one second are told apart by their order.
    const name = `${step.at}/${step.by}`
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    return step.pictures.map((reference, index) => ({ place: `${name}/${nth}/${index}`, reference }))
  })
  return [...own, ...steps]
}
