import type { Stopped } from '../complaints/fact.ts'
import { type Fen, type Instant, yuan } from '../core/words.ts'
import type { Ruling } from '../storage/rulings.ts'
import type { Language } from '../storage/tenants.ts'
import { text } from './texts.ts'
import { secondsTime } from './times.ts'

/** What a rule does, as far as it is known: money with its amount. */
export const ruledAct = (
  language: Language,
  { act, amount }: Pick<Ruling, 'act'> & { readonly amount?: Fen },
): string =>
  act === 'refund' && amount !== undefined
    ? text(language, 'act.refund.of', { amount: yuan(amount) })
    : text(language, `act.${act}`)

export const stoppedText = (language: Language, why: Stopped): string => text(language, `held.${why}`)

/** It waits, or some of its orders do. */
export const isOpen = ({ state }: Pick<Ruling, 'state'>): boolean => state === 'waiting' || state === 'begun'

/** Those whose reason people should know: all else is as it should be. */
const ordinary: readonly (Stopped | undefined)[] = ['after', 'in-hand', 'cancelled', 'provisional', undefined]

/** What a card says of its rules: those that wait; else the newest that did nothing, if people should know why. `rulings`: the newest first. */
export function rulingsShown(rulings: readonly Ruling[], version: number): readonly Ruling[] {
  const open = rulings.filter(isOpen)
  if (open.length > 0) return open
  const now = rulings.filter((one) => one.version === version)
  const held = now.findLast(({ state, why }) => state === 'skipped' && !ordinary.includes(why))
  return held && now.every(({ state }) => state === 'skipped') ? [held] : []
}

export interface RulingView {
  readonly language: Language
  readonly zone: string
  readonly now: Instant
}

export function rulingNote({ language, zone, now }: RulingView, ruling: Ruling): string {
  const params = { rule: ruling.name, act: ruledAct(language, ruling) }
  if (ruling.state === 'waiting')
    return now < ruling.due
      ? text(language, 'note.ruling', { ...params, at: secondsTime(ruling.due, zone) })
      : text(language, 'note.ruling.soon', params)
  if (ruling.state === 'begun') return text(language, 'note.ruling.begun', params)
  return text(language, 'note.held', { ...params, why: stoppedText(language, ruling.why ?? 'changed') })
}
