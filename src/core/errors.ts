/** What went wrong outside, as far as we can tell it; decides what we do next. */
export type Trouble =
  | 'unreachable' // no answer and nothing was sent, or a 5xx that says so: try again
  | 'unknown' // sent, no readable answer: look before doing anything again
  | 'busy' // they ask us to come back later
  | 'moved' // the case is not in the state that we thought: read it again
  | 'refused' // they understood and said no; the same call gets the same answer
  | 'forbidden' // credentials, permission, IP allow list: a person must mend it

/** A failure of the outside world. `message` is plain, holds no secret and no personal data; `code` is theirs. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError'
  readonly trouble: Trouble
  readonly code: string
  /** When they said how long to wait, in milliseconds. */
  readonly wait: number | undefined

  constructor(trouble: Trouble, message: string, more: { code?: string; wait?: number; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.trouble = trouble
    this.code = more.code ?? ''
    this.wait = more.wait
  }
}

/** Input that we refuse: names the field and the fix; nothing was changed. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.field}: ${problem.fix}`).join('; '))
    this.problems = problems
  }
}

export interface Problem {
  readonly field: string
  readonly fix: string
}

/** One line for a log, without the stack of an expected failure. */
export const told = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)
