import type { Problem } from '../core/errors.ts'

/** By convention of sysexits(3), as far as they are needed. */
export const exits = { done: 0, failed: 1, usage: 2, unavailable: 69, config: 78 } as const
export type Exit = (typeof exits)[keyof typeof exits]

/** Ends a command: what a person is told, and what a script sees. */
export class Ended extends Error {
  override readonly name = 'Ended'
  readonly exit: Exit
  readonly problems: readonly Problem[]

  constructor(exit: Exit, message: string, problems: readonly Problem[] = []) {
    super(message)
    this.exit = exit
    this.problems = problems
  }
}
