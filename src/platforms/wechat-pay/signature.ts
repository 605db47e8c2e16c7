import { type KeyObject, sign, verify } from 'node:crypto'

export const scheme = 'WECHATPAY2-SHA256-RSA2048'

export interface Signing {
  readonly method: string
  /** Path and query, exactly as on the wire. */
  readonly target: string
  /** Seconds. */
  readonly timestamp: string
  readonly nonce: string
  /** What stands for the body: empty without one, the meta JSON of an upload. */
  readonly body: string
}

/** Five lines, each with its end, the last too when the body is empty. docs/platforms/wechat-pay.md#signing */
export const requestMessage = ({ method, target, timestamp, nonce, body }: Signing): string =>
  `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`

export const signed = (message: string, key: KeyObject): string =>
  sign('sha256', Buffer.from(message), key).toString('base64')

export interface Signer {
  readonly mchid: string
  /** Of the merchant's API certificate. */
  readonly serial: string
  readonly privateKey: KeyObject
}

export function authorization({ mchid, serial, privateKey }: Signer, signing: Signing): string {
  const { timestamp, nonce } = signing
  const signature = signed(requestMessage(signing), privateKey)
  return `${scheme} mchid="${mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`
}

/** Why an answer or a callback is not believed. */
export type Unproven = 'headers' | 'algorithm' | 'late' | 'unknown-key' | 'signature'

export interface Proof {
  readonly headers: Readonly<Record<string, string>>
  /** The bytes as they came. */
  readonly body: Buffer
  /** Milliseconds. */
  readonly now: number
  keyOf(serial: string): KeyObject | undefined
}

// Both ways: their clock may run ahead of ours.
const window = 300_000

export const serialOf = (headers: Readonly<Record<string, string>>): string | undefined => headers['wechatpay-serial']

/** The signature over timestamp, nonce and body, by the key that the serial names. @returns undefined when it is theirs. */
export function unproven({ headers, body, now, keyOf }: Proof): Unproven | undefined {
  const [timestamp, nonce] = [headers['wechatpay-timestamp'], headers['wechatpay-nonce']]
  const [serial, signature] = [serialOf(headers), headers['wechatpay-signature']]
  if (!timestamp || !nonce || !serial || !signature || !/^\d{1,12}$/.test(timestamp)) return 'headers'
  if ((headers['wechatpay-signature-type'] ?? scheme) !== scheme) return 'algorithm'
  if (Math.abs(now - Number(timestamp) * 1000) > window) return 'late'
  const key = keyOf(serial)
  if (!key) return 'unknown-key'
  const bytes = Buffer.from(signature, 'base64')
  // Node skips what is not base64: their probe, WECHATPAY/SIGNTEST/…, is no signature whatever it decodes to.
  if (bytes.toString('base64') !== signature) return 'signature'
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')])
  return verify('sha256', message, key, bytes) ? undefined : 'signature'
}
