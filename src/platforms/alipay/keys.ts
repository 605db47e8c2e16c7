import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { OutsideError } from '../../core/errors.ts'
import type { AccountId } from '../../core/words.ts'
import type { Account } from '../platform.ts'
import { leafIn, rootSerialOf } from './certificate.ts'
import { both } from './errors.ts'
import { settingsOf } from './settings.ts'

/** An app's keys, parsed. */
export interface Credentials {
  readonly appId: string
  readonly privateKey: KeyObject
  /** Alipay's: whatever it says is signed with its other half. */
  readonly alipayKey: KeyObject
  /** In certificate mode: they go with every request, and the third is compared with what answers name. */
  readonly serials?: { readonly app: string; readonly root: string; readonly alipay: string }
}

/** @throws OutsideError `forbidden` naming what is missing. */
export function credentialsOf(account: Account): Credentials {
  const secret = (name: string) => account.secrets[name]?.reveal() ?? ''
  const privateKey = privateKeyIn(secret('privateKey'))
  const theirs =
    settingsOf(account.settings).mode === 'certificate'
      ? byCertificates(secret('appCertificate'), secret('alipayCertificate'), secret('rootCertificate'))
      : byKey(secret('alipayPublicKey'))
  if (privateKey && theirs) return { appId: account.outsideId, privateKey, ...theirs }
  throw new OutsideError(
    'forbidden',
    both('此支付宝应用的密钥或证书不完整', 'keys or certificates of this Alipay app are missing or damaged'),
    { code: 'keys' },
  )
}

function byKey(pem: string): Pick<Credentials, 'alipayKey'> | undefined {
  const alipayKey = publicKeyIn(pem)
  return alipayKey && { alipayKey }
}

function byCertificates(
  appPem: string,
  alipayPem: string,
  rootPem: string,
): Pick<Credentials, 'alipayKey' | 'serials'> | undefined {
  const [app, alipay, root] = [leafIn(appPem), leafIn(alipayPem), rootSerialOf(rootPem)]
  if (!app || !alipay || root === undefined) return undefined
  return { alipayKey: alipay.key, serials: { app: app.serial, alipay: alipay.serial, root } }
}

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

const parts = ['privateKey', 'alipayPublicKey', 'appCertificate', 'alipayCertificate', 'rootCertificate'] as const
const textOf = ({ outsideId, secrets, settings }: Account): string =>
  [outsideId, settings.mode, ...parts.map((name) => secrets[name]?.reveal())].join('\n')

/** PKCS1 or PKCS8, as PEM or as the bare base64 of Alipay's tools; RSA of at least 2048 bits. */
export function privateKeyIn(text: string): KeyObject | undefined {
  const der = derIn(text, /^(?:RSA )?PRIVATE KEY$/)
  return der && privateKeyOf(der)
}

const privateKeyOf = (der: Buffer): KeyObject | undefined =>
  rsa(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })) ??
  rsa(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }))

/** The same for public keys; a certificate or a private key is none. */
export function publicKeyIn(text: string): KeyObject | undefined {
  const der = derIn(text, /^(?:RSA )?PUBLIC KEY$/)
  // Out of a private key node would make the public one.
  if (!der || privateKeyOf(der)) return undefined
  return (
    rsa(() => createPublicKey({ key: der, format: 'der', type: 'spki' })) ??
    rsa(() => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }))
  )
}

/** What was pasted: in lines, in one line, with `\n` in letters, with or without its head. */
function derIn(text: string, heads: RegExp): Buffer | undefined {
  const plain = text.replaceAll('\\n', '\n').trim()
  const [, head, inner = plain] = /^-----BEGIN ([A-Z ]+)-----([\s\S]+)-----END \1-----$/.exec(plain) ?? []
  if (head !== undefined && !heads.test(head)) return undefined
  const base64 = inner.replace(/\s+/g, '')
  const der = Buffer.from(base64, 'base64')
  // Node skips what is not base64: a key with a letter missing must not become another key.
  return base64 !== '' && der.toString('base64') === base64 ? der : undefined
}

function rsa(make: () => KeyObject): KeyObject | undefined {
  try {
    const key = make()
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? key : undefined
  } catch {
    return undefined
  }
}

/** Signs something and looks whether the other key says yes. */
export function isPair(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const trial = Buffer.from('redress')
  return verify('sha256', trial, publicKey, sign('sha256', trial, privateKey))
}

/** RSA2 in canonical base64; Node would skip what is not base64. */
export function isSignedBy(key: KeyObject, content: Buffer, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64')
  return bytes.toString('base64') === signature && verify('sha256', content, key, bytes)
}
