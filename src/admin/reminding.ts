import { z } from 'zod'
import { hoursText } from '../complaints/hours.ts'
import type { RemindingSettings } from '../storage/reminding.ts'
import { hours } from './fields.ts'

const percent = 'three to six whole numbers from 5 to 98, rising by at least 5, such as [50, 80, 95]'
const before = 'at most six whole numbers from 1 to 72, each once, such as [2, 6]'
const at = 'a full hour from 0 to 23, or null for no digest'

/** When and how people are told of what is owed; what is not named stays. */
export const remindingChange = z.strictObject(
  {
    /** Of the time that there is: at least three, so that nobody who sleeps once misses all. */
    percent: z
      .array(z.int(percent).min(5, percent).max(98, percent), percent)
      .min(3, percent)
      .max(6, percent)
      .refine(isRising, percent)
      .exactOptional(),
    /** Before the end, too. */
    hours: z
      .array(z.int(before).min(1, before).max(72, before), before)
      .max(6, before)
      .refine((given) => new Set(given).size === given.length, before)
      .exactOptional(),
    /** null = people may be told at any hour. */
    quiet: hours.nullable().exactOptional(),
    digestHour: z.int(at).min(0, at).max(23, at).nullable().exactOptional(),
  },
  'an object such as {"quiet": "22:00-08:00", "hours": [2, 6]}',
)

export const remindingView = z.object({
  percent: z.array(z.number()),
  hours: z.array(z.number()),
  quiet: z.string().nullable(),
  digestHour: z.number().nullable(),
})

export const settingsOf = (change: z.output<typeof remindingChange>): Partial<RemindingSettings> => ({
  ...(change.percent ? { shares: change.percent.map((each) => each / 100) } : {}),
  ...(change.hours ? { hours: [...change.hours].sort((a, b) => a - b) } : {}),
  ...(change.quiet === undefined ? {} : { quiet: change.quiet }),
  ...(change.digestHour === undefined ? {} : { digest: change.digestHour }),
})

export const remindingOf = ({ shares, hours: each, quiet, digest }: RemindingSettings) => ({
  percent: shares.map((share) => Math.round(share * 100)),
  hours: [...each],
  quiet: quiet && hoursText(quiet),
  digestHour: digest,
})

function isRising(given: readonly number[]): boolean {
  return given.every((each, index) => index === 0 || each - (given[index - 1] ?? 0) >= 5)
}
