import type { Person } from './complaint.ts'

/** What a group may see of a person, in any language: 张* ·6688; without a name ****6688. */
export function masked(person: Person): string {
  const [first, ...rest] = person.name?.trim() ?? ''
  const name = first ? first + '*'.repeat(Math.min(2, Math.max(1, rest.length))) : ''
  const tail = phoneTail(person)
  if (!tail) return name || '—'
  return name ? `${name} ·${tail}` : `****${tail}`
}

/** The last four digits of the phone; of a shorter number they would be most or all of it. */
export const phoneTail = ({ phone }: Person): string | undefined =>
  phone && phone.length >= 7 ? phone.slice(-4) : undefined

/** By what the same person is known again: the phone, else the id at the account. */
export const sameness = (person: Person, scope: string): string | undefined =>
  person.phone ? `phone ${person.phone}` : person.openid ? `openid ${scope} ${person.openid}` : undefined
