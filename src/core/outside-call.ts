import type { Clock } from './clock.ts'
import { OutsideError } from './errors.ts'

/** Told of each call to somebody outside: one of a few words for whom, the class of the answer's status or the trouble, and how long it took. */
export type Called = (host: string, outcome: string, seconds: number) => void

/** Calls that go by a library of its own instead of the transport, counted as the transport's are. */
export interface CallMeter {
  readonly clock: Clock
  readonly called?: Called | undefined
  /** One word for all addresses of this kind: they are settings of whoever wants, and no label may grow with those. */
  readonly host: string
}

/** @param outcomeOf of a failure; undefined: it was broken off by ourselves and says nothing of them */
export async function counted<Result>(
  { clock, called, host }: CallMeter,
  run: () => Promise<Result>,
  outcomeOf: (error: unknown) => string | undefined = outcomeOfTrouble,
): Promise<Result> {
  const began = clock.now()
  const tell = (outcome: string | undefined) =>
    outcome === undefined ? undefined : called?.(host, outcome, Math.max(0, clock.now() - began) / 1000)
  try {
    const answer = await run()
    tell('2xx')
    return answer
  } catch (error) {
    tell(outcomeOf(error))
    throw error
  }
}

/** Whoever says no has answered: to each of the troubles that is an answer belongs the class that it has over HTTP. */
export function outcomeOfTrouble(error: unknown): string {
  if (!(error instanceof OutsideError)) return 'error'
  return error.trouble === 'unreachable' || error.trouble === 'unknown' ? error.trouble : '4xx'
}

/** `4xx` of 429 */
export const statusClass = (status: number): string => `${Math.floor(status / 100)}xx`
