import { haltRuling } from '../actions/ruling.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { atLeast } from '../complaints/member.ts'
import type { RulingId } from '../core/words.ts'
import type { Ruling } from '../storage/rulings.ts'
import type { Answer } from './chat.ts'
import { answerTo, byOf, type Context, refusal, say } from './context.ts'
import { ruledAct } from './ruling-words.ts'

/** A person stops what a rule is about to do. Twice is harmless, and too late is said. */
export async function halt(context: Context, complaint: Complaint, id: RulingId): Promise<Answer> {
  // To stop money takes less than to send it.
  if (!atLeast(context.member, 'agent')) return refusal(context, 'no.role', { role: say(context, 'role.agent') })
  const halted = await haltRuling(context.parts, id, byOf(context))
  if (halted === 'halted') return answerTo(context, say(context, 'said.halted', { n: complaint.running }))
  return halted?.complaint === complaint.id ? ended(context, complaint, halted) : refusal(context, 'no.button')
}

function ended(context: Context, { running: n }: Complaint, ruling: Ruling): Answer {
  const params = { n, act: ruledAct(context.room.language, ruling) }
  if (ruling.state === 'cancelled')
    return answerTo(context, say(context, 'said.halted.already', { ...params, by: ruling.by?.name ?? '' }))
  return ruling.state === 'done'
    ? refusal(context, 'said.halted.late', params)
    : answerTo(context, say(context, 'said.halted.nothing', params))
}
