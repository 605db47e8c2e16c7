import type { Complaint } from '../complaints/complaint.ts'
import { atLeast, roleFor } from '../complaints/member.ts'
import { listMembers } from '../storage/members.ts'
import type { Answer } from './chat.ts'
import { claimFor } from './claims.ts'
import { type Context, refusal, say } from './context.ts'

/** `/assign 128 @li`: by handle or by name, to whoever may act. */
export async function assign(
  context: Context,
  complaint: Complaint,
  { rest }: { readonly rest: string },
): Promise<Answer> {
  const { member, parts, tenant } = context
  const n = complaint.running
  if (!atLeast(member, roleFor('claim'))) return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const word = plain(rest).replace(/^@/, '').trim()
  const able = (await listMembers(parts.storage.reads, tenant.id)).filter(
    (one) => one.enabled && atLeast(one, roleFor('claim')),
  )
  const people = able.map(({ handle, name }) => `@${handle}（${name}）`).join(' ')
  if (!word) return refusal(context, 'assign.whom', { n, people, example: `/assign ${n} @${able[0]?.handle ?? ''}` })
  // A handle is one person's alone, whoever else is called so.
  const called = able.filter(({ name }) => plain(name) === word)
  const to = able.find(({ handle }) => plain(handle) === word) ?? (called.length === 1 ? called[0] : undefined)
  return to ? claimFor(context, complaint, to) : refusal(context, 'assign.nobody', { word, people })
}

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase()
