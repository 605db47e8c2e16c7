import { constants, createHash, privateDecrypt } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Complain, Complaint } from '../../sandbox/wechat-pay/index.ts'
import { vectorTest } from '../support/vectors.ts'
import { authorize, opened, openWorld, other, provider, shop, tinyPng, type World } from './wechat-pay-world.ts'

// Facts, 1 Consumer complaints 2.0. By literal HTTP.
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

const root = '/v3/merchant-service/complaints-v2'
const complain = (more: Partial<Complain> = {}) => w.pay.complain({ mchid: shop.mchid, ...more })
const detail = async (c: Complaint) => (await w.ask('GET', `${root}/${c.id}`)).json
const post = (c: Complaint, verb: string, body: object) => w.ask('POST', `${root}/${c.id}/${verb}`, body)
const mine = { complainted_mchid: shop.mchid }
const reply = (c: Complaint, more: object = {}) =>
  post(c, 'response', { ...mine, response_content: '已为您处理', ...more })
const history = async (c: Complaint, query = '') => {
  const answer = await w.ask('GET', `${root}/${c.id}/negotiation-historys?limit=50${query}`)
  return answer.json.data as Record<string, unknown>[]
}
const types = async (c: Complaint) => (await history(c)).map((one) => one.operate_type).reverse()

