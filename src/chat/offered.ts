import type { Complaint } from '../complaints/complaint.ts'
import { atLeast } from '../complaints/member.ts'
import type { Picture } from '../core/picture.ts'
import { instant, type OfferId } from '../core/words.ts'
import { findMember } from '../storage/members.ts'
import { findOffer, giveBackOffer, offeredPictures, takeOffer } from '../storage/offers.ts'
import { findPicture } from '../storage/pictures.ts'
import type { Room } from '../storage/rooms.ts'
import type { Tx } from '../storage/storage.ts'
import { layReady } from './acts.ts'
import type { Plan } from './card.ts'
import type { Answer, Card } from './chat.ts'
import { type Context, refusal, say } from './context.ts'
import { drawPlan } from './draw.ts'
import { type Params, type TextKey, text } from './texts.ts'

/** The line with a button that asks the room whether it wants them; undefined when they are none of this room's, or were taken, or are too old. */
export async function offerCard(
  tx: Tx,
  { room, complaint }: { readonly room: Room; readonly complaint: Complaint },
  id: OfferId,
): Promise<Card | undefined> {
  const offer = await findOffer(tx, id)
  if (!offer || offer.room !== room.id || offer.takenBy || offer.expiresAt <= instant(tx.clock.now())) return undefined
  const words = (key: TextKey, params?: Params) => text(room.language, key, params)
  const count = (await offeredPictures(tx, id)).length
  const plan: Plan = {
    title: words('offer.title', { n: complaint.running, count }),
    tone: 'calm',
    lines: [],
    buttons: [{ label: words('button.take'), intent: { do: 'take', offer: id }, weight: 'main' }],
  }
  return drawPlan(tx, { room, complaint, plan, only: { until: offer.expiresAt } })
}

/** They are whoever's takes them first, as if that person had sent them in answer to the card. */
export async function takeOffered(
  context: Context,
  complaint: Complaint,
  { offer: id, key }: { readonly offer: OfferId; readonly key: string },
): Promise<Answer> {
  const { parts, member, room } = context
  const { running: n } = complaint
  if (!atLeast(member, 'agent'))
    return stays(context, complaint, id, refusal(context, 'no.role', { role: say(context, 'role.agent') }))
  const offer = await findOffer(parts.storage.reads, id)
  const open = offer?.room === room.id && offer.expiresAt > instant(parts.storage.reads.clock.now())
  if (!offer || !open) return ends(refusal(context, 'no.offer', { n }), say(context, 'no.offer', { n }))
  // Whoever has them may press again: after a crash they lie ready all the same, and never twice.
  const mine = (await parts.storage.transaction((tx) => takeOffer(tx, id, member.id))) || offer.takenBy === member.id
  if (!mine) return alreadyTaken(context, complaint, id)
  const pictures = await picturesIn(context, id)
  const answer = await layReady({ ...context, heard: { ...context.heard, pictures } }, complaint, '', { key })
  if (!answer.alert) return ends(answer, say(context, 'offer.taken', { n, by: member.name, count: pictures.length }))
  // There is nothing that they could go along with now: they stay where everybody sees them.
  await parts.storage.transaction((tx) => giveBackOffer(tx, id, member.id))
  return stays(context, complaint, id, answer)
}

async function alreadyTaken(context: Context, complaint: Complaint, id: OfferId): Promise<Answer> {
  const { reads } = context.parts.storage
  const holder = (await findOffer(reads, id))?.takenBy
  const by = (holder && (await findMember(reads, complaint.tenant, holder))?.name) ?? ''
  const params = { n: complaint.running, by }
  return ends(refusal(context, 'offer.taken.already', params), say(context, 'offer.taken.already', params))
}

async function picturesIn({ parts }: Context, id: OfferId): Promise<readonly Picture[]> {
  const hashes = await offeredPictures(parts.storage.reads, id)
  const found = await Promise.all(hashes.map((hash) => findPicture(parts.storage.reads, hash)))
  return found.filter((picture) => picture !== undefined)
}

async function stays(context: Context, complaint: Complaint, id: OfferId, answer: Answer): Promise<Answer> {
  const { parts, room } = context
  const fresh = await parts.storage.transaction((tx) => offerCard(tx, { room, complaint }, id))
  return fresh ? { ...answer, fresh } : answer
}

const ends = (answer: Answer, title: string): Answer => ({
  ...answer,
  fresh: { title, tone: 'settled', lines: [], buttons: [] },
})
