import type { Complaint } from '../complaints/complaint.ts'
import { isOn } from '../complaints/merchant.ts'
import { sameText } from '../core/same.ts'
import type { Sealer } from '../core/seal.ts'
import { asId, type ComplaintId, type Instant, instant, later, type Random, type RoomId } from '../core/words.ts'
import { generationOf } from '../storage/case-links.ts'
import { factsOf } from '../storage/facts.ts'
import type { Room } from '../storage/rooms.ts'
import { readerOf } from '../storage/seats.ts'
import type { Reads } from '../storage/storage.ts'
import type { Card } from './chat.ts'
import { here } from './context.ts'
import { text } from './texts.ts'

/** What a link to a complaint's page says: a room's, for whoever sees its card; or one member's own. */
export type CaseToken =
  | {
      readonly of: 'room'
      readonly complaint: ComplaintId
      readonly room: RoomId
      /** How often links had been taken back when it was made. */
      readonly generation: number
    }
  | { readonly of: 'member'; readonly secret: string }

const purpose = 'case link'
const complaintPrefix = 'cmp_'
const roomPrefix = 'rom_'

/** Holds no time of its own: the same card carries the same link for as long as it lives. */
export function roomToken(sealer: Sealer, of: Omit<Extract<CaseToken, { of: 'room' }>, 'of'>): string {
  const words = [
    of.complaint.slice(complaintPrefix.length),
    of.room.slice(roomPrefix.length),
    of.generation.toString(36),
  ].join('.')
  return `${words}.${sealer.sign(purpose, words)}`
}

export function memberToken(sealer: Sealer, random: Random): { readonly token: string; readonly secret: string } {
  const secret = random(18).toString('base64url')
  return { secret, token: `${secret}.${sealer.sign(purpose, secret)}` }
}

/** Only what we signed is read any further: whatever else is tried costs no look into the database. */
export function readToken(sealer: Sealer, token: string): CaseToken | undefined {
  const match = /^([\w.-]{1,100})\.([\w-]{22})$/.exec(token)
  const [, words = '', signature = ''] = match ?? []
  if (!match || !sameText(signature, sealer.sign(purpose, words))) return undefined
  const [complaint = '', room, generation] = words.split('.')
  if (room === undefined || generation === undefined) return { of: 'member', secret: complaint }
  return {
    of: 'room',
    complaint: asId(complaintPrefix + complaint),
    room: asId(roomPrefix + room),
    generation: Number.parseInt(generation, 36),
  }
}

/** What a card needs to lead to its page: nothing where the world does not reach us, or where the room is one person's, who has links of one's own. */
export async function cardLink(
  reads: Reads,
  publicUrl: string | undefined,
  { room, complaint }: { readonly room: Room; readonly complaint: Complaint },
): Promise<Pick<Card, 'link'>> {
  if (publicUrl === undefined || room.alone) return {}
  const generation = await generationOf(reads, { tenant: complaint.tenant, complaint: complaint.id, room: room.id })
  const token = roomToken(reads.sealer, { complaint: complaint.id, room: room.id, generation })
  return { link: { label: text(room.language, 'card.link'), url: `${publicUrl}/case/${token}` } }
}

const usualLinkDays = 30

/** Until when links from this room to this complaint open, unless they are taken back. @returns undefined when they do not */
export async function roomLinkUntil(
  reads: Reads,
  {
    room,
    complaint,
    days = usualLinkDays,
  }: { readonly room: Room; readonly complaint: Complaint; readonly days?: number | undefined },
): Promise<Instant | undefined> {
  if (room.alone || !here({ room }, complaint)) return undefined
  const seat = await readerOf(reads, complaint)
  // Of what is switched off, rooms are told nothing.
  if (!seat || !isOn(seat)) return undefined
  const [last] = await factsOf(reads, complaint.id, 1)
  const until = later(last?.at ?? complaint.openedAt, days * 86_400_000)
  return until > instant(reads.clock.now()) ? until : undefined
}
