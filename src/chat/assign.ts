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
  const word = rest.normalize('NFKC').replace(/^@/, '').trim().toLowerCase()
  const able = (await listMembers(parts.storage.reads, tenant.id)).filter(
    (one) => one.enabled && atLeast(one, roleFor('claim')),
  )
  const people = able.map(({ handle, name }) => `@${handle}（${name}）`).join(' ')
  if (!word) return refusal(context, 'assign.whom', { n, people, example: `/assign ${n} @${able[0]?.handle ?? ''}` })
  const meant = able.filter(({ handle, name }) => handle.toLowerCase() === word || name.toLowerCase() === word)
  const [to] = meant
  if (!to || meant.length > 1) return refusal(context, 'assign.nobody', { word, people })
  return claimFor(context, complaint, to)
}
