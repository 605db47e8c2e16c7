import type { Instant } from '../../core/words.ts'
import { type Fields, fieldsOf, parsed, text, time } from './fields.ts'
import { readComplaint, type Told } from './wire.ts'

/** A verified callback about a complaint. */
export interface Notice {
  readonly action: string
  readonly created: Instant | undefined
  /** Some still carry parts of the complaint; never acted on. */
  readonly told: Told | undefined
}

/** What a verified callback said, as it is kept: the envelope's words, and what was sealed in it. */
export interface Kept {
  readonly event: string
  readonly created: string
  readonly resource: Fields
}

export const keptText = (kept: Kept): string => JSON.stringify(kept)

export function readNotice(kept: string): Notice {
  const fields = parsed(kept) ?? {}
  const resource = fieldsOf(fields.resource)
  return {
    action: text(resource, 'action_type') ?? text(fields, 'event') ?? '',
    created: time(fields, 'created'),
    told: readComplaint(resource),
  }
}

/** What a callback about a refund says, or undefined when it is about something else. A hint: ask for the refund. */
export function refundNumberIn(kept: string): string | undefined {
  const fields = parsed(kept) ?? {}
  if (!text(fields, 'event')?.startsWith('REFUND.')) return undefined
  return text(fieldsOf(fields.resource), 'out_refund_no')
}
