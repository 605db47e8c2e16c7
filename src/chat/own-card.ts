import type { Complaint } from '../complaints/complaint.ts'
import { instant, later } from '../core/words.ts'
import type { Plan, Planned } from './card.ts'
import type { Answer } from './chat.ts'
import { type Context, say } from './context.ts'
import { drawPlan } from './draw.ts'

/** How long a card that moves money may be pressed. */
export const moneyLife = 120_000
const confirmLife = 10 * 60_000

/** A card whose buttons are its author's alone, and not for long; milliseconds. */
export async function forOneself(
  context: Context,
  complaint: Complaint,
  plan: Plan,
  life = confirmLife,
): Promise<Answer & { readonly card: NonNullable<Answer['card']> }> {
  const { parts, room, member, heard } = context
  const only = { member: member.id, until: later(instant(parts.storage.reads.clock.now()), life) }
  const card = await parts.storage.transaction((tx) => drawPlan(tx, { room, complaint, plan, only }))
  return { card, onlyFor: [heard.user.id] }
}

/** A note of several sentences, where there are any. */
export const noteOf = (parts: readonly (string | false | undefined)[]): { readonly note?: string } => {
  const said = parts.filter(Boolean)
  return said.length > 0 ? { note: said.join('\n') } : {}
}

/** Also throws away what lies ready. */
export const drop = (context: Context): Planned => ({
  label: say(context, 'button.drop'),
  intent: { do: 'drop' },
  weight: 'plain',
})

export const leave = (context: Context): Planned => ({
  label: say(context, 'button.leave'),
  intent: { do: 'leave' },
  weight: 'plain',
})
