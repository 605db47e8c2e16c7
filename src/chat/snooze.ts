import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import { atLeast, roleFor } from '../complaints/member.ts'
import { longestSnooze } from '../complaints/stage.ts'
import { instant, later } from '../core/words.ts'
import { tell } from '../engine/tell.ts'
import { lockComplaint } from '../storage/complaints.ts'
import { snooze as keep } from '../storage/deadlines.ts'
import type { Answer } from './chat.ts'
import { answerTo, byOf, type Context, refusal, say } from './context.ts'
import { spanIn } from './span-in.ts'
import { timeOf } from './times.ts'

/** `/snooze 128 2h`: no reminders until then, but those that go to the admins; `off` ends it. */
export async function snooze(
  context: Context,
  complaint: Complaint,
  { rest }: { readonly rest: string },
): Promise<Answer> {
  const { member, parts, tenant } = context
  const n = complaint.running
  if (!atLeast(member, roleFor('claim'))) return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const ends = /^(off|取消|恢复)$/i.test(rest.trim())
  const span = spanIn(rest)
  if (!ends && (span === undefined || span > longestSnooze))
    return refusal(context, 'snooze.how', { example: `/snooze ${n} 2h` })
  const now = instant(parts.storage.reads.clock.now())
  const until = ends || span === undefined ? undefined : later(now, span)
  const kept = await parts.storage.transaction(async (tx) => {
    const locked = await lockComplaint(tx, complaint.tenant, complaint.id)
    if (!locked || !(await keep(tx, locked.id, until))) return false
    const fact: Fact = { kind: 'snoozed', by: byOf(context), ...(until === undefined ? {} : { until }) }
    await tell(parts.engine, tx, locked, [fact])
    return true
  })
  if (!kept) return refusal(context, 'snooze.nothing', { n })
  return answerTo(
    context,
    until === undefined
      ? say(context, 'snooze.ended', { n })
      : say(context, 'snooze.done', { n, until: timeOf(until, tenant.zone, now) }),
  )
}
