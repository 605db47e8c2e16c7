import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import { isOn } from '../complaints/merchant.ts'
import { isLoud } from '../complaints/stage.ts'
import { failpoint } from '../core/failpoint.ts'
import type { Picture } from '../core/picture.ts'
import {
  type DeliveryId,
  type Instant,
  instant,
  later,
  millis,
  type OfferId,
  type PictureHash,
  type PostId,
} from '../core/words.ts'
import { findAction } from '../storage/actions.ts'
import { findComplaint } from '../storage/complaints.ts'
import type { FactDelivery } from '../storage/deliveries.ts'
import { type FactOf, findFact } from '../storage/facts.ts'
import { findPicture } from '../storage/pictures.ts'
import {
  currentPost,
  forgetCurrentPost,
  type Hanging,
  rememberPost,
  setCurrentPost,
  setShown,
} from '../storage/posts.ts'
import { readerOf } from '../storage/seats.ts'
import type { Storage } from '../storage/storage.ts'
import { findTenant } from '../storage/tenants.ts'
import type { Card, Say } from './chat.ts'
import { drawCard, shownHash } from './draw.ts'
import { lineOf } from './lines.ts'
import { offerCard } from './offered.ts'
import { notYet, type Outlet, settle } from './outlet.ts'

/** A card shows at most so many pictures beside it; all of them are behind Detail. */
const picturesShown = 3
/** Characters of several lines in one message: every chat takes that many. */
const together = 1500

export interface Showing {
  readonly waiting: readonly FactDelivery[]
  /** Others wait for this room too. */
  readonly backlog: boolean
}

/** Everything that waits about one complaint: its card as it is now, the lines in one message, then pictures. @returns when to come back, if it must. */
export async function showComplaint(outlet: Outlet, { waiting, backlog }: Showing): Promise<Instant | undefined> {
  const { storage } = outlet.parts
  const [first] = waiting
  const complaint = first && (await findComplaint(storage.reads, first.tenant, first.complaint))
  const seat = complaint && (await readerOf(storage.reads, complaint))
  const all = waiting.map(({ id }) => id)
  // Was told of before it was disabled; when it is enabled again, what is open is shown anew.
  if (!complaint || !seat || !isOn(seat)) return void (await settle(outlet, all, 'the account is disabled'))
  const told = await factsBehind(outlet, waiting)
  const card = await showCard(outlet, { complaint, told })
  if ('again' in card) return card.again
  const pieces = await piecesOf(outlet, { complaint, told, anew: card.anew === true })
  failpoint('group.before-settle')
  // Without a post of its own, the card is all that can be said.
  if (card.post === undefined) return void (await settle(outlet, all))
  await settle(outlet, idsOf(pieces.filter(isSilent)))
  const about = { complaint, post: card.post }
  return (
    (await sayLines(outlet, about, pieces)) ??
    (await showOffers(outlet, about, pieces)) ??
    (await showPictures(outlet, about, { pieces, backlog }))
  )
}

/** A delivery, and what it is to tell. */
interface Told {
  readonly id: DeliveryId
  readonly known: FactOf | undefined
}

const factsBehind = ({ parts }: Outlet, waiting: readonly FactDelivery[]): Promise<readonly Told[]> =>
  Promise.all(waiting.map(async ({ id, fact }) => ({ id, known: await findFact(parts.storage.reads, fact) })))

/** Where the card hangs now (`anew`: since now); or when to come back for it. */
type Carded = { readonly post: PostId | undefined; readonly anew?: true } | { readonly again: Instant }

interface Shown {
  readonly complaint: Complaint
  readonly told: readonly Told[]
}

async function showCard(outlet: Outlet, { complaint, told }: Shown): Promise<Carded> {
  const { parts, bot, room } = outlet
  const { storage } = parts
  const card = await storage.transaction((tx) => drawCard(tx, parts, room, complaint))
  const shown = shownHash(card)
  const known = await currentPost(storage.reads, room.id, complaint.id)
  const still = bot.can.edit !== 'any-time'
  const facts = told.flatMap(({ known }) => known?.fact ?? [])
  const buried = known && still && isBuried(known, instant(storage.reads.clock.now())) && facts.some(isEscalation)
  if (known?.shown === shown && !buried) return { post: known.post }
  // Such a bot renders the card anew at the next press; the lines tell the group what happened.
  if (known && still && !buried && !facts.some((fact) => callsForCard(fact, complaint))) return { post: known.post }
  const again = notYet(outlet)
  if (again) return { again }
  return known && !still
    ? editCard(outlet, complaint, { post: known.post, card, shown })
    : postCard(outlet, complaint, { card, shown })
}

/** Worth a card of its own where the one that hangs there cannot be changed: something is owed anew (also while the platform decides, and an end is owed all along), or all of it is shown again. */
const callsForCard = (fact: Fact, { moves }: Complaint): boolean =>
  fact.kind === 'shown' || (fact.kind === 'turned' && moves.some(({ kind, owed }) => owed && kind !== 'finish'))

/** So old a card stands far up in the chat. */
const isBuried = ({ postedAt }: Hanging, now: Instant): boolean => postedAt < later(now, -12 * 3_600_000)

/** Others are to take care of it now: they need a card that they find. */
const isEscalation = (fact: Fact): boolean => fact.kind === 'reminded' && isLoud(fact.reach)

interface Drawn {
  readonly card: Card
  readonly shown: string
}

