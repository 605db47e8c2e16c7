import { createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto'
import type { AccountId } from '../../core/words.ts'

/** SHA-1 hex over the parts, sorted and joined: `signature` of three parts, `msg_signature` of four. */
export const signature = (...parts: readonly string[]): string =>
  createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')

export interface AesKey {
  readonly key: KeyObject
  readonly iv: Buffer
}

/** EncodingAESKey (43 characters) → the key; the IV is its first half. @returns undefined when it is not one. */
export function parseAesKey(encoded: string): AesKey | undefined {
  if (!/^[A-Za-z0-9+/]{43}$/.test(encoded)) return undefined
  const bytes = Buffer.from(`${encoded}=`, 'base64')
  return { key: createSecretKey(bytes), iv: bytes.subarray(0, 16) }
}

/** Parsed keys, one per account, the oldest out first. */
export function keyring(most = 1000): (account: AccountId, encoded: string) => AesKey | undefined {
  const held = new Map<AccountId, { encoded: string; key: AesKey | undefined }>()
  return (account, encoded) => {
    const known = held.get(account)
    if (known?.encoded === encoded) return known.key
    const key = parseAesKey(encoded)
    held.delete(account)
    held.set(account, { encoded, key })
    for (const oldest of held.keys()) {
      if (held.size <= most) break
      held.delete(oldest)
    }
    return key
  }
}

export interface Opened {
  readonly message: Buffer
  readonly appid: string
}

const block = 32
const head = 20 // 16 random bytes, 4 bytes of length

/** AES-256-CBC, PKCS#7 of 32, random(16) + length(4) + message + appid. @returns undefined for anything else. */
export function open({ key, iv }: AesKey, encrypted: string): Opened | undefined {
  const sealed = Buffer.from(encrypted, 'base64')
  if (sealed.length === 0 || sealed.length % block !== 0) return undefined
  // Node skips what is not base64. To write it again is ten times faster than to match it.
  if (sealed.toString('base64') !== encrypted) return undefined
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  const plain = unpad(Buffer.concat([decipher.update(sealed), decipher.final()]))
  if (!plain || plain.length < head) return undefined
  const end = head + plain.readUInt32BE(16)
  if (end > plain.length) return undefined
  return { message: plain.subarray(head, end), appid: plain.toString('utf8', end) }
}

function unpad(padded: Buffer): Buffer | undefined {
  const size = padded[padded.length - 1] ?? 0
  if (size < 1 || size > block) return undefined
  const end = padded.length - size
  return padded.subarray(end).every((byte) => byte === size) ? padded.subarray(0, end) : undefined
}
