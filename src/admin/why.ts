import type { Why } from '../actions/gate.ts'
import type { Requested } from '../actions/request.ts'
import { actOf } from '../chat/act-name.ts'
import { requestedText, whyText } from '../chat/why.ts'
import type { ActionKind } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { Problem } from '../core/errors.ts'
import { never, yuan } from '../core/words.ts'
import { Refusal } from './problem.ts'

/** What the gate says, as a refusal: the words that a person reads in the chat, and what a program does next. */
export function refusedBy(
  complaint: Complaint,
  why: Why,
  /** What was wished for. */
  kind?: ActionKind,
): Refusal {
  const said = problemOf(complaint, why)
  const field = fieldIn(kind, said.field)
  const problem = { field, fix: field === 'received' && why.why === 'unknown-choice' ? arrived(why.choices) : said.fix }
  const detail = whyText('en', complaint, why)
  if (isInput(why)) return new Refusal(422, { title: 'Invalid input', detail, problems: [problem] })
  if (why.why === 'role') return new Refusal(403, { title: 'Not allowed', detail, problems: [problem] })
  return new Refusal(409, { title: titleOf(why), detail, problems: [problem] })
}

/** Where it stands in the wish: money may stand within another one, and each asks its question by a name of its own. */
function fieldIn(kind: ActionKind | undefined, field: string): string {
  if (field === 'choice') return (kind && choices[kind]) ?? 'kind'
  return kind === 'decide-refund' && /^(order|amount|confirm)/.test(field) ? `refund.${field}` : field
}

/** It is asked by a yes or a no. */
const arrived = (codes: readonly string[]): string =>
  `whether the goods arrived: ${codes.map((code) => code === 'received').join(' or ')}`

const choices: Readonly<Partial<Record<ActionKind, string>>> = {
  respond: 'stance',
  'prove-refund': 'received',
  finish: 'choice',
  'decide-refund': 'verdict',
}

/** Another one of its kind is on its way, or is done and not read back yet. */
export const inTheWayOf = (complaint: Complaint, requested: Extract<Requested, { outcome: 'busy' | 'repeated' }>) =>
  new Refusal(409, {
    title: requested.outcome === 'busy' ? 'On its way' : 'Done already',
    detail: requestedText('en', complaint, requested),
    problems: [{ field: 'kind', fix: `look what became of it: GET …/actions/${requested.action.id}` }],
  })

export const tooLate = (action: Parameters<typeof actOf>[1]): Refusal =>
  new Refusal(409, {
    title: 'Too late',
    detail: `This has gone out or has ended: it cannot be taken back (${actOf('en', action)}).`,
  })

function isInput({ why }: Why): boolean {
  switch (why) {
    case 'words-missing':
    case 'text-too-long':
    case 'characters':
    case 'pictures-too-many':
    case 'unknown-choice':
    case 'no-order':
    case 'no-amount':
      return true
    default:
      return false
  }
}

const titleOf = ({ why }: Why): string =>
  why === 'changed' ? 'Changed since' : why === 'cap' ? 'Above a limit' : 'Not possible now'

function problemOf({ running, moves }: Complaint, why: Why): Problem {
  const look = `GET …/complaints/${running} shows the moves that are open`
  switch (why.why) {
    case 'role':
      return { field: 'kind', fix: `it takes ${why.needs}` }
    case 'not-open':
      return { field: 'kind', fix: `open now: ${moves.map(({ kind }) => kind).join(', ') || 'nothing'}; ${look}` }
    case 'expired':
      return { field: 'kind', fix: look }
    case 'changed':
      return { field: 'ifVersion', fix: `GET …/complaints/${running} again, look at what is new, and send its version` }
    case 'words-missing':
      return { field: 'text', fix: why.takes.either ? 'give text, pictures or both' : 'give text' }
    case 'text-too-long':
      return { field: 'text', fix: `at most ${why.most} ${why.unit}; these are ${why.is}` }
    case 'characters':
      return { field: 'text', fix: `leave out ${why.characters.join(' ')}` }
    case 'pictures-too-many':
      return { field: 'pictures', fix: `at most ${why.most}` }
    case 'unknown-choice':
      return { field: 'choice', fix: `one of ${why.choices.join(', ')}: ${look}` }
    default:
      return moneyProblem(running, why)
  }
}

function moneyProblem(running: number, why: Extract<Why, { why: MoneyWhy }>): Problem {
  switch (why.why) {
    case 'no-order':
      return { field: 'order', fix: `GET …/complaints/${running}/refundable shows the orders` }
    case 'no-amount':
      return {
        field: 'amount',
        fix: `more than 0 fen, at most what is left of the order: GET …/complaints/${running}/refundable shows it`,
      }
    case 'too-much':
      return { field: 'amount', fix: `at most ${why.most} fen` }
    case 'cap':
      return {
        field: 'amount',
        fix: `at most ${why.most} fen${why.cap === 'day' ? ' today' : ''}; PATCH the business to allow more`,
      }
    case 'second-person':
      return {
        field: 'amount',
        fix: `from ¥${yuan(why.from)} on, with what was given back of the order before, two people are needed, and a key is none: ask for it in the group, /refund ${running}`,
      }
    case 'not-the-second':
      return { field: 'amount', fix: `ask for it in the group: /refund ${running}` }
    case 'others':
      return othersUnsaid
    case 'order-busy':
      return { field: 'order', fix: `wait for its end: GET …/complaints/${running}/actions` }
    case 'too-often':
    case 'too-late':
      return { field: 'order', fix: 'the platform gives nothing back for it any more' }
    case 'not-automatic':
      return { field: 'kind', fix: 'rules may not refund here' }
    default:
      return never(why)
  }
}

type MoneyWhy =
  | 'no-order'
  | 'no-amount'
  | 'too-much'
  | 'cap'
  | 'second-person'
  | 'not-the-second'
  | 'others'
  | 'order-busy'
  | 'too-often'
  | 'too-late'
  | 'not-automatic'

export const othersUnsaid: Problem = {
  field: 'confirm.others',
  fix: 'true = go on although the platform shows other refunds of this order, of an amount that it does not say',
}
