import type { Why } from '../actions/gate.ts'
import type { RefundWhy } from '../actions/refund-gate.ts'
import type { Requested } from '../actions/request.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { never, yuan } from '../core/words.ts'
import type { Language } from '../storage/tenants.ts'
import { actOf, byText } from './act-name.ts'
import { problem, text } from './texts.ts'

/** A refusal in words that say what to do next. */
export function whyText(language: Language, complaint: Complaint, why: Why): string {
  switch (why.why) {
    case 'role':
      return text(language, 'no.role', { role: text(language, `role.${why.needs}`) })
    case 'not-open':
      return text(language, 'no.not-open', { n: complaint.running, label: complaint.label })
    case 'changed':
      return text(language, 'no.changed')
    case 'expired':
      return text(language, 'no.expired')
    case 'words-missing':
      return text(language, why.takes.either ? 'no.words-missing' : 'no.words-missing.text')
    case 'characters': {
      const characters = why.characters.join(' ')
      return why.without === ''
        ? text(language, 'no.characters', { characters })
        : text(language, 'no.characters.without', { characters, without: why.without })
    }
    case 'text-too-long':
      return text(language, why.unit === 'bytes' ? 'no.text-too-long.bytes' : 'no.text-too-long', {
        is: why.is,
        most: why.most,
      })
    case 'pictures-too-many':
      return text(language, 'no.pictures-too-many', { is: why.is, most: why.most })
    case 'unknown-choice':
      return text(language, 'no.unknown-choice', { choices: why.choices.join(' / ') })
    default:
      return moneyText(language, complaint, why)
  }
}

function moneyText(language: Language, { running: n }: Complaint, why: RefundWhy): string {
  switch (why.why) {
    case 'no-order':
    case 'no-amount':
    case 'others':
    case 'not-automatic':
      return text(language, `no.${why.why}`, { n, example: `/refund ${n}` })
    case 'too-much':
      return why.most === 0
        ? text(language, 'refund.none', { n })
        : text(language, 'no.too-much', { most: yuan(why.most), example: `/refund ${n} ${yuan(why.most)}` })
    case 'order-busy':
      return text(language, 'no.order-busy', { by: why.by })
    case 'too-often':
    case 'too-late':
      return text(language, `no.${why.why}`)
    case 'cap':
      return capText(language, why)
    case 'second-person':
      return text(language, 'no.second-person', { from: yuan(why.from), example: `/refund ${n}` })
    case 'not-the-second':
      return text(language, 'no.not-the-second', { role: text(language, `role.${why.needs}`) })
    default:
      return never(why)
  }
}

/** Whose it is, what is possible, and who can change it how. */
function capText(language: Language, { cap, whose, most }: Extract<RefundWhy, { why: 'cap' }>): string {
  const things = whose === 'member' ? 'redress member update …' : 'redress tenant update …'
  return text(language, `no.cap.${whose}.${cap}`, { most: yuan(most), example: `${things} --refund-${cap}` })
}

/** What became of a wish, said to whoever wished. */
export function requestedText(language: Language, complaint: Complaint, requested: Requested): string {
  if (requested.outcome === 'refused') return whyText(language, complaint, requested.why)
  const { action } = requested
  const params = { n: complaint.running, act: actOf(language, action), by: byText(language, action.by) }
  if (requested.outcome === 'accepted') {
    const said = text(language, 'said.accepted', params)
    const count = 'pictures' in action.action ? (action.action.pictures?.length ?? 0) : 0
    return count > 0 ? text(language, 'said.accepted.pictures', { said, count }) : said
  }
  if (action.state === 'done') return text(language, 'said.repeated.done', params)
  if (action.state === 'withdrawn') return text(language, 'undo.action', params)
  if (action.state === 'failed')
    return text(language, 'said.repeated.failed', { ...params, why: problem(language, action.message) })
  return text(language, 'said.busy', params)
}
