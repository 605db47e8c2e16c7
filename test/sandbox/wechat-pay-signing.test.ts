import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAuthorization } from '../../sandbox/wechat-pay/authorization.ts'
import { certificateFor } from '../../sandbox/wechat-pay/certificate.ts'
import { createWechatPay, documentedLimits } from '../../sandbox/wechat-pay/index.ts'
import { defaultRules } from '../../sandbox/wechat-pay/rules.ts'
import { manualClock } from '../../src/core/clock.ts'
import { vectorTest } from '../support/vectors.ts'
import {
  apiV3Key,
  authorize,
  decrypted,
  identity,
  openWorld,
  other,
  shop,
  start,
  type World,
} from './wechat-pay-world.ts'

// Facts, 3 Auth.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())
const path = '/v3/refund/domestic/refunds/rd-000001'
const ask = (options: Parameters<World['ask']>[3] = {}) => w.ask('GET', path, undefined, options)

test('3.1 Request signing: right is 404 for an unknown refund, and signed', async () => {
  const answer = await ask()
  expect(answer).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } })
  expect(w.genuine(answer.headers, answer.text)).toBe(true)
  expect(answer.headers.get('wechatpay-serial')).toBe(w.pay.publicKey(shop.mchid).id)
  expect(answer.headers.get('wechatpay-signature-type')).toBe('WECHATPAY2-SHA256-RSA2048')
  expect(answer.headers.get('request-id')).toMatch(/-268875782$/)
})

test.each([
  ['another path', { signedUrl: '/v3/refund/domestic/refunds/rd-000002' }, 'signature'],
  ['a body that was not sent', { signedBody: '{}' }, 'signature'],
  ['five minutes and a second ago', { off: -301 }, 'timestamp'],
  ['five minutes and a second ahead', { off: 301 }, 'timestamp'],
  ['another scheme', { authorization: 'Bearer x' }, 'Authorization'],
  ['an unknown serial', { as: { ...shop, serial: 'AB' } }, 'serial_no'],
  ['the serial of another merchant', { as: { ...shop, serial: other.serial } }, 'serial_no'],
  ['an unknown merchant', { as: { ...shop, mchid: '1900000404' } }, 'mchid'],
  ['a space after a comma', { authorization: '' }, 'Authorization'],
])('3.1 Request signing: %s is SIGN_ERROR', async (name, options, field) => {
  const spaced = authorize(w, 'GET', path, '', shop).replace(',nonce', ', nonce')
  const answer = await ask(name.includes('space') ? { authorization: spaced } : options)
  expect(answer).toMatchObject({ status: 401, json: { code: 'SIGN_ERROR', detail: { field } } })
})

test('3.1 Request signing: the edge of five minutes still holds; the query is signed as on the wire', async () => {
  expect((await ask({ off: 300 })).status).toBe(404)
  expect((await w.ask('GET', `${path}?a=%2C%20b`)).status).toBe(404)
  expect((await w.ask('GET', `${path}?a=%2C%20b`, undefined, { signedUrl: `${path}?a=,%20b` })).status).toBe(401)
})

test('3.1 Request signing: without Accept and User-Agent the head is not whole', async () => {
  const headers = { authorization: authorize(w, 'GET', path, '', shop) }
  const answer = await w.pay.handle({ method: 'GET', url: path, headers, body: Buffer.alloc(0) })
  expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([400, { code: 'INVALID_REQUEST' }])
})

test('a repeated nonce is refused, when the rules say so', async () => {
  await w.close()
  w = await openWorld({ rules: { refuseRepeatedNonce: true } })
  expect([(await ask()).status, (await ask()).status]).toEqual([404, 401])
})

test('3.4 Platform certificates: sealed under the APIv3 key, several at once, chosen by header', async () => {
  w.pay.certificates()
  const second = w.pay.rotateCertificate()
  const answer = await w.ask('GET', '/v3/certificates?algorithm_type=RSA', undefined, { as: other })
  const data = answer.json.data as Record<string, unknown>[]
  expect(data.map((one) => one.serial_no)).toEqual(w.pay.certificates().map(({ serial }) => serial))
  for (const one of data) {
    const certificate = new X509Certificate(decrypted(one.encrypt_certificate))
    expect(certificate.serialNumber).toBe(one.serial_no)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(Date.parse(certificate.validTo)).toBe(Date.parse(String(one.expire_time)))
  }
  const seen = new Set<string | null>()
  for (let count = 0; count < 20; count++) {
    const next = await ask({ as: other })
    expect(w.genuine(next.headers, next.text)).toBe(true)
    seen.add(next.headers.get('wechatpay-serial'))
  }
  expect(seen.size).toBe(2)
  w.pay.retireCertificate(data[0]?.serial_no as string)
  expect((await ask({ as: other })).headers.get('wechatpay-serial')).toBe(second.serial)
})

