import net from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { beijing, cafe, certIsv, identity, isv, openWorld, start, tinyPng, type World } from './alipay-world.ts'

// Importing it replaces a function of every socket of the process; what it puts there can throw where nobody catches.
const { destroy } = net.Socket.prototype
const { AlipayFormData, AlipaySdk } = await import('alipay-sdk')
net.Socket.prototype.destroy = destroy

let world: World
let token: string
beforeEach(async () => {
  world = await openWorld({ rules: { clockSkewMs: 100 * 365 * 86_400_000 } })
  token = (await world.alipay.authorise(isv, cafe.pid)).token
})
afterEach(() => world.close())

const client = () =>
  new AlipaySdk({
    appId: isv,
    privateKey: identity.privateKey,
    keyType: 'PKCS8',
    alipayPublicKey: world.alipay.credentials(isv).alipayPublicKey,
    gateway: `${world.url}/gateway.do`,
    endpoint: world.url,
    camelcase: false,
  })

const byCertificate = () => {
  const { alipayCertificate, rootCertificate } = world.alipay.credentials(certIsv)
  return new AlipaySdk({
    appId: certIsv,
    privateKey: identity.privateKeyPkcs1,
    appCertContent: identity.certificate,
    alipayRootCertContent: rootCertificate,
    alipayPublicCertContent: alipayCertificate,
    gateway: `${world.url}/gateway.do`,
    endpoint: world.url,
    camelcase: false,
  })
}

const checked = { validateSign: true }
const risk = 'alipay.security.risk.complaint'

