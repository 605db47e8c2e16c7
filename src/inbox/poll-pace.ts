import { OutsideError } from '../core/errors.ts'
import { isBusy } from './poll-times.ts'

/** Milliseconds. */
export interface PaceTimes {
  /** The smallest gap between two starts, beside none, and the largest. */
  readonly least: number
  readonly most: number
  /** Limits count by the second: what follows a refusal at once is refused too, and says nothing of the pace. */
  readonly pause: number
}

const usual: PaceTimes = { least: 20, most: 2_000, pause: 500 }
/** After so many good answers it goes a step faster. */
const steps = 10
/** So many in a row without an answer: not they are away, but the platform. */
const away = 8

/** How fast the merchants of one account are asked: half as fast whenever the platform says that it is too much, and slowly as before. */
export interface PollPace {
  /** Between two starts, milliseconds. */
  readonly gap: number
  /** How long until the next may start. */
  wait(now: number): number
  began(now: number): void
  /** `began`: when that one was. */
  ended(began: number, now: number, error?: unknown): void
}

export function createPollPace({ least, most, pause } = usual): PollPace {
  let gap = 0
  let last = Number.NEGATIVE_INFINITY
  let slowed = Number.NEGATIVE_INFINITY
  let good = 0
  let silent = 0

  function slow(began: number, now: number): void {
    good = 0
    // What had begun before we slowed down says nothing of the present pace.
    if (began <= slowed) return
    slowed = now
    gap = Math.min(most, Math.max(least, gap * 2))
  }

  function well(): void {
    good += 1
    if (good < steps) return
    good = 0
    gap = gap * 0.8 < least ? 0 : gap * 0.8
  }

  return {
    get gap() {
      return gap
    },
    // A clock that was set back keeps nobody waiting.
    wait: (now) => (now < Math.max(last, slowed) ? 0 : Math.max(0, last + gap - now, slowed + pause - now)),
    began(now) {
      last = now
    },
    ended(began, now, error) {
      const mute = error instanceof OutsideError && error.trouble === 'unreachable'
      silent = mute ? silent + 1 : 0
      if (isBusy(error) || silent >= away) slow(began, now)
      else if (!mute) well()
    },
  }
}
