import { createHash } from 'node:crypto'
import type { Complaint } from '../complaints/complaint.ts'
import type { Instant, MemberId } from '../core/words.ts'
import type { Platforms } from '../platforms/registry.ts'
import { tokenFor } from '../storage/buttons.ts'
import type { Room } from '../storage/rooms.ts'
import type { Tx } from '../storage/storage.ts'
import { type Plan, plan } from './card.ts'
import { cardLink } from './case-link.ts'
import type { Card } from './chat.ts'
import { intentText } from './intent.ts'
import { viewOf } from './view.ts'

export interface DrawParts {
  readonly platforms: Platforms
  /** What the world calls us, when it can reach us. */
  readonly publicUrl?: string
}

/** Gives every button of a plan its token. `only`: none but this member (where one is named) may press, and not after that time. */
export async function drawPlan(
  tx: Tx,
  drawn: {
    readonly room: Room
    readonly complaint: Complaint
    readonly plan: Plan
    readonly only?: { readonly member?: MemberId; readonly until: Instant }
  },
): Promise<Card> {
  const { room, complaint, only } = drawn
  const buttons = []
  for (const { intent, ...button } of drawn.plan.buttons) {
    const token = await tokenFor(tx, {
      tenant: complaint.tenant,
      room: room.id,
      complaint: complaint.id,
      version: complaint.version,
      intent: intentText(intent),
      ...(only ? { expiresAt: only.until } : {}),
      ...(only?.member === undefined ? {} : { member: only.member }),
    })
    buttons.push({ ...button, token })
  }
  return { ...drawn.plan, buttons }
}

/** The complaint's card for this room, as things stand. */
export async function drawCard(tx: Tx, parts: DrawParts, room: Room, complaint: Complaint): Promise<Card> {
  const view = await viewOf(tx, parts.platforms, { complaint, room })
  const card = await drawPlan(tx, { room, complaint, plan: plan(view) })
  return { ...card, ...(await cardLink(tx, parts.publicUrl, { room, complaint })) }
}

/** Equal for cards that show the same. */
export const shownHash = (card: Card): string => createHash('sha256').update(JSON.stringify(card)).digest('base64url')
