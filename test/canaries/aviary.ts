import { randomBytes, randomInt } from 'node:crypto'
import type { Canary } from './capture.ts'

/** Makes secrets, and remembers each by the name of the field that it is for. */
export interface Aviary {
  /** Keeps a text that somebody else made. @returns the text */
  keep(name: string, text: string): string
  /** So many letters and digits, with signs before them that every way of writing writes otherwise. */
  word(name: string, length: number, signs?: string): string
  hex(name: string, bytes: number): string
  digits(name: string, length: number, begin?: string): string
  /** A key as PEM: what is looked for are lines out of its middle, alone and run together. @returns the PEM */
  pem(name: string, pem: string): string
  all(): readonly Canary[]
}

const alphabet = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789'

export function createAviary(): Aviary {
  const canaries: Canary[] = []
  const keep: Aviary['keep'] = (name, text) => {
    canaries.push({ name, text })
    return text
  }
  return {
    keep,
    word(name, length, signs = '') {
      const plain = Array.from(randomBytes(length - signs.length), (byte) => alphabet[byte % 59]).join('')
      // The signs may have been mangled in a way that nobody thought of.
      if (signs !== '') keep(name, plain)
      return keep(name, signs + plain)
    },
    hex: (name, bytes) => keep(name, randomBytes(bytes).toString('hex')),
    digits: (name, length, begin = '') =>
      keep(name, begin + Array.from({ length: length - begin.length }, () => randomInt(10)).join('')),
    pem(name, pem) {
      const lines = pem.split('\n').filter((line) => /^[A-Za-z0-9+/]{64}$/.test(line))
      const middle = Math.floor(lines.length * 0.6)
      const [one = '', two = ''] = lines.slice(middle, middle + 2)
      if (two === '') throw new Error(`${name} has too few lines`)
      keep(name, one)
      keep(name, one.slice(-24) + two.slice(0, 24))
      // The bytes themselves, as somebody who opened the PEM would print them.
      canaries.push({
        name: `${name} (hex)`,
        text: Buffer.from(one + two, 'base64')
          .subarray(8, 40)
          .toString('hex'),
      })
      return pem
    },
    all: () => canaries,
  }
}
