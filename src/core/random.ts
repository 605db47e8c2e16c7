import type { Random } from './words.ts'

/** Draws ahead: asking the system costs the same 3 µs for 10 bytes as for hundreds. Every byte is given out once. */
export function drawnAhead(random: Random, size = 4096): Random {
  let drawn: Buffer = Buffer.alloc(0)
  return (wanted) => {
    if (wanted > drawn.length) drawn = random(Math.max(size, wanted))
    const given = drawn.subarray(0, wanted)
    drawn = drawn.subarray(wanted)
    return given
  }
}
