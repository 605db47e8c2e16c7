import type { Clock } from '../../src/core/clock.ts'
import { type Complain, openComplaint } from './complain.ts'
import type { Complaint } from './complaint.ts'
import { moveName } from './labels.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { Media } from './media.ts'
import { type MerchantMove, type Move, moverOf, type OutsideMove, play, timeUp } from './moves.ts'
import type { Order, Orders } from './orders.ts'
import type { Deduct, Penalties, Penalty } from './penalties.ts'
import type { Post } from './post.ts'
import type { MiniProgram, Random } from './program.ts'
import type { Rules } from './rules.ts'

/** What may be set by hand, for states that no move leads to. */
export type Correction = Partial<
  Pick<Complaint, 'status' | 'appealState' | 'expiresAt' | 'liable' | 'type' | 'amount' | 'phone' | 'text' | 'items'>
> & { readonly returnBill?: Complaint['returnBill']; readonly push?: boolean }

export interface Register {
  complain(complain: Complain): Complaint
  move(id: number, move: OutsideMove): Complaint
  set(id: number, correction: Correction): Complaint
  deduct(said: Deduct): Penalty
  merchantPlays(complaint: Complaint, move: MerchantMove, mediaIds: readonly string[]): boolean
  find(appid: string, id: number): Complaint | undefined
  get(id: number): Complaint | undefined
  all(): readonly Complaint[]
  /** Ends the states whose time is up, each at its own moment. */
  advance(now: number): void
}

/** The complaints and whatever changes them: one entry in the ledger and one push for each change. */
export function createRegister(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly programs: readonly MiniProgram[]
  readonly ledger: Ledger
  readonly media: Media
  readonly post: Post
  readonly orders: Orders
  readonly penalties: Penalties
}): Register {
  const { clock, rules, ledger, media, post, orders, penalties } = options
  const complaints = new Map<number, Complaint>()
  let nextId = 2_157_001
  const seconds = () => Math.floor(clock.now() / 1000)

  function program(appid: string): MiniProgram {
    const found = options.programs.find((one) => one.appid === appid)
    if (!found) throw new Error(`no mini program ${appid}`)
    return found
  }

  function existing(id: number): Complaint {
    const found = complaints.get(id)
    if (!found) throw new Error(`no complaint ${id}`)
    return found
  }

  function complain(words: Complain): Complaint {
    const owner = program(words.appid)
    const said = { ...saidBy(orders.get(words.appid, words.transactionId ?? '')), ...words }
    const photos = (said.photos ?? []).map(media.keep)
    const opened = openComplaint({ id: nextId++, at: seconds(), said, photos, random: options.random, rules })
    complaints.set(opened.id, opened)
    orders.ensure(opened)
    const { appid, id, status, text } = opened
    ledger.add({ appid, complaint: id, by: 'customer', what: 'complaint', to: status, text, media: hashes(photos) })
    post.send(owner, opened, rules.optionNew)
    return opened
  }

  function keep(
    before: Complaint,
    after: Complaint,
    entry: Pick<LedgerEntry, 'by' | 'what'> & Partial<LedgerEntry>,
    at?: number,
  ) {
    complaints.set(after.id, after)
    const appeal = before.appealState === after.appealState ? {} : { appealState: after.appealState }
    const { appid, id } = after
    ledger.add({ appid, complaint: id, from: before.status, to: after.status, ...appeal, ...entry }, at)
  }

  function move(id: number, next: OutsideMove): Complaint {
    const before = existing(id)
    const after = play(before, next, seconds(), rules)
    if (!after) throw new Error(`${moveName(next)} is not possible at ${before.status}/${before.appealState}`)
    keep(before, after, { by: moverOf(next), what: moveName(next), ...wordsOf(next) })
    if (after.liable && !before.liable && rules.deductWhenLiable > 0) {
      deduct({ complaint: id, points: rules.deductWhenLiable, wording: '平台判定商家责任' })
    }
    post.send(program(after.appid), after, rules.optionProgress)
    return after
  }

  function deduct(said: Deduct): Penalty {
    if (said.complaint === undefined) return penalties.deduct(program(said.appid ?? ''), said)
    const complaint = existing(said.complaint)
    return penalties.deduct({ appid: complaint.appid, complaint }, said)
  }

  function merchantPlays(before: Complaint, next: MerchantMove, mediaIds: readonly string[]): boolean {
    const after = play(before, next, seconds(), rules)
    if (!after) return false
    const photos = next.photos ?? []
    const carried = photos.map((sha256, index) => ({ sha256, mediaId: mediaIds[index] ?? '' }))
    const choice = choiceOf(next)
    keep(before, after, {
      by: 'merchant',
      what: next.kind,
      ...wordsOf(next),
      media: carried,
      ...(choice ? { choice } : {}),
    })
    post.send(program(after.appid), after, rules.optionProgress)
    return true
  }

  function set(id: number, { push = true, ...correction }: Correction): Complaint {
    const before = existing(id)
    const after: Complaint = { ...before, ...correction } as Complaint
    keep(before, after, { by: 'platform', what: 'set' })
    if (push) post.send(program(after.appid), after, rules.optionProgress)
    return after
  }

  function advance(now: number) {
    for (let due = nextDue(now); due; due = nextDue(now)) {
      const after = timeUp(due, rules) ?? { ...due, expiresAt: 0 }
      keep(due, after, { by: 'clock', what: 'time-up' }, due.expiresAt * 1000)
      post.send(program(after.appid), after, rules.optionProgress)
    }
  }

  function nextDue(now: number): Complaint | undefined {
    const due = [...complaints.values()].filter((one) => one.expiresAt > 0 && one.expiresAt * 1000 <= now)
    return due.sort((a, b) => a.expiresAt - b.expiresAt)[0]
  }

  return {
    complain,
    move,
    set,
    deduct,
    merchantPlays,
    find: (appid, id) => [complaints.get(id)].find((one) => one?.appid === appid),
    get: (id) => complaints.get(id),
    all: () => [...complaints.values()],
    advance,
  }
}

const hashes = (photos: readonly string[]) => photos.map((sha256) => ({ sha256 }))

/** What a customer who complains about a known order need not say. */
function saidBy(order: Order | undefined): Partial<Complain> {
  if (!order) return {}
  const { outTradeNo, product, amount, openid, paidAt } = order
  return { outTradeNo, product, amount, openid, paidAt }
}

function wordsOf(move: Move): Partial<LedgerEntry> {
  const text = 'content' in move ? move.content : undefined
  const photos = 'photos' in move ? move.photos : undefined
  return { ...(text ? { text } : {}), ...(photos?.length ? { media: hashes(photos) } : {}) }
}

function choiceOf(move: MerchantMove): string | undefined {
  if (move.kind === 'respond') return move.agree ? 'agree' : 'refuse'
  if (move.kind !== 'proof' || move.received === undefined) return undefined
  return move.received ? 'received' : 'not-received'
}
