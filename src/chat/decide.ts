import { gate } from '../actions/gate.ts'
import { refundableOf } from '../actions/refundable.ts'
import type { ActionOf } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { OutsideError } from '../core/errors.ts'
import { instant, yuan } from '../core/words.ts'
import type { Planned } from './card.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { instead } from './instead.ts'
import { forOneself, leave, moneyLife, noteOf } from './own-card.ts'
import { mayRefund } from './refund.ts'
import { refundOf } from './refund-offer.ts'
import { problem } from './texts.ts'
import { whyText } from './why.ts'
import { blocked, hindrance, type Wish } from './wish.ts'

type Approval = ActionOf<'decide-refund'>

/** 同意退款: a promise of money, today with the money or without it for now, or by a later day: `3天 换货后退`. */
export async function approveRefund(
  context: Context,
  complaint: Complaint,
  said: { readonly text: string; readonly wish: Wish },
): Promise<Answer> {
  const { wish } = said
  const { day, text } = dayIn(said.text)
  const action: Approval = { kind: 'decide-refund', verdict: 'approve', day, ...(text ? { text } : {}) }
  const no = instead(context, complaint, 'approve') ?? (await blocked(context, complaint, action, wish))
  if (no) return no
  const why = gate({ member: context.member, complaint, action, now: instant(context.parts.storage.reads.clock.now()) })
  if (why) return answerTo(context, whyText(context.room.language, complaint, why), { alert: true })
  if (day > mostDays) return refusal(context, 'no.days', { days: day, most: mostDays, n: complaint.running })
  // Who promises a later day wants the money to go later.
  const money: Money = day > 0 ? { buttons: [] } : await withMoney(context, complaint, { action, wish })
  return forOneself(
    context,
    complaint,
    {
      title: say(context, 'approve.title', { n: complaint.running }),
      tone: 'calm',
      lines: [
        { label: say(context, 'line.who'), text: complaint.who },
        ...(text ? [{ label: say(context, 'approve.remark'), text }] : []),
      ],
      ...noteOf([
        day > 0
          ? say(context, 'approve.promise.days', { days: day })
          : say(context, 'approve.promise', { n: complaint.running }),
        money.note,
        say(context, 'refund.valid', { seconds: moneyLife / 1000 }),
      ]),
      buttons: [
        ...money.buttons,
        { label: say(context, 'button.approve.only'), intent: { do: 'send', action }, weight: 'main' },
        leave(context),
      ],
    },
    moneyLife,
  )
}

/** Working days, as the platform counts them. docs/platforms/wechat-pay.md: What an act carries */
const mostDays = 365

/** A number of days may stand first; only with its unit, so that a remark may begin with a number. */
function dayIn(words: string): { readonly day: number; readonly text: string } {
  const match = /^([\d０-９]{1,4})\s*(?:个?工作日|天|日|days?|d)(?:[\s,，]+|$)/iu.exec(words)
  if (!match) return { day: 0, text: words }
  return { day: Number((match[1] ?? '').normalize('NFKC')), text: words.slice(match[0].length).trim() }
}

interface Money {
  readonly buttons: readonly Planned[]
  /** Why it cannot go along, or what to know of it. */
  readonly note?: string
}

/** The whole of what is left, to go out by itself once the approval is taken; or why not. */
async function withMoney(
  context: Context,
  complaint: Complaint,
  { action, wish }: { readonly action: Approval; readonly wish: Wish },
): Promise<Money> {
  const { language } = context.room
  try {
    if (await mayRefund(context, complaint, wish)) return { buttons: [] }
    const open = (await refundableOf(context.parts, complaint)).filter(({ left }) => left > 0)
    const [one, ...more] = open
    if (!one) return { buttons: [], note: say(context, 'refund.none', { n: complaint.running }) }
    if (more.length > 0) return { buttons: [], note: say(context, 'approve.several', { n: complaint.running }) }
    const both: Approval = { ...action, next: refundOf(one, one.left, '') }
    const hindered = await hindrance(context, complaint, both, wish)
    if (hindered?.outcome === 'refused') return { buttons: [], note: whyText(language, complaint, hindered.why) }
    const label = say(context, 'button.approve.full', { amount: yuan(one.left) })
    return {
      buttons: [{ label, intent: { do: 'send', action: both }, weight: 'danger' }],
      ...(one.others ? { note: say(context, 'refund.others') } : {}),
    }
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    return { buttons: [], note: say(context, 'no.away', { why: problem(language, error.message) }) }
  }
}
