import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/seal.ts'
import { instant } from '../../../src/core/words.ts'
import { refundNumberIn } from '../../../src/platforms/wechat-pay/notice.ts'
import { vectorTest } from '../../support/vectors.ts'
import {
  account,
  byPlatform,
  callback,
  keys,
  mchid,
  notice,
  number,
  platformOn,
  type Signature,
  seal,
  start,
} from './support.ts'
import { file, fixture } from './vectors.ts'

const { platform } = platformOn(() => undefined)
const verify = (body: string | Buffer, how: Signature = {}, now = start) =>
  platform.verify(account(), callback(body, how), instant(now))
const about = async (resource: object, over: object = {}) => {
  const verdict = await verify(notice(resource, over))
  return verdict.verdict === 'genuine' ? [verdict.event, verdict.number] : verdict
}
const inside = (plain: string | Buffer, more = {}) => notice({}, { resource: { ...seal(plain), ...more } })

describe('a genuine callback', () => {
  test('names its complaint, and its id is the key of every repetition', async () => {
    const verdict = await verify(notice())
    expect(verdict).toMatchObject({
      verdict: 'genuine',
      key: 'EV-2018022511223320873',
      event: 'COMPLAINT.CREATE CREATE_COMPLAINT',
      number,
    })
    const again = await verify(notice(), { at: start + 60_000, nonce: 'another', ...byPlatform })
    expect(again).toEqual(verdict)
  })
  test.each([
    'CREATE_COMPLAINT',
    'CONTINUE_COMPLAINT',
    'USER_RESPONSE',
    'RESPONSE_BY_PLATFORM',
    'SELLER_REFUND',
    'MERCHANT_RESPONSE',
    'MERCHANT_CONFIRM_COMPLETE',
    'USER_APPLY_PLATFORM_SERVICE',
    'USER_APPLY_PLATFORM_SERIVCE',
    'USER_CANCEL_PLATFORM_SERVICE',
    'PLATFORM_SERVICE_FINISHED',
    'MERCHANT_APPROVE_REFUND',
    'MERCHANT_REJECT_REFUND',
    'REFUND_SUCCESS',
    'SOMETHING_OF_NEXT_YEAR',
  ])('may say %s', async (action_type) =>
    expect(await about({ action_type }, { event_type: 'COMPLAINT.STATE_CHANGE' })).toEqual([
      `COMPLAINT.STATE_CHANGE ${action_type}`,
      number,
    ]),
  )
  test('may say nothing of what happened, or be of an event that nobody knows', async () => {
    expect(await about({ action_type: undefined })).toEqual(['COMPLAINT.CREATE', number])
    expect(await about({}, { event_type: 'COMPLAINT.MOVED' })).toEqual(['COMPLAINT.MOVED CREATE_COMPLAINT', number])
  })
  test.each([undefined, '', '../x', 'a/b', 'a b', 'x'.repeat(65), '投诉', {}])(
    'whose number is %j is kept without one',
    async (complaint_id) =>
      expect(await about({ complaint_id })).toEqual(['COMPLAINT.CREATE CREATE_COMPLAINT', undefined]),
  )
  test('about a refund is kept, and says which', async () => {
    const resource = { mchid, out_refund_no: 'rd1234567890', refund_status: 'SUCCESS' }
    const verdict = await verify(
      inside(JSON.stringify(resource), { original_type: 'refund' }).replace('COMPLAINT.CREATE', 'REFUND.SUCCESS'),
    )
    if (verdict.verdict !== 'genuine') throw new Error('not genuine')
    expect([verdict.event, verdict.number, refundNumberIn(verdict.told)]).toEqual([
      'REFUND.SUCCESS',
      undefined,
      'rd1234567890',
    ])
    const other = await verify(notice())
    expect(other.verdict === 'genuine' && refundNumberIn(other.told)).toBeUndefined()
  })
  test('is answered with their own word, a refused one with 401 and nothing else', () => {
    expect(platform.reply('taken')).toMatchObject({ status: 200, body: '{"code":"SUCCESS","message":"成功"}' })
    expect(platform.reply('refused')).toMatchObject({ status: 401, body: expect.stringContaining('FAIL') })
  })
  test('without the detail stands for the complaint, without moves', async () => {
    const verdict = await verify(notice())
    if (verdict.verdict !== 'genuine') throw new Error('not genuine')
    expect(platform.provisional?.(account(), verdict.told, instant(start))).toMatchObject({
      source: 'wechat-pay',
      number,
      scope: '',
      phase: 'ours',
      label: '用户提交投诉',
      moves: [],
      provisional: '',
      openedAt: '2026-11-21T07:59:58.000Z',
      timeline: [{ by: 'platform', label: '用户提交投诉' }],
    })
  })
  test('that still carries the old fields shows them, and keeps the sealed phone out', async () => {
    const verdict = await verify(
      notice({
        complaint_detail: '没有收到货',
        complaint_state: 'PENDING',
        complaint_time: '2026-11-21T15:00:00+08:00',
        payer_phone: 'c2VhbGVk',
        complaint_order_info: { transaction_id: '4200000404201909069117582536', out_trade_no: 'T1', amount: 3 },
      }),
    )
    if (verdict.verdict !== 'genuine') throw new Error('not genuine')
    expect(platform.provisional?.(account(), verdict.told, instant(start))).toMatchObject({
      text: '没有收到货',
      label: '待处理',
      orders: ['4200000404201909069117582536'],
      outTradeNo: 'T1',
      amountShown: 3,
      person: {},
      openedAt: '2026-11-21T07:00:00.000Z',
    })
  })
})

