import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { certSn, rootCertSn } from '../../sandbox/alipay/index.ts'
import { beijing, cafe, certIsv, isv, openWorld, otherKey, ownApp, rsa2, start, type World } from './alipay-world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const query = 'alipay.trade.query'
const paid = async () => (await world.alipay.trade({ pid: cafe.pid, total: 1990 })).tradeNo
const token = async (app = isv) => (await world.alipay.authorise(app, cafe.pid)).token

describe('a request', () => {
  test('well signed is answered, and the answer is signed over the raw text of its member', async () => {
    const asked = await world.exec(query, { biz: { trade_no: await paid() }, token: await token() })
    expect(asked.name).toBe('alipay_trade_query_response')
    expect(asked.inner).toMatchObject({ code: '10000', trade_status: 'TRADE_SUCCESS', total_amount: '19.90' })
    expect(asked.genuine).toBe(true)
    expect(asked.outer.alipay_cert_sn).toBeUndefined()
  })

  const broken: readonly (readonly [string, Parameters<World['exec']>[1], string, string])[] = [
    [
      'by another key',
      { key: otherKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
      '40002',
      'isv.invalid-signature',
    ],
    ['over other bytes', { sign: rsa2('app_id=1') }, '40002', 'isv.invalid-signature'],
    ['in SHA-1', { params: { sign_type: 'RSA' } }, '40002', 'isv.invalid-signature-type'],
    ['without a timestamp', { params: { timestamp: undefined } }, '40001', 'isv.missing-timestamp'],
    [
      'in UTC instead of Beijing time',
      { params: { timestamp: beijing(start - 8 * 3_600_000) } },
      '40002',
      'isv.invalid-timestamp',
    ],
    [
      'sixteen minutes early',
      { params: { timestamp: beijing(start + 16 * 60_000) } },
      '40002',
      'isv.invalid-timestamp',
    ],
    ['of an unknown version', { params: { version: '2.0' } }, '40002', 'isv.invalid-version'],
    ['in an unknown character set', { params: { charset: 'big5' } }, '40002', 'isv.invalid-charset'],
    ['without a token', {}, '20001', 'aop.invalid-app-auth-token'],
    ['with a made-up token', { token: '202611BB00' }, '20001', 'aop.invalid-app-auth-token'],
  ]
  test.each(broken)('%s is refused', async (_, ask, code, subCode) => {
    const asked = await world.exec(query, { biz: { trade_no: await paid() }, ...ask })
    expect([asked.inner.code, asked.inner.sub_code]).toEqual([code, subCode])
    expect(asked.genuine).toBe(true)
    expect(world.alipay.calls()).toMatchObject([{ on: 'door', ran: 'no' }])
  })

  test('of an unknown app gets an error_response that nobody signs', async () => {
    const asked = await world.exec(query, { params: { app_id: '2021000000009999' } })
    expect(asked.inner.sub_code).toBe('isv.invalid-app-id')
    expect(asked.outer.sign).toBeUndefined()
  })

  test('of an unknown method gets a signed error_response', async () => {
    const asked = await world.exec('alipay.nothing.of.the.kind')
    expect(asked).toMatchObject({ name: 'error_response', inner: { sub_code: 'isv.invalid-method' }, genuine: true })
  })

  test('with an empty parameter may have signed it, or left it out', async () => {
    const biz = JSON.stringify({ trade_no: await paid() })
    const own = { as: ownApp, biz, params: { return_url: '' } }
    expect((await world.exec(query, own)).inner.code).toBe('10000')
    const pairs = {
      app_id: ownApp,
      biz_content: biz,
      charset: 'utf-8',
      format: 'JSON',
      method: query,
      sign_type: 'RSA2',
    }
    const text = Object.entries({ ...pairs, timestamp: beijing(start), version: '1.0' })
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
    expect((await world.exec(query, { ...own, sign: rsa2(text) })).inner.code).toBe('10000')
  })

  test('in GBK is verified over its bytes and answered in GBK', async () => {
    const { tradeNo } = await world.alipay.trade({ pid: cafe.pid })
    // "退款" in GBK; the biz_content is written by hand, byte by byte.
    const biz = Buffer.concat([
      Buffer.from(`{"trade_no":"${tradeNo}","refund_amount":"1.00","out_request_no":"r1","refund_reason":"`),
      Buffer.from('cdcbbfee', 'hex'),
      Buffer.from('"}'),
    ])
    const params: Record<string, string | Buffer> = {
      app_id: ownApp,
      biz_content: biz,
      charset: 'GBK',
      method: 'alipay.trade.refund',
      sign_type: 'RSA2',
      timestamp: beijing(start),
      version: '1.0',
    }
    const content = Buffer.concat(
      Object.entries(params).flatMap(([name, value], index) => [
        Buffer.from(`${index === 0 ? '' : '&'}${name}=`),
        Buffer.from(value),
      ]),
    )
    const percent = (bytes: Buffer) => Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
    const body = Object.entries({ ...params, sign: rsa2(content) })
      .map(([name, value]) => `${name}=${percent(Buffer.from(value))}`)
      .join('&')
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=GBK' }
    const answer = await fetch(`${world.url}/gateway.do`, { method: 'POST', headers, body })
    expect(answer.headers.get('content-type')).toContain('gbk')
    const text = new TextDecoder('gbk').decode(await answer.arrayBuffer())
    expect(text).toContain('"fund_change":"Y"')
    expect(world.alipay.refunds()[0]?.reason).toBe('退款')
  })
})

describe('in certificate mode', () => {
  test('both numbers are asked for, and the answer names its certificate', async () => {
    const biz = { trade_no: await paid() }
    const given = { as: certIsv, biz, token: await token(certIsv) }
    const good = await world.exec(query, given)
    expect(good.inner.code).toBe('10000')
    expect(good.outer.alipay_cert_sn).toBe(world.alipay.credentials(certIsv).alipayCertSn)
    expect(good.genuine).toBe(true)
    const without = await world.exec(query, { ...given, params: { app_cert_sn: undefined } })
    expect(without.inner.sub_code).toBe('isv.missing-app-cert-sn')
    const wrong = await world.exec(query, { ...given, params: { app_cert_sn: 'f'.repeat(32) } })
    expect(wrong.inner.sub_code).toBe('isv.app-cert-not-exist')
    const root = await world.exec(query, { ...given, params: { alipay_root_cert_sn: 'f'.repeat(32) } })
    expect(root.inner.sub_code).toBe('isv.invalid-alipay-root-cert-sn')
  })

  test('another certificate takes over, can be downloaded, and key mode does not notice', async () => {
    const first = world.alipay.credentials(certIsv).alipayCertSn
    const biz = { trade_no: await paid() }
    const byKey = world.alipay.credentials(isv).alipayPublicKey
    const second = world.alipay.rotateCertificate()
    expect(second).not.toBe(first)
    const asked = await world.exec(query, { as: certIsv, biz, token: await token(certIsv) })
    expect(asked.outer.alipay_cert_sn).toBe(second)
    const download = await world.exec('alipay.open.app.alipaycert.download', {
      as: certIsv,
      biz: { alipay_cert_sn: second },
    })
    const pem = Buffer.from(String(download.inner.alipay_cert_content), 'base64').toString()
    expect(certSn(pem)).toBe(second)
    expect(world.alipay.credentials(isv).alipayPublicKey).toBe(byKey)
    expect((await world.exec(query, { biz, token: await token() })).genuine).toBe(true)
  })

  test('a certificate that has run out is refused', async () => {
    const given = { as: certIsv, biz: { trade_no: await paid() }, token: await token(certIsv) }
    world.clock.advance(1826 * 86_400_000)
    expect((await world.exec(query, given)).inner.sub_code).toBe('isv.app-cert-expired')
  })
})

// Nobody on our side made these certificates; the numbers are what upstream asserts.
const folder = fileURLToPath(new URL('../../../shared/vectors/alipay-certs/', import.meta.url))
describe.skipIf(!existsSync(folder))('serial numbers of certificates from elsewhere', () => {
  const pem = (name: string) => readFileSync(`${folder}${name}`, 'utf8')
  test.each([
    ['node_app.crt', '866efef280dec9137a87d047ac446315'],
    ['node_pub.crt', '7513daaaa48aa3ba2e4018d84402479c'],
    ['net_app.crt', '47a27aac8ae3b5c589576f371da36dc2'],
    ['es_app.crt', 'e1b085ae86cbbba54fe9dc6cdf82b65a'],
    ['es_pub.crt', 'f4facbef87f2c92cf8ca72cdfcb25eb1'],
    ['net_pub.crt', '4538e7d736df316c15435d5f9d3a8a1f'],
  ])('%s', (name, sn) => {
    expect(certSn(pem(name))).toBe(sn)
  })
  test.each(['node_root.crt', 'net_root.crt'])('%s', (name) => {
    expect(rootCertSn(pem(name))).toBe('687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6')
  })
})

describe('v3', () => {
  const path = '/v3/alipay/trade/query'
  test('a request is signed over method, path, body and token; the answer by its headers', async () => {
    const asked = await world.v3('POST', path, { biz: { trade_no: await paid() }, token: await token() })
    expect(asked).toMatchObject({ status: 200, genuine: true, json: { total_amount: '19.90' } })
    expect(asked.json.code).toBeUndefined()
    expect(asked.headers.get('alipay-sn')).toBeNull()
  })
  test('in certificate mode the header names the certificate', async () => {
    const given = { as: certIsv, biz: { trade_no: await paid() }, token: await token(certIsv) }
    const asked = await world.v3('POST', path, given)
    expect(asked.genuine).toBe(true)
    expect(asked.headers.get('alipay-sn')).toBe(world.alipay.credentials(certIsv).alipayCertSn)
  })
  test('what is wrong is an HTTP error with a code', async () => {
    const biz = { trade_no: await paid() }
    const given = { biz, token: await token() }
    expect(await world.v3('POST', path, { ...given, sign: rsa2('x') })).toMatchObject({
      status: 401,
      json: { code: 'invalid-signature' },
    })
    expect(await world.v3('POST', path, { ...given, off: 3_600_000 })).toMatchObject({
      json: { code: 'invalid-timestamp' },
    })
    expect(await world.v3('POST', path, { biz })).toMatchObject({
      status: 401,
      json: { code: 'invalid-app-auth-token' },
    })
    const unknown = { ...given, biz: { trade_no: '1' } }
    expect(await world.v3('POST', path, unknown)).toMatchObject({ status: 400, json: { code: 'ACQ.TRADE_NOT_EXIST' } })
  })
  test('does not know the RiskGO family', async () => {
    const risk = '/v3/alipay/security/risk/complaint/info/batchquery'
    expect((await world.v3('POST', risk, { biz: {}, token: await token() })).status).toBe(404)
  })
})
