import { type KeyObject, sign } from 'node:crypto'

// A self-signed X.509 certificate, built by hand: node reads them but makes none, and no private key should lie in the repository.

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const hex = (text: string) => Buffer.from(text, 'hex')
const sha256WithRsa = sequence(der(0x06, hex('2a864886f70d01010b')), der(0x05))
const commonName = (text: string) =>
  sequence(der(0x31, sequence(der(0x06, hex('550403')), der(0x0c, Buffer.from(text)))))
const time = (ms: number) => der(0x18, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`))

export interface CertificateWish {
  readonly key: KeyObject
  readonly publicKey: KeyObject
  /** 40 hex digits, the first below 8. */
  readonly serial: string
  readonly from: number
  readonly to: number
}

export function certificateFor({ key, publicKey, serial, from, to }: CertificateWish): string {
  const name = commonName('Tenpay.com made for a test')
  const tbs = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, hex(serial)),
    sha256WithRsa,
    name,
    sequence(time(from), time(to)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', tbs, key))
  const lines =
    sequence(tbs, sha256WithRsa, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
