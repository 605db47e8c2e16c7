import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import { atLeast, type Member, roleFor } from '../complaints/member.ts'
import type { FactId, MemberId } from '../core/words.ts'
import { tell } from '../engine/tell.ts'
import { lockComplaint, setClaim } from '../storage/complaints.ts'
import { factsOf } from '../storage/facts.ts'
import { findMember } from '../storage/members.ts'
import type { Tx } from '../storage/storage.ts'
import type { Answer } from './chat.ts'
import { answerTo, byOf, type Context, refusal, say } from './context.ts'

export async function claim(context: Context, complaint: Complaint): Promise<Answer> {
  const { member, parts } = context
  if (!atLeast(member, roleFor('claim'))) return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const holder = await change(context, complaint, async (tx, now) => {
    if (now.claim && now.claim.member !== member.id) return { done: now.claim.member, facts: [] }
    if (now.claim) return { done: undefined, facts: [] }
    await setClaim(tx, now, member.id)
    return { done: undefined, facts: [{ kind: 'claimed', by: byOf(context) }] }
  })
  if (!holder) return answerTo(context, say(context, 'said.claimed', { n: complaint.running }))
  const by = (await findMember(parts.storage.reads, complaint.tenant, holder))?.name ?? ''
  return refusal(context, 'said.claimed.already', { n: complaint.running, by })
}

/** Given to somebody, whoever holds it now. */
export async function claimFor(context: Context, complaint: Complaint, to: Member): Promise<Answer> {
  const { running: n } = complaint
  const own = to.id === context.member.id
  await change(context, complaint, async (tx, now) => {
    if (now.claim?.member === to.id) return { done: undefined, facts: [] }
    await setClaim(tx, now, to.id)
    const by = byOf(context)
    // Taken from somebody else, it is told as such.
    if (own && !now.claim) return { done: undefined, facts: [{ kind: 'claimed', by }] }
    return { done: undefined, facts: [{ kind: 'assigned', by, to: { name: to.name, member: to.id } }] }
  })
  return answerTo(
    context,
    own ? say(context, 'said.claimed', { n }) : say(context, 'said.assigned', { n, to: to.name }),
  )
}

/** A note is no longer shown; that there was one stays written. */
export async function unnote(context: Context, complaint: Complaint, note: FactId): Promise<void> {
  await change(context, complaint, async (tx, now) => {
    const facts = await factsOf(tx, now.id, 50)
    const taken = facts.some(({ fact }) => fact.kind === 'unnoted' && fact.note === note)
    return { done: undefined, facts: taken ? [] : [{ kind: 'unnoted', by: byOf(context), note }] }
  })
}

/** By whoever holds it, or by an admin. */
export async function release(context: Context, complaint: Complaint): Promise<Answer> {
  const { member, parts } = context
  const outcome = await change<'nobody' | 'released' | MemberId>(context, complaint, async (tx, now) => {
    if (!now.claim) return { done: 'nobody', facts: [] }
    if (now.claim.member !== member.id && !atLeast(member, 'admin')) return { done: now.claim.member, facts: [] }
    await setClaim(tx, now, undefined)
    return { done: 'released', facts: [{ kind: 'released', by: byOf(context) }] }
  })
  const n = complaint.running
  if (outcome === 'released') return answerTo(context, say(context, 'said.released', { n }))
  if (outcome === 'nobody') return answerTo(context, say(context, 'said.released.not', { n }))
  const by = (await findMember(parts.storage.reads, complaint.tenant, outcome))?.name ?? ''
  return refusal(context, 'said.claimed.already', { n, by })
}

export async function note(context: Context, complaint: Complaint, words: string): Promise<Answer> {
  if (!atLeast(context.member, roleFor('note')))
    return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const fact: Fact = { kind: 'noted', by: byOf(context), text: words.slice(0, 2000) }
  await change(context, complaint, async () => ({ done: undefined, facts: [fact] }))
  return answerTo(context, say(context, 'said.noted', { n: complaint.running }))
}

async function change<Done>(
  { parts }: Context,
  complaint: Complaint,
  decide: (tx: Tx, now: Complaint) => Promise<{ done: Done; facts: readonly Fact[] }>,
): Promise<Done> {
  return parts.storage.transaction(async (tx) => {
    const now = await lockComplaint(tx, complaint.tenant, complaint.id)
    if (!now) throw new Error('the complaint is gone')
    const { done, facts } = await decide(tx, now)
    await tell(parts.engine, tx, now, facts)
    return done
  })
}
