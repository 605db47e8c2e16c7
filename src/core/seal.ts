import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { drawnAhead } from './random.ts'
import type { Branded, Random } from './words.ts'

/** A text that must not be printed: logs, JSON and inspect all show '[secret]'. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

/** `v1.<key id>.<base64url of iv, ciphertext, tag>` */
export type Sealed = Branded<string, 'sealed'>
/** Where a sealed value stands; it opens nowhere else. */
export interface Place {
  readonly tenant: string
  readonly table: string
  readonly row: string
  readonly column: string
}

export interface Sealer {
  seal(place: Place, text: string): Sealed
  /** @throws Error when the value was moved, changed, or sealed under a key that we do not hold. */
  open(place: Place, sealed: Sealed): string
  /** Keyed hash of personal data, per tenant: equal for equal people, useless outside. */
  pseudonym(tenant: string, text: string): string
}

/** @param master 32 bytes */
export function createSealer(master: Buffer, random: Random): Sealer {
  if (master.length !== 32) throw new RangeError('the master key must be 32 bytes')
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', master, 'redress', purpose, 32))
  const key = derive('seal')
  const hashKey = derive('pseudonym')
  const draw = drawnAhead(random)
  const keyId = createHmac('sha256', key).update('key id').digest('base64url').slice(0, 6)
  return {
    seal(place, text) {
      const iv = draw(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad(place))
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `v1.${keyId}.${sealed.toString('base64url')}` as Sealed
    },
    open(place, sealed) {
      const [version, id, body, ...more] = sealed.split('.')
      if (version !== 'v1' || !body || more.length > 0) throw new Error(`not a sealed value: ${where(place)}`)
      if (id !== keyId) throw new Error(`sealed under another master key (${id}, ours is ${keyId}): ${where(place)}`)
      const bytes = Buffer.from(body, 'base64url')
      // Node skips what is not base64url and ignores spare bits: only the one spelling that we wrote is ours.
      if (bytes.toString('base64url') !== body) throw new Error(`sealed value is damaged: ${where(place)}`)
      if (bytes.length < 28) throw new Error(`sealed value is cut short: ${where(place)}`)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(aad(place))
        .setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8')
    },
    pseudonym: (tenant, text) =>
      createHmac('sha256', hashKey)
        .update(JSON.stringify([tenant, text]))
        .digest('base64url'),
  }
}

const aad = (place: Place) => Buffer.from(JSON.stringify([place.tenant, place.table, place.row, place.column]))
const where = (place: Place) => `${place.table}.${place.column} of ${place.row}`
