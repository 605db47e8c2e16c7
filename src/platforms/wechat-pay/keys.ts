import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { AccountId } from '../../core/words.ts'
import type { Account } from '../platform.ts'
import { both, PayError } from './errors.ts'

/** An account's keys, parsed. */
export interface Credentials {
  readonly mchid: string
  readonly serial: string
  readonly privateKey: KeyObject
  /** The present key and those before it: for what was sealed under an older certificate. */
  readonly openers: readonly KeyObject[]
  readonly apiV3Key: KeyObject
  /** 微信支付公钥: its id goes with every request. */
  readonly publicKeyId?: string
  /** Theirs, by the serial that their answers name. */
  readonly keys: ReadonlyMap<string, KeyObject>
  /** Whether platform certificates are fetched from them. */
  readonly downloads: boolean
}

/** Hex serials are compared without leading zeros and in one case; a public key's id as it is. */
export const plainSerial = (serial: string): string =>
  serial.startsWith('PUB_KEY_ID_') ? serial : serial.toUpperCase().replace(/^0+(?=.)/, '')

/** @throws PayError `forbidden` naming what is missing. */
export function credentialsOf(account: Account): Credentials {
  const secret = (name: string) => account.secrets[name]?.reveal() ?? ''
  const setting = (name: string) => account.settings[name]
  const privateKey = privateKeyIn(secret('privateKey'))
  const serial = serialIn(secret('certificate'), setting('serial'))
  const apiV3Key = Buffer.from(secret('apiV3Key'), 'utf8')
  if (!privateKey || serial === undefined || apiV3Key.length !== 32)
    throw new PayError('forbidden', both('此商户号的密钥或证书不完整', 'keys of this mchid are missing or damaged'))
  const publicKey = publicKeyIn(secret('publicKey'))
  const publicKeyId = setting('publicKeyId')
  const named = publicKey && typeof publicKeyId === 'string' ? { publicKeyId } : {}
  const keys = new Map(certificatesIn(secret('platformCertificates')).map((each) => [each.serial, each.key]))
  if (publicKey && named.publicKeyId !== undefined) keys.set(named.publicKeyId, publicKey)
  return {
    mchid: account.outsideId,
    serial,
    privateKey,
    openers: [privateKey, ...privateKeysIn(secret('formerKeys'))],
    apiV3Key: createSecretKey(apiV3Key),
    ...named,
    keys,
    downloads: downloadsOf(account.settings, publicKey !== undefined),
  }
}

/** Certificates are fetched unless the account has a public key: whoever has only that may not ask for them. */
const downloadsOf = (settings: Account['settings'], hasPublicKey: boolean): boolean =>
  typeof settings.downloadCertificates === 'boolean' ? settings.downloadCertificates : !hasPublicKey

/** Parsed keys, one set per account, the oldest out first. */
export function keyring(most = 1000): (account: Account) => Credentials {
  const held = new Map<AccountId, { readonly of: string; readonly credentials: Credentials }>()
  return (account) => {
    const of = textOf(account)
    const known = held.get(account.id)
    if (known?.of === of) return known.credentials
    const credentials = credentialsOf(account)
    held.delete(account.id)
    held.set(account.id, { of, credentials })
    for (const oldest of held.keys()) {
      if (held.size <= most) break
      held.delete(oldest)
    }
    return credentials
  }
}

const parts = ['apiV3Key', 'privateKey', 'certificate', 'formerKeys', 'publicKey', 'platformCertificates'] as const
const textOf = ({ outsideId, secrets, settings }: Account): string =>
  [
    outsideId,
    settings.serial,
    settings.publicKeyId,
    settings.downloadCertificates,
    ...parts.map((name) => secrets[name]?.reveal()),
  ].join('\n')

export function privateKeyIn(pem: string): KeyObject | undefined {
  return rsa(() => createPrivateKey(pem))
}

export function publicKeyIn(pem: string): KeyObject | undefined {
  // createPublicKey would also take a private key or a certificate.
  return /^\s*-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem) ? rsa(() => createPublicKey(pem)) : undefined
}

function rsa(make: () => KeyObject): KeyObject | undefined {
  try {
    const key = make()
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : undefined
  } catch {
    return undefined
  }
}

export const privateKeysIn = (pems: string): readonly KeyObject[] =>
  blocks(pems, '(?:RSA )?PRIVATE KEY').flatMap((pem) => privateKeyIn(pem) ?? [])

export interface Certificate {
  readonly serial: string
  readonly key: KeyObject
  readonly certificate: X509Certificate
}

export const certificatesIn = (pems: string): readonly Certificate[] =>
  blocks(pems, 'CERTIFICATE').flatMap((pem) => certificateIn(pem) ?? [])

export function certificateIn(pem: string): Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem)
    const key = rsa(() => certificate.publicKey)
    return key && { serial: plainSerial(certificate.serialNumber), key, certificate }
  } catch {
    return undefined
  }
}

const blocks = (pems: string, name: string): readonly string[] =>
  pems.match(new RegExp(`-----BEGIN (${name})-----[\\s\\S]+?-----END \\1-----`, 'g')) ?? []

/** The certificate says its own serial, as they know it: with its zeros. */
export function serialIn(pem: string, setting: unknown): string | undefined {
  const own = certificateIn(pem)?.certificate.serialNumber
  if (own !== undefined) return own
  return typeof setting === 'string' && /^[0-9A-Fa-f]{8,40}$/.test(setting) ? setting.toUpperCase() : undefined
}
