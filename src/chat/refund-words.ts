import type { Refund } from '../complaints/action.ts'
import { type Instant, never, yuan } from '../core/words.ts'
import type { StoredAction } from '../storage/actions.ts'
import type { Language } from '../storage/tenants.ts'
import { actOf, byText } from './act-name.ts'
import { problem, text } from './texts.ts'
import { clockTime, timeOf } from './times.ts'

export type RefundAction = StoredAction & { readonly action: Refund }

export interface Place {
  readonly language: Language
  readonly zone: string
  readonly now: Instant
}

/** How far money has come, for the card. That it is there is said only when it is. */
export function refundNote(place: Place, stored: RefundAction): string | undefined {
  const { language, zone } = place
  const { state, settledAt, requestedAt, message } = stored
  const params = paramsOf(place, stored)
  switch (state) {
    case 'requested':
    case 'sent':
      return waits(place, stored) ?? text(language, 'refund.sent', params)
    case 'underway':
      return text(language, stored.refund?.stuck ? 'refund.stuck' : 'refund.underway', params)
    case 'unknown':
      return text(language, 'note.unsure', params)
    case 'done':
      return (
        arrived(place, stored) ??
        text(language, 'refund.done', { ...params, at: clockTime(settledAt ?? requestedAt, zone) })
      )
    case 'failed':
      return text(language, 'note.failed', { ...params, why: problem(language, message) })
    case 'withdrawn':
      return undefined
    default:
      return never(state)
  }
}

function waits(place: Place, stored: RefundAction): string | undefined {
  const from = stored.refund?.notBefore
  if (from === undefined || from <= place.now || stored.state !== 'requested') return undefined
  return text(place.language, 'refund.waits', { ...paramsOf(place, stored), at: timeOf(from, place.zone, place.now) })
}

function arrived(place: Place, stored: RefundAction): string | undefined {
  const { arrivedAt, receivedBy } = stored.refund ?? {}
  if (arrivedAt === undefined) return undefined
  const params = { ...paramsOf(place, stored), at: timeOf(arrivedAt, place.zone, place.now), where: receivedBy ?? '' }
  return text(place.language, receivedBy ? 'refund.arrived.where' : 'refund.arrived', params)
}

const paramsOf = ({ language }: Place, stored: RefundAction) => ({
  act: actOf(language, stored),
  amount: yuan(stored.action.amount),
  by: byText(language, stored.by),
  number: stored.refund?.number ?? '',
})

export const isRefund = (stored: StoredAction): stored is RefundAction => stored.action.kind === 'refund'

/** The line beside the card when money has arrived. */
export function refundLine(place: Place & { readonly n: number }, stored: RefundAction): string {
  const { language, zone, now, n } = place
  const params = { ...paramsOf(place, stored), n }
  const at = stored.refund?.arrivedAt
  return at === undefined
    ? text(language, 'fact.refunded', params)
    : text(language, 'fact.refunded.at', { ...params, at: timeOf(at, zone, now) })
}