test('1.3 Complaint object: the detail, with the phone that only the merchant can read', async () => {
  const c = await complain({ type: 'REFUND', amount: 1990, text: '漏发 <b>', phone: '13800000000', tags: ['TRUSTED'] })
  const answer = await w.ask('GET', `${root}/${c.id}`)
  expect(w.genuine(answer.headers, answer.text)).toBe(true)
  const { payer_phone: phone, ...rest } = answer.json
  expect(rest).toEqual({
    complaint_id: c.id,
    complaint_time: '2026-11-21T10:00:00.000+08:00',
    complaint_detail: '漏发 <b>',
    complaint_state: 'PENDING',
    complainted_mchid: shop.mchid,
    payer_openid: c.openid,
    complaint_order_info: [
      { transaction_id: c.orders[0]?.transactionId, out_trade_no: c.orders[0]?.outTradeNo, amount: 1990 },
    ],
    complaint_full_refunded: false,
    incoming_user_response: false,
    problem_description: '商品质量问题',
    user_complaint_times: 1,
    problem_type: 'REFUND',
    apply_refund_amount: 1990,
    user_tag_list: ['TRUSTED'],
    in_platform_service: false,
    need_immediate_service: false,
    is_agent_mode: false,
  })
  const sealed = { key: shop.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  expect(privateDecrypt(sealed, Buffer.from(String(phone), 'base64')).toString()).toBe('13800000000')
})

test('1.3 Complaint object: quirks seen in the wild', async () => {
  const c = await complain({ payScore: true, powerBank: true })
  const shown = await detail(c)
  expect(shown.payer_openid).toBeUndefined()
  expect(shown).toMatchObject({
    service_order_info: [{ state: 'DONE' }],
    additional_info: { type: 'SHARE_POWER_TYPE' },
  })
  w.pay.setQuirks({ mchid: 'number', phone: 'absent', orders: 'absent', times: 'seconds', state: 'ARBITRATING' })
  const odd = await detail(c)
  expect(odd).toMatchObject({ complainted_mchid: Number(shop.mchid), complaint_state: 'ARBITRATING' })
  expect([odd.payer_phone, odd.complaint_order_info, odd.complaint_time]).toEqual([
    undefined,
    undefined,
    '2026-11-21T10:00:00+08:00',
  ])
  w.pay.setQuirks({ phone: 'broken' })
  const sealed = { key: shop.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  const read = async () =>
    privateDecrypt(sealed, Buffer.from(String((await detail(c)).payer_phone), 'base64')).toString()
  await expect(read()).rejects.toThrow()
})

test('1.2 List: days of Beijing, pages, the total on the first one only', async () => {
  for (let count = 0; count < 3; count++) {
    await complain({ text: `第 ${count}` })
    await w.pass(86_400_000)
  }
  const list = async (query: string) => w.ask('GET', `${root}?${query}`)
  const first = (await list('begin_date=2026-11-21&end_date=2026-11-22&limit=1&offset=0')).json
  expect(first).toMatchObject({ limit: 1, offset: 0, total_count: 2, data: [{ complaint_detail: '第 1' }] })
  const second = (await list('begin_date=2026-11-21&end_date=2026-11-22&limit=1&offset=1')).json
  expect(second).toMatchObject({ limit: 1, offset: 1, data: [{ complaint_detail: '第 0' }] })
  expect('total_count' in second).toBe(false)
  expect((second.data as object[])[0]).not.toHaveProperty('payer_openid')
  w.pay.setQuirks({ listOrder: 'oldest-first' })
  expect((await list('begin_date=2026-11-21&end_date=2026-12-21')).json).toMatchObject({
    limit: 10,
    data: [{ complaint_detail: '第 0' }, {}, {}],
  })
  for (const bad of [
    'begin_date=2026-11-21',
    'begin_date=20261121&end_date=20261122',
    'begin_date=2026-11-21&end_date=2026-12-22',
    'begin_date=2026-11-22&end_date=2026-11-21',
    'begin_date=2026-02-30&end_date=2026-03-01',
    'begin_date=2026-11-21&end_date=2026-11-22&limit=51',
    'begin_date=2026-11-21&end_date=2026-11-22&offset=-1',
  ]) {
    expect((await list(bad)).json.code).toBe('PARAM_ERROR')
  }
})

test('3.5 Service-provider mode: all sub-merchants, or one; nobody else’s', async () => {
  await w.pay.complain({ mchid: '1600000001' })
  await w.pay.complain({ mchid: '1600000002' })
  const own = await complain()
  const days = 'begin_date=2026-11-21&end_date=2026-11-21'
  const count = async (query: string) =>
    (await w.ask('GET', `${root}?${query}`, undefined, { as: provider })).json.total_count
  expect([await count(days), await count(`${days}&complainted_mchid=1600000001`)]).toEqual([2, 1])
  const denied = await w.ask('GET', `${root}/${own.id}`, undefined, { as: provider })
  expect(denied).toMatchObject({ status: 403, json: { code: 'NO_AUTH' } })
  expect(w.received.map(({ path }) => path)).toContain('/complaints/provider')
})

test('1.5 Reply: 204, signed and empty; PENDING becomes PROCESSING; text and pictures are in the history', async () => {
  const c = await complain({ photos: [tinyPng] })
  const mediaId = await uploaded()
  const answer = await reply(c, { response_images: [mediaId] })
  expect([answer.status, answer.text, w.genuine(answer.headers, '')]).toEqual([204, '', true])
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSING' })
  const [newest] = await history(c)
  expect(newest).toMatchObject({
    operator: '商户',
    operate_type: 'MERCHANT_RESPONSE',
    operate_details: '已为您处理',
    image_list: [expect.stringContaining('/qpic/')],
  })
  expect(w.pay.ledger().findLast(({ what }) => what === 'reply')).toMatchObject({
    complaint: c.id,
    from: 'PENDING',
    to: 'PROCESSING',
    media: [{ sha256: sha256(tinyPng), mediaId }],
  })
})

test('1.5 Reply: what is refused', async () => {
  const c = await complain()
  const code = async (more: object) => (await reply(c, more)).json.code
  expect(await code({ complaint_id: c.id })).toBe('PARAM_ERROR')
  expect(await code({ response_content: '' })).toBe('PARAM_ERROR')
  expect(await code({ response_content: '字'.repeat(501) })).toBe('PARAM_ERROR')
  expect(await code({ response_content: '好的👌' })).toBe('PARAM_ERROR')
  expect(await code({ response_images: ['file000000_0000000'] })).toBe('NO_AUTH')
  expect(await code({ response_images: Array(5).fill('file') })).toBe('PARAM_ERROR')
  expect(await code({ complainted_mchid: other.mchid })).toBe('NO_AUTH')
  expect(await code({ jump_url: 'https://a.example' })).toBe('PARAM_ERROR')
  expect(await code({ jump_url: 'https://a.example', jump_url_text: '详情' })).toBe('NO_AUTH')
  const foreign = await w.ask('POST', `${root}/${c.id}/response`, { ...mine, response_content: 'x' }, { as: other })
  expect(foreign.json.code).toBe('NO_AUTH')
  expect((await w.ask('POST', `${root}/404/response`, { ...mine, response_content: 'x' })).status).toBe(404)
  expect((await w.ask('POST', `${root}/${c.id}/response`, '{"a":')).json.code).toBe('PARAM_ERROR')
  expect(await types(c)).toEqual(['USER_CREATE_COMPLAINT', 'USER_CREATE_COMPLAINT_SYSTEM_MESSAGE'])
})

test('1.7 Complete; the user continues, and the same complaint opens again', async () => {
  const c = await complain()
  await reply(c)
  expect((await post(c, 'complete', mine)).status).toBe(204)
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSED' })
  expect((await post(c, 'complete', mine)).json.code).toBe('INVALID_REQUEST')
  expect((await reply(c)).json.code).toBe('INVALID_REQUEST')
  await w.pay.move(c.id, { kind: 'continue', text: '没有解决' })
  expect(await detail(c)).toMatchObject({
    complaint_state: 'PENDING',
    user_complaint_times: 2,
    incoming_user_response: true,
  })
  expect((await reply(c)).status).toBe(204)
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSING', incoming_user_response: false })
  expect(await types(c)).toEqual([
    'USER_CREATE_COMPLAINT',
    'USER_CREATE_COMPLAINT_SYSTEM_MESSAGE',
    'MERCHANT_RESPONSE',
    'MERCHANT_CONFIRM_COMPLETE',
    'USER_CONTINUE_COMPLAINT',
    'USER_CONTINUE_COMPLAINT_SYSTEM_MESSAGE',
    'MERCHANT_RESPONSE',
  ])
})

test('1.8 Refund decision: approve, refund, money arrives, done', async () => {
  const c = await complain({ type: 'REFUND', amount: 600 })
  expect((await post(c, 'update-refund-progress', { action: 'APPROVE', launch_refund_day: 0 })).status).toBe(204)
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSING' })
  const again = await post(c, 'update-refund-progress', { action: 'APPROVE' })
  expect(again).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } })
  expect(w.pay.money()[0]).toMatchObject({ promised: 0 })
  await w.ask('POST', '/v3/refund/domestic/refunds', {
    transaction_id: c.orders[0]?.transactionId,
    out_refund_no: 'rd-000001',
    amount: { refund: 600, total: 600, currency: 'CNY' },
  })
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSING', complaint_full_refunded: false })
  await w.pass(3000)
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSED', complaint_full_refunded: true })
  expect((await types(c)).slice(2)).toEqual([
    'MERCHANT_APPROVE_REFUND',
    'COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE',
    'COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE',
  ])
  expect(w.pay.ledger().findLast(({ by }) => by === 'push')).toMatchObject({ told: 'REFUND_SUCCESS' })
})

