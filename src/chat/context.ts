import type { RequestParts } from '../actions/request.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { By } from '../complaints/fact.ts'
import type { Member } from '../complaints/member.ts'
import type { Logger } from '../core/logger.ts'
import type { Metrics } from '../core/metrics.ts'
import type { Finding } from '../platforms/platform.ts'
import type { StoredBot } from '../storage/bots.ts'
import { findComplaint, findRunning } from '../storage/complaints.ts'
import { complaintOfPost } from '../storage/posts.ts'
import { concerns, type Room } from '../storage/rooms.ts'
import type { Tenant } from '../storage/tenants.ts'
import type { Abilities, Answer, Heard } from './chat.ts'
import { type Params, type TextKey, text } from './texts.ts'

export interface ChatParts extends RequestParts {
  readonly logger: Logger
  readonly metrics: Metrics
  /** What may be wrong with one business; what has not answered within so many milliseconds is said to be late. */
  checkUp?(tenant: Tenant, within: number): Promise<readonly Finding[]>
  /** Where browsers reach us, without a slash at the end; undefined while nobody has said. */
  readonly reachedAt?: () => string | undefined
  /** The same where the world reaches us. */
  readonly publicUrl?: string
}

/** Who speaks where: looked up anew for everything that is heard. */
export interface Context {
  readonly parts: ChatParts
  readonly bot: StoredBot
  readonly can: Abilities
  readonly tenant: Tenant
  readonly room: Room
  readonly member: Member
  readonly heard: Heard
}

export const say = (context: Pick<Context, 'room'>, key: TextKey, params?: Params): string =>
  text(context.room.language, key, params)

export const byOf = (context: Pick<Context, 'member'>): By => ({
  name: context.member.name,
  member: context.member.id,
  via: 'chat',
})

/** A refusal that only the person concerned needs to read. */
export const refusal = (context: Context, key: TextKey, params?: Params): Answer =>
  answerTo(context, say(context, key, params), { alert: true })

/** Words at the button for a press, a message for a person otherwise. */
export function answerTo(context: Context, words: string, more: { readonly alert?: boolean } = {}): Answer {
  if (context.heard.press) return { toast: words, ...(more.alert ? { alert: true } : {}) }
  return { text: words, onlyFor: [context.heard.user.id] }
}

/** The complaint, when it is this room's affair: what a room is not told of does not exist there. */
export function here(context: Pick<Context, 'room'>, complaint: Complaint | undefined): Complaint | undefined {
  return complaint && complaint.tenant === context.room.tenant && concerns(context.room, complaint.account)
    ? complaint
    : undefined
}

export async function complaintByNumber(context: Context, running: number): Promise<Complaint | undefined> {
  return here(context, await findRunning(context.parts.storage.reads, context.room.tenant, running))
}

/** The complaint whose card the person answers to. */
export async function complaintRepliedTo(context: Context): Promise<Complaint | undefined> {
  const { heard, parts, room } = context
  if (!heard.replyTo) {
    const number = numberIn(heard.quoted ?? '')
    return number === undefined ? undefined : complaintByNumber(context, number)
  }
  const id = await complaintOfPost(parts.storage.reads, room.id, heard.replyTo)
  return id && here(context, await findComplaint(parts.storage.reads, room.tenant, id))
}

/** The one number that lines of ours begin with; a list names many. */
function numberIn(quoted: string): number | undefined {
  const numbers = new Set(
    [...quoted.matchAll(/^[^\p{L}\p{N}#＃]*[#＃](\d{1,9})(?!\d)/gmu)].map(([, number]) => Number(number)),
  )
  const [only] = numbers
  return numbers.size === 1 ? only : undefined
}
