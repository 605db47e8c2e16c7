import { verify, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { authorization, requestMessage, signed, unproven } from '../../../src/platforms/wechat-pay/signature.ts'
import { vectorTest } from '../../support/vectors.ts'
import { certificates, keys, mchid, publicKeyId, serials, signature, start } from './support.ts'
import { certificateOf, file, privateOf, publicOf, vectorsOf } from './vectors.ts'

describe('what is signed', () => {
  test('is the documented form: five lines, each with its end', () => {
    const word = fc.stringMatching(/^[\x21-\x7e]{1,40}$/)
    fc.assert(
      fc.property(word, word, word, fc.string(), (target, timestamp, nonce, body) => {
        const message = requestMessage({ method: 'POST', target, timestamp, nonce, body })
        expect(message).toBe(['POST', target, timestamp, nonce, body, ''].join('\n'))
      }),
    )
  })
  test('ends with an empty line when there is no body', () => {
    const message = requestMessage({ method: 'DELETE', target: '/v3/x', timestamp: '1', nonce: 'N', body: '' })
    expect(message).toBe('DELETE\n/v3/x\n1\nN\n\n')
  })
})

vectorTest(file, 'each published request signature comes out the same', (read) => {
  const vectors = vectorsOf(read, 'request-signature')
  expect(vectors.length).toBeGreaterThanOrEqual(4)
  for (const vector of vectors) {
    const { method, path_with_query, timestamp, nonce, body_for_signature, message } = vector
    const signing = { method, target: path_with_query, timestamp, nonce, body: body_for_signature }
    expect(requestMessage(signing)).toBe(message)
    const privateKey = privateOf(read, vector.private_key)
    expect(signed(message, privateKey)).toBe(vector.signature)
    const header = authorization({ mchid: vector.mchid, serial: vector.serial_no, privateKey }, signing)
    expect(header).toBe(
      `WECHATPAY2-SHA256-RSA2048 mchid="${vector.mchid}",nonce_str="${nonce}",signature="${vector.signature}",timestamp="${timestamp}",serial_no="${vector.serial_no}"`,
    )
  }
})

vectorTest(file, 'a bare message is signed as the Java library signs it, and strings to sign agree', (read) => {
  const raw = vectorsOf(read, 'raw-signature')
  for (const vector of raw) {
    expect(signed(vector.message, privateOf(read, vector.private_key))).toBe(vector.signature)
  }
  const strings = vectorsOf(read, 'string-to-sign-only')
  for (const { method, path_with_query, timestamp, nonce, body_for_signature, message } of strings)
    expect(requestMessage({ method, target: path_with_query, timestamp, nonce, body: body_for_signature })).toBe(
      message,
    )
})

vectorTest(file, 'published certificates and public keys are read, and name their serials', (read) => {
  const platform = certificateOf(read, 'java-platform-cert')
  expect(platform.serialNumber).toBe('440024045C4A427599D09BB4E3DE0279F2E813FD')
  expect(platform.publicKey.equals(publicOf(read, 'java-platform-pub'))).toBe(true)
  for (const { message, signature: given, verify_with, must_not_verify_with } of vectorsOf(read, 'raw-signature')) {
    const by = (name: string) =>
      verify('sha256', Buffer.from(message), publicOf(read, name), Buffer.from(given, 'base64'))
    expect([by(verify_with), by(must_not_verify_with)]).toEqual([true, false])
  }
})

describe('what they say', () => {
  const body = Buffer.from('{"a":1}')
  const keyOfSerial = (serial: string) => (serial === publicKeyId ? keys.public.publicKey : undefined)
  const judge = (headers: Record<string, string>, over: { body?: Buffer; now?: number } = {}) =>
    unproven({ headers, body: over.body ?? body, now: over.now ?? start, keyOf: keyOfSerial })

  test('is believed with their signature', () => expect(judge(signature(body))).toBeUndefined())
  test('is believed with an empty body', () => expect(judge(signature(''), { body: Buffer.alloc(0) })).toBeUndefined())
  test.each(['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-serial', 'wechatpay-signature'])(
    'without %s is not believed',
    (drop) => expect(judge(signature(body, { drop }))).toBe('headers'),
  )
  test('without the type of the signature is believed: there is one', () =>
    expect(judge(signature(body, { drop: 'wechatpay-signature-type' }))).toBeUndefined())
  test('signed in another way is not believed', () =>
    expect(judge(signature(body, { headers: { 'wechatpay-signature-type': 'WECHATPAY2-SM2-WITH-SM3' } }))).toBe(
      'algorithm',
    ))
  test.each([
    [300_000, undefined],
    [-300_000, undefined],
    [301_000, 'late'],
    [-301_000, 'late'],
    [86_400_000, 'late'],
  ])('%d ms from our clock: %s', (ms, why) => expect(judge(signature(body, { at: start + ms }))).toBe(why))
  test.each(['', 'now', '-1', '1e9', '1732176000.5', '99999999999999'])('the timestamp %j is none', (written) =>
    expect(judge(signature(body, { headers: { 'wechatpay-timestamp': written } }))).toBe('headers'),
  )
  test('under a serial that nobody knows is not believed', () =>
    expect(judge(signature(body, { serial: serials.platform }))).toBe('unknown-key'))
  test('signed by another key is not believed', () =>
    expect(judge(signature(body, { key: keys.stranger.privateKey }))).toBe('signature'))
  test('changed by one byte is not believed', () =>
    expect(judge(signature(body), { body: Buffer.from('{"a":2}') })).toBe('signature'))
  test.each(['WECHATPAY/SIGNTEST/abcd', 'WECHATPAY/SIGNTEST/', 'AAAA', '====', ' '])(
    'the probe %j is simply not believed',
    (probe) => expect(judge(signature(body, { headers: { 'wechatpay-signature': probe } }))).not.toBeUndefined(),
  )
  test('their probe in front of a good signature is not believed', () => {
    const good = signature(body)
    const probed = `WECHATPAY/SIGNTEST/${good['wechatpay-signature']}`
    expect(judge({ ...good, 'wechatpay-signature': probed })).toBe('signature')
  })
})

test('the certificates made for these tests are ones', () => {
  for (const [name, serial] of [
    ['merchant', serials.merchant],
    ['next', serials.next],
  ] as const)
    expect(new X509Certificate(certificates[name]).serialNumber).toBe(serial)
  expect(mchid).toMatch(/^\d{10}$/)
})
