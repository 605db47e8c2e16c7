import type { Action } from '../complaints/action.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import type { Language } from '../storage/tenants.ts'
import type { Abilities } from './chat.ts'
import { problem, text } from './texts.ts'

export interface Around {
  readonly complaint: Complaint
  readonly language: Language
  readonly action?: Action
  /** Where the card stays as it was posted, lines tell whose turn it is, and nothing that can wait for the next press. */
  readonly edit: Abilities['edit']
}

/** The line that a fact is worth beside the card; most facts only change the card. */
export function lineOf(fact: Fact, { complaint, language, action, edit }: Around): string | undefined {
  const n = complaint.running
  const still = edit !== 'any-time'
  switch (fact.kind) {
    case 'acted': {
      const act = text(language, action?.kind === 'respond' ? `act.${action.stance}` : `act.${fact.act}`)
      if (fact.state === 'done') return text(language, 'fact.done', { n, act, by: fact.by.name })
      const why = problem(language, fact.message)
      return fact.state === 'failed' ? text(language, 'fact.failed', { n, act, by: fact.by.name, why }) : undefined
    }
    case 'said': {
      const words = fact.happening.text || fact.happening.label
      if (fact.happening.by === 'user') return text(language, 'fact.said', { n, text: words })
      return still ? undefined : text(language, 'fact.platform', { n, text: words })
    }
    case 'noted':
      return still ? undefined : text(language, 'fact.noted', { n, by: fact.by.name, text: fact.text })
    case 'turned': {
      if (fact.to === 'closed') return text(language, 'fact.closed', { n, label: fact.label })
      const turn = text(language, `phase.${fact.to}`)
      return still && fact.from !== fact.to ? text(language, 'fact.turned', { n, turn, label: fact.label }) : undefined
    }
    default:
      return undefined
  }
}
