import type { Penalty, Standing } from '../complaints/standing.ts'
import type { Language } from '../storage/tenants.ts'
import { text } from './texts.ts'
import { clockTime } from './times.ts'

interface Around {
  readonly language: Language
  readonly zone: string
  /** The public number of the complaint that it came from, where we know it. */
  readonly running?: number
}

/** −3 · 未按约定时间发货 · 扣分审批通过 · #12 */
export const penaltyLine = (
  { at, minus, wording, label, complaint }: Penalty,
  { language, zone, running }: Around,
): string =>
  [
    at === undefined ? '' : clockTime(at, zone),
    `−${minus}`,
    wording,
    label,
    complaint === undefined ? '' : text(language, 'score.complaint', { number: complaint }),
    running === undefined ? '' : `#${running}`,
  ]
    .filter(Boolean)
    .join(' · ')

export function guaranteeWords(language: Language, guarantee: Standing['guarantee']): string {
  if (!guarantee) return text(language, 'score.unknown')
  const state = text(language, guarantee.active ? 'score.active' : 'score.inactive')
  return guarantee.active ? state : [state, guarantee.message, ...guarantee.reasons].filter(Boolean).join(' · ')
}
