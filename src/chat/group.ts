import { backoff } from '../core/backoff.ts'
import { OutsideError, told } from '../core/errors.ts'
import { asId, type DeliveryId, type Instant, instant, later } from '../core/words.ts'
import type { Handled } from '../engine/engine.ts'
import type { Channel } from '../notify/channel.ts'
import { findAccount } from '../storage/accounts.ts'
import { findComplaint } from '../storage/complaints.ts'
import {
  type Delivery,
  type NoticeDelivery,
  nextWaiting,
  postponeDeliveries,
  settleDeliveries,
  waitingFor,
} from '../storage/deliveries.ts'
import { findNotice } from '../storage/notices.ts'
import { concerns, findRoom, listRooms } from '../storage/rooms.ts'
import { createHolds, type Holds } from './holds.ts'
import { noticeLine, roomsFor } from './notices.ts'
import { chatOf, type GroupParts, notYet, type Outlet, settle } from './outlet.ts'
import { showComplaint } from './show-card.ts'
import { text } from './texts.ts'

const hold = 30_000
/** So often a chat may refuse one message before something plainer is said instead. */
const most = 5

/** The group as a channel: one card per complaint, edited in place, with a line where something happened. */
export function groupChannel(parts: GroupParts): Channel {
  const holds = createHolds(parts.storage.reads)
  return {
    prefix: 'room',
    async destinations(reads, about) {
      if ('notice' in about) return (await roomsFor(reads, about.notice)).map(({ id }) => `room:${id}`)
      const { tenant, account } = about.complaint
      const rooms = await listRooms(reads, tenant)
      const meant = about.fact.kind === 'reminded' ? about.fact.to.map(({ member }) => member) : []
      return rooms
        .filter((room) => (room.alone ? room.member && meant.includes(room.member) : concerns(room, account)))
        .map((room) => `room:${room.id}`)
    },
    deliver: (destination) => deliverTo(parts, holds, destination),
  }
}

async function deliverTo(parts: GroupParts, holds: Holds, destination: string): Promise<Handled> {
  const { storage } = parts
  const room = await findRoom(storage.reads, asId(destination.slice('room:'.length)))
  for (;;) {
    const due = await waitingFor(storage.reads, destination, 100)
    const [first] = due
    if (!first) return againAt(await nextWaiting(storage.reads, destination))
    const batch = first.notice ? [first] : due.filter(({ complaint }) => complaint === first.complaint)
    if (!room) {
      const gone = { state: 'dropped', error: 'the room is gone' } as const
      await storage.transaction((tx) => settleDeliveries(tx, idsOf(batch), gone))
      continue
    }
    const now = instant(storage.reads.clock.now())
    const bot = parts.bot(room.bot)
    if (!bot) return { again: later(now, hold) }
    const left = holds.left(room.id, chatOf(room))
    if (left > 0) return { again: later(now, left) }
    // Where every message may go at once, nothing waits.
    const backlog = bot.can.pace.every > 0 && batch.length < due.length
    const again = await attempt({ parts, bot, room }, holds, { batch, backlog })
    if (again) return { again }
  }
}

const againAt = (at: Instant | undefined): Handled => (at === undefined ? undefined : { again: at })
const idsOf = (batch: readonly Delivery[]): readonly DeliveryId[] => batch.map(({ id }) => id)

interface Batch {
  /** All that is due about one complaint, or one notice. */
  readonly batch: readonly Delivery[]
  readonly backlog: boolean
}

