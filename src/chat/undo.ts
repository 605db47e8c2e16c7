import { withdrawAction } from '../actions/withdraw.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { type ComplaintId, type FactId, type Instant, instant, later } from '../core/words.ts'
import { findAction, type StoredAction } from '../storage/actions.ts'
import { findComplaint } from '../storage/complaints.ts'
import type { FactOf } from '../storage/facts.ts'
import { factsSince, pilesSince } from '../storage/lately.ts'
import { rulingsOf } from '../storage/rulings.ts'
import { actOf } from './act-name.ts'
import type { Answer } from './chat.ts'
import { release, unnote } from './claims.ts'
import { answerTo, byOf, type Context, here, refusal, say } from './context.ts'
import { halt } from './halt.ts'
import { isOpen } from './ruling-words.ts'
import { unstage } from './stage.ts'

/** Milliseconds; what is older stands. */
const undoable = 10 * 60_000

/** The newest of this person's own acts on this complaint, as long as nobody outside has it. */
export async function undo(context: Context, complaint: Complaint): Promise<Answer> {
  const { running: n } = complaint
  // What goes by itself in a moment is what is meant.
  const waiting = (await rulingsOf(context.parts.storage.reads, complaint.id)).find(
    (one) => isOpen(one) && one.act !== 'note',
  )
  if (waiting) return halt(context, complaint, waiting.id)
  const newest = (await ownActs(context)).find((one) => one.complaint === complaint.id)
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

/** Without a number: the complaint with the newest act of this person. */
export async function lastTouched(context: Context): Promise<Complaint | undefined> {
  const { parts, tenant } = context
  for (const { complaint } of await ownActs(context)) {
    const found = here(context, await findComplaint(parts.storage.reads, tenant.id, complaint))
    if (found) return found
  }
  return undefined
}

type Done = { readonly complaint: ComplaintId; readonly at: Instant } & (
  | { readonly what: 'pictures' | 'claim' }
  | { readonly what: 'note'; readonly fact: FactId }
  | { readonly what: 'action'; readonly action: StoredAction }
)

/** What stands of this person's acts, the newest first; what is with a platform already among them, so that nothing older is undone in its place. */
async function ownActs(context: Context): Promise<readonly Done[]> {
  const { parts, room, member, tenant } = context
  const { reads } = parts.storage
  const since = later(instant(reads.clock.now()), -undoable)
  const kinds = ['noted', 'unnoted', 'requested', 'claimed', 'assigned', 'released'] as const
  const facts = await factsSince(reads, { tenant: tenant.id, since, kinds })
  const piles = await pilesSince(reads, { room: room.id, member: member.id, since })
  const acts = await Promise.all(facts.map((one) => standing(context, one, facts)))
  return [...piles.map((pile) => ({ what: 'pictures' as const, ...pile })), ...acts.flatMap((one) => one ?? [])].sort(
    (a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0),
  )
}

async function standing(
  { parts, member }: Context,
  { id, complaint, at, fact }: FactOf,
  facts: readonly FactOf[],
): Promise<Done | undefined> {
  if (!('by' in fact) || fact.by.member !== member.id) return undefined
  switch (fact.kind) {
    case 'noted': {
      const taken = facts.some((one) => one.fact.kind === 'unnoted' && one.fact.note === id)
      return taken ? undefined : { what: 'note', complaint, at, fact: id }
    }
    case 'claimed': {
      const last = facts.find((one) => one.complaint === complaint && isOfClaim(one))
      return last?.id === id ? { what: 'claim', complaint, at } : undefined
    }
    case 'requested': {
      const action = await findAction(parts.storage.reads, fact.action)
      return action && !isGone(action) ? { what: 'action', complaint, at, action } : undefined
    }
    default:
      return undefined
  }
}

const isOfClaim = ({ fact }: FactOf): boolean =>
  fact.kind === 'claimed' || fact.kind === 'assigned' || fact.kind === 'released'

/** Nothing of it is left to be taken back. */
const isGone = ({ state }: StoredAction): boolean => state === 'withdrawn' || state === 'failed'
