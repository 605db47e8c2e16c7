import { type ActionKind, unsettled } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { isOn } from '../complaints/merchant.ts'
import { type Instant, instant } from '../core/words.ts'
import type { Platforms } from '../platforms/registry.ts'
import { actionsOf, type StoredAction } from '../storage/actions.ts'
import { findMember } from '../storage/members.ts'
import { heldPictures } from '../storage/pictures.ts'
import { type Related, relatedTo } from '../storage/related.ts'
import type { Room } from '../storage/rooms.ts'
import { type Ruling, rulingsOf } from '../storage/rulings.ts'
import { seatOf } from '../storage/seats.ts'
import type { Reads } from '../storage/storage.ts'
import { findTenant, type Language } from '../storage/tenants.ts'
import { isRefund } from './refund-words.ts'
import { rulingsShown } from './ruling-words.ts'

/** All that a card of a complaint is drawn from. */
export interface View {
  readonly complaint: Complaint
  readonly account: string
  /** For whom the account speaks. */
  readonly merchant?: string
  /** What this account can do, whatever the state. */
  readonly capable: readonly ActionKind[]
  readonly claimedBy?: string
  /** The action that is not settled, else the newest; money aside. */
  readonly last?: StoredAction
  /** The same of its refunds: they may be on their way for days, while other things are done. */
  readonly refund?: StoredAction
  /** What else is known about its order and its payer, as far as it is this room's affair. */
  readonly related: Related
  /** What rules are about to do here; or why the newest did nothing. */
  readonly rulings: readonly Ruling[]
  readonly held: number
  readonly failed: number
  readonly zone: string
  readonly language: Language
  readonly now: Instant
}

export async function viewOf(
  reads: Reads,
  platforms: Platforms,
  of: { readonly complaint: Complaint; readonly room: Pick<Room, 'language' | 'accounts'> },
): Promise<View> {
  const { complaint, room } = of
  const seat = await seatOf(reads, complaint)
  const deeds = seat && isOn(seat) ? (platforms.get(seat.account.platform)?.deeds(seat) ?? {}) : {}
  const claimer = complaint.claim && (await findMember(reads, complaint.tenant, complaint.claim.member))
  const newest = await actionsOf(reads, complaint.id, 20)
  const last = current(newest.filter((one) => !isRefund(one)))
  const refund = current(newest.filter(isRefund))
  const pictures = await heldPictures(reads, complaint.id)
  const tenant = await findTenant(reads, complaint.tenant)
  return {
    complaint,
    language: room.language,
    account: seat?.account.name ?? '',
    ...(seat?.merchant ? { merchant: seat.merchant.name } : {}),
    capable: Object.entries(deeds).flatMap(([kind, deed]) => (deed ? [kind as ActionKind] : [])),
    ...(claimer ? { claimedBy: claimer.name } : {}),
    ...(last ? { last } : {}),
    ...(refund ? { refund } : {}),
    rulings: rulingsShown(await rulingsOf(reads, complaint.id), complaint.version),
    related: await relatedTo(reads, complaint, room.accounts),
    // The same picture may stand in the complaint and in its first step.
    held: new Set(pictures.flatMap(({ hash }) => hash ?? [])).size,
    failed: pictures.filter((picture) => picture.hash === undefined).length,
    zone: tenant?.zone ?? 'Asia/Shanghai',
    now: instant(reads.clock.now()),
  }
}

const current = (newest: readonly StoredAction[]): StoredAction | undefined =>
  newest.find(({ state }) => unsettled.some((one) => one === state)) ??
  newest.find(({ state }) => state !== 'withdrawn')
