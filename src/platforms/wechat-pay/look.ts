import type { Acted, ActionKind, ActionOf } from '../../complaints/action.ts'
import { millis } from '../../core/words.ts'
import type { Job } from '../platform.ts'
import type { Client } from './client.ts'
import { detail, history } from './complaints.ts'
import { both } from './errors.ts'
import { labelOf } from './mapping.ts'
import type { Step } from './wire.ts'

/** What an act leaves behind there. */
export interface Trace<Kind extends ActionKind> {
  /** Which steps of the history may come from it. */
  steps(action: ActionOf<Kind>): readonly string[]
  /** Our words, where the step shows them. */
  words?(action: ActionOf<Kind>): string
  /** The state that it was to lead to: reached, however it was. */
  readonly state?: string
}

/** Did it happen? Our own step since the call: done. Not there, and it could still be done: absent. @throws OutsideError */
export async function lookFor<Kind extends ActionKind>(
  client: Client,
  trace: Trace<Kind>,
  { seat, complaint, since, action }: Pick<Job<Kind>, 'seat' | 'complaint' | 'since' | 'action'>,
): Promise<Acted> {
  const { number } = complaint
  const types = trace.steps(action)
  const ours = trace.words?.(action)
  const steps = await history(client, seat.account, number)
  const found = steps.some(
    (step) => types.includes(step.type) && isSince(step, since) && (ours === undefined || says(step, ours)),
  )
  if (found) return { outcome: 'done', reference: number }
  const told = await detail(client, seat.account, number)
  if (trace.state !== undefined && told.state === trace.state) return { outcome: 'done', reference: number }
  if (told.state !== 'PROCESSED') return { outcome: 'absent' }
  const label = labelOf(told)
  return {
    outcome: 'failed',
    message: both(
      `投诉已变为「${label}」，其中没有我们的这次操作`,
      `the complaint has moved to ${told.state} without this act of ours`,
    ),
    again: false,
    moved: true,
  }
}

// Their clock against ours.
const skew = 300_000

const isSince = ({ at }: Step, since: Job<ActionKind>['since']): boolean =>
  at !== undefined && millis(at) >= millis(since) - skew

// Whether they show our words bare is published nowhere: long ones are also known inside a frame of theirs.
function says({ text }: Step, ours: string): boolean {
  const [theirs, own] = [plain(text ?? ''), plain(ours)]
  return theirs === own || (own.length >= 10 && theirs.includes(own))
}
const plain = (words: string) => words.replace(/\s+/g, ' ').trim()
