import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { bits, identifier, integer, octets, sequence, set, tagged, time, truth, utf8 } from '../wechat-pay/der.ts'
import type { Random } from './mail.ts'

export interface Identity {
  /** Self-signed X.509 v3, PEM. */
  readonly certificate: string
  readonly privateKey: string
}

/** A server's key and its certificate for these host names, localhost and 127.0.0.1; for tests only. */
export function mintServer(of: { hosts: readonly string[]; random: Random; now: number }): Identity {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(identifier('1.2.840.10045.4.3.2'))
  const subject = sequence(set(sequence(identifier('2.5.4.3'), utf8('Redress Sandbox Mail'))))
  const day = 86_400_000
  const period = sequence(time(of.now - day), time(of.now + 365 * day))
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const version = tagged(0, integer(Buffer.of(2)))
  const serial = integer(Buffer.concat([Buffer.of(0x40), of.random(15)]))
  const more = tagged(3, extensions(['localhost', ...of.hosts]))
  const body = sequence(version, serial, algorithm, subject, period, subject, spki, more)
  const signed = sequence(body, algorithm, bits(sign('sha256', body, privateKey)))
  return {
    certificate: pem(signed),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

// An authority for itself alone, and the names that it serves.
function extensions(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) => named(2, Buffer.from(host, 'latin1')))
  const loopback = named(7, Buffer.of(127, 0, 0, 1))
  return sequence(
    sequence(identifier('2.5.29.19'), truth, octets(sequence(truth))),
    sequence(identifier('2.5.29.17'), octets(sequence(...names, loopback))),
  )
}

/** A GeneralName (RFC 5280): dNSName is 2, iPAddress is 7; short enough for one byte of length. */
function named(kind: number, value: Buffer): Buffer {
  if (value.length > 127) throw new Error('a host name of more than 127 characters')
  return Buffer.concat([Buffer.of(0x80 | kind, value.length), value])
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