async function editCard(
  outlet: Outlet,
  complaint: Complaint,
  { post, card, shown }: Drawn & { readonly post: PostId },
): Promise<Carded> {
  const { parts, bot, room } = outlet
  const edited = await bot.edit(room, post, { card })
  failpoint('group.edited')
  if (edited === 'edited') {
    await parts.storage.transaction((tx) => setShown(tx, room.id, post, shown))
    parts.metrics.delivered('room', 'edited')
    return { post }
  }
  // Forgotten first: an edit that was tried is a message like any other, and there may be none left for the new card.
  await parts.storage.transaction((tx) => forgetCurrentPost(tx, room.id, complaint.id))
  const again = notYet(outlet)
  return again ? { again } : postCard(outlet, complaint, { card, shown })
}

async function postCard(outlet: Outlet, complaint: Complaint, { card, shown }: Drawn): Promise<Carded> {
  const { parts, bot, room } = outlet
  failpoint('group.before-post')
  const post = await bot.post(room, { card })
  failpoint('group.posted')
  parts.metrics.delivered('room', 'posted')
  if (post) await parts.storage.transaction((tx) => setCurrentPost(tx, room.id, complaint.id, { post, shown }))
  return { post, anew: true }
}

/** What one fact is worth beside the card. */
interface Piece {
  readonly id: DeliveryId
  readonly line: string | undefined
  readonly pictures: readonly PictureHash[]
  /** Pictures that were brought by this room's link: it is asked for them by a card of their own. */
  readonly offer?: OfferId
}

const isSilent = ({ line, pictures, offer }: Piece): boolean =>
  line === undefined && pictures.length === 0 && offer === undefined

async function piecesOf(
  { parts, bot, room }: Outlet,
  { complaint, told, anew }: Shown & { readonly anew: boolean },
): Promise<readonly Piece[]> {
  const { reads } = parts.storage
  const zone = (await findTenant(reads, room.tenant))?.zone ?? 'Asia/Shanghai'
  const now = instant(reads.clock.now())
  const around = { complaint, language: room.language, zone, now, edit: bot.can.edit, anew }
  const pieces: Piece[] = []
  for (const { id, known } of told) {
    if (known?.fact.kind === 'opened') parts.metrics.shown((reads.clock.now() - millis(known.at)) / 1000)
    pieces.push({
      id,
      line: known && (await lineFor(parts.storage, known, around)),
      pictures: known?.fact.kind === 'pictured' ? known.fact.pictures.slice(0, picturesShown) : [],
      ...(known?.fact.kind === 'offered' ? { offer: known.fact.offer } : {}),
    })
  }
  return pieces
}

async function lineFor(
  storage: Storage,
  { fact }: FactOf,
  around: Parameters<typeof lineOf>[1],
): Promise<string | undefined> {
  const stored = fact.kind === 'acted' ? await findAction(storage.reads, fact.action) : undefined
  return lineOf(fact, { ...around, ...(stored ? { stored } : {}) })
}

interface AboutPost {
  readonly complaint: Complaint
  readonly post: PostId
}

/** Several lines are one message, as long as it is not too long. */
async function sayLines(outlet: Outlet, about: AboutPost, pieces: readonly Piece[]): Promise<Instant | undefined> {
  let left = pieces.flatMap(({ id, line }) => (line === undefined ? [] : [{ id, line }]))
  while (left.length > 0) {
    const now = thatFit(left)
    const again = notYet(outlet)
    if (again) return again
    await postAbout(outlet, about, { text: now.map(({ line }) => line).join('\n') })
    await settle(outlet, idsOf(now))
    left = left.slice(now.length)
  }
  return undefined
}

/** Each is asked about once, while it can still be taken. */
async function showOffers(outlet: Outlet, about: AboutPost, pieces: readonly Piece[]): Promise<Instant | undefined> {
  const { parts, room } = outlet
  const { complaint } = about
  for (const { id, offer } of pieces) {
    if (offer === undefined) continue
    const card = await parts.storage.transaction((tx) => offerCard(tx, { room, complaint }, offer))
    const again = card && notYet(outlet)
    if (again) return again
    if (card) await postAbout(outlet, about, { card })
    await settle(outlet, [id], card ? undefined : "none of this room's, or over")
  }
  return undefined
}

function thatFit<Said extends { readonly line: string }>(left: readonly Said[]): readonly Said[] {
  let length = 0
  const end = left.findIndex(({ line }, index) => {
    length += line.length + 1
    return index > 0 && length > together
  })
  return end < 0 ? left : left.slice(0, end)
}

/** Never while others wait for their card: the card says how many there are, and Detail shows them. */
async function showPictures(
  outlet: Outlet,
  about: AboutPost,
  { pieces, backlog }: { readonly pieces: readonly Piece[]; readonly backlog: boolean },
): Promise<Instant | undefined> {
  for (const { id, pictures } of pieces.filter((piece) => piece.pictures.length > 0)) {
    if (!backlog) {
      const again = notYet(outlet, pictures.length)
      if (again) return again
      await postAbout(outlet, about, { pictures: await found(outlet.parts.storage, pictures) })
    }
    await settle(outlet, [id], backlog ? 'others waited: they are behind Detail' : undefined)
  }
  return undefined
}

async function postAbout({ parts, bot, room }: Outlet, { complaint, post }: AboutPost, say: Say): Promise<void> {
  const said = await bot.post(room, { about: post, ...say })
  failpoint('group.line-posted')
  if (said) await parts.storage.transaction((tx) => rememberPost(tx, room.id, complaint.id, said))
}

const idsOf = (pieces: readonly { readonly id: DeliveryId }[]): readonly DeliveryId[] => pieces.map(({ id }) => id)

async function found(storage: Storage, hashes: readonly PictureHash[]): Promise<readonly Picture[]> {
  const pictures = await Promise.all(hashes.map((hash) => findPicture(storage.reads, hash)))
  return pictures.filter((picture) => picture !== undefined)
}