describe('the official SDK, which nobody here wrote', () => {
  test('lists, reads and finishes, and believes the answers', async () => {
    const sdk = client()
    const { id } = await world.alipay.complainRisk({ pid: cafe.pid, text: '斜杠/中文' })
    const params = { app_auth_token: token, timestamp: beijing(start) }
    const list = await sdk.exec(
      `${risk}.info.batchquery`,
      { ...params, biz_content: { status_list: ['WAIT_PROCESS'] } },
      checked,
    )
    expect(list).toMatchObject({
      code: '10000',
      total_size: 1,
      complaint_list: [{ id, complain_content: '斜杠/中文' }],
    })
    const biz_content = { id_list: [id], process_code: 'ORTHER', remark: '已处理' }
    const done = await sdk.exec(`${risk}.process.finish`, { ...params, biz_content }, checked)
    expect(done.complaint_process_success).toBe(true)
    const detail = await sdk.exec(
      `${risk}.info.query`,
      { ...params, biz_content: { complain_id: String(id) } },
      checked,
    )
    expect(detail.status).toBe('PROCESSED')
  })

  test('is refused when its time is not Beijing’s', async () => {
    world.alipay.setRules({ clockSkewMs: 900_000 })
    const params = { app_auth_token: token, timestamp: beijing(start - 8 * 3_600_000), biz_content: {} }
    expect((await client().exec(`${risk}.info.batchquery`, params)).sub_code).toBe('isv.invalid-timestamp')
  })

  test('sends the feedback flat and uploads, with the token in both places', async () => {
    const sdk = client()
    const { id } = await world.alipay.complainTrade({ pid: cafe.pid })
    const form = new AlipayFormData()
    form.addField('image_type', 'png')
    form.addField('app_auth_token', token)
    form.addFile('image_content', 'proof.png', tinyPng)
    const up = await sdk.exec('alipay.merchant.image.upload', {}, { formData: form, ...checked })
    expect(up.code).toBe('10000')
    const flat = {
      complain_event_id: id,
      feedback_code: '05',
      feedback_content: '已补发',
      feedback_images: up.image_id,
    }
    const done = await sdk.exec(
      'alipay.merchant.tradecomplain.feedback.submit',
      { app_auth_token: token, ...flat },
      checked,
    )
    expect(done.code).toBe('10000')
    expect(world.alipay.tradeComplaint(id)?.replies[0]?.photos).toHaveLength(1)
    const riskForm = new AlipayFormData()
    riskForm.addField('app_auth_token', token)
    riskForm.addFile('file_content', 'proof.png', tinyPng)
    const file = await sdk.exec(`${risk}.file.upload`, {}, { formData: riskForm, ...checked })
    expect(file.file_key).toMatch(/^risk\//)
  })

  test('works by certificates, whose numbers it computes itself', async () => {
    const sdk = byCertificate()
    const theirs = (await world.alipay.authorise(certIsv, cafe.pid)).token
    const { appCertSn, rootCertSn, alipayCertSn } = world.alipay.credentials(certIsv)
    expect(sdk.config).toMatchObject({ appCertSn, alipayRootCertSn: rootCertSn, alipayCertSn })
    const { tradeNo } = await world.alipay.trade({ pid: cafe.pid, total: 1990 })
    const biz_content = { trade_no: tradeNo, refund_amount: '5.00', out_request_no: 'r1' }
    const done = await sdk.exec('alipay.trade.refund', { app_auth_token: theirs, biz_content }, checked)
    expect(done.fund_change).toBe('Y')
    const body = { trade_no: tradeNo, out_request_no: 'r1' }
    const seen = await sdk.curl('POST', '/v3/alipay/trade/fastpay/refund/query', { body, appAuthToken: theirs })
    expect(seen.data.refund_status).toBe('REFUND_SUCCESS')
  })

  test('works by v3, uploads included', async () => {
    const sdk = client()
    const { id } = await world.alipay.complainTrade({ pid: cafe.pid })
    const form = new AlipayFormData()
    form.addField('image_type', 'png')
    form.addFile('image_content', 'proof.png', tinyPng)
    const up = await sdk.curl('POST', '/v3/alipay/merchant/image/upload', { form, appAuthToken: token })
    const body = { complain_event_id: id, reply_content: '在查', reply_images: up.data.image_id }
    await sdk.curl('POST', '/v3/alipay/merchant/tradecomplain/reply', { body, appAuthToken: token })
    expect(world.alipay.tradeComplaint(id)?.replies).toMatchObject([
      { by: 'MERCHANT', text: '在查', photos: [expect.any(String)] },
    ])
    const query = { app_auth_token: token }
    const told = await sdk.curl('GET', '/v3/alipay/open/auth/token/app/query', { query })
    expect(told.data.user_id).toBe(cafe.pid)
    const again = sdk.curl('POST', '/v3/alipay/merchant/tradecomplain/supplement', {
      body: { complain_event_id: id, supplement_content: '单号' },
      appAuthToken: token,
    })
    await expect(again).rejects.toMatchObject({ code: 'STATUS_CHANGED' })
  })

  test.each(['missing', 'signature', 'key', 'sha1'] as const)(
    'does not believe an answer whose signature is %s',
    async (fault) => {
      world.alipay.misbehave({ on: 'any', how: 'unverifiable', fault })
      const params = { app_auth_token: token, biz_content: {} }
      await expect(client().exec(`${risk}.info.batchquery`, params, checked)).rejects.toThrow()
      expect((await client().exec(`${risk}.info.batchquery`, params, checked)).code).toBe('10000')
    },
  )

  test.each(['V1', 'V2'] as const)('verifies a message signed by %s, and no forged one', async (pushRule) => {
    world.alipay.setRules({ pushRule, pushCharset: 'UTF-8' })
    await world.alipay.idle()
    world.received.length = 0
    await world.alipay.complainTrade({ pid: cafe.pid })
    world.alipay.misbehave({ on: 'push', how: 'forged' })
    await world.alipay.complainTrade({ pid: cafe.pid })
    world.alipay.misbehave({ on: 'push', how: 'tampered' })
    await world.alipay.complainTrade({ pid: cafe.pid })
    world.alipay.misbehave({ on: 'push', how: 'extra-field' })
    await world.alipay.complainTrade({ pid: cafe.pid })
    await world.alipay.idle()
    const sdk = client()
    const verdicts = world.received.map(({ body }) =>
      sdk.checkNotifySignV2(Object.fromEntries(new URLSearchParams(body))),
    )
    expect(verdicts.sort()).toEqual([false, false, true, true])
  })
})
