import type { Complaint } from '../complaints/complaint.ts'
import type { Fact } from '../complaints/fact.ts'
import { oneLine } from '../core/plain.ts'
import type { Instant } from '../core/words.ts'
import type { StoredAction } from '../storage/actions.ts'
import type { Language } from '../storage/tenants.ts'
import { actOf, byText } from './act-name.ts'
import type { Abilities } from './chat.ts'
import { isRefund, refundLine } from './refund-words.ts'
import { problem, text, textKeys } from './texts.ts'

export interface Around {
  readonly complaint: Complaint
  readonly language: Language
  readonly zone: string
  readonly now: Instant
  /** Of a fact about an action: that action. */
  readonly stored?: StoredAction
  /** Where the card stays as it was posted, lines tell whose turn it is, and nothing that can wait for the next press. */
  readonly edit: Abilities['edit']
  /** The card was posted just now, and says whose turn it is. */
  readonly anew?: boolean
}

/** The line that a fact is worth beside the card; most facts only change the card. */
export function lineOf(fact: Fact, around: Around): string | undefined {
  const { complaint, language, edit } = around
  const n = complaint.running
  const still = edit !== 'any-time'
  switch (fact.kind) {
    case 'acted':
      return actedLine(fact, around)
    case 'unfollowed': {
      const act = text(language, `act.${fact.act}`)
      const params = { n, act, by: byText(language, fact.by), why: whyWords(fact.why, around) }
      return text(language, 'fact.unfollowed', params)
    }
    case 'said': {
      const words = oneLine(fact.happening.text || fact.happening.label)
      if (fact.happening.by === 'user') return text(language, 'fact.said', { n, text: words })
      return still ? undefined : text(language, 'fact.platform', { n, text: words })
    }
    case 'claimed':
    case 'released':
      return still ? undefined : text(language, `fact.${fact.kind}`, { n, by: fact.by.name })
    case 'assigned':
      return text(language, 'fact.assigned', { n, by: fact.by.name, to: fact.to.name })
    case 'unnoted':
      return still ? undefined : text(language, 'fact.unnoted', { n, by: fact.by.name })
    case 'noted':
      return still ? undefined : text(language, 'fact.noted', { n, by: fact.by.name, text: fact.text })
    case 'turned': {
      if (fact.to === 'closed') return text(language, 'fact.closed', { n, label: fact.label })
      const turn = text(language, `phase.${fact.to}`)
      return still && !around.anew && fact.from !== fact.to
        ? text(language, 'fact.turned', { n, turn, label: fact.label })
        : undefined
    }
    default:
      return undefined
  }
}

function actedLine(fact: Extract<Fact, { kind: 'acted' }>, around: Around): string | undefined {
  const { complaint, language, stored } = around
  const n = complaint.running
  const act = stored ? actOf(language, stored) : text(language, `act.${fact.act}`)
  const params = { n, act, by: byText(language, fact.by) }
  switch (fact.state) {
    case 'done':
      return stored && isRefund(stored) ? refundLine({ ...around, n }, stored) : text(language, 'fact.done', params)
    case 'failed':
      return text(language, 'fact.failed', { ...params, why: problem(language, fact.message) })
    case 'withdrawn':
      return text(language, 'fact.withdrawn', params)
    case 'underway':
      return fact.message === '@stuck' ? text(language, 'fact.stuck', params) : undefined
    default:
      return undefined
  }
}

/** A refusal that nobody was there to read, without its figures; or words. */
function whyWords(why: string, { complaint, language }: Around): string {
  const key = [`unfollowed.${why}`, `no.${why}`].flatMap((name) => textKeys.find((known) => known === name) ?? [])[0]
  const { running: n, label } = complaint
  return key ? text(language, key, { n, label, example: `/refund ${n}` }) : problem(language, why)
}