describe('refused', () => {
  const why = async (body: string | Buffer, how: Signature = {}, now = start) => {
    const verdict = await verify(body, how, now)
    return verdict.verdict === 'forged' ? verdict.why : verdict.verdict
  }
  test.each([
    [300_000, 'genuine'],
    [-300_000, 'genuine'],
    [301_000, 'late'],
    [-301_000, 'late'],
  ])('%d ms after it was signed: %s', async (ms, expected) =>
    expect(await why(notice(), {}, start + ms)).toBe(expected),
  )
  test('their probe: a signature that is none', async () => {
    const headers = { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/UUVsQm5kZm1xb1==' }
    expect(await why(notice(), { headers })).toBe('signature')
  })
  test('a body of which one byte is another', async () => {
    const request = callback(notice())
    const verdict = await platform.verify(
      account(),
      { ...request, body: Buffer.from(notice({ complaint_id: '1' })) },
      instant(start),
    )
    expect(verdict).toEqual({ verdict: 'forged', why: 'signature' })
  })
  test('a GET, and a body that is too large', async () => {
    const request = callback(notice())
    const refused = { verdict: 'forged', why: 'malformed' }
    expect(await platform.verify(account(), { ...request, method: 'GET' }, instant(start))).toEqual(refused)
    const large = callback(notice({}, { summary: 'x'.repeat(65_536) }))
    expect(await platform.verify(account(), large, instant(start))).toEqual(refused)
  })
  test.each([
    ['no JSON', 'hello', 'malformed'],
    ['a list', '[]', 'malformed'],
    ['no id', notice({}, { id: undefined }), 'malformed'],
    ['a long id', notice({}, { id: 'x'.repeat(65) }), 'malformed'],
    ['no event', notice({}, { event_type: '' }), 'malformed'],
    ['no resource', notice({}, { resource: undefined }), 'wrong-mode'],
    ['another algorithm', inside('{}', { algorithm: 'AEAD_SM4_GCM' }), 'wrong-mode'],
    ['sealed for another merchant', notice({}, { resource: seal('{}', { key: 'b'.repeat(32) }) }), 'ciphertext'],
    ['another purpose', inside('{}', { associated_data: 'refund' }), 'ciphertext'],
    ['a nonce of 16', notice({}, { resource: seal('{}', { nonce: 'n'.repeat(16) }) }), 'ciphertext'],
    ['no JSON inside', inside('hello'), 'malformed'],
    ['no text inside', inside(Buffer.from([0x7b, 0xff, 0x7d])), 'encoding'],
    ['another mchid inside', inside('{"mchid":"1999999999"}'), 'wrong-account'],
    ['another provider inside', inside(`{"sp_mchid":"1999999999","mchid":"${mchid}"}`), 'wrong-account'],
  ])('signed by them, but with %s', async (_, body, expected) => expect(await why(body)).toBe(expected))
  test('bytes that are no text', async () =>
    expect(await why(Buffer.concat([Buffer.from(notice()), Buffer.from([0xff])]))).toBe('encoding'))
  test('everything, when the account has no usable keys', async () => {
    const broken = account({ secrets: { apiV3Key: new Secret('short') } })
    expect(await platform.verify(broken, callback(notice()), instant(start))).toEqual({
      verdict: 'forged',
      why: 'unknown-key',
    })
  })
  test('the key of one account says nothing for another', async () => {
    const other = account({ secrets: { ...account().secrets, apiV3Key: new Secret('c'.repeat(32)) } })
    expect(await platform.verify(other, callback(notice()), instant(start))).toMatchObject({ why: 'ciphertext' })
    expect((await verify(notice())).verdict).toBe('genuine')
  })
  test('a key that was taken out', async () => {
    const { platformCertificates: _, ...secrets } = account().secrets
    const request = callback(notice(), byPlatform)
    expect(await platform.verify(account(), request, instant(start))).toMatchObject({ verdict: 'genuine' })
    expect(await platform.verify(account({ secrets }), request, instant(start))).toMatchObject({ why: 'unknown-key' })
  })
})

vectorTest(file, 'the published resource of a callback, sealed and signed here, names its complaint', async (read) => {
  const resource = fixture(read, 'ComplaintResource.json')
  const verdict = await verify(inside(JSON.stringify(resource)), { key: keys.public.privateKey })
  expect(verdict).toMatchObject({ verdict: 'genuine', number: resource.complaint_id })
})
