import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Aes, Formatter, Multipart, Rsa, Wechatpay } from 'wechatpay-axios-plugin'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import {
  createWechatPay,
  type Merchant,
  type MerchantIdentity,
  type Misbehaviour,
  mintMerchant,
  serveWechatPay,
  type WechatPay,
} from '../../sandbox/wechat-pay/index.ts'
import { type ManualClock, manualClock } from '../../src/core/clock.ts'

// wechatpay-axios-plugin knows nothing of us: what it signs and verifies is WeChat Pay's API v3. facts/wechat-pay.md §4.
// It has the system's time, so the sandbox starts now; it is told nothing but what a merchant finds in its console.

const mchid = '1900007291'
const older = '1900000109'
const apiV3Key = 'a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb'
const tinyPng = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const identities = new Map<string, MerchantIdentity>()
const identityOf = (id: string): MerchantIdentity => {
  const known = identities.get(id) ?? mintMerchant({ mchid: id, random: randomBytes, now: Date.now() })
  identities.set(id, known)
  return known
}
const merchant = (id: string, more: Partial<Merchant>): Merchant => {
  const { serial, certificate } = identityOf(id)
  return { mchid: id, name: id, apiV3Key, certificateSerial: serial, publicKey: certificate, ...more }
}

interface Heard {
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

let clock: ManualClock
let sandbox: WechatPay
let url: string
let heard: Heard[]
let close: () => Promise<unknown>
let pay: Wechatpay

beforeEach(async () => {
  clock = manualClock(Date.now())
  heard = []
  const listener = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    heard.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const hook = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/complaints`
  sandbox = createWechatPay({
    clock,
    random: randomBytes,
    deliver: deliverByHttp,
    merchants: [
      merchant(mchid, { notifyUrl: hook, verification: 'public-key' }),
      merchant(older, { verification: 'certificates' }),
    ],
  })
  const served = await serveWechatPay(sandbox, { tickMs: 0 })
  url = served.url
  pay = clientOf(mchid, { privateKey: identityOf(mchid).privateKey })
  close = async () => {
    await served.close()
    listener.closeAllConnections()
    await new Promise((resolve) => listener.close(resolve))
  }
})
afterEach(() => close())

/** As the plugin's own documents configure it; nothing about signatures is done here. */
function clientOf(id: string, { privateKey, certs }: { privateKey: string; certs?: Record<string, string> }) {
  const { id: publicKeyId, pem } = sandbox.publicKey(mchid)
  const { serial } = identityOf(id)
  return new Wechatpay({ mchid: id, serial, privateKey, certs: certs ?? { [publicKeyId]: pem }, baseURL: `${url}/` })
}

const at = (path: string): Wechatpay => pay.chain(`v3/${path}`)
/** The plugin types an answer as what was sent. */
const post = (path: string, data: unknown, config?: object) =>
  at(path).post<Record<string, unknown>>(data as Record<string, unknown>, config)
const complaints = 'merchant-service/complaints-v2'
const history = `${complaints}/{complaint_id}/negotiation-historys`
const refunds = 'refund/domestic/refunds'

/** Why the plugin, or the platform, refused. */
async function refusal(asked: Promise<unknown>) {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown as { code?: string; response?: { status: number; data: unknown } },
  )
  if (!error) throw new Error('was not refused')
  return { code: error.code, status: error.response?.status, data: error.response?.data }
}

test('an order is found by both of its numbers', async () => {
  const { transactionId, outTradeNo } = await sandbox.order({ mchid, total: 1000 })
  const params = { mchid }
  const byTheirs = await at('pay/transactions/id/{id}').get({ params, id: transactionId })
  const byOurs = await at('pay/transactions/out-trade-no/{no}').get({ params, no: outTradeNo })
  const order = { mchid, transaction_id: transactionId, out_trade_no: outTradeNo, trade_state: 'SUCCESS' }
  expect([byTheirs.status, byTheirs.data]).toMatchObject([200, { ...order, amount: { total: 1000, currency: 'CNY' } }])
  expect(byOurs.data).toEqual(byTheirs.data)
})

const wish = (order: { transactionId: string }, number: string, refund: number) => ({
  transaction_id: order.transactionId,
  out_refund_no: number,
  reason: '商品破损，退款',
  amount: { refund, total: 1000, currency: 'CNY' },
})

test('the whole order is refunded once, however often it is asked for; the query tells when it is done', async () => {
  const order = await sandbox.order({ mchid, total: 1000 })
  const first = await post(refunds, wish(order, 'rd-000001', 1000))
  const again = await post(refunds, wish(order, 'rd-000001', 1000))
  expect(first.data).toMatchObject({ out_refund_no: 'rd-000001', status: 'PROCESSING', amount: { refund: 1000 } })
  expect(again.data.refund_id).toBe(first.data.refund_id)
  clock.advance(5_000)
  await sandbox.advance()
  const { data } = await at(`${refunds}/{no}`).get({ no: 'rd-000001' })
  expect(data).toMatchObject({ status: 'SUCCESS', transaction_id: order.transactionId, amount: { refund: 1000 } })
  expect(sandbox.money()).toMatchObject([{ transactionId: order.transactionId, promised: 1000, returned: 1000 }])
})

test('a part is refunded, then another; more than was paid is refused', async () => {
  const order = await sandbox.order({ mchid, total: 1000 })
  await post(refunds, wish(order, 'part-00001', 300))
  clock.advance(60_000)
  await post(refunds, wish(order, 'part-00002', 500))
  clock.advance(60_000)
  const more = await refusal(post(refunds, wish(order, 'part-00003', 201)))
  expect(more).toMatchObject({ status: 400, data: { code: 'INVALID_REQUEST' } })
  const unknown = await refusal(at(`${refunds}/{no}`).get({ no: 'part-00003' }))
  expect(unknown).toMatchObject({ status: 404, data: { code: 'RESOURCE_NOT_EXISTS' } })
  expect(sandbox.money()).toMatchObject([{ paid: 1000, promised: 800 }])
})

/** Days of Beijing around now. */
const lately = () => {
  const day = (from: number) => new Date(clock.now() + 8 * 3_600_000 + from).toISOString().slice(0, 10)
  return { begin_date: day(-86_400_000), end_date: day(0) }
}

test('complaints are listed by pages, read in detail, and the phone opens with the merchant’s key', async () => {
  const one = await sandbox.complain({ mchid, text: '一直不发货，要求退款', phone: '13800001234', type: 'REFUND' })
  await sandbox.complain({ mchid })
  const first = await at(complaints).get({ params: { ...lately(), limit: 1, offset: 0, complainted_mchid: mchid } })
  const second = await at(complaints).get({ params: { ...lately(), limit: 1, offset: 1 } })
  expect(first.data).toMatchObject({ limit: 1, offset: 0, total_count: 2 })
  const listed = [...first.data.data, ...second.data.data].map((each) => each.complaint_id)
  expect(listed.toSorted()).toEqual(
    sandbox
      .complaints()
      .map(({ id }) => id)
      .toSorted(),
  )
  const { data } = await at(`${complaints}/{complaint_id}`).get({ complaint_id: one.id })
  expect(data).toMatchObject({
    complaint_id: one.id,
    complaint_detail: '一直不发货，要求退款',
    complaint_state: 'PENDING',
    complainted_mchid: mchid,
    problem_type: 'REFUND',
    complaint_order_info: [{ transaction_id: one.orders[0]?.transactionId }],
  })
  expect(Rsa.decrypt(data.payer_phone, identityOf(mchid).privateKey)).toBe('13800001234')
})

test('a reply is signed with its Chinese bytes, answered with 204, and stands in the history; then it is complete', async () => {
  const { id } = await sandbox.complain({ mchid })
  const words = '您好，商品已为您补发，请留意物流。'
  const body = { complainted_mchid: mchid, response_content: words }
  const said = await post(`${complaints}/{complaint_id}/response`, body, { complaint_id: id })
  expect([said.status, said.data]).toEqual([204, ''])
  const { data } = await at(history).get({ complaint_id: id, params: { limit: 50, offset: 0 } })
  expect(data.total_count).toBe(3)
  expect(data.data).toContainEqual(
    expect.objectContaining({ operate_type: 'MERCHANT_RESPONSE', operate_details: words }),
  )
  const done = { complainted_mchid: mchid }
  expect((await post(`${complaints}/{complaint_id}/complete`, done, { complaint_id: id })).status).toBe(204)
  expect(sandbox.complaint(id)?.state).toBe('PROCESSED')
})

/** The plugin's form, and its meta apart for the signature: given as a stream, axios 1 turns it into JSON. */
function upload(file: Buffer, sha256 = hashOf(file)) {
  const meta = { filename: 'proof.png', sha256 }
  const form = new Multipart().append('meta', JSON.stringify(meta), 'meta.json').append('file', file, 'proof.png')
  const how = { meta: form.toJSON(), headers: form.getHeaders() }
  return post('merchant-service/images/upload', form.getBuffer(), how)
}
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

test('a picture is uploaded as the plugin makes multipart, and stands in the reply', async () => {
  const { data } = await upload(tinyPng)
  const { id } = await sandbox.complain({ mchid })
  const body = { complainted_mchid: mchid, response_content: '见图', response_images: [data.media_id] }
  await post(`${complaints}/{complaint_id}/response`, body, { complaint_id: id })
  const hash = hashOf(tinyPng)
  expect(sandbox.complaint(id)?.history.at(-1)).toMatchObject({ text: '见图', photos: [hash] })
  expect(sandbox.picture(hash)).toEqual(tinyPng)
  const wrong = await refusal(upload(tinyPng, hashOf(Buffer.from('another'))))
  expect(wrong).toMatchObject({ status: 400, data: { code: 'PARAM_ERROR' } })
})

test('the customer’s picture comes by a signed call, its bytes unsigned', async () => {
  const { id } = await sandbox.complain({ mchid, photos: [tinyPng] })
  const { data } = await at(`${complaints}/{complaint_id}`).get({ complaint_id: id })
  const path = new URL(data.complaint_media_list[0].media_url[0]).pathname
  const picture = await at(path.slice('/v3/'.length)).get({ responseType: 'arraybuffer' })
  expect([picture.headers['content-type'], Buffer.from(picture.data)]).toEqual(['image/png', tinyPng])
})

test('the address of the notices is shown, changed and removed: PUT with a body, DELETE without one', async () => {
  const address = at('merchant-service/complaint-notifications')
  await address.put({ url: 'https://shop.example/hooks/1' })
  expect((await address.get()).data).toEqual({ mchid, url: 'https://shop.example/hooks/1' })
  expect((await address.delete()).status).toBe(204)
  expect(sandbox.notifyUrl(mchid)).toBeUndefined()
})

test.each<[string, Misbehaviour, string]>([
  ['other bytes', { on: 'detail', how: 'unverifiable' }, 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
  ['test traffic', { on: 'detail', how: 'probe' }, 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
  ['a foreign key', { on: 'detail', how: 'unverifiable', fault: 'serial' }, 'EV3_RES_HEADER_PLATFORM_SERIAL'],
  ['no signature', { on: 'detail', how: 'unverifiable', fault: 'missing' }, 'EV3_RES_HEADERS_INCOMPLATE'],
  ['ten minutes ago', { on: 'detail', how: 'stale-timestamp' }, 'EV3_RES_HEADER_TIMESTAMP_OFFSET'],
])('the plugin refuses an answer with %s, once', async (_, script, code) => {
  const { id } = await sandbox.complain({ mchid })
  const trouble = sandbox.misbehave(script)
  const read = () => at(`${complaints}/{complaint_id}`).get({ complaint_id: id })
  expect(await refusal(read())).toMatchObject({ code, status: 200 })
  expect(trouble.happened).toBe(1)
  expect((await read()).data.complaint_id).toBe(id)
})

test('a 204 is signed as well: a reply with a bad signature has happened, and is refused', async () => {
  const { id } = await sandbox.complain({ mchid })
  sandbox.misbehave({ on: 'reply', how: 'unverifiable' })
  const body = { complainted_mchid: mchid, response_content: '收到' }
  const said = refusal(post(`${complaints}/{complaint_id}/response`, body, { complaint_id: id }))
  expect(await said).toMatchObject({ code: 'EV3_RES_HEADER_SIGNATURE_DIGEST', status: 204 })
  expect(sandbox.complaint(id)?.state).toBe('PROCESSING')
})

test('the platform refuses another private key, another certificate’s serial, a clock that is off', async () => {
  const { id } = await sandbox.complain({ mchid })
  const read = () => refusal(at(`${complaints}/{complaint_id}`).get({ complaint_id: id }))
  const refused = (field: string) => ({ status: 401, data: { code: 'SIGN_ERROR', detail: { field } } })
  pay = clientOf(mchid, { privateKey: identityOf(older).privateKey })
  expect(await read()).toMatchObject(refused('signature'))
  const { privateKey } = identityOf(mchid)
  const { id: publicKeyId, pem } = sandbox.publicKey(mchid)
  const { serial } = identityOf(older)
  pay = new Wechatpay({ mchid, serial, privateKey, certs: { [publicKeyId]: pem }, baseURL: `${url}/` })
  expect(await read()).toMatchObject(refused('serial_no'))
  pay = clientOf(mchid, { privateKey })
  clock.advance(302_000)
  expect(await read()).toMatchObject(refused('timestamp'))
})

test('certificates are downloaded, opened with the APIv3 key, and prove the answers; a rotated one has to be fetched', async () => {
  const { privateKey } = identityOf(older)
  const { id } = await sandbox.complain({ mchid: older })
  const read = () => at(`${complaints}/{complaint_id}`).get({ complaint_id: id })
  // The first download is proven by the APIv3 key alone: the plugin's check of it needs the certificate that it brings.
  const download = async () => {
    const { data } = await at('certificates').get({ transformResponse: [(text: string) => JSON.parse(text)] })
    const opened = (data.data as Row[]).map(
      ({ serial_no, encrypt_certificate: { ciphertext, nonce, associated_data } }) => [
        serial_no,
        Aes.AesGcm.decrypt(ciphertext, apiV3Key, nonce, associated_data),
      ],
    )
    return Object.fromEntries(opened) as Record<string, string>
  }
  pay = clientOf(older, { privateKey })
  expect(await refusal(read())).toMatchObject({ code: 'EV3_RES_HEADER_PLATFORM_SERIAL' })
  const certs = await download()
  for (const [serial, certificate] of Object.entries(certs))
    expect(new X509Certificate(certificate).serialNumber).toBe(serial)
  pay = clientOf(older, { privateKey, certs })
  expect((await read()).data.complaint_id).toBe(id)
  expect((await at('certificates').get()).data.data).toHaveLength(1)
  const [first] = Object.keys(certs)
  sandbox.rotateCertificate()
  sandbox.retireCertificate(String(first))
  expect(await refusal(read())).toMatchObject({ code: 'EV3_RES_HEADER_PLATFORM_SERIAL' })
  pay = clientOf(older, { privateKey, certs: await download() })
  expect((await read()).data.complaint_id).toBe(id)
})

interface Row {
  readonly serial_no: string
  readonly encrypt_certificate: {
    readonly ciphertext: string
    readonly nonce: string
    readonly associated_data: string
  }
}

test('a notice is the platform’s by its signature, and opens with the APIv3 key', async () => {
  const { id } = await sandbox.complain({ mchid })
  await sandbox.idle()
  const [{ headers, body }] = heard as [Heard]
  const header = (name: string) => String(headers[`wechatpay-${name}`])
  const said = (text: string) => Formatter.response(header('timestamp'), header('nonce'), text)
  const { id: publicKeyId, pem } = sandbox.publicKey(mchid)
  expect(header('serial')).toBe(publicKeyId)
  expect(Rsa.verify(said(body), header('signature'), pem)).toBe(true)
  expect(Rsa.verify(said(`${body} `), header('signature'), pem)).toBe(false)
  const { resource, event_type } = JSON.parse(body)
  const { ciphertext, nonce, associated_data } = resource
  const plain = Aes.AesGcm.decrypt(ciphertext, apiV3Key, nonce, associated_data)
  expect([event_type, JSON.parse(plain)]).toEqual([
    'COMPLAINT.CREATE',
    { complaint_id: id, action_type: 'CREATE_COMPLAINT' },
  ])
})
