import { z } from 'zod'
import { type Tried, tryRule } from '../actions/rule-trial.ts'
import { stoppedText } from '../chat/ruling-words.ts'
import { type Decision, type Does, sumOf, type Unmet } from '../complaints/rule.ts'
import { asId } from '../core/words.ts'
import { findRule } from '../storage/rules.ts'
import { none, tenantOperation } from './operation.ts'
import { notThere } from './problem.ts'

const triedView = z.object({
  complaint: z.string(),
  running: z.number(),
  reason: z.string(),
  /** act = it would act now; would = it fits and is held back; skip = it does not fit. */
  outcome: z.enum(['act', 'would', 'skip']),
  why: z.string().exactOptional(),
  /** The same in words. */
  says: z.string().exactOptional(),
  /** Fen that would go back. */
  amount: z.number().exactOptional(),
  /** What the customer, or the team, would read. */
  text: z.string().exactOptional(),
})
const trialView = z.object({
  /** How many it would act on. */
  fit: z.number(),
  /** More are open than were looked at: those with the least time left are here. */
  more: z.boolean(),
  items: z.array(triedView),
})

export const trialOperation = tenantOperation({
  method: 'get',
  path: '/rules/:rule/try',
  summary:
    'What a rule would do about the complaints that are open now, on or off, each by itself; nothing is done, whoever was paid is asked what they cost',
  query: none,
  body: none,
  status: 200,
  answer: trialView,
  async run({ parts, tenant, param }) {
    const rule = await findRule(parts.storage.reads, tenant.id, asId(param('rule')))
    if (!rule) return notThere('rule')
    const { tried, more } = await tryRule(parts, tenant, rule)
    return { fit: tried.filter(({ decision }) => decision.outcome === 'act').length, more, items: tried.map(viewOf) }
  },
})

const viewOf = ({ complaint: { id, running, reason }, decision }: Tried): z.input<typeof triedView> => ({
  ...{ complaint: id, running, reason, outcome: decision.outcome },
  ...(decision.outcome === 'act' ? {} : { why: decision.why, says: saysOf(decision) }),
  ...(decision.outcome !== 'skip' && decision.does ? doesOf(decision.does) : {}),
})

const saysOf = (decision: Exclude<Decision, { outcome: 'act' }>): string =>
  decision.outcome === 'skip' ? unmet[decision.why] : stoppedText('en', decision.why)

const unmet: { readonly [Why in Unmet]: string } = {
  off: 'the rule is off',
  account: 'it is about another account',
  once: 'the rule has acted on it already',
  'not-open': 'the platform does not take this from us now',
  shown: 'the amount that it shows is another',
  paid: 'the orders cost another amount',
  nth: 'the customer has complained more or less often',
  hours: 'it is another time of the day',
  reasons: 'its reason is another',
  has: 'the customer did not write this',
  lacks: 'the customer wrote what must not be there',
  sources: 'it comes from another source',
  phases: 'it is in another phase',
  owed: 'the platform waits for something else',
}

function doesOf(does: Does): { readonly amount?: number; readonly text?: string } {
  if ('note' in does) return { text: does.note }
  const text = does.actions.flatMap((action) => ('text' in action && action.text ? action.text : []))[0]
  const amount = sumOf(does)
  return { ...(amount > 0 ? { amount } : {}), ...(text === undefined ? {} : { text }) }
}
