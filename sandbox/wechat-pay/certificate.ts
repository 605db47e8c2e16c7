import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { bits, identifier, integer, nothing, octets, sequence, set, tagged, time, truth, utf8 } from './der.ts'
import type { Random } from './merchant.ts'

export interface CertificateWish {
  readonly name: string
  readonly privateKey: KeyObject
  readonly serial: Buffer
  readonly from: number
  readonly until: number
}

/** A self-signed X.509 v3 certificate (RFC 5280), as PEM. */
export function certificateFor({ name, privateKey, serial, from, until }: CertificateWish): string {
  const algorithm = sequence(identifier('1.2.840.113549.1.1.11'), nothing)
  const key = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const subject = sequence(named('2.5.4.10', 'Redress Sandbox'), named('2.5.4.3', name))
  const period = sequence(time(from), time(until))
  const version = tagged(0, integer(Buffer.of(2)))
  const body = sequence(version, integer(serial), algorithm, subject, period, subject, key, tagged(3, extensions))
  const signature = sign('sha256', body, privateKey)
  return pem('CERTIFICATE', sequence(body, algorithm, bits(signature)))
}

const named = (kind: string, text: string): Buffer => set(sequence(identifier(kind), utf8(text)))

// No authority; signs and enciphers keys.
const extensions = sequence(
  sequence(identifier('2.5.29.19'), octets(sequence())),
  sequence(identifier('2.5.29.15'), truth, octets(bits(Buffer.of(0b1010_0000), 5))),
)

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** Twenty bytes, positive, without a leading zero. */
export function serialNumber(random: Random): Buffer {
  const bytes = Buffer.from(random(20))
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f)
  return bytes
}

/** What the console gives a new merchant: a key, its certificate, that one's serial. */
export interface MerchantIdentity {
  readonly privateKey: string
  readonly certificate: string
  readonly serial: string
}

export function mintMerchant(options: {
  mchid: string
  random: Random
  now: number
  privateKey?: string
}): MerchantIdentity {
  const key = options.privateKey ? createPrivateKey(options.privateKey) : rsaKey()
  const serial = serialNumber(options.random)
  const from = options.now - 86_400_000
  const until = from + 5 * 365 * 86_400_000
  return {
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: certificateFor({ name: options.mchid, privateKey: key, serial, from, until }),
    serial: serial.toString('hex').toUpperCase(),
  }
}

export const rsaKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
