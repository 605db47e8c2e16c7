import { createHash } from 'node:crypto'
import type { Random } from '../../src/core/words.ts'

/** All chance of one schedule: bytes that only its seed decides. */
export interface Chance {
  readonly bytes: Random
  /** From 0 to `below`, exclusive. */
  pick(below: number): number
  /** From now on as if begun with this seed. */
  again(seed: number): void
}

export function chance(seed: number): Chance {
  let [name, drawn, pool] = [seed, 0, Buffer.alloc(0)]
  function bytes(size: number): Buffer {
    while (pool.length < size) pool = Buffer.concat([pool, createHash('sha512').update(`${name} ${++drawn}`).digest()])
    const given = pool.subarray(0, size)
    pool = pool.subarray(size)
    return given
  }
  return {
    bytes,
    pick: (below) => bytes(4).readUInt32BE() % below,
    again(seed) {
      ;[name, drawn, pool] = [seed, 0, Buffer.alloc(0)]
    },
  }
}
