import { gate } from '../actions/gate.ts'
import type { Action } from '../complaints/action.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import { instant } from '../core/words.ts'
import { actOf } from './act-name.ts'
import { draft, prove } from './acts.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { instead } from './instead.ts'
import { draftOf, type Open } from './intent.ts'
import { previewCard } from './preview-card.ts'
import { stage } from './stage.ts'
import { whyText } from './why.ts'
import { blocked, type Wish } from './wish.ts'

/** Words that nobody typed for this complaint: shown to whoever chose them before they go. */
export async function preview(
  context: Context,
  complaint: Complaint,
  asked: { readonly open: Open; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { open, text, wish } = asked
  const drafted = draftOf(open)
  if (drafted?.kind === 'prove-refund') return prove(context, complaint, { ...drafted, text, wish })
  if (drafted) return draft(context, complaint, { draft: drafted, text, wish })
  if (open.kind === 'respond') return answerCard(context, complaint, { stance: open.stance ?? 'talk', text, wish })
  return refusal(context, 'no.not-open', { n: complaint.running, label: complaint.label })
}

async function answerCard(
  context: Context,
  complaint: Complaint,
  { stance, text, wish }: { readonly stance: 'agree' | 'refuse' | 'talk'; readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const act = { kind: 'respond', stance } as const
  const no = instead(context, complaint, stance) ?? (await blocked(context, complaint, act, wish))
  if (no) return no
  const takes = moveOf(complaint, 'respond')?.takes
  const staged = await stage(context, complaint, { takes, how: 'all' })
  if (staged.tooMany) return answerTo(context, staged.problems.join('\n'), { alert: true })
  const { pictures } = staged
  const action: Action = { ...act, text, ...(pictures.length > 0 ? { pictures } : {}) }
  const now = instant(context.parts.storage.reads.clock.now())
  const why = gate({ member: context.member, complaint, action, now })
  if (why) return answerTo(context, whyText(context.room.language, complaint, why), { alert: true })
  const lines = [{ label: say(context, 'preview.act'), text: actOf(context.room.language, { action }) }]
  return previewCard(context, complaint, { action, lines, text, staged, takes })
}
