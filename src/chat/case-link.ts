import { timingSafeEqual } from 'node:crypto'
import type { Complaint } from '../complaints/complaint.ts'
import type { Sealer } from '../core/seal.ts'
import { asId, type ComplaintId, type Random, type RoomId } from '../core/words.ts'
import { generationOf } from '../storage/case-links.ts'
import type { Room } from '../storage/rooms.ts'
import type { Reads } from '../storage/storage.ts'
import type { Card } from './chat.ts'
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
  if (!match || !timingSafeEqual(Buffer.from(sealer.sign(purpose, words)), Buffer.from(signature))) return undefined
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
  const generation = await generationOf(reads, complaint.tenant, complaint.id)
  const token = roomToken(reads.sealer, { complaint: complaint.id, room: room.id, generation })
  return { link: { label: text(room.language, 'card.link'), url: `${publicUrl}/case/${token}` } }
}
