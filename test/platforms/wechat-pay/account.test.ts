import { describe, expect, test } from 'vitest'
import { InputError } from '../../../src/core/errors.ts'
import { Secret } from '../../../src/core/seal.ts'
import { needs } from '../../../src/platforms/wechat-pay/needs.ts'
import { wrongNotifyUrl } from '../../../src/platforms/wechat-pay/notify-url.ts'
import {
  type Answer,
  account,
  certificates,
  done,
  failureOf,
  keys,
  mchid,
  pem,
  plainSecrets,
  platformOn,
  publicKeyId,
  refuse,
  serials,
} from './support.ts'

interface Input {
  outsideId: string
  secrets: Record<string, string>
  settings: Record<string, unknown>
}
const good: Input = { outsideId: mchid, secrets: plainSecrets, settings: { publicKeyId } }
const { publicKey: _, ...withoutPublic } = plainSecrets
const { certificate: __, ...withoutCertificate } = plainSecrets

const fields = (input: Input) => {
  try {
    needs.check(input)
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    expect(error.problems.every((problem) => problem.fix.length > 10)).toBe(true)
    expect(JSON.stringify(error.problems)).not.toMatch(/PRIVATE KEY-----[A-Za-z0-9]|a7cde1ZJ/)
    return error.problems.map((problem) => problem.field)
  }
}