test('1.8 Refund decision: reject ends it; only for requests for refund; a day only with APPROVE', async () => {
  const c = await complain({ type: 'REFUND' })
  const decide = async (body: object, on = c) => (await post(on, 'update-refund-progress', body)).json.code
  expect(await decide({ action: 'REJECT', launch_refund_day: 0 })).toBe('PARAM_ERROR')
  expect(await decide({ action: 'REJECT', complainted_mchid: shop.mchid })).toBe('PARAM_ERROR')
  expect(await decide({ action: 'MAYBE' })).toBe('PARAM_ERROR')
  expect(
    await decide({ action: 'REJECT', reject_reason: '已发货', reject_media_list: [await uploaded()] }),
  ).toBeUndefined()
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSED' })
  expect((await types(c)).at(-1)).toBe('MERCHANT_REFUSE_RERUND')
  expect(await decide({ action: 'APPROVE' })).toBe('INVALID_REQUEST')
  expect(await decide({ action: 'APPROVE' }, await complain())).toBe('INVALID_REQUEST')
})

test('a part of the money is told in the history only', async () => {
  const c = await complain({ amount: 600 })
  await w.ask('POST', '/v3/refund/domestic/refunds', {
    transaction_id: c.orders[0]?.transactionId,
    out_refund_no: 'rd-000001',
    amount: { refund: 100, total: 600, currency: 'CNY' },
  })
  await w.pass(3000)
  expect(await detail(c)).toMatchObject({ complaint_state: 'PENDING', complaint_full_refunded: false })
  expect((await types(c)).at(-1)).toBe('COMPLAINT_PARTIAL_REFUNDED_SYSTEM_MESSAGE')
})

