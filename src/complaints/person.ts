import type { Person } from './complaint.ts'

/** What a group may see of a person, in any language: 张* ·6688. */
export function masked(person: Person): string {
  const [first, ...rest] = person.name?.trim() ?? ''
  const name = first ? first + '*'.repeat(Math.min(2, Math.max(1, rest.length))) : ''
  // Of a shorter number the last four would be most or all of it.
  const tail = person.phone && person.phone.length >= 7 ? `·${person.phone.slice(-4)}` : ''
  return [name, tail].filter(Boolean).join(' ') || '—'
}

/** By what the same person is known again: the phone, else the id at the account. */
export const sameness = (person: Person, scope: string): string | undefined =>
  person.phone ? `phone ${person.phone}` : person.openid ? `openid ${scope} ${person.openid}` : undefined
