import type { Complaint } from '../complaints/complaint.ts'
import type { By, Fact } from '../complaints/fact.ts'
import { atLeast, type Member } from '../complaints/member.ts'
import type { MemberId } from '../core/words.ts'
import { tell } from '../engine/tell.ts'
import { lockComplaint, setClaim } from '../storage/complaints.ts'
import type { Tx } from '../storage/storage.ts'
import type { Actor } from './refund-gate.ts'
import type { RequestParts } from './request.ts'

type Parts = Pick<RequestParts, 'storage' | 'engine'>

/** Takes it for a member, unless somebody else has it. @returns who has it, where that is another one */
export const claimFor = (
  parts: Parts,
  complaint: Complaint,
  { by, to }: { readonly by: By; readonly to: Pick<Member, 'id' | 'name'> },
): Promise<MemberId | undefined> =>
  changeClaim(parts, complaint, async (tx, now) => {
    if (now.claim) return { done: now.claim.member === to.id ? undefined : now.claim.member, facts: [] }
    await setClaim(tx, now, to.id)
    return { done: undefined, facts: [by.member === to.id ? { kind: 'claimed', by } : assigned(by, to)] }
  })

/** Gives it to a member, whoever has it now. */
export const assignTo = (
  parts: Parts,
  complaint: Complaint,
  { by, to }: { readonly by: By; readonly to: Pick<Member, 'id' | 'name'> },
): Promise<void> =>
  changeClaim(parts, complaint, async (tx, now) => {
    if (now.claim?.member === to.id) return { done: undefined, facts: [] }
    await setClaim(tx, now, to.id)
    // Taken from somebody else, it is told as such.
    const claimed = by.member === to.id && !now.claim
    return { done: undefined, facts: [claimed ? { kind: 'claimed', by } : assigned(by, to)] }
  })

/** By whoever has it, or by an admin. @returns who has it, where that is another one */
export const releaseClaim = (
  parts: Parts,
  complaint: Complaint,
  { by, actor }: { readonly by: By; readonly actor: Pick<Actor, 'id' | 'role'> },
): Promise<'nobody' | 'released' | MemberId> =>
  changeClaim<'nobody' | 'released' | MemberId>(parts, complaint, async (tx, now) => {
    if (!now.claim) return { done: 'nobody', facts: [] }
    if (now.claim.member !== actor.id && !atLeast(actor, 'admin')) return { done: now.claim.member, facts: [] }
    await setClaim(tx, now, undefined)
    return { done: 'released', facts: [{ kind: 'released', by }] }
  })

/** Most of a note; what is longer is cut by whoever writes it. */
export const mostOfNote = 2_000

export const addNote = (
  parts: Parts,
  complaint: Complaint,
  { by, text }: { readonly by: By; readonly text: string },
): Promise<void> =>
  changeClaim(parts, complaint, async () => ({ done: undefined, facts: [{ kind: 'noted', by, text }] }))

/** Under the complaint's lock: what is decided, and what happened. */
export async function changeClaim<Done>(
  { storage, engine }: Parts,
  complaint: Complaint,
  decide: (tx: Tx, now: Complaint) => Promise<{ readonly done: Done; readonly facts: readonly Fact[] }>,
): Promise<Done> {
  return storage.transaction(async (tx) => {
    const now = await lockComplaint(tx, complaint.tenant, complaint.id)
    if (!now) throw new Error('the complaint is gone')
    const { done, facts } = await decide(tx, now)
    await tell(engine, tx, now, facts)
    return done
  })
}

const assigned = (by: By, { id, name }: Pick<Member, 'id' | 'name'>): Fact => ({
  kind: 'assigned',
  by,
  to: { name, member: id },
})