const message = { blocks: [{ type: 'TEXT', text: { text: '您好' } }], sender_identity: 'MANUAL', custom_data: '' }
test('1.6 Immediate service: a log_id, the same for the same idempotent_id; a click comes back', async () => {
  const c = await complain({ needImmediateService: true })
  const body = { ...mine, message, idempotent_id: 'once' }
  const first = await post(c, 'response-immediate-service', body)
  expect([first.status, typeof first.json.log_id]).toEqual([200, 'string'])
  expect((await post(c, 'response-immediate-service', body)).json).toEqual(first.json)
  expect((await types(c)).filter((type) => type === 'MERCHANT_RESPONSE')).toHaveLength(1)
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSING', need_immediate_service: true })
  await w.pay.move(c.id, { kind: 'click', text: '同意', actionId: 'a1' })
  expect((await history(c))[0]).toMatchObject({
    operate_type: 'USER_CLICK_RESPONSE',
    click_message: { message_content: '同意', action_id: 'a1', clicked_log_id: first.json.log_id },
  })
  const odd = { ...body, message: { ...message, blocks: [{ type: 'TEXT', image: { media_id: 'x' } }] } }
  expect((await post(c, 'response-immediate-service', odd)).json.code).toBe('PARAM_ERROR')
  expect((await post(c, 'response-immediate-service', { ...mine, message })).json.code).toBe('PARAM_ERROR')
  const calm = await complain()
  expect((await post(calm, 'response-immediate-service', body)).json.code).toBe('INVALID_REQUEST')
})

test('the platform’s help: applied for, answered, cancelled, finished', async () => {
  const c = await complain()
  await w.pay.move(c.id, { kind: 'message', text: '在吗', photos: [] })
  expect(await detail(c)).toMatchObject({ incoming_user_response: true })
  await w.pay.move(c.id, { kind: 'ask-platform', reason: '商家不回复', text: '请平台帮忙' })
  expect(await detail(c)).toMatchObject({ in_platform_service: true })
  expect((await history(c))[0]).toMatchObject({
    user_appy_platform_service_reason: '商家不回复',
    user_appy_platform_service_reason_description: '请平台帮忙',
  })
  await w.pay.move(c.id, { kind: 'platform-message', text: '请商家尽快处理' })
  await w.pay.move(c.id, { kind: 'finish-platform' })
  expect(await detail(c)).toMatchObject({ in_platform_service: false })
  await expect(w.pay.move(c.id, { kind: 'cancel-platform' })).rejects.toThrow('cancel-platform is not possible')
  await w.pay.idle()
  expect(w.pay.ledger().flatMap(({ told }) => told ?? [])).toEqual([
    'CREATE_COMPLAINT',
    'USER_RESPONSE',
    'USER_APPLY_PLATFORM_SERVICE',
    'RESPONSE_BY_PLATFORM',
    'PLATFORM_SERVICE_FINISHED',
  ])
})

test('1.4 Negotiation history: pages, pictures by both ways', async () => {
  const c = await complain({ photos: [tinyPng] })
  const first = (await history(c)).at(-1)
  const [url = ''] = (first?.image_list ?? []) as string[]
  expect(await bytesOf(await fetch(url))).toEqual(tinyPng)
  expect(first?.complaint_media_list).toMatchObject({ media_type: 'OPERATION_IMAGE' })
  w.pay.setQuirks({ historyMedia: 'array', historyOrder: 'oldest-first' })
  expect((await history(c))[0]?.complaint_media_list).toMatchObject([{ media_type: 'OPERATION_IMAGE' }])
  w.clock.advance(3_600_000)
  expect((await fetch(url)).status).toBe(403)
  const page = await w.ask('GET', `${root}/${c.id}/negotiation-historys?limit=1&offset=1`)
  expect(page.json).toMatchObject({ limit: 1, offset: 1, total_count: 2, data: [{ operator: '系统' }] })
  expect((await w.ask('GET', `${root}/${c.id}/negotiation-historys?limit=301`)).json.code).toBe('PARAM_ERROR')
})

