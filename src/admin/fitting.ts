import type { Problem } from '../core/errors.ts'
import { isReadable, readable } from '../core/readable.ts'

/** Nothing that is set up here goes deeper; whoever goes down into more by calling itself does not come back. */
const deepest = 32

/**
 * What no schema looks for, in everything that was sent: a zero character or half of one, which no database keeps as it came
 * (PostgreSQL fails at the one, both put something else in place of the other), the name `__proto__`, and what is nested too deeply.
 */
export function unfitIn(given: unknown): readonly Problem[] {
  const problems: Problem[] = []
  const left: { readonly at: readonly string[]; readonly value: unknown }[] = [{ at: [], value: given }]
  for (let one = left.pop(); one; one = left.pop()) {
    const { at, value } = one
    if (typeof value === 'string' && !isReadable(value)) problems.push({ field: at.join('.'), fix: whole })
    if (typeof value !== 'object' || value === null) continue
    if (at.length > deepest) return [{ field: at.slice(0, 2).join('.'), fix: `at most ${deepest} levels deep` }]
    for (const [name, inner] of Object.entries(value)) {
      if (!isReadable(name)) problems.push({ field: [...at, readable(name)].join('.'), fix: whole })
      // Schemas of names and values pass over it.
      else if (name === '__proto__')
        problems.push({ field: [...at, name].join('.'), fix: 'there is no such field; take it out' })
      else left.push({ at: [...at, name], value: inner })
    }
  }
  return problems
}

const whole = 'whole characters, none of them U+0000'
