import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RawRequest } from '../../../src/core/http.ts'
import { instant } from '../../../src/core/words.ts'
import { isRiskNotice, readNotice } from '../../../src/platforms/alipay/notify.ts'
import type { Account } from '../../../src/platforms/platform.ts'
import { vectorTest } from '../../support/vectors.ts'
import {
  account,
  appId,
  certificateAccount,
  changed,
  eventId,
  keys,
  message,
  platformOn,
  secretsOf,
  start,
} from './support.ts'

const { platform } = platformOn(() => undefined)
const heard = (request: RawRequest, of: Account = account()) => platform.verify(of, request, instant(start))
const forged = (why: string) => ({ verdict: 'forged', why })

describe('a genuine message', () => {
  test.each([
    ['POST', 'V1'],
    ['POST', 'V2'],
    ['GET', 'V1'],
    ['GET', 'V2'],
  ] as const)('by %s, signed by rule %s', async (by, rule) => {
    const verdict = await heard(message(changed(), { by, rule }))
    expect(verdict).toMatchObject({
      verdict: 'genuine',
      key: 'd275fec564e62af6bedbcee73f3f05fi5x',
      event: 'alipay.merchant.tradecomplain.changed',
      number: eventId,
    })
    const notice = readNotice(verdict.verdict === 'genuine' ? verdict.told : '')
    expect(notice).toMatchObject({ at: 1763712000000, about: { complain_event_id: eventId } })
  })
  test('in GBK: the bytes are what was signed', async () => {
    // 处理
    const bytes = { remark: Buffer.from('b4a6c0ed', 'hex') }
    const verdict = await heard(message(changed(), { bytes }))
    expect(verdict).toMatchObject({ verdict: 'genuine', number: eventId })
    expect(verdict.verdict === 'genuine' && verdict.told).toContain('处理')
  })
  test('in UTF-8', async () => {
    const verdict = await heard(message(changed({ charset: 'utf-8', remark: '处理 + & = %' })))
    expect(verdict.verdict === 'genuine' && readNotice(verdict.told).with.remark).toBe('处理 + & = %')
  })
  test('with a value that is empty, signed or left out', async () => {
    expect(await heard(message(changed({ extra: '' })))).toMatchObject({ verdict: 'genuine' })
    expect(await heard(message(changed(), { extra: { extra: '' } }))).toMatchObject({ verdict: 'genuine' })
  })
  test('with the serial of the certificate, signed or not', async () => {
    const of = certificateAccount()
    expect(await heard(message(changed({ alipay_cert_sn: 'ab' })), of)).toMatchObject({ verdict: 'genuine' })
    expect(await heard(message(changed(), { extra: { alipay_cert_sn: 'ab' } }), of)).toMatchObject({
      verdict: 'genuine',
    })
  })
  test('without notify_id is named by what it says', async () => {
    const { notify_id: _, ...rest } = changed()
    const [one, same, other] = [
      await heard(message(rest)),
      await heard(message(rest, { by: 'GET' })),
      await heard(message({ ...rest, utc_timestamp: '1763712000001' })),
    ]
    const keyOf = (verdict: typeof one) => (verdict.verdict === 'genuine' ? verdict.key : '')
    expect(keyOf(one)).toMatch(/^[0-9a-f]{64}$/)
    expect(keyOf(same)).toBe(keyOf(one))
    expect(keyOf(other)).not.toBe(keyOf(one))
  })
  test('about something else has no number', async () => {
    const verdict = await heard(message(changed({ msg_method: 'alipay.security.risk.complaint.x' })))
    expect(verdict).toMatchObject({ verdict: 'genuine', event: 'alipay.security.risk.complaint.x' })
    expect(verdict).not.toHaveProperty('number')
    expect(verdict.verdict === 'genuine' && isRiskNotice(readNotice(verdict.told))).toBe(true)
    expect(isRiskNotice({ event: 'alipay.merchant.tradecomplain.changed' })).toBe(false)
  })
  test('of a system that the account does not hear is about nothing', async () => {
    const [risk, trade] = (['risk', 'trade'] as const).map((source) => account({ settings: { sources: [source] } }))
    expect(await heard(message(changed()), trade)).toHaveProperty('number')
    const verdict = await heard(message(changed()), risk)
    expect(verdict).toMatchObject({ verdict: 'genuine' })
    expect(verdict).not.toHaveProperty('number')
    const told = JSON.stringify({ event: 'alipay.security.risk.complaint.x', with: {}, about: {} })
    expect([risk, trade].map((of) => of && platform.isHint?.(of, told))).toEqual([true, false])
  })
  test('with an id that could lead elsewhere has no number', async () => {
    const odd = changed({ biz_content: JSON.stringify({ complain_event_id: '../1' }) })
    expect(await heard(message(odd))).not.toHaveProperty('number')
  })
  test('of an authorisation keeps what it grants', async () => {
    const { msg_method: _, ...rest } = changed({
      notify_type: 'open_app_auth_notify',
      biz_content: JSON.stringify({ detail: { app_auth_token: '202611BB', user_id: '2088000000000001' } }),
    })
    const verdict = await heard(message(rest))
    expect(verdict).toMatchObject({ verdict: 'genuine', event: 'open_app_auth_notify' })
    expect(verdict.verdict === 'genuine' && readNotice(verdict.told).about).toEqual({
      detail: { app_auth_token: '202611BB', user_id: '2088000000000001' },
    })
  })
})

