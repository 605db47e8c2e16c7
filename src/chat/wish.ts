import { inTheWay, type Requested, request, type Wanted } from '../actions/request.ts'
import type { Action } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { Instant } from '../core/words.ts'
import type { Answer, Ask } from './chat.ts'
import { answerTo, byOf, type Context } from './context.ts'
import { requestedText } from './why.ts'

/** Where a wish came from, and what its author saw. */
export interface Wish {
  readonly key: string
  readonly seen?: number
  readonly expiresAt?: Instant
  /** Its words answer a question: asks for them once more, when they can be mended. */
  askAgain?(): Promise<Ask>
}

/** Why it is no use to ask for words and pictures, or to lay them ready: refused, on its way, or done already. */
export async function blocked(
  context: Context,
  complaint: Complaint,
  action: Action,
  wish: Wish,
): Promise<Answer | undefined> {
  const requested = await hindrance(context, complaint, action, wish)
  return requested && answerOf(context, complaint, requested)
}

/** The same, not yet in words. */
export const hindrance = (context: Context, complaint: Complaint, action: Action, wish: Wish) =>
  inTheWay(context.parts, context.parts.storage.reads, complaint, wantedOf(context, { complaint, action, wish }))

/** Writes the wish down; doing it and saying how it went come after. */
export const wishFor = (context: Context, complaint: Complaint, action: Action, wish: Wish): Promise<Requested> =>
  request(context.parts, wantedOf(context, { complaint, action, wish }))

export function answerOf(context: Context, complaint: Complaint, requested: Requested): Answer {
  context.parts.metrics.heard(requested.outcome)
  const words = requestedText(context.room.language, complaint, requested)
  return answerTo(context, words, { alert: requested.outcome === 'refused' || requested.outcome === 'busy' })
}

function wantedOf(
  context: Context,
  { complaint, action, wish }: { readonly complaint: Complaint; readonly action: Action; readonly wish: Wish },
): Wanted {
  const { key, seen, expiresAt } = wish
  return {
    tenant: context.tenant.id,
    complaint: complaint.id,
    action,
    key,
    by: byOf(context),
    member: context.member,
    ...(seen === undefined ? {} : { seen }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}
