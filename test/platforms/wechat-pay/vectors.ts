import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'

/** Third-party vectors; lies beside the checkout, never in it. */
export const file = 'wechat-pay-vectors.json'

type Read = (file: string) => Buffer

/** As the file has them; which fields are there goes by the kind. */
export interface Vector {
  readonly id: string
  readonly kind: string
  readonly method: string
  readonly path_with_query: string
  readonly timestamp: string
  readonly nonce: string
  readonly body_for_signature: string
  readonly message: string
  readonly signature: string
  readonly mchid: string
  readonly serial_no: string
  readonly private_key: string
  readonly verify_with: string
  readonly must_not_verify_with: string
  readonly key: string
  readonly associated_data: string
  readonly ciphertext: string
  readonly plaintext: string
  readonly must_fail_with: readonly object[]
  readonly response: { readonly data: readonly object[] }
  readonly cert_serial: string
}

interface Vectors {
  readonly keys: Readonly<Record<string, { readonly b64: string }>>
  readonly vectors: readonly Vector[]
  readonly json_fixtures: { readonly files: Readonly<Record<string, Record<string, unknown>>> }
}

const vectorFile = (read: Read): Vectors => JSON.parse(read(file).toString())

/** @throws Error when the file has none of this kind: then nothing would be tested. */
export function vectorsOf(read: Read, kind: string): readonly Vector[] {
  const found = vectorFile(read).vectors.filter((vector) => vector.kind === kind)
  if (found.length === 0) throw new Error(`no vectors of the kind ${kind}`)
  return found
}

const der = (read: Read, name: string) => Buffer.from(vectorFile(read).keys[name]?.b64 ?? '', 'base64')

export const privateOf = (read: Read, name: string): KeyObject =>
  createPrivateKey({ key: der(read, name), format: 'der', type: 'pkcs8' })

export const certificateOf = (read: Read, name: string): X509Certificate => new X509Certificate(der(read, name))

export const publicOf = (read: Read, name: string): KeyObject =>
  name.endsWith('-cert')
    ? certificateOf(read, name).publicKey
    : createPublicKey({ key: der(read, name), format: 'der', type: 'spki' })

export function fixture(read: Read, ending: string): Record<string, unknown> {
  const found = Object.entries(vectorFile(read).json_fixtures.files).find(([name]) => name.endsWith(ending))
  if (!found) throw new Error(`no fixture ${ending}`)
  return found[1]
}
