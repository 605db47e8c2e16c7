import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import { backoff } from '../core/backoff.ts'
import { OutsideError, told } from '../core/errors.ts'
import { failpoint } from '../core/failpoint.ts'
import type { Logger } from '../core/logger.ts'
import type { Metrics } from '../core/metrics.ts'
import type { Picture } from '../core/picture.ts'
import { asId, type BotId, type DeliveryId, type Instant, instant, later, millis, type PostId } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import type { Channel } from '../notify/channel.ts'
import type { Platforms } from '../platforms/registry.ts'
import { findAction } from '../storage/actions.ts'
import { findComplaint } from '../storage/complaints.ts'
import {
  type Delivery,
  type FactDelivery,
  type NoticeDelivery,
  postponeDelivery,
  settleDeliveries,
  waitingFor,
} from '../storage/deliveries.ts'
import { type FactOf, findFact } from '../storage/facts.ts'
import { findPicture } from '../storage/pictures.ts'
import { currentPost, rememberPost, setCurrentPost, setShown } from '../storage/posts.ts'
import { concerns, findRoom, listRooms, type Room } from '../storage/rooms.ts'
import type { Storage } from '../storage/storage.ts'
import type { Bot, Card } from './chat.ts'
import { drawCard, shownHash } from './draw.ts'
import { lineOf } from './lines.ts'
import { noticeLine, roomsFor } from './notices.ts'
import type { Pace } from './pace.ts'

export interface GroupParts {
  readonly storage: Storage
  readonly platforms: Platforms
  readonly pace: Pace
  readonly logger: Logger
  readonly metrics: Metrics
  /** The running bot of that id, if this process owns it. */
  bot(id: BotId): Bot | undefined
}

/** A card shows at most so many pictures beside it; the rest are behind Detail. */
const picturesShown = 3
const hold = 30_000

/** The group as a channel: one card per complaint, edited in place, with a line where something happened. */
export function groupChannel(parts: GroupParts): Channel {
  return {
    prefix: 'room',
    async destinations(reads, about) {
      if ('notice' in about) return (await roomsFor(reads, about.notice)).map(({ id }) => `room:${id}`)
      const { tenant, account } = about.complaint
      const rooms = await listRooms(reads, tenant)
      return rooms.filter((room) => !room.alone && concerns(room, account)).map((room) => `room:${room.id}`)
    },
    deliver: (destination) => deliverTo(parts, destination),
  }
}

async function deliverTo(parts: GroupParts, destination: string): Promise<Handled> {
  const { storage } = parts
  const room = await findRoom(storage.reads, asId(destination.slice('room:'.length)))
  for (;;) {
    const waiting = await waitingFor(storage.reads, destination, 100)
    const [first] = waiting
    if (!first) return
    const together = first.notice ? [first] : waiting.filter(({ complaint }) => complaint === first.complaint)
    if (!room) {
      await storage.transaction((tx) =>
        settleDeliveries(
          tx,
          together.map(({ id }) => id),
          { state: 'dropped', error: 'the room is gone' },
        ),
      )
      continue
    }
    const again = await deliverTogether(parts, room, together)
    if (again) return { again }
  }
}

/** Everything that waits about one complaint: its card as it is now, then the lines; or one notice. @returns when to come back, if it must. */
async function deliverTogether(
  parts: GroupParts,
  room: Room,
  waiting: readonly Delivery[],
): Promise<Instant | undefined> {
  const { storage } = parts
  const now = instant(storage.reads.clock.now())
  const [first] = waiting
  if (!first) return undefined
  if (first.notBefore > now) return first.notBefore
  const bot = parts.bot(room.bot)
  if (!bot) return later(now, hold)
  const wait = parts.pace.take(room.id, bot.can.pace)
  if (wait > 0) return later(now, wait)
  try {
    if (first.notice) await showNotice(parts, { bot, room, delivery: first })
    else await show(parts, { bot, room, waiting: waiting.filter((each) => each.complaint !== undefined) })
    return undefined
  } catch (error) {
    const pause = error instanceof OutsideError ? error.wait : undefined
    const notBefore = later(now, pause ?? backoff(first.tries + 1, storage.reads.random, 2_000, 300_000))
    parts.logger.warn({ room: room.id, delivery: first.id, error: told(error) }, 'a message could not be delivered')
    parts.metrics.delivered('room', 'failed')
    // The first ones may have been said before one failed.
    const [next = first] = await waitingFor(storage.reads, first.destination, 1)
    await storage.transaction((tx) => postponeDelivery(tx, next.id, { notBefore, error: told(error) }))
    return notBefore
  }
}

