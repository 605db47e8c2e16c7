import type { Schedule } from './steps.ts'

const wish = { asker: 2, approver: 2, complaint: 0, part: 30, room: 'front' }

/** Courses of events that once went wrong. */
export const known: Readonly<Record<string, Schedule>> = {
  'a repeat is refused for want of money while the first call is still on its way': {
    seed: 1,
    settleMs: 3_000,
    steps: [
      { do: 'trouble', name: '90 s late' },
      { do: 'wish', wish, again: false },
      { do: 'pass', ms: 3_000 },
      { do: 'balance', fen: 0 },
      { do: 'pass', ms: 60_000 },
    ],
  },
  // At one platform the first shows it, at the other the second.
  ...Object.fromEntries(
    [7, 37].map((seed) => [
      `a no that slept arrives when another process has called again (${seed})`,
      {
        seed,
        settleMs: 3_000,
        steps: [
          { do: 'balance', fen: 0 },
          { do: 'wish', wish, again: false },
          { do: 'twin' },
          { do: 'balance', fen: 1_000_000 },
          { do: 'pass', ms: 90_000 },
          { do: 'wake' },
          { do: 'pass', ms: 60_000 },
        ],
      },
    ]),
  ),
}
