import { textFits } from '../actions/gate.ts'
import { type Refundable, refundableOf } from '../actions/refundable.ts'
import type { Requested } from '../actions/request.ts'
import type { Refund } from '../complaints/action.ts'
import { type Complaint, moveOf } from '../complaints/complaint.ts'
import { OutsideError } from '../core/errors.ts'
import { fen, yuan } from '../core/words.ts'
import { type Asked, amountIn } from './amount.ts'
import type { Plan } from './card.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { forOneself, leave, moneyLife, noteOf } from './own-card.ts'
import { choose, offer, refundLines, refundOf } from './refund-offer.ts'
import { problem } from './texts.ts'
import { whyText } from './why.ts'
import { answerOf, hindrance, type Wish } from './wish.ts'

/** Money back, as somebody asks for it: `12.5 少发一件`, `all`, or nothing yet. It goes only from the card that this ends in. */
export const refund = (
  context: Context,
  complaint: Complaint,
  said: { readonly words: string; readonly order?: string; readonly wish: Wish },
): Promise<Answer> =>
  orAway(context, async () => {
    const { words, order, wish } = said
    const no = await mayRefund(context, complaint, wish)
    if (no) return no
    if (words === '' && order === undefined)
      return offer(context, complaint, await refundableOf(context.parts, complaint))
    const asked = readWords(context, complaint, words)
    if (typeof asked === 'string') return again(context, asked, wish)
    const all = await refundableOf(context.parts, complaint)
    const open = all.filter((one) => one.left > 0 && (order === undefined || one.order === order))
    const [one, ...others] = open
    if (!one) return offer(context, complaint, all)
    if (others.length > 0) return choose(context, complaint, { open, words })
    return confirm(context, complaint, { one, asked, wish })
  })

/** What the account that pays does not tell, or who pays is not set up: nothing is done. */
export async function orAway(context: Context, run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error
    context.parts.logger.warn({ error: error.message }, 'the account that pays could not be asked')
    return refusal(context, 'no.away', { why: problem(context.room.language, error.message) })
  }
}

/** Why this person cannot give money back here now, however much. */
export async function mayRefund(context: Context, complaint: Complaint, wish: Wish): Promise<Answer | undefined> {
  const any: Refund = { kind: 'refund', order: complaint.orders[0] ?? '', amount: fen(1), total: fen(1), reason: '' }
  const requested = await hindrance(context, complaint, any, wish)
  if (!requested || !isOfAnyAmount(requested)) return undefined
  // The case would allow it: then nobody here pays.
  const off = requested.outcome === 'refused' && requested.why.why === 'not-open' && moveOf(complaint, 'refund')
  return off ? refusal(context, 'no.payer', { example: 'refunds: true' }) : answerOf(context, complaint, requested)
}

function isOfAnyAmount(requested: Requested): boolean {
  if (requested.outcome !== 'refused') return true
  const { why } = requested.why
  return why === 'role' || why === 'not-open' || why === 'changed' || why === 'expired'
}

interface Confirming {
  readonly one: Refundable
  readonly asked: Wished
  readonly wish: Wish
}

type Hindered = NonNullable<Awaited<ReturnType<typeof hindrance>>>

/** Less would go through: then the question comes once more. */
function hinderedBy(
  context: Context,
  complaint: Complaint,
  { hindered, wish }: { readonly hindered: Hindered; readonly wish: Wish },
): Answer | Promise<Answer> {
  const why = hindered.outcome === 'refused' ? hindered.why : undefined
  if (why?.why !== 'cap' && why?.why !== 'too-much') return answerOf(context, complaint, hindered)
  return again(context, whyText(context.room.language, complaint, why), wish)
}

/** Who gets how much of what, and why: looked at once more. */
async function confirm(context: Context, complaint: Complaint, { one, asked, wish }: Confirming): Promise<Answer> {
  const amount = asked.amount === 'all' ? one.left : asked.amount
  if (amount > one.left) return again(context, tooMuch(context, complaint, one), wish)
  const action = refundOf(one, amount, asked.reason)
  const hindered = await hindrance(context, complaint, action, wish)
  const second = hindered?.outcome === 'refused' && hindered.why.why === 'second-person'
  if (hindered && !second) return hinderedBy(context, complaint, { hindered, wish })
  const plan: Plan = {
    title: say(context, 'refund.check', { n: complaint.running, amount: yuan(amount) }),
    tone: 'calm',
    lines: [{ label: say(context, 'line.who'), text: complaint.who }, ...refundLines(context, action, one)],
    ...noteOf([
      one.others && say(context, 'refund.others'),
      second && say(context, 'refund.second'),
      (context.heard.pictures?.length ?? 0) > 0 && say(context, 'refund.pictures'),
      say(context, 'refund.valid', { seconds: moneyLife / 1000 }),
    ]),
    buttons: [
      { label: say(context, 'button.pay', { amount: yuan(amount) }), intent: { do: 'send', action }, weight: 'danger' },
      leave(context),
    ],
  }
  return forOneself(context, complaint, plan, moneyLife)
}

function tooMuch(context: Context, complaint: Complaint, one: Refundable): string {
  return whyText(context.room.language, complaint, { why: 'too-much', most: one.left })
}

type Wished = Exclude<Asked, { wrong: string }>

/** What these words ask for, or why they ask for no refund. */
function readWords(context: Context, complaint: Complaint, words: string): Wished | string {
  const asked = amountIn(words)
  if ('wrong' in asked) {
    const example = say(context, 'refund.example', { command: `/refund ${complaint.running}` })
    return say(context, `no.amount.${asked.wrong}`, { word: asked.word, example })
  }
  const why = textFits(asked.reason, moveOf(complaint, 'refund')?.takes ?? {})
  return why ? whyText(context.room.language, complaint, why) : asked
}

/** Nothing was done: what is wrong, and, after a question, the question once more. */
async function again(context: Context, words: string, wish: Wish): Promise<Answer> {
  context.parts.metrics.heard('refused')
  const ask = await wish.askAgain?.()
  return { ...answerTo(context, words, { alert: true }), ...(ask ? { ask } : {}) }
}
