import type { Complaint } from './complaint.ts'
import { type OutsideMove, play } from './moves.ts'
import type { Rules } from './rules.ts'

const every: readonly OutsideMove[] = [
  { kind: 'message', text: '请问什么时候能处理？' },
  { kind: 'continue', text: '问题没有解决，我要继续投诉。' },
  { kind: 'ask-platform', text: '商家一直不处理，请平台帮忙。' },
  { kind: 'cancel-platform' },
  { kind: 'satisfaction', text: '满意' },
  { kind: 'click', text: '同意', actionId: 'agree' },
  { kind: 'platform-message', text: '请商家尽快联系用户处理。' },
  { kind: 'finish-platform' },
  { kind: 'want-immediate' },
]

/** The customer's and the platform's moves that are possible now, with words that could be theirs. */
export function possible(complaint: Complaint, rules: Rules): readonly OutsideMove[] {
  return every.filter((move) => play(complaint, move, complaint.at, rules) !== undefined)
}
