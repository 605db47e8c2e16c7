import { createHash } from 'node:crypto'

/** An order as the platform that paid knows it, and whose money it is there. */
export interface PaidPlace {
  readonly platform: string
  /** The mchid, and behind a slash the sub-merchant's. */
  readonly payee: string
  readonly order: string
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * The number of the how-manieth refund of an order, the same wherever and whenever it is asked for: 30 characters.
 * A restored backup or a second copy of us so asks for the same refund, which the platform gives once.
 */
export function refundNumber({ platform, payee, order }: PaidPlace, ordinal: number): string {
  const hash = createHash('sha256').update([platform, payee, order, ordinal].join('\n')).digest()
  let [text, bits, held] = ['', 0, 0]
  for (const byte of hash) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += letters[(held >>> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return `rd${text}`.slice(0, 30)
}
