import type { Schedule } from './steps.ts'

const wish = { asker: 2, approver: 2, complaint: 0, part: 30, room: 'front' }

/** Courses of events that once went wrong. */
export const known: Readonly<Record<string, Schedule>> = {
  'a repeat is refused for want of money while the first call is still on its way': {
    seed: 1,
    settleMs: 3_000,
    steps: [
      { do: 'trouble', script: { on: 'refund', how: 'late-effect', ms: 90_000 } },
      { do: 'wish', wish, again: false },
      { do: 'pass', ms: 3_000 },
      { do: 'balance', fen: 0 },
      { do: 'pass', ms: 60_000 },
    ],
  },
}