test('1.9 Images: downloads are signed GETs of the very address, by their merchant; the bytes are unsigned', async () => {
  const c = await complain({ photos: [tinyPng] })
  const [media] = (await detail(c)).complaint_media_list as { media_type: string; media_url: string[] }[]
  const url = media?.media_url[0] ?? ''
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v3\/merchant-service\/images\/[^/]+%3D%3D$/)
  const path = new URL(url).pathname
  const headers = { accept: '*/*', 'user-agent': 'x', authorization: authorize(w, 'GET', path, '', shop) }
  const answer = await fetch(url, { headers })
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('wechatpay-signature')]).toEqual([
    200,
    'image/png',
    null,
  ])
  expect(await bytesOf(answer)).toEqual(tinyPng)
  expect((await w.ask('GET', path, undefined, { signedUrl: decodeURIComponent(path) })).status).toBe(401)
  expect((await w.ask('GET', path, undefined, { as: other })).json.code).toBe('NO_AUTH')
  const own = `/v3/merchant-service/images/${await uploaded()}`
  expect(await w.ask('GET', own)).toMatchObject({ status: 400 })
  expect((await w.ask('GET', '/v3/merchant-service/images/404')).status).toBe(404)
})

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())
const uploadPath = '/v3/merchant-service/images/upload'

async function upload(file: Buffer, more: { meta?: string; signed?: string; filename?: string } = {}) {
  const meta = more.meta ?? JSON.stringify({ filename: more.filename ?? 'a.png', sha256: sha256(file) })
  const form = [
    '--b\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n',
    meta,
    '\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n',
    file,
    '\r\n--b--\r\n',
  ].map((part) => Buffer.from(part as string))
  const answer = await fetch(w.url + uploadPath, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'user-agent': 'x',
      'content-type': 'multipart/form-data; boundary=b',
      authorization: authorize(w, 'POST', uploadPath, more.signed ?? meta, shop),
    },
    body: new Uint8Array(Buffer.concat(form)),
  })
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
}
const uploaded = async () => String((await upload(tinyPng)).json.media_id)

test('1.9 Images: the signed body of an upload is the meta, byte for byte', async () => {
  expect(await uploaded()).toMatch(/^file\d+_\d+$/)
  const spaced = `{ "filename": "a.png", "sha256": "${sha256(tinyPng)}" }`
  expect((await upload(tinyPng, { meta: spaced })).status).toBe(200)
  expect((await upload(tinyPng, { meta: spaced, signed: spaced.replace('{ ', '{') })).status).toBe(401)
  const wrong = JSON.stringify({ filename: 'a.png', sha256: sha256(Buffer.from('x')) })
  expect((await upload(tinyPng, { meta: wrong })).json.code).toBe('PARAM_ERROR')
  expect((await upload(tinyPng, { filename: 'a.gif' })).json.code).toBe('PARAM_ERROR')
  expect((await upload(Buffer.from('GIF89a..'))).json.code).toBe('PARAM_ERROR')
  const large = Buffer.concat([tinyPng, Buffer.alloc(2 * 1024 * 1024)])
  expect((await upload(large)).json.code).toBe('PARAM_ERROR')
})

test('1.11 Notify URL: none, created, shown, changed, removed', async () => {
  await w.close()
  w = await openWorld({ shop: {} })
  const path = '/v3/merchant-service/complaint-notifications'
  const url = `${w.hears}/elsewhere`
  const code = async (method: string, body?: object) => (await w.ask(method, path, body)).json.code
  expect(await code('POST', { url })).toBe('INVALID_REQUEST')
  expect((await w.ask('DELETE', path)).status).toBe(204)
  expect(await w.ask('GET', path)).toMatchObject({ status: 400, json: { code: 'RESOURCE_NOT_EXISTS' } })
  expect(await code('PUT', { url })).toBe('RESOURCE_NOT_EXISTS')
  expect(await code('DELETE')).toBe('RESOURCE_NOT_EXISTS')
  await complain()
  for (const bad of ['http://shop.example/x', 'https://shop.example/x?a=1', 'https://商户.cn/x', 'x'.repeat(256)]) {
    expect(await code('POST', { url: bad })).toBe('PARAM_ERROR')
  }
  expect((await w.ask('POST', path, { url: 'https://shop.example/wxpay/1' })).json).toEqual({
    mchid: shop.mchid,
    url: 'https://shop.example/wxpay/1',
  })
  expect((await w.ask('PUT', path, { url })).status).toBe(200)
  expect((await w.ask('GET', path)).json.url).toBe(url)
  await complain()
  await w.pay.idle()
  expect(w.received.map(({ path: where }) => where)).toEqual(['/elsewhere'])
})

