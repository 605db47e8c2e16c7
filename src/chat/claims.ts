import { addNote, assignTo, changeClaim, mostOfNote, releaseClaim, claimFor as takeFor } from '../actions/claims.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { atLeast, type Member, roleFor } from '../complaints/member.ts'
import type { FactId } from '../core/words.ts'
import { factsOf } from '../storage/facts.ts'
import { findMember } from '../storage/members.ts'
import type { Answer } from './chat.ts'
import { answerTo, byOf, type Context, refusal, say } from './context.ts'

export async function claim(context: Context, complaint: Complaint): Promise<Answer> {
  const { member, parts } = context
  if (!atLeast(member, roleFor('claim'))) return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const holder = await takeFor(parts, complaint, { by: byOf(context), to: member })
  if (!holder) return answerTo(context, say(context, 'said.claimed', { n: complaint.running }))
  const by = (await findMember(parts.storage.reads, complaint.tenant, holder))?.name ?? ''
  return refusal(context, 'said.claimed.already', { n: complaint.running, by })
}

/** Given to somebody, whoever holds it now. */
export async function claimFor(context: Context, complaint: Complaint, to: Member): Promise<Answer> {
  const { running: n } = complaint
  const own = to.id === context.member.id
  await assignTo(context.parts, complaint, { by: byOf(context), to })
  return answerTo(
    context,
    own ? say(context, 'said.claimed', { n }) : say(context, 'said.assigned', { n, to: to.name }),
  )
}

/** A note is no longer shown; that there was one stays written. */
export async function unnote(context: Context, complaint: Complaint, note: FactId): Promise<void> {
  await changeClaim(context.parts, complaint, async (tx, now) => {
    const facts = await factsOf(tx, now.id, 50)
    const taken = facts.some(({ fact }) => fact.kind === 'unnoted' && fact.note === note)
    return { done: undefined, facts: taken ? [] : [{ kind: 'unnoted', by: byOf(context), note }] }
  })
}

/** By whoever holds it, or by an admin. */
export async function release(context: Context, complaint: Complaint): Promise<Answer> {
  const { member, parts } = context
  const outcome = await releaseClaim(parts, complaint, { by: byOf(context), actor: member })
  const n = complaint.running
  if (outcome === 'released') return answerTo(context, say(context, 'said.released', { n }))
  if (outcome === 'nobody') return answerTo(context, say(context, 'said.released.not', { n }))
  const by = (await findMember(parts.storage.reads, complaint.tenant, outcome))?.name ?? ''
  return refusal(context, 'said.claimed.already', { n, by })
}

export async function note(context: Context, complaint: Complaint, words: string): Promise<Answer> {
  if (!atLeast(context.member, roleFor('note')))
    return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  await addNote(context.parts, complaint, { by: byOf(context), text: words.slice(0, mostOfNote) })
  return answerTo(context, say(context, 'said.noted', { n: complaint.running }))
}
