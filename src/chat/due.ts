import { dueOf } from '../complaints/deadline.ts'
import { fen, instant, yuan } from '../core/words.ts'
import { listComplaints } from '../storage/complaints.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, say } from './context.ts'
import { listOf, shownAtOnce } from './list.ts'

/** Most that are added up. */
const most = 500

/** By time left, the late ones first, with what is at stake. */
export async function due(context: Context): Promise<Answer> {
  const { parts, room, tenant } = context
  const { reads } = parts.storage
  const found = await listComplaints(reads, {
    ...{ tenant: tenant.id, which: 'due', limit: most },
    ...(room.accounts ? { accounts: room.accounts } : {}),
  })
  if (found.length === 0) return answerTo(context, say(context, 'due.none'))
  const now = instant(reads.clock.now())
  const late = found.filter((complaint) => (dueOf(complaint) ?? now) < now).length
  const sum = fen(found.reduce((all, { amountShown }) => all + (amountShown ?? 0), 0))
  const title = say(context, 'due.title', { count: found.length, late, sum: yuan(sum) })
  return listOf(context, title, found.slice(0, shownAtOnce + 1))
}
