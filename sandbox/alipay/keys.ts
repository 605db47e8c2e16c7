import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** The platform's private keys by place: 0 is Alipay's, 1 and on are its later certificates', the names are the authority's. */
export type KeyPlace = number | 'root' | 'issuer' | 'other-kind'
export type PlatformKeys = (place: KeyPlace) => KeyObject

export const rsaKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ecKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey

// A key takes a tenth of a second to make; every sandbox of a process is the same platform.
const made = new Map<KeyPlace, KeyObject>()
export const sharedKeys: PlatformKeys = (place) => {
  const key = made.get(place) ?? (place === 'other-kind' ? ecKey() : rsaKey())
  made.set(place, key)
  return key
}

/** The public half in one line, as the console shows it. */
export const oneLine = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
