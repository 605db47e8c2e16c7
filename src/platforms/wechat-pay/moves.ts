import type { Move } from '../../complaints/complaint.ts'
import { type Instant, later } from '../../core/words.ts'
import { type Limits, takesOf } from './takes.ts'
import type { Step, Told } from './wire.ts'

const hour = 3_600_000
// Their customer service names these; the API names no end. docs/platforms/wechat-pay.md#clocks
const firstReply = 24 * hour
const toTheEnd = 72 * hour

const asking = ['USER_CREATE_COMPLAINT', 'USER_CONTINUE_COMPLAINT', 'USER_RESPONSE', 'USER_CLICK_RESPONSE']
const answers = ['MERCHANT_RESPONSE', 'MERCHANT_CONFIRM_COMPLETE', 'MERCHANT_APPROVE_REFUND']
const decided = ['MERCHANT_APPROVE_REFUND', 'MERCHANT_REFUSE_RERUND', 'MERCHANT_REJECT_REFUND']

/** What may be done now. Pure. `steps` in the order of their time. */
export function movesOf(told: Told, steps: readonly Step[], limits: Limits): readonly Move[] {
  if (told.state !== 'PENDING' && told.state !== 'PROCESSING') return []
  const owesReply = told.state === 'PENDING' || told.waiting
  return [
    {
      kind: 'respond',
      owed: owesReply,
      ...(owesReply ? replyDue(told, steps) : {}),
      takes: takesOf('respond', limits),
    },
    ...(isUndecided(told, steps)
      ? [{ kind: 'decide-refund', owed: false, takes: takesOf('decide-refund', limits) } as const]
      : []),
    ...(told.fullyRefunded || !told.orders.some(({ transaction }) => transaction !== undefined)
      ? []
      : [{ kind: 'refund', owed: false, takes: takesOf('refund', limits) } as const]),
    { kind: 'finish', owed: true, ...endDue(told, steps), takes: takesOf('finish', limits) },
  ]
}

/** A day from the first thing that the user said since somebody answered, or since the complaint went on. */
function replyDue(told: Told, steps: readonly Step[]): { readonly due?: Instant } {
  const answered = steps.findLastIndex(({ type }) => answers.includes(type)) + 1
  const since = steps.slice(Math.max(answered, goneOn(steps))).find(isAsking) ?? steps.findLast(isAsking)
  return dated(since?.at ?? told.created, firstReply)
}

/** Three days from the complaint, or from when the user went on with it. */
const endDue = (told: Told, steps: readonly Step[]): { readonly due?: Instant } =>
  dated(steps.findLast(({ type }) => type === 'USER_CONTINUE_COMPLAINT')?.at ?? told.created, toTheEnd)

const dated = (from: Instant | undefined, ms: number): { readonly due?: Instant } =>
  from === undefined ? {} : { due: later(from, ms) }

const goneOn = (steps: readonly Step[]): number =>
  Math.max(
    0,
    steps.findLastIndex(({ type }) => type === 'USER_CONTINUE_COMPLAINT'),
  )

const isAsking = ({ type }: Step): boolean => asking.includes(type)

/** The user asks for money, and since then nobody has said yes or no. */
export function isUndecided(told: Told, steps: readonly Step[]): boolean {
  return told.type === 'REFUND' && !told.fullyRefunded && decision(steps) === undefined
}

/** The last word about the money since the complaint was opened or gone on with. */
export function decision(steps: readonly Step[]): Step | undefined {
  return steps.slice(goneOn(steps)).findLast(({ type }) => decided.includes(type))
}
