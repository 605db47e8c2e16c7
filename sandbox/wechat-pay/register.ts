import type { Clock } from '../../src/core/clock.ts'
import type { Act } from './acts.ts'
import { type Complain, openComplaint } from './complain.ts'
import type { Complaint } from './complaint.ts'
import type { Images } from './images.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { Merchant, Random } from './merchant.ts'
import { actionOf, type Move, moverOf, type OutsideMove, play } from './moves.ts'
import type { Order, Orders } from './orders.ts'
import type { Refunds } from './refunds.ts'
import type { Rules } from './rules.ts'
import type { Tell } from './tell.ts'

/** Facts set by hand, allowed by the state machine or not. */
export type Correction = Partial<Omit<Complaint, 'id' | 'mchid' | 'account' | 'history'>> & { readonly push?: string }

export interface Register {
  complain(complain: Complain): Complaint
  move(id: string, move: OutsideMove): Complaint
  set(id: string, correction: Correction): Complaint
  /** The complaint after the merchant's act, or undefined when its state does not allow it. */
  merchantPlays(complaint: Complaint, act: Act): Complaint | undefined
  /** Money has reached the payer of this order. */
  refunded(order: Order, at: number): void
  find(merchant: Merchant, id: string): Complaint | undefined
  get(id: string): Complaint | undefined
  all(): readonly Complaint[]
}

/** The complaints and whatever changes them: one entry in the ledger for each change, and one push where the platform pushes. */
export function createRegister(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly ledger: Ledger
  readonly images: Images
  readonly orders: Orders
  readonly tell: Tell
  readonly refunds: () => Refunds
}): Register {
  const { clock, rules, ledger, images, orders, tell } = options
  const complaints = new Map<string, Complaint>()
  const byOrder = new Map<string, string[]>()
  const ids = (transactionId: string) => byOrder.get(transactionId) ?? []
  /** What an immediate reply with this id has come to. */
  const once = new Map<string, Complaint>()

  function existing(id: string): Complaint {
    const found = complaints.get(id)
    if (!found) throw new Error(`no complaint ${id}`)
    return found
  }

  function orderFor(said: Complain): Order {
    const known = orders.byTransaction(said.transactionId ?? '')
    if (known) return known
    const { mchid, transactionId, amount, product } = said
    const given = { transactionId, total: amount, product }
    const facts = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    return orders.put({ mchid, ...facts })
  }

  function complain(said: Complain): Complaint {
    const order = orderFor(said)
    const photos = (said.photos ?? []).map(images.keep)
    const opened = openComplaint({ at: clock.now(), said, order, photos, random: options.random })
    const complaint = { ...opened, fullRefunded: returned(order) >= order.total }
    const { id, mchid, state, detail } = complaint
    complaints.set(id, complaint)
    byOrder.set(order.transactionId, [...ids(order.transactionId), id])
    const { transactionId } = order
    const words = { text: detail, media: hashes(photos) }
    ledger.add({ mchid, complaint: id, transactionId, by: 'customer', what: 'complaint', to: state, ...words })
    tell.complaint(complaint, 'CREATE_COMPLAINT')
    return complaint
  }

  const returned = ({ transactionId }: Order): number =>
    options
      .refunds()
      .ofOrder(transactionId)
      .reduce((total, { status, amount }) => total + (status === 'SUCCESS' ? amount : 0), 0)

  function keep(before: Complaint, after: Complaint, move: Move, more: Partial<LedgerEntry> = {}, at = clock.now()) {
    complaints.set(after.id, after)
    const { mchid, id, state: to } = after
    const transactionId = after.orders[0]?.transactionId
    const about = { mchid, complaint: id, ...(transactionId ? { transactionId } : {}) }
    ledger.add({ ...about, by: moverOf(move), what: move.kind, from: before.state, to, ...more }, at)
    const action = actionOf[move.kind]
    const own = moverOf(move) === 'merchant' || move.kind === 'fully-refunded'
    if (action && (!own || rules.pushOwnActs)) tell.complaint(after, action)
  }

  function move(id: string, next: OutsideMove): Complaint {
    const before = existing(id)
    const after = play(before, next, clock.now(), rules)
    if (!after) throw new Error(`${next.kind} is not possible at ${before.state}`)
    keep(before, after, next, wordsOf(next))
    return after
  }

  function merchantPlays(before: Complaint, act: Act): Complaint | undefined {
    const key = act.once === undefined ? undefined : `${before.id} ${act.once}`
    const done = key === undefined ? undefined : once.get(key)
    if (done) return done
    const after = play(before, act.move, clock.now(), rules)
    if (!after) return undefined
    const photos = 'photos' in act.move ? (act.move.photos ?? []) : []
    const media = photos.map((sha256, index) => ({ sha256, mediaId: act.mediaIds[index] ?? '' }))
    keep(before, after, act.move, { ...wordsOf(act.move), ...(media.length > 0 ? { media } : {}) })
    if (key !== undefined) once.set(key, after)
    return after
  }

  function set(id: string, { push, ...correction }: Correction): Complaint {
    const before = existing(id)
    const after: Complaint = { ...before, ...correction } as Complaint
    complaints.set(id, after)
    const { mchid, state: to } = after
    ledger.add({ mchid, complaint: id, by: 'platform', what: 'set', from: before.state, to })
    if (push) tell.complaint(after, push)
    return after
  }

  function refunded(order: Order, at: number) {
    const sum = returned(order)
    for (const id of ids(order.transactionId)) {
      const c = existing(id)
      const full = sum >= order.total
      const moves: Move[] = c.fullRefunded ? [] : [{ kind: full ? 'fully-refunded' : 'partly-refunded' }]
      if (sum >= c.applied) moves.push({ kind: 'refund-received' })
      for (const next of moves) {
        const before = existing(id)
        const after = play(before, next, at, rules)
        if (after) keep(before, after, next, {}, at)
      }
    }
  }

  return {
    complain,
    move,
    set,
    merchantPlays,
    refunded,
    find: ({ mchid }, id) => [complaints.get(id)].find((one) => one?.account === mchid),
    get: (id) => complaints.get(id),
    all: () => [...complaints.values()],
  }
}

const hashes = (photos: readonly string[]) => photos.map((sha256) => ({ sha256 }))

function wordsOf(move: Move): Partial<LedgerEntry> {
  const text = 'text' in move ? move.text : undefined
  const photos = 'photos' in move ? (move.photos ?? []) : []
  return { ...(text ? { text } : {}), ...(photos.length > 0 ? { media: hashes(photos) } : {}) }
}
