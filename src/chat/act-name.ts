import type { Action } from '../complaints/action.ts'
import type { By } from '../complaints/fact.ts'
import { yuan } from '../core/words.ts'
import type { Language } from '../storage/tenants.ts'
import { text } from './texts.ts'

/** What an act is called: money with its amount. */
export function actOf(language: Language, { action }: { readonly action: Action }): string {
  switch (action.kind) {
    case 'respond':
      return text(language, `act.${action.stance}`)
    case 'decide-refund':
      return text(language, `act.${action.verdict}`)
    case 'refund':
      return text(language, 'act.refund.of', { amount: yuan(action.amount) })
    default:
      return text(language, `act.${action.kind}`)
  }
}

/** Who did it, and who was the second; or which rule. */
export const byText = (language: Language, { name, via, approved }: By): string =>
  via === 'rule'
    ? text(language, 'by.rule', { rule: name })
    : approved
      ? text(language, 'by.approved', { by: name, second: approved.name })
      : name
