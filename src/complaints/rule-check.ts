import type { Problem } from '../core/errors.ts'
import { type Fen, yuan } from '../core/words.ts'
import type { Phase } from './complaint.ts'
import { type Conditions, defaultCaps, type Range, type Rule } from './rule.ts'
import { type Fault, faultsOf, folded } from './template.ts'

/** What the business allows people, and so its rules. */
export interface Bounds {
  readonly refundEach?: Fen
  readonly refundDay?: Fen
  readonly secondPersonFrom: Fen
}

/** All that keeps a rule from ever doing what it says; each with the field and the fix. */
export function problemsOfRule(rule: Omit<Rule, 'id' | 'tenant' | 'position'>, bounds: Bounds): readonly Problem[] {
  return [...contradictions(rule.when), ...wordless(rule), ...aboutCaps(rule, bounds), ...neverOpen(rule)]
}

function contradictions(when: Conditions): readonly Problem[] {
  const { hours, has = [], lacks = [] } = when
  return [
    ...(['shown', 'paid', 'nth'] as const).flatMap((name) => upsideDown(name, when[name])),
    ...(hours && hours.from === hours.to
      ? [
          {
            field: 'when.hours',
            fix: 'from and to are the same hour, which is no time at all; leave hours out for the whole day',
          },
        ]
      : []),
    ...lacks.flatMap((part, at) =>
      has.length > 0 && has.every((wanted) => folded(wanted).includes(folded(part)))
        ? [
            {
              field: `when.lacks.${at}`,
              fix: `"${part}" stands in every text that has asks for: the rule would never act; take it out of one of them`,
            },
          ]
        : [],
    ),
  ]
}

function upsideDown(name: string, { from, to }: Range = {}): readonly Problem[] {
  if (from === undefined || to === undefined || from <= to) return []
  return [{ field: `when.${name}`, fix: `from ${from} is more than to ${to}: nothing is in between; swap them` }]
}

function wordless({ act }: Pick<Rule, 'act'>): readonly Problem[] {
  if (act.kind === 'refund' || act.text === undefined) return []
  return faultsOf(act.text).map((fault) => ({ field: 'act.text', fix: fixOf(fault) }))
}

const fixOf = (fault: Fault): string =>
  fault.fault === 'unknown'
    ? `there is no variable {${fault.name}}; known are those of templates, such as {order} {product} {shop}`
    : `the ${fault.brace} stands alone: a variable is written {order}; take it out or complete it`

function aboutCaps({ act, caps, when }: Omit<Rule, 'id' | 'tenant' | 'position'>, bounds: Bounds): readonly Problem[] {
  if (act.kind !== 'refund')
    return caps ? [{ field: 'caps', fix: 'only a rule that refunds has caps; leave them out' }] : []
  const { each, day, payerDay } = caps ?? defaultCaps
  const above = (field: string, is: Fen, most: Fen | undefined, whose: string) =>
    most === undefined || is <= most
      ? []
      : [{ field: `caps.${field}`, fix: `¥${yuan(is)} is over ${whose} ¥${yuan(most)}; give at most that` }]
  return [
    ...above('each', each, bounds.refundEach, "the business's most for one refund,"),
    ...above('day', day, bounds.refundDay, "the business's most for a day,"),
    ...above('each', each, day, "the rule's own most for a day,"),
    ...above('each', each, payerDay, "the rule's own most for one customer and day,"),
    ...(each >= bounds.secondPersonFrom
      ? [
          {
            field: 'caps.each',
            fix: `from ¥${yuan(bounds.secondPersonFrom)} on it takes two people, and a rule is nobody; give less than that`,
          },
        ]
      : []),
    ...(when.paid?.from !== undefined && act.orders === 'only' && when.paid.from > each
      ? [
          {
            field: 'when.paid.from',
            fix: `¥${yuan(when.paid.from as Fen)} is over the cap of ¥${yuan(each)} for one refund: the rule would never act; raise the cap or lower this`,
          },
        ]
      : []),
  ]
}

function neverOpen({ act, when }: Pick<Rule, 'act' | 'when'>): readonly Problem[] {
  const over: readonly Phase[] = ['closed']
  const phases = when.phases ?? []
  if (act.kind === 'note' || phases.length === 0 || phases.some((phase) => !over.includes(phase))) return []
  return [{ field: 'when.phases', fix: `what is closed takes no ${act.kind}; name another phase, or leave phases out` }]
}
