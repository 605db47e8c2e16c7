import type { ChatParts } from '../chat/context.ts'
import { text } from '../chat/texts.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { fitting, type Picture, pictureHash } from '../core/picture.ts'
import { tell } from '../engine/tell.ts'
import { lockComplaint } from '../storage/complaints.ts'
import { keepOffer, offeredLately } from '../storage/offers.ts'
import type { Room } from '../storage/rooms.ts'
import type { Form } from './form.ts'
import { type Outcome, uploadMost } from './page.ts'
import { word } from './words.ts'

/** As every platform takes them; what one takes is looked at when they are taken. */
const limit = { bytes: 2 * 1024 * 1024, types: ['image/jpeg', 'image/png'] }
/** Pictures in a day for one complaint by one room's link. */
const dayMost = 20

/** Pictures by a room's link: they lie ready until a member takes them in the room. */
export async function bring(
  parts: ChatParts,
  { room, complaint }: { readonly room: Room; readonly complaint: Complaint },
  form: Form,
): Promise<Outcome> {
  const { language } = room
  const no = (said: string): Outcome => ({ said, alert: true })
  if (form.pictures.length + form.lost === 0) return no(word(language, 'upload.none'))
  if (form.pictures.length > uploadMost) return no(word(language, 'upload.many', { most: uploadMost }))
  const fits = await Promise.all(form.pictures.map((picture) => fitting(picture, limit)))
  const fit = fits.flatMap((one) => (one.outcome === 'fits' ? [one.picture] : []))
  // Some of what belongs together would tell another story.
  if (form.lost > 0 || fit.length < fits.length)
    return no(text(language, 'no.picture', { why: text(language, 'no.picture.broken') }))
  const kept = await keep(parts, { room, complaint }, distinct(fit))
  if (!kept) return no(word(language, 'upload.full'))
  return { said: word(language, 'upload.done', { count: distinct(fit).length }) }
}

/** The same pictures once more are no new ones. */
function keep(
  { storage, engine }: ChatParts,
  { room, complaint }: { readonly room: Room; readonly complaint: Complaint },
  pictures: readonly Picture[],
): Promise<boolean> {
  const of = { tenant: complaint.tenant, complaint: complaint.id, room: room.id }
  return storage.transaction(async (tx) => {
    const locked = await lockComplaint(tx, complaint.tenant, complaint.id)
    const before = new Set(await offeredLately(tx, of))
    const fresh = pictures.filter(({ bytes }) => !before.has(pictureHash(bytes)))
    if (fresh.length === 0) return true
    if (!locked || before.size + fresh.length > dayMost) return false
    const offer = await keepOffer(tx, of, fresh)
    await tell(engine, tx, locked, [{ kind: 'offered', offer: offer.id, pictures: fresh.length }])
    return true
  })
}

const distinct = (pictures: readonly Picture[]): readonly Picture[] => [
  ...new Map(pictures.map((picture) => [pictureHash(picture.bytes), picture])).values(),
]
