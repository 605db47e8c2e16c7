import { createPublicKey, type KeyObject } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { certificateFor, rsaKey, serialNumber } from './certificate.ts'
import { digits, type Merchant, type Random } from './merchant.ts'
import type { Rules } from './rules.ts'

/** What signs an answer or a callback, and how Wechatpay-Serial names it. */
export interface SigningKey {
  readonly serial: string
  readonly key: KeyObject
}

export interface PlatformCertificate extends SigningKey {
  readonly pem: string
  readonly effectiveAt: number
  readonly expiresAt: number
}

/** The platform's key for one place: 0 is behind the public key, 1 and on are the certificates'. */
export type PlatformKeys = (place: number) => KeyObject

// A key takes a tenth of a second to make; every sandbox of a process is the same platform.
const made = new Map<number, KeyObject>()
export const sharedKeys: PlatformKeys = (place) => {
  const key = made.get(place) ?? rsaKey()
  made.set(place, key)
  return key
}

export interface Keys {
  /** WeChat Pay public key (微信支付公钥) of this merchant, as the console hands it out. */
  publicKey(merchant: Merchant): { readonly id: string; readonly pem: string }
  /** The valid platform certificates, the oldest first. */
  certificates(): readonly PlatformCertificate[]
  /** One more certificate beside the present ones. */
  rotate(): PlatformCertificate
  retire(serial: string): void
  /** `asked` is the request's own Wechatpay-Serial. */
  forAnswer(merchant: Merchant, asked: string | undefined): SigningKey
  forPush(merchant: Merchant): SigningKey
}

export function createKeys(options: {
  readonly clock: Clock
  readonly random: Random
  readonly rules: Rules
  readonly keys: PlatformKeys
}): Keys {
  const { clock, random, rules } = options
  let all: readonly PlatformCertificate[] = []
  let count = 0

  function rotate(): PlatformCertificate {
    const key = options.keys(++count)
    const number = serialNumber(random)
    const effectiveAt = clock.now()
    const expiresAt = effectiveAt + rules.certificateMs
    const period = { from: effectiveAt, until: expiresAt }
    const pem = certificateFor({ name: 'Tenpay.com sign', privateKey: key, serial: number, ...period })
    const fresh = { serial: number.toString('hex').toUpperCase(), key, pem, effectiveAt, expiresAt }
    all = [...all, fresh]
    return fresh
  }

  function certificates(): readonly PlatformCertificate[] {
    if (count === 0) rotate()
    return all.filter((one) => one.expiresAt > clock.now())
  }

  const idOf = (merchant: Merchant) => merchant.publicKeyId ?? `PUB_KEY_ID_01${merchant.mchid.padStart(32, '0')}`
  const byPublicKey = (merchant: Merchant): SigningKey => ({ serial: idOf(merchant), key: options.keys(0) })

  // WeChat Pay docs, platform certificates: while several are valid, any of them signs.
  function byCertificate(): SigningKey {
    const valid = certificates()
    const one = valid[(random(1)[0] ?? 0) % valid.length]
    return one ?? rotate()
  }

  return {
    publicKey: (merchant) => ({
      id: idOf(merchant),
      pem: createPublicKey(options.keys(0)).export({ type: 'spki', format: 'pem' }).toString(),
    }),
    certificates,
    rotate,
    retire(serial) {
      all = all.filter((one) => one.serial !== serial)
    },
    forAnswer(merchant, asked) {
      const { verification = 'public-key' } = merchant
      const wanted = verification === 'switching' && asked?.startsWith('PUB_KEY_ID_')
      return verification === 'public-key' || wanted ? byPublicKey(merchant) : byCertificate()
    },
    forPush(merchant) {
      const { verification = 'public-key' } = merchant
      const switched = verification === 'switching' && Number(digits(random, 2)) < rules.switchedCallbacks
      return verification === 'public-key' || switched ? byPublicKey(merchant) : byCertificate()
    },
  }
}
