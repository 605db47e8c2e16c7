import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { certificateIn } from '../../../src/platforms/wechat-pay/keys.ts'
import { opened, unseal } from '../../../src/platforms/wechat-pay/sealed.ts'
import { vectorTest } from '../../support/vectors.ts'
import { apiV3Key, keys, phoneSealed, seal } from './support.ts'
import { file, privateOf, vectorsOf } from './vectors.ts'

const key = createSecretKey(Buffer.from(apiV3Key))
const open = (resource: object) => unseal(key, { ...resource })?.toString('utf8')

describe('what they seal with the APIv3 key', () => {
  test('is opened', () => expect(open(seal('消息'))).toBe('消息'))
  test('may have no associated data, named or not', () => {
    const { associated_data: _, ...rest } = seal('x', { data: '' })
    expect([open(rest), open({ ...rest, associated_data: '' })]).toEqual(['x', 'x'])
    expect(open({ ...rest, associated_data: null })).toBe('x')
  })
  test('with any byte of it changed is not', () => {
    const sealed = seal('message')
    const bytes = Buffer.from(sealed.ciphertext, 'base64')
    for (let at = 0; at < bytes.length; at++) {
      for (const by of [1, 0x80, 0xff]) {
        const damaged = Buffer.from(bytes)
        damaged.writeUInt8(damaged.readUInt8(at) ^ by, at)
        expect(open({ ...sealed, ciphertext: damaged.toString('base64') })).toBeUndefined()
      }
    }
  })
  test('cut to any shorter length is not: a short tag proves nothing', () => {
    const sealed = seal('message')
    const bytes = Buffer.from(sealed.ciphertext, 'base64')
    for (let size = 0; size < bytes.length; size++)
      expect(open({ ...sealed, ciphertext: bytes.subarray(0, size).toString('base64') })).toBeUndefined()
  })
  test('longer by a byte, or nothing but a tag, is not', () => {
    const bytes = Buffer.from(seal('message').ciphertext, 'base64')
    expect(
      open({ ...seal('message'), ciphertext: Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64') }),
    ).toBeUndefined()
    expect(open(seal(''))).toBeUndefined()
  })
  test.each([0, 1, 8, 11, 13, 16, 24])('under a nonce of %d bytes is not, however well it is sealed', (size) => {
    const nonce = 'n'.repeat(size)
    const sealed = size === 0 ? { ...seal('x'), nonce } : seal('x', { nonce })
    expect(open(sealed)).toBeUndefined()
  })
  test('under twelve characters that are more than twelve bytes is not', () =>
    expect(open(seal('x', { nonce: '一二三四五六七八九十百千' }))).toBeUndefined())
  test('for another key, another nonce or another purpose is not', () => {
    expect(open(seal('x', { key: 'b'.repeat(32) }))).toBeUndefined()
    expect(open({ ...seal('x'), nonce: 'fdasflkja485' })).toBeUndefined()
    expect(open({ ...seal('x'), associated_data: 'refund' })).toBeUndefined()
    expect(open({ ...seal('x'), associated_data: '' })).toBeUndefined()
  })
  test('with a key of another length is not', () => {
    const short = 'k'.repeat(16)
    expect(unseal(createSecretKey(Buffer.from(short)), seal('x'))).toBeUndefined()
  })
  test.each([
    { nonce: 5 },
    { nonce: undefined },
    { ciphertext: 7 },
    { ciphertext: '%%%' },
    { ciphertext: '' },
    { associated_data: {} },
  ])('with %j in it is not', (over) => expect(open({ ...seal('x'), ...over })).toBeUndefined())
})

vectorTest(file, 'published AES-256-GCM texts are opened, and not when a part is another', (read) => {
  for (const vector of vectorsOf(read, 'aes-256-gcm')) {
    const { nonce, associated_data, ciphertext, plaintext } = vector
    const given = { nonce, associated_data, ciphertext }
    const gcm = createSecretKey(Buffer.from(vector.key))
    expect(unseal(gcm, given)?.toString('utf8')).toBe(plaintext)
    for (const wrong of vector.must_fail_with ?? []) expect(unseal(gcm, { ...given, ...wrong })).toBeUndefined()
  }
})

vectorTest(file, 'a published list of platform certificates is opened', (read) => {
  for (const { key: text, response, plaintext, cert_serial } of vectorsOf(read, 'certificates-response')) {
    const [row] = response.data
    if (!row || !('encrypt_certificate' in row)) throw new Error('no certificate')
    const plain = unseal(createSecretKey(Buffer.from(text)), { ...(row.encrypt_certificate as object) })?.toString(
      'utf8',
    )
    expect(plain).toBe(plaintext)
    expect(certificateIn(plain ?? '')?.serial).toBe(cert_serial)
  }
})

describe('what is sealed for the merchant’s certificate', () => {
  test('is opened with its key, and with a former one', () => {
    expect(opened([keys.merchant.privateKey], phoneSealed('13800138000'))).toBe('13800138000')
    const former = phoneSealed('13800138000', keys.next.publicKey)
    expect(opened([keys.merchant.privateKey, keys.next.privateKey], former)).toBe('13800138000')
  })
  test('for somebody else is not', () =>
    expect(opened([keys.merchant.privateKey], phoneSealed('1', keys.stranger.publicKey))).toBeUndefined())
  test.each(['', '13800138000', 'AAAA', '不是'])('%j is nothing', (text) =>
    expect(opened([keys.merchant.privateKey], text)).toBeUndefined(),
  )
})

vectorTest(file, 'a published RSA-OAEP text is opened', (read) => {
  for (const { private_key, ciphertext, plaintext } of vectorsOf(read, 'rsa-oaep-sha1-decrypt'))
    expect(opened([privateOf(read, private_key)], ciphertext)).toBe(plaintext)
})
