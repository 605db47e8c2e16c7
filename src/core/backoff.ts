import type { Random } from './words.ts'

const second = 1000

/** Wait before try `n` (1 = the first repeat), milliseconds: doubles from `first` to `most`, ± 10 % so that many do not come at once. */
export function backoff(n: number, random: Random, first = second, most = 600 * second): number {
  const plain = Math.min(most, first * 2 ** Math.min(30, Math.max(0, n - 1)))
  const swing = random(1).readUInt8(0) / 255 - 0.5
  return Math.round(plain * (1 + swing / 5))
}
