import { constants, createCipheriv, type KeyObject, publicEncrypt } from 'node:crypto'
import type { Merchant, Random } from './merchant.ts'

export interface Sealed {
  readonly algorithm: 'AEAD_AES_256_GCM'
  readonly nonce: string
  readonly associated_data: string
  readonly ciphertext: string
}

/** AES-256-GCM under the APIv3 key; the tag is the last 16 bytes. `broken`: the tag is wrong. */
export function seal(
  merchant: Merchant,
  about: { text: string; associated: string; random: Random; broken?: boolean },
): Sealed {
  const nonce = about.random(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(merchant.apiV3Key), nonce)
  cipher.setAAD(Buffer.from(about.associated))
  const body = Buffer.concat([cipher.update(about.text, 'utf8'), cipher.final()])
  const tag = cipher.getAuthTag()
  if (about.broken) tag[0] = (tag[0] ?? 0) ^ 0xff
  const ciphertext = Buffer.concat([body, tag]).toString('base64')
  return { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data: about.associated, ciphertext }
}

/** RSAES-OAEP with SHA-1, for the holder of the merchant's API certificate. */
export const encryptFor = (key: KeyObject, text: string): string =>
  publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, Buffer.from(text)).toString(
    'base64',
  )