describe('an account', () => {
  test.each([
    [{}],
    [{ secrets: withoutPublic, settings: {} }],
    [{ secrets: withoutCertificate, settings: { publicKeyId, serial: serials.merchant } }],
    [{ settings: { publicKeyId, serial: serials.merchant } }],
    [
      {
        secrets: { ...withoutPublic, platformCertificates: certificates.platform + certificates.next },
        settings: { downloadCertificates: false },
      },
    ],
    [{ secrets: { ...plainSecrets, formerKeys: pem(keys.next.privateKey) } }],
    [{ settings: { publicKeyId, provider: true, subMchid: '1600000001', replyChars: 500 } }],
    [{ settings: { publicKeyId, jump: { url: 'https://a.example/b', text: '联系客服' } } }],
  ])('is taken %#', (over) => expect(fields({ ...good, ...over })).toEqual([]))
  const secret = (over: object, settings: object = { publicKeyId }) => ({
    secrets: { ...plainSecrets, ...over },
    settings: { ...settings },
  })
  const setting = (over: object) => ({ settings: { publicKeyId, ...over } })
  test.each([
    [{ outsideId: 'wx123' }, ['outsideId']],
    [{ outsideId: '' }, ['outsideId']],
    [secret({ apiV3Key: 'a'.repeat(31) }), ['secrets.apiV3Key']],
    [secret({ apiV3Key: '密'.repeat(32) }), ['secrets.apiV3Key']],
    [secret({ privateKey: 'no key' }), ['secrets.privateKey']],
    [secret({ privateKey: pem(keys.next.privateKey) }), ['secrets.privateKey']],
    [secret({ privateKey: pem(keys.merchant.publicKey) }), ['secrets.privateKey']],
    [secret({ certificate: 'no certificate' }), ['secrets.certificate', 'secrets.certificate']],
    [{ secrets: withoutCertificate }, ['secrets.certificate']],
    [setting({ serial: serials.platform }), ['settings.serial']],
    [{ secrets: withoutCertificate, ...setting({ serial: 'not hex' }) }, ['secrets.certificate']],
    [secret({ publicKey: pem(keys.public.privateKey) }), ['secrets.publicKey']],
    [secret({ publicKey: certificates.platform }), ['secrets.publicKey']],
    [{ secrets: withoutPublic }, ['secrets.publicKey']],
    [{ settings: {} }, ['settings.publicKeyId']],
    [setting({ publicKeyId: '123' }), ['settings.publicKeyId']],
    [secret({ platformCertificates: 'x' }), ['secrets.platformCertificates']],
    [
      secret({
        platformCertificates: `${certificates.platform}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
      }),
      ['secrets.platformCertificates'],
    ],
    [secret({ formerKeys: certificates.platform }), ['secrets.formerKeys']],
    [{ secrets: withoutPublic, settings: { downloadCertificates: false } }, ['settings.downloadCertificates']],
    [setting({ downloadCertificates: 'yes' }), ['settings.downloadCertificates']],
    [setting({ provider: 1 }), ['settings.provider']],
    [setting({ subMchid: 'x' }), ['settings.subMchid']],
    [setting({ subMchid: '1600000001', provider: false }), ['settings.provider']],
    [setting({ replyChars: 501 }), ['settings.replyChars']],
    [setting({ replyChars: '200' }), ['settings.replyChars']],
    [setting({ jump: { url: 'http://a.example', text: 'x' } }), ['settings.jump']],
    [setting({ jump: { url: 'https://a.example', text: '一二三四五六七八九十百' } }), ['settings.jump']],
    [setting({ jump: { appid: 'wx1', text: 'x' } }), ['settings.jump']],
    [secret({ apiV3key: 'x' }), ['secrets.apiV3key']],
    [setting({ replychars: 5 }), ['settings.replychars']],
  ])('is refused by the name of the field %#: %s', (over, named) => expect(fields({ ...good, ...over })).toEqual(named))
  test('all problems are named at once', () =>
    expect(fields({ outsideId: '', secrets: {}, settings: {} })).toEqual([
      'secrets.apiV3Key',
      'secrets.privateKey',
      'secrets.certificate',
      'outsideId',
    ]))
  test('the console’s fields are named in its own words', () => {
    const hints = needs.console?.({ settings: {} }, 'https://redress.example/hooks/acc_1') ?? []
    expect(hints[0]).toEqual({
      field: expect.stringContaining('投诉通知回调地址'),
      value: 'https://redress.example/hooks/acc_1',
    })
    expect(hints.map(({ field }) => field).join()).toMatch(/商户平台 → 账户中心 → API安全/)
  })
})

describe('the address for callbacks', () => {
  const path = '/v3/merchant-service/complaint-notifications'
  const url = 'https://redress.example/hooks/acc_1'
  /** Keeps an address as WeChat Pay does. */
  function world(set: string | undefined, odd: { loseAnswer?: boolean; at?: number } = {}) {
    let kept = set
    let lost = odd.loseAnswer === true
    const made = platformOn((asked): Answer => {
      expect(asked.target).toBe(path)
      if (asked.method === 'GET')
        return kept === undefined ? refuse(odd.at ?? 400, 'RESOURCE_NOT_EXISTS') : { mchid, url: kept }
      if (asked.method === 'POST' && kept !== undefined) return refuse(400, 'INVALID_REQUEST', '已存在')
      if (asked.method !== 'POST' && kept === undefined) return refuse(400, 'RESOURCE_NOT_EXISTS')
      kept = asked.method === 'DELETE' ? undefined : String(Object(asked.json()).url)
      if (lost) {
        lost = false
        return refuse(500, 'SYSTEM_ERROR')
      }
      return asked.method === 'DELETE' ? done : { mchid, url: kept }
    })
    const methods = () => made.transport.asked.map((one) => one.method)
    return { notifyUrl: made.platform.notifyUrl, platform: made.platform, methods, kept: () => kept }
  }
  test.each([400, 404])('none is set, said with %d: it is set', async (at) => {
    const { notifyUrl, methods, kept } = world(undefined, { at })
    expect(await notifyUrl.query(account())).toBeUndefined()
    expect(await notifyUrl.keep(account(), { url, replace: false })).toEqual({ is: 'none' })
    expect([methods(), kept()]).toEqual([['GET', 'GET', 'POST'], url])
    expect(await notifyUrl.compare(account(), url)).toEqual({ is: 'ours' })
  })
  test('ours is left as it is', async () => {
    const { notifyUrl, methods } = world(url)
    expect(await notifyUrl.keep(account(), { url, replace: true })).toEqual({ is: 'ours' })
    expect(methods()).toEqual(['GET'])
  })
  test('somebody else’s is replaced only when a person says so', async () => {
    const other = 'https://other.example/notify'
    const { notifyUrl, methods, kept } = world(other)
    expect(await notifyUrl.keep(account(), { url, replace: false })).toEqual({ is: 'other', url: other })
    expect(kept()).toBe(other)
    await notifyUrl.keep(account(), { url, replace: true })
    expect([methods().slice(1), kept()]).toEqual([['GET', 'PUT'], url])
  })
  test('can be taken out, twice', async () => {
    const { notifyUrl, kept } = world(url)
    await notifyUrl.remove(account())
    await notifyUrl.remove(account())
    expect(kept()).toBeUndefined()
  })
  test('set by a call whose answer was lost is set', async () => {
    const { notifyUrl, methods, kept } = world(undefined, { loseAnswer: true })
    await notifyUrl.keep(account(), { url, replace: false })
    expect([methods(), kept()]).toEqual([['GET', 'POST', 'POST', 'GET'], url])
  })
  test('no permission is said', async () => {
    const { platform } = platformOn(() => refuse(403, 'NO_AUTH'))
    expect(await failureOf(platform.notifyUrl.query(account()))).toMatchObject({ trouble: 'forbidden' })
    expect(await failureOf(platform.notifyUrl.keep(account(), { url, replace: true }))).toMatchObject({
      trouble: 'forbidden',
    })
  })
  test.each([
    'http://a.example/x',
    'https://a.example/x?y=1',
    'https://a.example/#x',
    'https://商户.example/x',
    `https://a.example/${'x'.repeat(255)}`,
    'a.example',
    '',
  ])('%j is refused without asking', async (wrong) => {
    const { notifyUrl, methods } = world(undefined)
    expect(wrongNotifyUrl(wrong)).toBeDefined()
    expect(await failureOf(notifyUrl.keep(account(), { url: wrong, replace: true }))).toMatchObject({
      trouble: 'refused',
    })
    expect(methods()).toEqual(['GET'])
  })
  test('the doctor says that all works, or that nobody is told', async () => {
    const seat = { account: account() }
    expect(await world(url).platform.inspect?.(seat)).toMatchObject([{ level: 'ok' }, { level: 'ok' }])
    expect(await world(undefined).platform.inspect?.(seat)).toMatchObject([{ level: 'ok' }, { level: 'bad' }])
    const broken = platformOn(() => refuse(401, 'SIGN_ERROR')).platform
    expect(await broken.inspect?.(seat)).toMatchObject([
      { level: 'bad', what: { zh: expect.stringContaining('签名'), en: expect.stringContaining('signature') } },
    ])
  })
  test('the doctor names the end of the merchant’s certificate', async () => {
    const { platform, clock } = platformOn(() => ({ mchid, url }))
    clock.step(4 * 365 * 86_400_000 - 10 * 86_400_000)
    const found = await platform.inspect?.({ account: account() })
    expect(found?.at(-1)).toMatchObject({ level: 'warn', what: { zh: expect.stringMatching(/2030-\d\d-\d\d/) } })
    const unread = account({
      secrets: { ...account().secrets, certificate: new Secret('x') },
      settings: { publicKeyId, serial: serials.merchant },
    })
    expect((await platform.inspect?.({ account: unread }))?.length).toBe(2)
  })
})
