import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'

// WeChat docs, message push: the block size of the padding is 32, not AES's 16, so Node's own padding is of no use.
const block = 32

/** SHA-1 of the sorted values: [token, timestamp, nonce] or [token, timestamp, nonce, Encrypt]. */
export function signature(...values: readonly string[]): string {
  return createHash('sha1')
    .update([...values].sort().join(''))
    .digest('hex')
}

/** AES-256-CBC over random(16) + length(4) + message + appid. */
export function encrypt(aesKey: string, message: { random: Buffer; text: string; appid: string }): string {
  const text = Buffer.from(message.text, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const plain = Buffer.concat([message.random, length, text, Buffer.from(message.appid, 'utf8')])
  const pad = block - (plain.length % block)
  const key = keyOf(aesKey)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64')
}

export function decrypt(aesKey: string, encrypted: string): { random: Buffer; text: string; appid: string } {
  const key = keyOf(aesKey)
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()])
  const plain = padded.subarray(0, padded.length - (padded.at(-1) ?? 0))
  const end = 20 + plain.readUInt32BE(16)
  return {
    random: plain.subarray(0, 16),
    text: plain.subarray(20, end).toString('utf8'),
    appid: plain.subarray(end).toString('utf8'),
  }
}

function keyOf(aesKey: string): Buffer {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  if (aesKey.length !== 43 || key.length !== 32) throw new Error('EncodingAESKey must have 43 characters')
  return key
}
