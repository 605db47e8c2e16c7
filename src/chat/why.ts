import type { Why } from '../actions/gate.ts'
import type { Requested } from '../actions/request.ts'
import type { Complaint } from '../complaints/complaint.ts'
import { never } from '../core/words.ts'
import type { StoredAction } from '../storage/actions.ts'
import type { Language } from '../storage/tenants.ts'
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
      return text(language, 'no.words-missing')
    case 'text-too-long':
      return text(language, 'no.text-too-long', { is: why.is, most: why.most })
    case 'pictures-too-many':
      return text(language, 'no.pictures-too-many', { is: why.is, most: why.most })
    case 'unknown-choice':
      return text(language, 'no.unknown-choice', { choices: why.choices.join(' / ') })
    default:
      return never(why)
  }
}

export const actOf = (language: Language, { action }: Pick<StoredAction, 'action'>): string =>
  text(language, action.kind === 'respond' ? `act.${action.stance}` : `act.${action.kind}`)

/** What became of a wish, said to whoever wished. */
export function requestedText(language: Language, complaint: Complaint, requested: Requested): string {
  if (requested.outcome === 'refused') return whyText(language, complaint, requested.why)
  const { action } = requested
  const params = { n: complaint.running, act: actOf(language, action), by: action.by.name }
  if (requested.outcome === 'accepted') {
    const said = text(language, 'said.accepted', params)
    const count = 'pictures' in action.action ? (action.action.pictures?.length ?? 0) : 0
    return count > 0 ? text(language, 'said.accepted.pictures', { said, count }) : said
  }
  if (action.state === 'done') return text(language, 'said.repeated.done', params)
  if (action.state === 'failed')
    return text(language, 'said.repeated.failed', { ...params, why: problem(language, action.message) })
  return text(language, 'said.busy', params)
}
