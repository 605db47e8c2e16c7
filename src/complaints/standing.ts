import type { Instant } from '../core/words.ts'

/** Something for which the platform took points. */
export interface Penalty {
  readonly number: string
  /** The platform's number of the complaint that it came from. */
  readonly complaint?: string
  readonly wording: string
  /** Their own word for how it stands. */
  readonly label: string
  readonly minus: number
  readonly order?: string
  readonly at?: Instant
  readonly changedAt?: Instant
}

/** How the platform rates an account. */
export interface Standing {
  readonly score?: number
  readonly penalties: readonly Penalty[]
  readonly guarantee?: { readonly active: boolean; readonly message?: string; readonly reasons: readonly string[] }
}

/** What is new in a rating; a penalty as it stands now. */
export interface Rerating {
  readonly score?: { readonly from?: number; readonly to: number }
  readonly penalties: readonly Penalty[]
  readonly guarantee?: NonNullable<Standing['guarantee']>
}

/** @param since a penalty that was not there before is news only if it is no older @returns undefined when nothing is new. Pure. */
export function rerating(before: Standing, after: Standing, since: Instant): Rerating | undefined {
  const known = new Map(before.penalties.map((penalty) => [penalty.number, penalty]))
  const penalties = after.penalties.filter((penalty) => {
    const was = known.get(penalty.number)
    const when = penalty.changedAt ?? penalty.at
    return was ? was.label !== penalty.label || was.minus !== penalty.minus : when === undefined || when >= since
  })
  const { score: to, guarantee } = after
  const scored = to !== undefined && to !== before.score
  const switched = guarantee && before.guarantee && guarantee.active !== before.guarantee.active
  if (!scored && !switched && penalties.length === 0) return undefined
  return {
    ...(scored ? { score: { ...(before.score === undefined ? {} : { from: before.score }), to } } : {}),
    penalties,
    ...(switched ? { guarantee } : {}),
  }
}
