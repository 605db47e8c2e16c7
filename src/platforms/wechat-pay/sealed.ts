import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto'
import { type Fields, text } from './fields.ts'

export const sealing = 'AEAD_AES_256_GCM'
const tagLength = 16

/**
 * AES-256-GCM: nonce of 12 bytes, tag at the end. Every length is checked: Node takes other nonces silently, and a short tag is easy to guess.
 * @returns undefined when it was not sealed with this key, or was changed.
 */
export function unseal(key: KeyObject, resource: Fields): Buffer | undefined {
  // Bytes as they stand: a blank at the end of the nonce or of the associated data belongs to it.
  const [nonce, more = '', written] = [resource.nonce, resource.associated_data ?? '', text(resource, 'ciphertext')]
  if (typeof nonce !== 'string' || typeof more !== 'string' || written === undefined) return undefined
  const iv = Buffer.from(nonce, 'utf8')
  const bytes = Buffer.from(written, 'base64')
  if (key.symmetricKeySize !== 32 || iv.length !== 12) return undefined
  if (bytes.length <= tagLength || bytes.toString('base64') !== written) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
    .setAAD(Buffer.from(more, 'utf8'))
    .setAuthTag(bytes.subarray(-tagLength))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagLength)), decipher.final()])
  } catch {
    return undefined
  }
}

/** RSA-OAEP with SHA-1, under the merchant's certificate; after a change of it the former keys still open old texts. */
export function opened(keys: readonly KeyObject[], written: string): string | undefined {
  const bytes = Buffer.from(written, 'base64')
  for (const key of keys) {
    try {
      return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, bytes).toString(
        'utf8',
      )
    } catch {
      // Not for this key.
    }
  }
  return undefined
}
