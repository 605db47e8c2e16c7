import type { Complaint, Person } from './complaint.ts'

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

/** A mobile number in what somebody wrote: 138****6688. Longer numbers are orders. */
export const maskNumbers = (words: string): string =>
  words.replace(/(?<!\d)((?:\+?86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)/g, '$1****$2')

/** As whoever may not reveal the phone reads it: people write their numbers into their words. */
export const withoutNumbers = <Told extends Pick<Complaint, 'text' | 'timeline'>>(complaint: Told): Told => ({
  ...complaint,
  text: maskNumbers(complaint.text),
  timeline: complaint.timeline.map((step) => (step.text ? { ...step, text: maskNumbers(step.text) } : step)),
})

/** By what the same person is known again: the phone, else the id at the account. */
export const sameness = (person: Person, scope: string): string | undefined =>
  person.phone ? `phone ${person.phone}` : person.openid ? `openid ${scope} ${person.openid}` : undefined
