import { createHash, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto'
import {
  bits,
  identifier,
  integer,
  nothing,
  octets,
  sequence,
  set,
  tagged,
  time,
  truth,
  utf8,
} from '../wechat-pay/der.ts'

/** A name as the certificate holds it: country first. */
export interface DistinguishedName {
  readonly unit: string
  readonly common: string
}

export interface CertificateWish {
  readonly subject: DistinguishedName
  /** Either half of the subject's key. */
  readonly key: KeyObject
  readonly issuer: DistinguishedName
  readonly issuerKey: KeyObject
  readonly serial: Buffer
  readonly from: number
  readonly until: number
  readonly authority?: boolean
}

/** An X.509 v3 certificate (RFC 5280), as PEM. */
export function certificateFor(wish: CertificateWish): string {
  const { subject, key, issuer, issuerKey, serial, from, until, authority = false } = wish
  const rsa = issuerKey.asymmetricKeyType === 'rsa'
  const algorithm = rsa
    ? sequence(identifier('1.2.840.113549.1.1.11'), nothing)
    : sequence(identifier('1.2.840.10045.4.3.2'))
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' })
  const period = sequence(time(from), time(until))
  const version = tagged(0, integer(Buffer.of(2)))
  const more = tagged(3, extensions(authority))
  const body = sequence(version, integer(serial), algorithm, named(issuer), period, named(subject), spki, more)
  return pem(sequence(body, algorithm, bits(sign('sha256', body, issuerKey))))
}

const named = ({ unit, common }: DistinguishedName): Buffer =>
  sequence(
    attribute('2.5.4.6', 'CN'),
    attribute('2.5.4.10', 'Redress Sandbox'),
    attribute('2.5.4.11', unit),
    attribute('2.5.4.3', common),
  )
const attribute = (kind: string, text: string): Buffer => set(sequence(identifier(kind), utf8(text)))

function extensions(authority: boolean): Buffer {
  const basic = authority ? octets(sequence(truth)) : octets(sequence())
  const usage = authority ? bits(Buffer.of(0b0000_0110), 1) : bits(Buffer.of(0b1100_0000), 6)
  return sequence(
    sequence(identifier('2.5.29.19'), truth, basic),
    sequence(identifier('2.5.29.15'), truth, octets(usage)),
  )
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** Sixteen bytes, positive, without a leading zero. */
export function serialNumber(seed: Buffer): Buffer {
  const bytes = Buffer.from(seed.subarray(0, 16))
  bytes[0] = 0x20 | ((bytes[0] ?? 0) & 0x1f)
  return bytes
}

const blocks = (pems: string): string[] =>
  pems.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []

// Alipay docs, certificate signing: MD5 of the issuer, the innermost name first, and the serial number in decimal.
function snOf({ issuer, serialNumber: serial }: X509Certificate): string {
  const name = issuer.split('\n').reverse().join(',')
  return createHash('md5')
    .update(`${name}${BigInt(`0x${serial}`)}`)
    .digest('hex')
}

/** Of the first certificate in the file. */
export function certSn(pems: string): string {
  const [first] = blocks(pems)
  if (!first) throw new Error('no certificate')
  return snOf(new X509Certificate(first))
}

/** Of the RSA-signed ones in the file of roots. */
export const rootCertSn = (pems: string): string =>
  blocks(pems)
    .map((one) => new X509Certificate(one))
    .filter((one) => isRsa(one))
    .map(snOf)
    .join('_')

/** A curve that this OpenSSL does not know leaves the key without a kind, or cannot be read at all. */
function isRsa(certificate: X509Certificate): boolean {
  try {
    return certificate.publicKey.asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
