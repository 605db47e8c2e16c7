import { type KeyObject, sign, verify } from 'node:crypto'
import type { Fault } from './misbehave.ts'

/** RSA2: RSA with SHA-256, PKCS#1 v1.5, base64. */
export const signed = (key: KeyObject, bytes: Buffer): string => sign('sha256', bytes, key).toString('base64')

export function verified(key: KeyObject, bytes: Buffer, signature: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return false
  return verify('sha256', bytes, key, Buffer.from(signature, 'base64'))
}

/** A signature as it should be, or as the fault wants it; undefined = none at all. */
export function proof(options: {
  readonly key: KeyObject
  readonly stranger: () => KeyObject
  readonly bytes: Buffer
  readonly fault?: Fault | undefined
}): string | undefined {
  const { key, stranger, bytes, fault } = options
  switch (fault) {
    case undefined:
      return signed(key, bytes)
    case 'missing':
      return undefined
    case 'signature':
      return signed(key, Buffer.concat([bytes, Buffer.from(' ')]))
    case 'key':
      return signed(stranger(), bytes)
    case 'sha1':
      return sign('sha1', bytes, key).toString('base64')
  }
}