/** @returns when to come back for this room, if it must. */
async function attempt(outlet: Outlet, holds: Holds, { batch, backlog }: Batch): Promise<Instant | undefined> {
  const { room } = outlet
  const refused = Math.max(...batch.map(({ tries }) => tries)) >= most
  try {
    const again = await (refused ? sayPlainly(outlet, batch) : show(outlet, { batch, backlog }))
    // No news of the chat when nothing could be sent yet.
    if (!again) holds.well(room.id, chatOf(room))
    return again
  } catch (error) {
    const { metrics, logger } = outlet.parts
    metrics.delivered('room', 'failed')
    logger.warn({ room: room.id, delivery: batch[0]?.id, error: told(error) }, 'a message could not be delivered')
    if (isOfTheChat(error)) return holdOn(outlet, holds, error)
    await (refused ? giveUp(outlet, batch, error) : putOff(outlet, batch, error))
    return undefined
  }
}

async function show(outlet: Outlet, { batch, backlog }: Batch): Promise<Instant | undefined> {
  const [first] = batch
  if (first?.notice) return showNotice(outlet, first)
  return showComplaint(outlet, { waiting: batch.filter((each) => each.complaint !== undefined), backlog })
}

async function showNotice(outlet: Outlet, { id, notice }: NoticeDelivery): Promise<Instant | undefined> {
  const { reads } = outlet.parts.storage
  const stored = await findNotice(reads, notice)
  const account = stored?.account && (await findAccount(reads, stored.account))
  if (stored?.account && !account?.enabled) return void (await settle(outlet, [id], 'the account is disabled'))
  const line = await noticeLine(reads, outlet.room, notice)
  if (line === undefined) return void (await settle(outlet, [id], 'there is nothing to say'))
  const again = notYet(outlet)
  if (again) return again
  await outlet.bot.post(outlet.room, { text: line })
  await settle(outlet, [id])
  return undefined
}

/** The chat is away, busy or closed to us: nothing else would get through either. All else is about this one message. */
const isOfTheChat = (error: unknown): error is OutsideError =>
  error instanceof OutsideError && error.trouble !== 'refused' && error.trouble !== 'moved'

function holdOn({ parts, room }: Outlet, holds: Holds, { trouble, wait }: OutsideError): Instant {
  const ms = holds.failed(trouble === 'busy' ? chatOf(room) : room.id, wait)
  return later(instant(parts.storage.reads.clock.now()), ms)
}

/** What the chat refuses holds back nobody else. */
async function putOff({ parts }: Outlet, batch: readonly Delivery[], error: unknown): Promise<void> {
  const { storage } = parts
  const tries = Math.max(...batch.map((each) => each.tries)) + 1
  const pause = tries < most ? backoff(tries, storage.reads.random, 2_000, 300_000) : 0
  const notBefore = later(instant(storage.reads.clock.now()), pause)
  await storage.transaction((tx) => postponeDeliveries(tx, idsOf(batch), { notBefore, error: told(error) }))
}

/** A card that the chat will not take: that there is something, and how to see it. */
async function sayPlainly(outlet: Outlet, batch: readonly Delivery[]): Promise<Instant | undefined> {
  const { parts, bot, room } = outlet
  const [first] = batch
  const { reads } = parts.storage
  const complaint = first?.complaint && (await findComplaint(reads, first.tenant, first.complaint))
  if (!complaint) return void (await giveUp(outlet, batch, 'there is nothing plainer to say'))
  const again = notYet(outlet)
  if (again) return again
  const n = complaint.running
  await bot.post(room, { text: text(room.language, 'fact.unshown', { n, example: `/show ${n}` }) })
  await settle(outlet, idsOf(batch), 'the chat refuses it: a plain line stands for it')
  parts.metrics.delivered('room', 'plain')
  parts.logger.error({ room: room.id, complaint: complaint.id }, 'the chat refuses a card: a plain line stands for it')
  return undefined
}

async function giveUp(outlet: Outlet, batch: readonly Delivery[], error: unknown): Promise<void> {
  const { parts, room } = outlet
  await settle(outlet, idsOf(batch), told(error))
  parts.metrics.delivered('room', 'dropped')
  parts.logger.error(
    { room: room.id, complaint: batch[0]?.complaint, error: told(error) },
    'a message was dropped: the chat refuses it',
  )
}
