import type { Complaint } from '../complaints/complaint.ts'
import { atLeast } from '../complaints/member.ts'
import { instant } from '../core/words.ts'
import { tell } from '../engine/tell.ts'
import { lockComplaint } from '../storage/complaints.ts'
import type { Answer } from './chat.ts'
import { answerTo, byOf, type Context, refusal, say } from './context.ts'
import { clockTime } from './times.ts'

/** Phone and contact of the customer, to one person alone; that it was looked at is written down first, what was seen is not. */
export async function reveal(context: Context, complaint: Complaint): Promise<Answer> {
  const { parts, room, member, tenant } = context
  const { running: n } = complaint
  if (!room.alone || room.member !== member.id) return refusal(context, 'no.reveal.alone', { example: `/reveal ${n}` })
  if (!atLeast(member, 'refunder')) return refusal(context, 'no.role', { role: say(context, 'role.refunder') })
  const lines = linesOf(context, complaint)
  if (lines.length === 0) return refusal(context, 'no.reveal.none', { n })
  const by = byOf(context)
  await parts.storage.transaction(async (tx) => {
    const now = await lockComplaint(tx, tenant.id, complaint.id)
    if (now) await tell(parts.engine, tx, now, [{ kind: 'revealed', by }])
  })
  const at = clockTime(instant(parts.storage.reads.clock.now()), tenant.zone)
  return answerTo(context, say(context, 'reveal.shown', { n, lines: lines.join('\n'), by: by.name, at }))
}

function linesOf(context: Context, { person }: Complaint): readonly string[] {
  const rows = [
    ['reveal.name', person.name],
    ['line.phone', person.phone],
    ['reveal.openid', person.openid],
  ] as const
  const known = rows.flatMap(([key, value]) => (value ? [`${say(context, key)}: ${value}`] : []))
  // A name alone is no way to reach anybody.
  return person.phone || person.openid ? known : []
}
