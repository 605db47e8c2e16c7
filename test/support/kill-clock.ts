import type { Clock } from '../../src/core/clock.ts'

/** A moment of the real time and what it is called here: two processes with the same one have the same time. */
export interface Pace {
  readonly factor: number
  readonly real: number
  readonly virtual: number
}

export const paceFrom = (factor: number): Pace => ({ factor, real: Date.now(), virtual: Date.UTC(2026, 2, 1, 12) })

/** A clock that runs faster than the world: a minute passes in a second where the factor is 60. */
export const scaledClock = ({ factor, real, virtual }: Pace): Clock => ({
  now: () => Math.floor(virtual + (Date.now() - real) * factor),
  after(ms, run) {
    const timer = setTimeout(run, Math.ceil(ms / factor))
    return () => clearTimeout(timer)
  },
})
