import { sign } from 'node:crypto'
import type { SigningKey } from './keys.ts'
import type { Random } from './merchant.ts'

/** How a signature can be worthless. `probe` is the platform's own test traffic (应答签名探测流量). */
export type Fault = 'signature' | 'serial' | 'missing' | 'probe' | 'stale'

const foreign = '7D5F0E5A0CFA0D4C3B2A190807060504030201FF'

/** The headers that prove bytes to be the platform's. WeChat Pay docs, verification: timestamp, nonce and body, each with a line end. */
export function signatureHeaders(about: {
  readonly by: SigningKey
  readonly body: Buffer
  readonly now: number
  readonly random: Random
  readonly fault: Fault | undefined
}): Readonly<Record<string, string>> {
  const { by, body, random, fault } = about
  if (fault === 'missing') return {}
  // Ten minutes is outside the five that a receiver may allow.
  const timestamp = String(Math.floor(about.now / 1000) - (fault === 'stale' ? 600 : 0))
  const nonce = random(16).toString('hex').toUpperCase()
  const said = fault === 'signature' ? `${timestamp}\n${nonce}\nsomething else\n` : `${timestamp}\n${nonce}\n`
  const message =
    fault === 'signature' ? Buffer.from(said) : Buffer.concat([Buffer.from(said), body, Buffer.from('\n')])
  const signature = sign('sha256', message, by.key).toString('base64')
  return {
    'wechatpay-nonce': nonce,
    'wechatpay-serial': fault === 'serial' ? foreign : by.serial,
    'wechatpay-signature': fault === 'probe' ? `WECHATPAY/SIGNTEST/${signature.slice(19)}` : signature,
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    'wechatpay-timestamp': timestamp,
  }
}
