import { type Complaint, moveOf } from '../complaints/complaint.ts'
import { maskNumbers } from '../complaints/person.ts'
import type { Answer } from './chat.ts'
import { type Context, refusal, say } from './context.ts'
import { finishAs } from './finish-as.ts'
import { forOneself, leave, noteOf } from './own-card.ts'
import { blocked, type Wish } from './wish.ts'

/** 完结: looked at once more, with what speaks against it. */
export async function finish(
  context: Context,
  complaint: Complaint,
  { text, wish }: { readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const action = { kind: 'finish' } as const
  if (moveOf(complaint, 'finish')?.takes.choices) return finishAs(context, complaint, { text, wish })
  const no = await blocked(context, complaint, action, wish)
  if (no) return no
  const { running: n } = complaint
  if (text) return refusal(context, 'no.finish.words', { n })
  const open = openEnd(complaint)
  return forOneself(context, complaint, {
    title: say(context, 'finish.title', { n }),
    tone: open ? 'urgent' : 'calm',
    lines: [{ label: say(context, 'line.who'), text: complaint.who }],
    ...noteOf([
      open?.end === 'silent' && say(context, 'finish.silent'),
      open?.end === 'unanswered' && say(context, 'finish.unanswered', { text: maskNumbers(open.text) }),
      say(context, 'finish.meaning'),
    ]),
    buttons: [
      { label: say(context, 'button.finish.send'), intent: { do: 'send', action }, weight: open ? 'danger' : 'main' },
      leave(context),
    ],
  })
}

/** Nobody of us ever said anything; or the user spoke last. */
export function openEnd({
  timeline,
}: Pick<Complaint, 'timeline'>):
  | { readonly end: 'silent' }
  | { readonly end: 'unanswered'; readonly text: string }
  | undefined {
  const ours = timeline.findLastIndex(({ by }) => by === 'merchant')
  if (ours < 0) return { end: 'silent' }
  const since = timeline.slice(ours + 1).findLast(({ by }) => by === 'user')
  return since && { end: 'unanswered', text: since.text || since.label }
}
