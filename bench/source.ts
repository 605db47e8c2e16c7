import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { MiniProgram } from '../sandbox/wechat/index.ts'
import { type Merchant, type MerchantIdentity, mintMerchant } from '../sandbox/wechat-pay/index.ts'
import type { NewAccount } from '../src/storage/accounts.ts'

/** Whose pushes are taken in; the same in every process of a bench. */
export type Source =
  | { readonly platform: 'wechat-mini' }
  | { readonly platform: 'wechat-pay'; readonly keys: PayKeys }
  | { readonly platform: 'alipay'; readonly keys: AlipayKeys }

/** PEM, so that it can be told to another process. */
export interface PayKeys {
  readonly merchant: MerchantIdentity
  /** What signs for WeChat Pay. */
  readonly platformKey: string
}

/** Private keys as PEM. */
export interface AlipayKeys {
  readonly app: string
  readonly alipay: string
}

export const mini: Source = { platform: 'wechat-mini' }

export function freshPay(): Source & { readonly platform: 'wechat-pay' } {
  return {
    platform: 'wechat-pay',
    keys: { merchant: mintMerchant({ mchid, random: randomBytes, now: Date.now() }), platformKey: freshKey() },
  }
}

export const freshAlipay = (): Source => ({ platform: 'alipay', keys: { app: freshKey(), alipay: freshKey() } })

const freshKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export const programAt = (pushUrl: () => string): MiniProgram => ({
  name: 'shop',
  appid: 'wx0123456789abcdef',
  secret: '0123456789abcdef0123456789abcdef',
  token: 'RedressBench1',
  aesKey: 'RedressBenchRedressBenchRedressBenchRedress',
  mode: 'safe',
  format: 'json',
  get pushUrl() {
    return pushUrl()
  },
})

const mchid = '1900007291'
export const publicKeyId = 'PUB_KEY_ID_0119000072910000000000000000000001'
const apiV3Key = 'RedressBenchRedressBenchRedressB'

export const merchantOf = ({ merchant }: PayKeys): Merchant => ({
  mchid,
  name: 'shop',
  apiV3Key,
  certificateSerial: merchant.serial,
  publicKey: merchant.certificate,
  verification: 'public-key',
  publicKeyId,
})

export const alipayApp = '2021000000000001'

export type AccountWish = Pick<NewAccount, 'platform' | 'outsideId' | 'name' | 'settings' | 'secrets'>

export function accountFrom(source: Source): AccountWish {
  if (source.platform === 'wechat-pay') {
    const { privateKey, certificate } = source.keys.merchant
    return {
      platform: source.platform,
      outsideId: mchid,
      name: 'shop',
      settings: { publicKeyId },
      secrets: { apiV3Key, privateKey, certificate, publicKey: publicHalf(source.keys.platformKey) },
    }
  }
  if (source.platform === 'alipay') {
    const { app: privateKey, alipay } = source.keys
    return {
      platform: source.platform,
      outsideId: alipayApp,
      name: 'app',
      settings: {},
      secrets: { privateKey, alipayPublicKey: publicHalf(alipay) },
    }
  }
  const { appid, name, mode, secret, token, aesKey } = programAt(() => '')
  return {
    platform: source.platform,
    outsideId: appid,
    name,
    settings: { mode },
    secrets: { secret, token, aesKey },
  }
}

const publicHalf = (key: string): string =>
  createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'pem' }).toString()

/**
 * More than a server here can take in that time, made before the slice begins. To sign with RSA costs 0.4 ms, and what
 * WeChat Pay signs is believed for five minutes: a slice of signed ones may end before its time, when the last one is answered.
 */
export const freshFor = ({ platform }: Source, ms: number): number =>
  platform === 'wechat-mini' ? Math.ceil(ms * 12) : Math.min(4_000, Math.ceil(ms * 4))
