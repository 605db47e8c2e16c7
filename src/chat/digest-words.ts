import type { ActionKind } from '../complaints/action.ts'
import { type Counts, type Digest, sumOf, type Tally } from '../complaints/digest.ts'
import type { RuleActKind } from '../complaints/rule.ts'
import { type AccountId, yuan } from '../core/words.ts'
import type { Language } from '../storage/tenants.ts'
import { type TextKey, text } from './texts.ts'

/** In the order in which the platform's own notice counts them. */
const owedNames = {
  respond: 'digest.owed.respond',
  'add-evidence': 'digest.owed.add-evidence',
  'prove-refund': 'digest.owed.prove-refund',
  'decide-refund': 'digest.owed.decide-refund',
  refund: 'digest.owed.refund',
  finish: 'digest.owed.finish',
  appeal: 'digest.owed.appeal',
} as const satisfies Record<ActionKind, TextKey>

const ruledNames = {
  refund: 'digest.ruled.refund',
  respond: 'digest.ruled.respond',
  finish: 'digest.ruled.finish',
  note: 'digest.ruled.note',
} as const satisfies Record<RuleActKind, TextKey>

/** The words of a morning; undefined = of these accounts there is nothing to tell. */
export function digestWords(
  language: Language,
  digests: readonly Digest[],
  accounts: readonly AccountId[] | undefined,
): string | undefined {
  const meant = digests.filter(({ account }) => accounts === undefined || accounts.includes(account))
  if (meant.length === 0) return undefined
  const all = sumOf(meant)
  const lines = [
    text(language, 'digest.title'),
    owedWords(language, all) || text(language, 'digest.nothing-owed'),
    text(language, 'digest.open', { open: all.open, late: all.late, sum: yuan(all.atRisk) }),
    text(language, 'digest.lately', { came: all.came, done: all.done, closed: all.closed }),
    ruledWords(language, all),
  ]
  return lines.filter(Boolean).join('\n')
}

const owedWords = (language: Language, { owed }: Tally): string => listOf(language, owedNames, owed)

function ruledWords(language: Language, { ruled, refunded }: Tally): string {
  const what = listOf(language, ruledNames, ruled, { sum: yuan(refunded) })
  return what && text(language, 'digest.ruled', { what })
}

function listOf<Name extends string>(
  language: Language,
  names: Readonly<Record<Name, TextKey>>,
  counts: Counts<Name>,
  more: Readonly<Record<string, string>> = {},
): string {
  const known = Object.keys(names) as Name[]
  return known
    .flatMap((name) => (counts[name] ? [text(language, names[name], { count: counts[name] ?? 0, ...more })] : []))
    .join(' · ')
}
