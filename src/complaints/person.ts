import type { Person } from './complaint.ts'

/** What a group may see of a person, in any language: 张* ·6688. */
export function masked(person: Person): string {
  const name = person.name
    ? [...person.name][0] + '*'.repeat(Math.min(2, Math.max(1, [...person.name].length - 1)))
    : ''
  const tail = person.phone && person.phone.length >= 4 ? `·${person.phone.slice(-4)}` : ''
  return [name, tail].filter(Boolean).join(' ') || '—'
}

/** By what the same person is known again: the phone, else the id at the account. */
export const sameness = (person: Person, scope: string): string | undefined =>
  person.phone ? `phone ${person.phone}` : person.openid ? `openid ${scope} ${person.openid}` : undefined