describe('not believed', () => {
  const genuine = message(changed())
  const bodied = (body: string): RawRequest => ({ ...genuine, body: Buffer.from(body) })
  const written = genuine.body.toString()
  test.each<[what: string, why: string, request: RawRequest]>([
    ['by a stranger', 'signature', message(changed(), { key: keys.stranger.privateKey })],
    ['with the app’s own key', 'signature', message(changed(), { key: keys.app.privateKey })],
    ['with another notify_id', 'signature', bodied(written.replace(/notify_id=%64/, 'notify_id=%65'))],
    ['with something added', 'signature', bodied(`${written}&a=b`)],
    ['with sign_type RSA', 'wrong-mode', message(changed({ sign_type: 'RSA' }))],
    ['with a sign_type that is none', 'wrong-mode', message(changed({ sign_type: 'none' }))],
    ['for another app', 'wrong-account', message(changed({ app_id: '2021000000000002' }))],
    [
      'without an app',
      'wrong-account',
      message(Object.fromEntries(Object.entries(changed()).filter(([name]) => name !== 'app_id'))),
    ],
    ['without a signature', 'malformed', bodied(written.replace(/&sign=[^&]+/, ''))],
    ['with a name that stands twice', 'malformed', bodied(`${written}&notify_id=x`)],
    ['with a broken escape', 'malformed', bodied(`${written}&a=%zz`)],
    ['with a name that is none', 'malformed', bodied(`${written}&=x`)],
    ['with nothing in it', 'malformed', bodied('')],
    ['by PUT', 'malformed', { ...genuine, method: 'PUT' }],
    ['too large', 'malformed', bodied(`${written}&a=${'x'.repeat(70_000)}`)],
    ['with too many names', 'malformed', bodied(Array.from({ length: 200 }, (_, nr) => `a${nr}=1`).join('&'))],
    ['in an unknown charset', 'encoding', message(changed({ charset: 'EBCDIC' }))],
    [
      'not in the charset that it names',
      'encoding',
      message(changed({ charset: 'utf-8' }), { bytes: { a: Buffer.from('b4a6', 'hex') } }),
    ],
  ])('%s', async (_, why, request) => {
    expect(await heard(genuine)).toMatchObject({ verdict: 'genuine' })
    expect(await heard(request)).toEqual(forged(why))
  })
  test('with a certificate that we do not have', async () => {
    const request = message(changed({ alipay_cert_sn: 'f'.repeat(32) }), { key: keys.stranger.privateKey })
    expect(await heard(request, certificateAccount())).toEqual(forged('unknown-key'))
  })
  test('where the account has no keys', async () => {
    expect(await heard(genuine, account({ secrets: {} }))).toEqual(forged('unknown-key'))
  })
})

