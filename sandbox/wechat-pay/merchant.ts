import type { KeyObject } from 'node:crypto'

export type Random = (size: number) => Buffer

export const digits = (random: Random, count: number): string => Array.from(random(count), (byte) => byte % 10).join('')

/** A merchant below a service provider (特约商户). */
export interface SubMerchant {
  readonly mchid: string
  readonly name: string
  /** Whether it has given its provider the right to refund; yes when left out. */
  readonly refundsAuthorised?: boolean
}

/** A merchant number as the merchant console (商户平台) knows it. */
export interface Merchant {
  readonly mchid: string
  readonly name: string
  /** 32 ASCII characters. */
  readonly apiV3Key: string
  /** Of its API certificate, in hex; what its requests name as serial_no. */
  readonly certificateSerial: string
  /** Its API certificate, or that certificate's public key. */
  readonly publicKey: KeyObject | string
  readonly appids?: readonly string[]
  /** With any it is a service provider (服务商) and receives no money itself. */
  readonly subMerchants?: readonly SubMerchant[]
  /** How the platform proves itself: `switching` is on its way from certificates to the public key. */
  readonly verification?: 'public-key' | 'certificates' | 'switching'
  /** Its id in Wechatpay-Serial; made from the mchid when left out. */
  readonly publicKeyId?: string
  /** Where complaints are told; the API changes it. */
  readonly notifyUrl?: string
  /** The console's address for refund notices, for refunds that name none. */
  readonly refundNotifyUrl?: string
  /** Replies may carry links (whitelist feature). */
  readonly externalLinks?: boolean
}

export const isProvider = (merchant: Merchant): boolean => (merchant.subMerchants ?? []).length > 0

/** The numbers that receive money, or complaints, under this account. */
export const payeesOf = (merchant: Merchant): readonly string[] =>
  isProvider(merchant) ? (merchant.subMerchants ?? []).map(({ mchid }) => mchid) : [merchant.mchid]

/** The account that speaks for this number to the API. */
export const accountOf = (merchants: readonly Merchant[], payee: string): Merchant | undefined =>
  merchants.find((one) => payeesOf(one).includes(payee))