test('3.4 Public key: such a merchant has no certificates to fetch', async () => {
  expect(await w.ask('GET', '/v3/certificates')).toMatchObject({ status: 404, json: { code: 'RESOURCE_NOT_EXISTS' } })
})

test('3.4 Switch: answers are signed with the public key only when the request asks for it; callbacks by share', async () => {
  await w.close()
  w = await openWorld({ shop: { verification: 'switching' } })
  const { id } = w.pay.publicKey(shop.mchid)
  const asked = await ask({ headers: { 'wechatpay-serial': id } })
  const plain = await ask()
  expect(asked.headers.get('wechatpay-serial')).toBe(id)
  expect(plain.headers.get('wechatpay-serial')).toBe(w.pay.certificates()[0]?.serial)
  for (let count = 0; count < 20; count++) await w.pay.complain({ mchid: shop.mchid })
  await w.pay.idle()
  expect(new Set(w.received.map(({ headers }) => headers['wechatpay-serial'])).size).toBe(2)
  expect(w.received.every(({ headers, body }) => w.genuine(headers, body))).toBe(true)
})

test('the certificates are whole X.509 v3, before and after 2050', () => {
  const privateKey = createPrivateKey(shop.privateKey)
  const serial = Buffer.from('5dea10ef55877e3cf6c33255c2e7deffF7e427ec', 'hex')
  for (const year of [2026, 2049, 2050, 2120]) {
    const until = Date.UTC(year, 5, 1, 12, 30, 15)
    const made = new X509Certificate(certificateFor({ name: '1900007291', privateKey, serial, from: start, until }))
    expect(made.serialNumber).toBe(serial.toString('hex').toUpperCase())
    expect(Date.parse(made.validTo)).toBe(until)
    expect(Date.parse(made.validFrom)).toBe(start)
    expect([made.checkPrivateKey(privateKey), made.verify(createPublicKey(privateKey)), made.ca]).toEqual([
      true,
      true,
      false,
    ])
    expect(made.subject).toBe('O=Redress Sandbox\nCN=1900007291')
  }
})

test('an APIv3 key that is not 32 bytes long is refused at the start', async () => {
  const { certificate, serial, mchid } = identity('1900007291')
  const merchant = { mchid, name: '', apiV3Key: 'short', certificateSerial: serial, publicKey: certificate }
  const random = (size: number) => Buffer.alloc(size)
  const deliver = () => Promise.reject(new Error('nobody'))
  expect(() => createWechatPay({ clock: manualClock(start), random, deliver, merchants: [merchant] })).toThrow(
    '32 bytes',
  )
})

test('1.13 Errors and limits: over the limit is FREQUENCY_LIMITED until the window ends', async () => {
  w.pay.setLimits({ ...documentedLimits, 'refund-query': { perSecond: 2 } })
  expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([404, 404, 429])
  expect((await ask({ as: other })).status).toBe(404)
  await w.pass(1000)
  expect((await ask()).status).toBe(404)
})

interface Vectors {
  readonly keys: Record<string, { readonly b64: string }>
  readonly vectors: readonly Record<string, string>[]
}

vectorTest(
  'wechat-pay-vectors.json',
  'requests that the vendor’s own documents sign are taken, to the byte',
  (read) => {
    const { keys, vectors } = JSON.parse(read('wechat-pay-vectors.json').toString()) as Vectors
    const der = Buffer.from(keys['doc-merchant']?.b64 ?? '', 'base64')
    const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
    const signed = vectors.filter((one) => one.kind === 'request-signature' && one.private_key === 'doc-merchant')
    for (const one of signed) {
      const { mchid = '', serial_no: certificateSerial = '', nonce, signature, timestamp } = one
      const authorization = createAuthorization({
        clock: manualClock(Number(timestamp) * 1000),
        rules: defaultRules,
        merchants: [{ mchid, name: '', apiV3Key, certificateSerial, publicKey }],
      })
      const said = { mchid, nonce_str: nonce, signature, timestamp, serial_no: certificateSerial }
      const pairs = Object.entries(said).map(([name, value]) => `${name}="${value}"`)
      const headers = { authorization: `WECHATPAY2-SHA256-RSA2048 ${pairs.join(',')}` }
      const request = { method: one.method ?? '', url: one.path_with_query ?? '', headers, body: Buffer.alloc(0) }
      const body = one.body_for_signature ?? ''
      expect(authorization.check(request, Buffer.from(body))).toMatchObject({ mchid })
      expect(authorization.check(request, Buffer.from(`${body} `))).toMatchObject({ code: 'SIGN_ERROR' })
    }
    expect(signed.length).toBeGreaterThanOrEqual(4)
  },
)
