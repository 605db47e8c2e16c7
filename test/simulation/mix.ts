import type { Database } from '../../src/storage/open.ts'
import type { Outside } from './side.ts'

/** Longer than a restart, a lease and the pause before a look; milliseconds. */
export const lateFrom = 90_000

/** What a schedule really brought about, on every platform. */
const everywhere = [
  'an answer lost after the effect',
  'an effect later than restart, lease and look',
  'a crash between storing and calling',
  'two simultaneous wishes from different rooms',
  'a settled refund',
  'a crash',
  'a second process',
  'a restored backup',
  'a refusal for want of money',
] as const
export type Happening =
  | (typeof everywhere)[number]
  | 'a refund that waits for a person'
  | 'a closed refund'
  | 'a follow-up'
  | 'a notice'
  | 'a word taken back in the middle'
  | 'another refund under the number'
  | 'a refund that shows later'
  | 'money through two accounts'

/** Which share of the schedules must have it. */
export const required: Partial<Record<Happening, number>> = {
  'an answer lost after the effect': 0.3,
  'an effect later than restart, lease and look': 0.15,
  'a crash between storing and calling': 0.15,
  'two simultaneous wishes from different rooms': 0.3,
  'a settled refund': 0.5,
}

export interface Mix {
  readonly seen: Set<Happening>
  add(happening: Happening): void
  /** From here on deaths do not count. */
  over(): void
  crashed(at: { readonly database: Database; readonly outside: Outside }): Promise<void>
}

export function createMix(): Mix {
  const seen = new Set<Happening>()
  let over = false
  const add = (happening: Happening) => void seen.add(happening)
  return {
    seen,
    add,
    over() {
      over = true
    },
    async crashed({ database, outside }) {
      if (over) return
      add('a crash')
      const kept = await database.reads.db.selectFrom('refund').select('number').where('state', '=', 'open').execute()
      const called = outside.asked()
      if (kept.some(({ number }) => !called.has(number))) add('a crash between storing and calling')
    },
  }
}

export interface Tally {
  add(seen: ReadonlySet<Happening>): void
  /** One line for each, with its share. */
  lines(): readonly string[]
  /** What came too seldom. */
  lacking(): readonly string[]
}

/** @param brings what is wanted beside what is wanted everywhere */
export function createTally(brings: readonly Happening[]): Tally {
  const happenings = [...everywhere, ...brings]
  const counts = new Map<Happening, number>()
  let all = 0
  const share = (happening: Happening) => (counts.get(happening) ?? 0) / Math.max(1, all)
  const line = (happening: Happening) => {
    const least = required[happening]
    const wanted = least === undefined ? '' : ` (at least ${(100 * least).toFixed(0)} %)`
    return `${(100 * share(happening)).toFixed(1).padStart(5)} % ${happening}${wanted}`
  }
  return {
    add(seen) {
      all += 1
      for (const happening of seen) counts.set(happening, 1 + (counts.get(happening) ?? 0))
    },
    lines: () => [`${all} schedules`, ...happenings.map(line)],
    lacking: () => happenings.filter((happening) => share(happening) < (required[happening] ?? 0.01)).map(line),
  }
}
