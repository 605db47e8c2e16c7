import { withdrawAction } from '../actions/withdraw.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { type ComplaintId, type FactId, type Instant, instant, later } from '../core/words.ts'
import { actionsOf, type StoredAction } from '../storage/actions.ts'
import { findComplaint, listComplaints } from '../storage/complaints.ts'
import { factsOf } from '../storage/facts.ts'
import { newestPile } from '../storage/pictures.ts'
import { newestRefund } from '../storage/refunds.ts'
import { actOf } from './act-name.ts'
import type { Answer } from './chat.ts'
import { release, unnote } from './claims.ts'
import { answerTo, byOf, type Context, here, refusal, say } from './context.ts'
import { unstage } from './stage.ts'

/** Milliseconds; what is older stands. */
const undoable = 10 * 60_000

/** The newest of this person's own acts on this complaint, as long as nobody outside has it. */
export async function undo(context: Context, complaint: Complaint): Promise<Answer> {
  const { running: n } = complaint
  const newest = await newestOf(context, complaint)
  switch (newest?.what) {
    case 'pictures':
      await unstage(context, complaint)
      return answerTo(context, say(context, 'undo.pictures', { n }))
    case 'claim':
      return release(context, complaint)
    case 'note':
      await unnote(context, complaint, newest.fact)
      return answerTo(context, say(context, 'undo.note', { n }))
    case 'action': {
      const act = actOf(context.room.language, newest.action)
      const undone = await withdrawAction(context.parts, newest.action, byOf(context))
      return undone
        ? answerTo(context, say(context, 'undo.action', { n, act }))
        : refusal(context, 'undo.sent', { n, act })
    }
    default:
      return refusal(context, 'undo.none', { n })
  }
}

type Done =
  | { readonly what: 'pictures' | 'claim'; readonly at: Instant }
  | { readonly what: 'note'; readonly at: Instant; readonly fact: FactId }
  | { readonly what: 'action'; readonly at: Instant; readonly action: StoredAction }

async function newestOf(context: Context, complaint: Complaint): Promise<Done | undefined> {
  const { parts, room, member } = context
  const { reads } = parts.storage
  const since = later(instant(reads.clock.now()), -undoable)
  // What lies ready goes nowhere by itself: it is always the last thing that was done.
  const pile = await newestPile(reads, { room: room.id, member: member.id }, undoable)
  if (pile === complaint.id) return { what: 'pictures', at: since }
  const facts = await factsOf(reads, complaint.id, 50)
  const taken = new Set(facts.flatMap(({ fact }) => (fact.kind === 'unnoted' ? [fact.note] : [])))
  const notes = facts.flatMap(({ id, at, fact }): Done[] =>
    fact.kind === 'noted' && fact.by.member === member.id && !taken.has(id) ? [{ what: 'note', at, fact: id }] : [],
  )
  const actions = (await actionsOf(reads, complaint.id, 20)).flatMap((action): Done[] =>
    action.by.member === member.id && action.state !== 'withdrawn'
      ? [{ what: 'action', at: action.requestedAt, action }]
      : [],
  )
  const claim = complaint.claim?.member === member.id ? [{ what: 'claim', at: complaint.claim.at } as const] : []
  return [...notes, ...actions, ...claim].filter(({ at }) => at > since).sort((a, b) => (a.at < b.at ? 1 : -1))[0]
}

/** Without a number: the complaint with the newest act of this person that can be undone. */
export async function lastTouched(context: Context): Promise<Complaint | undefined> {
  const { parts, room, member, tenant } = context
  const { reads } = parts.storage
  const since = later(instant(reads.clock.now()), -undoable)
  const pile = await newestPile(reads, { room: room.id, member: member.id }, undoable)
  if (pile) return find(context, pile)
  const mine = await listComplaints(reads, { tenant: tenant.id, which: 'mine', member: member.id, limit: 20 })
  const claimed = mine.flatMap(({ id, claim }) => (claim && claim.at > since ? [{ id, at: claim.at }] : []))
  const refund = await newestRefund(reads, { tenant: tenant.id, member: member.id, since })
  const [newest] = [...claimed, ...(refund ? [refund] : [])].sort((a, b) => (a.at < b.at ? 1 : -1))
  return newest && find(context, newest.id)
}

const find = async (context: Context, id: ComplaintId): Promise<Complaint | undefined> =>
  here(context, await findComplaint(context.parts.storage.reads, context.tenant.id, id))
