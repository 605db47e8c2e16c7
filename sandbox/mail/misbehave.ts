import { type Body, oneOf } from '../desk.ts'
import { type RefusalName, refusals } from './answers.ts'

export const steps = ['connect', 'auth', 'from', 'to', 'data'] as const
export type Step = (typeof steps)[number]

/** How a step can go wrong. `effect` says whether it happens all the same: a mail is delivered although it was refused. */
export type Trouble =
  /** In the words of 163. */
  | { readonly how: 'refused'; readonly as: RefusalName; readonly effect?: boolean }
  | { readonly how: 'reply'; readonly code: number; readonly text: string; readonly effect?: boolean }
  /** No answer until `release()`. */
  | { readonly how: 'hang'; readonly effect?: boolean }
  | { readonly how: 'slow'; readonly ms: number }
  /** The connection breaks instead of the answer; with `effect`, once it was done. */
  | { readonly how: 'cut'; readonly effect?: boolean }

export type Misbehaviour = Trouble & {
  readonly on: Step
  /** How often; once when left out. */
  readonly times?: number
  readonly account?: string
  /** Of a receiver: `to`, or a mail that goes to them. */
  readonly to?: string
}

export function readMisbehaviour(body: Body): Misbehaviour {
  oneOf(body.on, steps)
  const how = oneOf(body.how, ['refused', 'reply', 'hang', 'slow', 'cut'] as const)
  if (how === 'refused') oneOf(body.as, Object.keys(refusals))
  if (how === 'reply' && (typeof body.code !== 'number' || typeof body.text !== 'string'))
    throw new Error('reply needs a code and a text')
  if (how === 'slow' && typeof body.ms !== 'number') throw new Error('slow needs the number ms')
  return body as unknown as Misbehaviour
}
