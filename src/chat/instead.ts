import { type Complaint, moveOf } from '../complaints/complaint.ts'
import type { Answer } from './chat.ts'
import { type Context, refusal, say } from './context.ts'
import type { TextKey } from './texts.ts'

/** Yes and no mean other things elsewhere: agree and refuse settle, approve and reject decide about money. */
export type Said = 'agree' | 'refuse' | 'talk' | 'approve' | 'reject'

const others: { readonly [Word in Said]: readonly Said[] } = {
  agree: ['talk', 'approve'],
  refuse: ['talk', 'reject'],
  talk: ['agree', 'refuse'],
  approve: ['agree', 'talk'],
  reject: ['refuse', 'talk'],
}

/** What to use where this platform has another word for it. Undefined where it has this one, or nothing alike is open. */
export function instead(context: Context, complaint: Complaint, said: Said): Answer | undefined {
  const open = openOf(complaint)
  if (open.includes(said)) return undefined
  const better = others[said].filter((word) => open.includes(word))
  if (better.length === 0) return undefined
  const n = complaint.running
  const use = better.map((word) => say(context, `use.${word}` satisfies TextKey, { n })).join(' · ')
  return refusal(context, 'no.instead', { n, act: say(context, `act.${said}`), use })
}

function openOf(complaint: Complaint): readonly string[] {
  const [answers, decisions] = [moveOf(complaint, 'respond'), moveOf(complaint, 'decide-refund')]
  // Without choices any answer is taken.
  const any = answers && !answers.takes.choices ? ['agree', 'refuse', 'talk'] : []
  return [...any, ...[answers, decisions].flatMap((move) => move?.takes.choices?.map(({ code }) => code) ?? [])]
}
