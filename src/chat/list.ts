import type { Complaint } from '../complaints/complaint.ts'
import { dueOf } from '../complaints/deadline.ts'
import { type Instant, instant, yuan } from '../core/words.ts'
import { listComplaints } from '../storage/complaints.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { leftText } from './times.ts'

/** One more than this is asked for, to know whether there are more. */
export const shownAtOnce = 20
const filters = { open: ['open', '未结'], due: ['due', '时限'], mine: ['mine', '我的'], all: ['all', '全部'] } as const

export async function list(context: Context, { rest }: { readonly rest: string }): Promise<Answer> {
  const { parts, room, member, tenant } = context
  const asked = rest.trim().toLowerCase() || 'open'
  const which = (['open', 'due', 'mine', 'all'] as const).find((name) => filters[name].some((word) => word === asked))
  if (!which) return refusal(context, 'no.arguments', { example: '/list open · due · mine · all' })
  const found = await listComplaints(parts.storage.reads, {
    tenant: tenant.id,
    which,
    member: member.id,
    ...(room.accounts ? { accounts: room.accounts } : {}),
    limit: shownAtOnce + 1,
  })
  if (found.length === 0) return answerTo(context, say(context, 'list.none'))
  return listOf(context, say(context, which === 'open' ? 'list.title' : `list.title.${which}`), found)
}

/** A line for each, in their order; that there are more than these is said. */
export function listOf(context: Context, title: string, complaints: readonly Complaint[]): Answer {
  const now = instant(context.parts.storage.reads.clock.now())
  return {
    card: {
      title,
      tone: 'calm',
      lines: complaints.slice(0, shownAtOnce).map((complaint) => ({
        label: `#${complaint.running}`,
        text: rowOf(context, complaint, now),
      })),
      ...(complaints.length > shownAtOnce ? { note: say(context, 'list.more', { count: shownAtOnce }) } : {}),
      buttons: [],
    },
  }
}

function rowOf(context: Context, complaint: Complaint, now: Instant): string {
  const due = dueOf(complaint)
  return [
    complaint.label,
    complaint.amountShown === undefined ? '' : `¥${yuan(complaint.amountShown)}`,
    complaint.reason,
    due ? leftText(context.room.language, due, now) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
