import type { Action } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import type { Language } from '../storage/tenants.ts'
import { problem, text } from './texts.ts'

/** The line that a fact is worth beside the card; most facts only change the card. */
export function lineOf(
  fact: Fact,
  about: { readonly complaint: Complaint; readonly language: Language; readonly action?: Action },
): string | undefined {
  const { complaint, language } = about
  const n = complaint.running
  switch (fact.kind) {
    case 'acted': {
      const act = text(language, about.action?.kind === 'respond' ? `act.${about.action.stance}` : `act.${fact.act}`)
      if (fact.state === 'done') return text(language, 'fact.done', { n, act, by: fact.by.name })
      const why = problem(language, fact.message)
      return fact.state === 'failed' ? text(language, 'fact.failed', { n, act, by: fact.by.name, why }) : undefined
    }
    case 'said': {
      const words = fact.happening.text || fact.happening.label
      return text(language, fact.happening.by === 'user' ? 'fact.said' : 'fact.platform', { n, text: words })
    }
    case 'noted':
      return text(language, 'fact.noted', { n, by: fact.by.name, text: fact.text })
    case 'turned':
      return fact.to === 'closed' ? text(language, 'fact.closed', { n, label: fact.label }) : undefined
    default:
      return undefined
  }
}
