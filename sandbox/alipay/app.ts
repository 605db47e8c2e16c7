import type { KeyObject } from 'node:crypto'

export type Random = (size: number) => Buffer

export const digits = (random: Random, count: number): string => Array.from(random(count), (byte) => byte % 10).join('')

/** A business that receives money: its PID, and the app of its own that it authorises. */
export interface Merchant {
  /** 16 digits, 2088…; `user_id` of a token, `opposite_pid` of a complaint. */
  readonly pid: string
  readonly name: string
  /** 16 digits; what a token names as `auth_app_id`. */
  readonly appId: string
}

/** An app as the open platform's console knows it. */
export interface App {
  /** 16 digits. */
  readonly appId: string
  readonly name: string
  /** Whose app it is. */
  readonly pid: string
  /** `isv` = 第三方应用, calls for merchants with their token; `own` calls for its own PID. */
  readonly kind: 'isv' | 'own'
  /** Key mode: the app's public key as uploaded. */
  readonly publicKey?: KeyObject | string
  /** Certificate mode: appCertPublicKey.crt as PEM; stands before `publicKey`. */
  readonly certificate?: string
  /** 应用网关: where messages are told. Without one nobody is told. */
  readonly gatewayUrl?: string
  /** 授权回调地址. */
  readonly redirectUri?: string
  /** The API names it may call; a token keeps those of its day. All when left out. */
  readonly methods?: readonly string[]
  /** The messages it has subscribed to; all when left out. */
  readonly topics?: readonly string[]
}

/** What the console hands out for an app. */
export interface Credentials {
  /** Base64 of the SPKI DER, one line, as the console shows it. */
  readonly alipayPublicKey: string
  /** alipayCertPublicKey_RSA2.crt: the leaf, then its issuer. */
  readonly alipayCertificate: string
  /** alipayRootCert.crt: two RSA roots and one of another kind. */
  readonly rootCertificate: string
  readonly alipayCertSn: string
  readonly rootCertSn: string
  /** In certificate mode only. */
  readonly appCertSn?: string
}

/** What a new app's owner holds: its key in both wrappings, and a certificate of the sandbox's authority. */
export interface AppIdentity {
  /** PKCS#8 PEM. */
  readonly privateKey: string
  /** PKCS#1 PEM. */
  readonly privateKeyPkcs1: string
  /** SPKI PEM. */
  readonly publicKey: string
  readonly certificate: string
  readonly certSn: string
}
