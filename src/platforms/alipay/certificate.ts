import { createHash, type KeyObject, X509Certificate } from 'node:crypto'

/** The certificates in a PEM text, in their order; what cannot be read is left out. */
export const certificatesIn = (pem: string): readonly X509Certificate[] =>
  blocksIn(pem).flatMap((block) => {
    try {
      return [new X509Certificate(block)]
    } catch {
      return []
    }
  })

export const blocksIn = (pem: string): readonly string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []

/** 证书序列号 as Alipay counts it: MD5 of the issuer, its innermost name first, and the serial in decimal. */
export function serialOf(certificate: X509Certificate): string {
  const issuer = certificate.issuer.split('\n').reverse().join(',')
  const serial = BigInt(`0x${certificate.serialNumber}`).toString(10)
  return createHash('md5')
    .update(issuer + serial)
    .digest('hex')
}

/** Of the root file: the serials of those with RSA keys, joined by `_`; undefined when it holds none. */
export function rootSerialOf(pem: string): string | undefined {
  const serials = certificatesIn(pem).filter(isRsa).map(serialOf)
  return serials.length === 0 ? undefined : serials.join('_')
}

function isRsa(certificate: X509Certificate): boolean {
  try {
    return certificate.publicKey.asymmetricKeyType === 'rsa'
  } catch {
    // SM2, where OpenSSL does not know it.
    return false
  }
}

/** A certificate of an app or of Alipay itself; their files may carry its issuer behind it. */
export interface Leaf {
  readonly serial: string
  readonly key: KeyObject
  /** Milliseconds. */
  readonly until: number
  /** Of which app it is, where its name says so: `<PID>-<APPID>`. */
  readonly appId?: string
}

export function leafIn(pem: string): Leaf | undefined {
  const first = certificatesIn(pem)[0]
  if (!first || !isRsa(first)) return undefined
  const appId = /^CN=\d{16}-(\d{16})$/m.exec(first.subject)?.[1]
  return {
    serial: serialOf(first),
    key: first.publicKey,
    until: Date.parse(first.validTo),
    ...(appId === undefined ? {} : { appId }),
  }
}
