import { createPublicKey, X509Certificate } from 'node:crypto'
import { expect } from 'vitest'
import { certSn, rootCertSn } from '../../sandbox/alipay/certificate.ts'
import { verified } from '../../sandbox/alipay/sign.ts'
import { vectorTest } from '../support/vectors.ts'

// facts/alipay.md §7: what others have signed, the sandbox believes; what was changed since, it does not.
const file = 'alipay-vectors.json'

interface Signed {
  readonly digest: string
  readonly params: Readonly<Record<string, string>>
}
interface Vectors {
  readonly notify: readonly (Signed & { readonly publicKey: string; readonly expect: boolean })[]
  readonly certSigned: readonly (Signed & { readonly cert: string })[]
  readonly response: readonly { readonly raw: string; readonly responseKey: string; readonly publicKey: string }[]
  readonly certSN: readonly { readonly file: string; readonly sn: string }[]
}

const inOrder = (params: Signed['params'], ...without: readonly string[]): Buffer =>
  Buffer.from(
    Object.keys(params)
      .filter((name) => name !== 'sign' && !without.includes(name))
      .sort()
      .map((name) => `${name}=${params[name]}`)
      .join('&'),
  )

vectorTest(file, 'the sandbox believes what others have signed', (read) => {
  const { notify, certSigned, response } = JSON.parse(read(file).toString()) as Vectors
  for (const { publicKey, params, expect: genuine } of notify) {
    const key = createPublicKey(publicKey)
    expect(verified(key, inOrder(params, 'sign_type'), params.sign ?? '')).toBe(genuine)
    expect(verified(key, inOrder({ ...params, subject: '另一件' }, 'sign_type'), params.sign ?? '')).toBe(false)
  }
  for (const { cert, digest, params } of certSigned) {
    const key = new X509Certificate(read(cert.replace('certs/', 'alipay-certs/'))).publicKey
    // SHA-1 is not what it speaks, as genuine as it may be.
    expect([digest, verified(key, inOrder(params), params.sign ?? '')]).toEqual([digest, digest !== 'SHA1'])
  }
  for (const { raw, responseKey, publicKey } of response) {
    const inner = raw.slice(raw.indexOf(`"${responseKey}":`) + responseKey.length + 3, raw.indexOf(',"sign":'))
    const { sign } = JSON.parse(raw) as { sign: string }
    expect(verified(createPublicKey(publicKey), Buffer.from(inner), sign)).toBe(true)
    expect(verified(createPublicKey(publicKey), Buffer.from(`${inner} `), sign)).toBe(false)
  }
  expect([notify.length > 0, certSigned.length > 2, response.length > 0]).toEqual([true, true, true])
})

vectorTest(file, 'the sandbox counts serials as others do', (read) => {
  const { certSN } = JSON.parse(read(file).toString()) as Vectors
  const counted = certSN.map(({ file: name }) => {
    const pem = read(name.replace('certs/', 'alipay-certs/')).toString()
    return name.endsWith('_root.crt') ? rootCertSn(pem) : certSn(pem)
  })
  expect(counted).toEqual(certSN.map(({ sn }) => sn))
})
