import type { Why } from '../actions/gate.ts'
import { type Requested, request } from '../actions/request.ts'
import type { Refund } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { atLeast, type Member } from '../complaints/member.ts'
import { type ButtonToken, instant, later, millis, yuan } from '../core/words.ts'
import { actionByKey } from '../storage/actions.ts'
import { findButton, type StoredButton, tokenFor } from '../storage/buttons.ts'
import { lockComplaint } from '../storage/complaints.ts'
import { findMember } from '../storage/members.ts'
import type { Plan } from './card.ts'
import type { Answer, Card } from './chat.ts'
import { answerTo, byOf, type Context, refusal, say } from './context.ts'
import { drawPlan } from './draw.ts'
import { type Intent, intentText, type Seconded } from './intent.ts'
import { noteOf } from './own-card.ts'
import { orAway } from './refund.ts'
import { refundLines } from './refund-offer.ts'
import { answerOf } from './wish.ts'

const minutes = 10

/** The whole room is asked for a second person: nothing goes out before one of them says yes. */
export async function askSecond(context: Context, complaint: Complaint, action: Refund): Promise<Answer> {
  const { parts, room, member } = context
  const { running: n } = complaint
  if (room.alone) return refusal(context, 'no.second.alone', { n })
  const plan = question(context, complaint, { action, by: member, minutes })
  const until = later(instant(parts.storage.reads.clock.now()), minutes * 60_000)
  const card = await parts.storage.transaction((tx) => drawPlan(tx, { room, complaint, plan, only: { until } }))
  return { card, about: complaint.id, ...(context.heard.press ? { toast: say(context, 'second.asked', { n }) } : {}) }
}

interface Asked {
  readonly action: Refund
  readonly by: Member
  /** So long it can be answered. */
  readonly minutes: number
}

function question(context: Context, complaint: Complaint, { action, by, minutes }: Asked): Plan {
  const { running: n } = complaint
  const seconded = { action, member: by.id }
  return {
    title: say(context, 'second.title', { n, amount: yuan(action.amount), by: by.name, minutes }),
    tone: 'urgent',
    lines: [{ label: say(context, 'line.who'), text: complaint.who }, ...refundLines(context, action)],
    ...noteOf([action.others && say(context, 'refund.others')]),
    buttons: [
      { label: say(context, 'button.approve'), intent: approval(seconded), weight: 'danger' },
      { label: say(context, 'button.withdraw'), intent: withdrawal(seconded), weight: 'plain' },
    ],
  }
}

const approval = ({ action, member }: Seconded): Intent => ({ do: 'approve', action, member })
const withdrawal = ({ action, member }: Seconded): Intent => ({ do: 'withdraw', action, member })

/** The question as it stands, once more to whoever may not answer it so; undefined when there is nothing more to say yes to. */
export async function askedSecond(
  context: Context,
  { complaint, intent, token }: Omit<Pressed, 'button'> & { readonly token: ButtonToken },
): Promise<Card | undefined> {
  const { parts, room, tenant } = context
  return parts.storage.transaction(async (tx) => {
    const now = await lockComplaint(tx, tenant.id, complaint.id)
    const button = await findButton(tx, token)
    const by = await findMember(tx, tenant.id, intent.member)
    const until = button?.expiresAt
    // A yes raises the version; a withdrawal ends the time.
    if (!now || !by || !until || button.version !== now.version) return undefined
    const minutes = Math.ceil((millis(until) - tx.clock.now()) / 60_000)
    if (minutes <= 0) return undefined
    const plan = question(context, now, { action: intent.action, by, minutes })
    return drawPlan(tx, { room, complaint: now, plan, only: { until } })
  })
}

interface Pressed {
  readonly complaint: Complaint
  readonly intent: Seconded
  readonly button: StoredButton
}

/** Somebody else's yes. The wish is the button's: however many say yes, money goes once. */
export const approve = (context: Context, { complaint, intent, button, key }: Pressed & { readonly key: string }) =>
  orAway(context, async () => {
    const { parts, member, tenant, heard } = context
    const token = heard.press?.token
    const { action } = intent
    if (member.id === intent.member) return refusal(context, 'no.second.self')
    const first = await findMember(parts.storage.reads, tenant.id, intent.member)
    if (!first?.enabled) return refusal(context, 'no.second.gone')
    const requested = await request(parts, {
      tenant: tenant.id,
      complaint: complaint.id,
      action,
      key,
      by: { ...byOf({ member: first }), approved: { name: member.name, member: member.id } },
      member: first,
      approver: member,
      seen: button.version,
      until: async (tx) => (token === undefined ? undefined : (await findButton(tx, token))?.expiresAt),
    })
    return afterYes(context, complaint, { requested, first, action })
  })

interface Judged {
  readonly requested: Requested
  readonly first: Member
  readonly action: Refund
}

/** The question ends when there is nothing more to say yes to. */
function afterYes(context: Context, complaint: Complaint, { requested, first, action }: Judged): Answer {
  const answer = answerOf(context, complaint, requested)
  const by = first.name
  if (requested.outcome === 'accepted')
    return { ...answer, fresh: ended(endText(context, complaint, { action, by, key: 'second.approved' })) }
  if (requested.outcome === 'refused' && isOfFirst(requested.why))
    return refusal(context, 'no.second.first', { by, why: answer.toast ?? '' })
  if (requested.outcome === 'refused' && !isOver(requested.why)) return answer
  return { ...answer, fresh: ended(answer.toast ?? '') }
}

/** Judged in the name of whoever began it. */
const isOfFirst = ({ why }: Why): boolean => why === 'cap' || why === 'role'
const isOver = ({ why }: Why): boolean => why === 'changed' || why === 'expired' || why === 'not-open'

/** By whoever began it, or an admin: from now on nobody can say yes. */
export async function withdraw(context: Context, { complaint, intent, button }: Pressed): Promise<Answer> {
  const { parts, member, room, tenant } = context
  if (member.id !== intent.member && !atLeast(member, 'admin')) return refusal(context, 'no.second.withdraw')
  const approved = await parts.storage.transaction(async (tx) => {
    await lockComplaint(tx, tenant.id, complaint.id)
    const of = {
      tenant: tenant.id,
      room: room.id,
      complaint: complaint.id,
      version: button.version,
      expiresAt: instant(tx.clock.now()),
    }
    const token = await tokenFor(tx, { ...of, intent: intentText(approval(intent)) })
    await tokenFor(tx, { ...of, intent: intentText(withdrawal(intent)) })
    return actionByKey(tx, tenant.id, `press:${token}`)
  })
  if (approved) {
    const answer = answerOf(context, complaint, { outcome: 'repeated', action: approved })
    return { ...answer, fresh: ended(answer.toast ?? '') }
  }
  const words = endText(context, complaint, { action: intent.action, by: member.name, key: 'second.withdrawn' })
  return { ...answerTo(context, words), fresh: ended(words) }
}

interface End {
  readonly action: Refund
  readonly by: string
  readonly key: 'second.approved' | 'second.withdrawn'
}

const endText = (context: Context, { running: n }: Complaint, { action, by, key }: End): string =>
  say(context, key, { n, amount: yuan(action.amount), by, second: context.member.name })

/** What is left of the question. */
const ended = (title: string): Card => ({ title, tone: 'settled', lines: [], buttons: [] })
