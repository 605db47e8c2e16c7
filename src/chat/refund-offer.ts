import type { Refundable } from '../actions/refundable.ts'
import type { Refund } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { type Fen, yuan } from '../core/words.ts'
import { actionsOf } from '../storage/actions.ts'
import { byText } from './act-name.ts'
import { capitals } from './capitals.ts'
import type { Plan, Planned } from './card.ts'
import type { Answer } from './chat.ts'
import { type Context, refusal, say } from './context.ts'
import { forOneself, leave, moneyLife, noteOf } from './own-card.ts'
import { isRefund } from './refund-words.ts'
import { clockTime } from './times.ts'

/** Orders on one card. */
const most = 3

export const refundOf = (one: Refundable, amount: Fen, reason: string): Refund => ({
  kind: 'refund',
  order: one.order,
  amount,
  total: one.total,
  reason,
  ...(one.paidAt === undefined ? {} : { paidAt: one.paidAt }),
  ...(one.others ? { others: true } : {}),
})

/** What may be given back of each order, with the whole of it one press away. */
export async function offer(context: Context, complaint: Complaint, all: readonly Refundable[]): Promise<Answer> {
  if (all.length === 0) return refusal(context, 'no.order', { n: complaint.running })
  const open = all.filter(({ left }) => left > 0)
  const shown = [...open, ...all.filter(({ left }) => left === 0)].slice(0, most)
  const offered = shown.filter(({ left }) => left > 0)
  const plan: Plan = {
    title: say(context, open.length > 0 ? 'refund.title' : 'refund.none', { n: complaint.running }),
    tone: 'calm',
    lines: [
      ...shown.map((one) => orderLine(context, one)),
      ...(open.length > 0 ? [] : await refundedLines(context, complaint)),
    ],
    ...noteOf([
      shown.some(({ others }) => others) && say(context, 'refund.others'),
      all.length > shown.length && say(context, 'refund.more', { count: all.length - shown.length }),
      offered.length > 0 && say(context, 'refund.valid', { seconds: moneyLife / 1000 }),
    ]),
    buttons:
      offered.length > 0
        ? [...offered.flatMap((one) => offerButtons(context, one, offered.length)), leave(context)]
        : [],
  }
  return forOneself(context, complaint, plan, moneyLife)
}

const orderLine = (context: Context, one: Refundable): Plan['lines'][number] => ({
  label: say(context, 'refund.order'),
  text: say(context, 'refund.sums', {
    order: tail(one.order),
    paid: yuan(one.total),
    settled: yuan(one.settled),
    underway: yuan(one.underway),
    left: yuan(one.left),
  }),
})

/** What was given back when. */
async function refundedLines({ parts, room, tenant }: Context, complaint: Complaint): Promise<Plan['lines']> {
  const actions = (await actionsOf(parts.storage.reads, complaint.id, 50)).filter(isRefund)
  return actions
    .filter(({ state }) => state === 'done')
    .map(({ action, by, refund: money, settledAt, requestedAt }) => ({
      label: clockTime(money?.arrivedAt ?? settledAt ?? requestedAt, tenant.zone),
      text: `¥${yuan(action.amount)} · ${byText(room.language, by)}`,
    }))
}

function offerButtons(context: Context, one: Refundable, count: number): readonly Planned[] {
  const params = { amount: yuan(one.left), order: tail(one.order) }
  const [full, part] =
    count > 1 ? (['button.full.of', 'button.part.of'] as const) : (['button.full', 'button.part'] as const)
  return [
    {
      label: say(context, full, params),
      intent: { do: 'send', action: refundOf(one, one.left, '') },
      weight: 'danger',
    },
    {
      label: say(context, part, params),
      intent: { do: 'open', kind: 'refund', order: one.order },
      weight: 'plain',
    },
  ]
}

/** Several orders: which one, the amount kept. */
export function choose(
  context: Context,
  complaint: Complaint,
  { open, words }: { readonly open: readonly Refundable[]; readonly words: string },
): Promise<Answer> {
  const shown = open.slice(0, most)
  return forOneself(
    context,
    complaint,
    {
      title: say(context, 'refund.which', { n: complaint.running, words }),
      tone: 'calm',
      lines: shown.map((one) => orderLine(context, one)),
      ...noteOf([open.length > shown.length && say(context, 'refund.more', { count: open.length - shown.length })]),
      buttons: [
        ...shown.map(({ order, left }) => ({
          label: say(context, 'button.order', { order: tail(order), left: yuan(left) }),
          intent: { do: 'open', kind: 'refund', order, words } as const,
          weight: 'plain' as const,
        })),
        leave(context),
      ],
    },
    moneyLife,
  )
}

/** Of which order, how much, and what the user reads. */
export function refundLines(context: Context, action: Refund, one?: Refundable): Plan['lines'] {
  const { amount, order, reason, total } = action
  const zh = context.room.language !== 'en'
  return [
    one
      ? orderLine(context, one)
      : {
          label: say(context, 'refund.order'),
          text: say(context, 'refund.paid', { order: tail(order), paid: yuan(total) }),
        },
    { label: say(context, 'refund.amount'), text: `¥${yuan(amount)}` },
    ...(zh ? [{ label: say(context, 'refund.capitals'), text: capitals(amount) }] : []),
    { label: say(context, 'refund.reason'), text: reason || say(context, 'preview.none') },
  ]
}

/** The last digits: enough to tell the orders of one complaint apart. */
const tail = (order: string): string => (order.length > 6 ? `…${order.slice(-6)}` : order)