test('the check of the app gateway is answered with our key, signed', async () => {
  const { app_id: _, msg_method: __, notify_id: ___, ...rest } = changed()
  const biz_content = `<XML><AppId><![CDATA[${appId}]]></AppId><EventType><![CDATA[verifygw]]></EventType></XML>`
  const check = { ...rest, service: 'alipay.service.check', biz_content }
  const verdict = await heard(message(check))
  if (verdict.verdict !== 'handshake') throw new Error('no handshake')
  const reply = platform.reply({ echo: verdict.echo })
  expect(reply.headers['content-type']).toContain('text/xml')
  const [, said = '', signature = ''] =
    /<response>(.*)<\/response><sign>(.*)<\/sign><sign_type>RSA2</.exec(String(reply.body)) ?? []
  const [, key = ''] = /<success>true<\/success><biz_content>(.*)<\/biz_content>/.exec(said) ?? []
  const published = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' })
  expect(published.equals(keys.app.publicKey)).toBe(true)
  expect(verify('RSA-SHA256', Buffer.from(said), published, Buffer.from(signature, 'base64'))).toBe(true)
  const other = { ...check, biz_content: biz_content.replace(appId, '2021000000000002') }
  expect(await heard(message(other))).toEqual(forged('wrong-account'))
  expect(await heard(message(check, { key: keys.stranger.privateKey }))).toEqual(forged('signature'))
})

test('Alipay is told success or fail in its own words', () => {
  expect(platform.reply('taken')).toMatchObject({ status: 200, body: 'success' })
  expect(platform.reply('refused')).toMatchObject({ body: 'fail' })
})

const file = 'alipay-vectors.json'
vectorTest(file, 'a real message of theirs', async (read) => {
  const { notify } = JSON.parse(read(file).toString()) as {
    notify: readonly { publicKey: string; params: Record<string, string>; expect: boolean }[]
  }
  expect(notify.length).toBeGreaterThan(0)
  for (const { publicKey, params, expect: genuine } of notify) {
    const of = account({
      outsideId: params.app_id ?? '',
      secrets: secretsOf({ privateKey: account().secrets.privateKey?.reveal() ?? '', alipayPublicKey: publicKey }),
    })
    const sent = (over: Record<string, string> = {}): RawRequest => ({
      method: 'POST',
      path: '/',
      query: '',
      headers: {},
      body: Buffer.from(new URLSearchParams({ ...params, ...over }).toString()),
    })
    expect((await heard(sent(), of)).verdict).toBe(genuine ? 'genuine' : 'forged')
    expect(await heard(sent({ subject: 'another' }), of)).toEqual(forged('signature'))
  }
})

vectorTest(file, 'messages that were signed with a certificate', async (read) => {
  const { certSigned } = JSON.parse(read(file).toString()) as {
    certSigned: readonly { cert: string; digest: string; params: Record<string, string> }[]
  }
  const pem = (cert: string) => read(cert.replace('certs/', 'alipay-certs/')).toString()
  expect(certSigned.length).toBeGreaterThan(2)
  for (const { cert, digest, params } of certSigned) {
    const of = certificateAccount({ outsideId: params.app_id ?? '' })
    const secrets = { ...of.secrets, ...secretsOf({ alipayCertificate: pem(cert) }) }
    const request: RawRequest = { ...message(changed()), body: Buffer.from(new URLSearchParams(params).toString()) }
    const verdict = await heard(request, { ...of, secrets })
    // They have no event, which is looked at only when the signature is good; SHA-1 is refused before.
    expect(verdict).toEqual(forged(digest === 'SHA1' ? 'wrong-mode' : 'malformed'))
    expect(await heard({ ...request, body: Buffer.from(`${request.body}&a=b`) }, { ...of, secrets })).toEqual(
      forged(digest === 'SHA1' ? 'wrong-mode' : 'signature'),
    )
  }
})