interface Showing {
  readonly bot: Bot
  readonly room: Room
  readonly waiting: readonly FactDelivery[]
}

async function show(parts: GroupParts, { bot, room, waiting }: Showing): Promise<void> {
  const { storage } = parts
  const [first] = waiting
  const complaint = first && (await findComplaint(storage.reads, first.tenant, first.complaint))
  const post = complaint && (await showCard(parts, { bot, room, complaint }))
  let through: DeliveryId[] = []
  for (const { id, fact } of waiting) {
    const known = await findFact(storage.reads, fact)
    const spoken = known && post && (await showFact(parts, { bot, room, complaint, fact: known, post }))
    if (known?.fact.kind === 'opened') parts.metrics.shown((storage.reads.clock.now() - millis(known.at)) / 1000)
    through.push(id)
    if (!spoken) continue
    // What was said is settled by itself: when a later line fails, it is not said again.
    await settled(parts, through)
    through = []
  }
  failpoint('group.before-settle')
  await settled(parts, through)
}

async function showNotice(
  parts: GroupParts,
  { bot, room, delivery }: { readonly bot: Bot; readonly room: Room; readonly delivery: NoticeDelivery },
): Promise<void> {
  const line = await noticeLine(parts.storage.reads, room.language, delivery.notice)
  if (line !== undefined) await bot.post(room, { text: line })
  await settled(parts, [delivery.id])
}

const settled = ({ storage }: GroupParts, ids: readonly DeliveryId[]): Promise<void> =>
  storage.transaction((tx) => settleDeliveries(tx, ids, { state: 'sent' }))

interface Shown {
  readonly bot: Bot
  readonly room: Room
  readonly complaint: Complaint
}

async function showCard(parts: GroupParts, { bot, room, complaint }: Shown): Promise<PostId | undefined> {
  const { storage } = parts
  const card = await storage.transaction((tx) => drawCard(tx, parts.platforms, room, complaint))
  const shown = shownHash(card)
  const known = await currentPost(storage.reads, room.id, complaint.id)
  if (known?.shown === shown) return known.post
  // Such a bot renders the card anew at the next press; the lines tell the group what happened.
  if (known && bot.can.edit !== 'any-time') return known.post
  if (known) {
    const edited = await bot.edit(room, known.post, { card })
    failpoint('group.edited')
    if (edited === 'edited') {
      await storage.transaction((tx) => setShown(tx, room.id, known.post, shown))
      parts.metrics.delivered('room', 'edited')
      return known.post
    }
  }
  return postCard(parts, { bot, room, complaint, card, shown })
}

async function postCard(
  parts: GroupParts,
  { bot, room, complaint, card, shown }: Shown & { readonly card: Card; readonly shown: string },
): Promise<PostId | undefined> {
  failpoint('group.before-post')
  const post = await bot.post(room, { card })
  failpoint('group.posted')
  parts.metrics.delivered('room', 'posted')
  if (post) await parts.storage.transaction((tx) => setCurrentPost(tx, room.id, complaint.id, { post, shown }))
  return post
}

/** @returns whether it was worth a message. */
async function showFact(
  parts: GroupParts,
  { bot, room, complaint, fact, post }: Shown & { readonly fact: FactOf; readonly post: PostId },
): Promise<boolean> {
  const { storage } = parts
  const about = fact.fact
  const acted = about.kind === 'acted' ? await findAction(storage.reads, about.action) : undefined
  const line = lineOf(about, { complaint, language: room.language, ...(acted ? { action: acted.action } : {}) })
  const pictures = about.kind === 'pictured' ? await picturesOf(storage, about) : []
  if (line === undefined && pictures.length === 0) return false
  const said = await bot.post(room, {
    about: post,
    ...(line ? { text: line } : {}),
    ...(pictures.length > 0 ? { pictures } : {}),
  })
  failpoint('group.line-posted')
  if (said) await storage.transaction((tx) => rememberPost(tx, room.id, complaint.id, said))
  return true
}

async function picturesOf(storage: Storage, fact: Extract<Fact, { kind: 'pictured' }>): Promise<readonly Picture[]> {
  const found = await Promise.all(fact.pictures.slice(0, picturesShown).map((hash) => findPicture(storage.reads, hash)))
  return found.flatMap((picture) => (picture ? [picture] : []))
}