test('1.12 Callback: sealed and signed; repeats keep the id and are signed anew', async () => {
  w.answering = () => ({ status: 401, body: '{"code":"FAIL","message":"x"}' })
  const c = await complain()
  await w.pay.idle()
  await w.pass(15_000)
  w.answering = () => ({ status: 200, body: '{"code":"SUCCESS","message":"成功"}' })
  await w.pass(15_000)
  await w.pass(86_400_000)
  expect(w.received).toHaveLength(3)
  const bodies = w.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
  expect(new Set(bodies.map(({ id }) => id)).size).toBe(1)
  expect(new Set(w.received.map(({ headers }) => headers['wechatpay-timestamp'])).size).toBe(3)
  for (const [index, { headers, body }] of w.received.entries()) {
    expect(w.genuine(headers, body)).toBe(true)
    expect(bodies[index]).toMatchObject({
      id: expect.stringMatching(/^.{36}$/),
      create_time: '2026-11-21T10:00:00+08:00',
      event_type: 'COMPLAINT.CREATE',
      resource_type: 'encrypt-resource',
      summary: '产生新投诉',
      resource: { original_type: 'complaint', algorithm: 'AEAD_AES_256_GCM' },
    })
    expect(opened(bodies[index]?.resource)).toEqual({ complaint_id: c.id, action_type: 'CREATE_COMPLAINT' })
  }
})

test('the merchant’s own acts are pushed only when the rules say so', async () => {
  await w.close()
  w = await openWorld({ rules: { pushOwnActs: true } })
  const c = await complain()
  await reply(c)
  await post(c, 'complete', mine)
  await w.pay.idle()
  const told = w.received.map(({ body }) => opened((JSON.parse(body) as { resource: unknown }).resource).action_type)
  expect(told.sort()).toEqual(['CREATE_COMPLAINT', 'MERCHANT_CONFIRM_COMPLETE', 'MERCHANT_RESPONSE'])
})

test('facts can be set by hand, and told as any action', async () => {
  const c = await complain()
  await w.pay.set(c.id, { state: 'PROCESSED', push: 'SOMETHING_ELSE' })
  expect(await detail(c)).toMatchObject({ complaint_state: 'PROCESSED' })
  await w.pay.idle()
  expect(w.pay.ledger().at(-1)).toMatchObject({ by: 'push', told: 'SOMETHING_ELSE' })
})

interface Vectors {
  readonly json_fixtures: { readonly files: Record<string, Record<string, unknown>> }
}

vectorTest(
  'wechat-pay-vectors.json',
  'the sandbox shows every field of the complaint samples, in their types',
  async (read) => {
    const { files } = (JSON.parse(read('wechat-pay-vectors.json').toString()) as Vectors).json_fixtures
    const [, sample] = Object.entries(files).find(([name]) => name.includes('ComplaintByComplaintIdResponse')) ?? []
    const options = { type: 'REFUND', tags: ['TRUSTED'], photos: [tinyPng], powerBank: true } as const
    const shown = await detail(await complain(options))
    for (const [name, value] of Object.entries(sample ?? {})) {
      if (name !== 'service_order_info') expect([name, kindOf(shown[name])]).toEqual([name, kindOf(value)])
    }
    const service = (await detail(await complain({ payScore: true }))).service_order_info as object[]
    const [sampled] = (sample?.service_order_info ?? []) as object[]
    expect(Object.keys(service[0] ?? {})).toEqual(Object.keys(sampled ?? {}))
  },
)

const kindOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value)
