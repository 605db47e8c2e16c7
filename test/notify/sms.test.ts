import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/core/seal.ts'
import { asId, instant } from '../../src/core/words.ts'
import type { Message, Sent } from '../../src/notify/kind.ts'
import { letterOf } from '../../src/notify/letter.ts'
import { carrierMeans } from '../../src/notify/sms/carrier.ts'
import { codeMeans, smsCodes, thrownMeans } from '../../src/notify/sms/codes.ts'
import { paramsOf } from '../../src/notify/sms/params.ts'
import { maskPhone, phone, smsLimits } from '../../src/notify/sms/settings.ts'
import type { StoredChannel } from '../../src/storage/channels.ts'
import { given, playChannels } from '../support/channels.ts'
import { noon, sqlite } from '../support/databases.ts'
import { reader, told } from './told.ts'

const number = '+8613800000000'
const letter = letterOf({ complaints: [told()], notices: [] }, reader)
const message: Message = { key: asId('dlv_1'), letter, tries: 0 }

async function stage({ timeout = 3_000 } = {}) {
  const outside = await playChannels({ timeout })
  const { database } = await sqlite.open()
  const kind = outside.kindsOn(database).find((each) => each.kind === 'sms')
  if (!kind) throw new Error('no kind')
  const { settings, secrets } = given(outside).sms
  const channel = (more: Readonly<Record<string, unknown>> = {}): StoredChannel => ({
    ...{ id: asId('chn_1'), tenant: asId('ten_1'), kind: 'sms', name: 'sms', enabled: true, failures: 0 },
    ...{ secretsAt: instant(noon), endingSaid: false },
    settings: { ...settings, ...more },
    secrets: { secretId: new Secret(secrets.secretId), secretKey: new Secret(secrets.secretKey) },
  })
  return { outside, kind, channel, sms: outside.sms }
}
const short = (sent: Sent) => (sent.outcome === 'failed' ? sent.blames : sent.outcome)

test('a message is signed, taken, and carries our number of it', async () => {
  const { kind, channel, sms } = await stage()
  expect(await kind.send(channel(), number, message)).toMatchObject({
    outcome: 'sent',
    reference: expect.stringMatching(/./),
  })
  const [sent] = sms.messages()
  expect(sent).toMatchObject({ phone: number, session: 'dlv_1', params: ['1', '微信支付', '610000', '23:00'] })
  expect(sms.calls()[0]).toMatchObject({ on: 'send', region: 'ap-guangzhou' })
})

describe('what goes wrong', () => {
  test.each(smsCodes.filter((code) => !code.startsWith('AuthFailure')))('%s at the number', async (code) => {
    const { kind, channel, sms } = await stage()
    sms.misbehave({ on: 'number', how: 'code', code })
    const sent = await kind.send(channel(), number, message)
    expect(sent).toEqual(codeMeans(code, { tries: 0, now: noon }))
    expect(sms.messages()).toEqual([])
  })
  test('every code says in both languages what to do', () => {
    for (const code of smsCodes) {
      const { why } = codeMeans(code, { tries: 0, now: noon })
      expect(why).toMatch(/^[^|]*\p{Script=Han}[^|]* \| [^|]+ \[[\w.]+\]$/u)
    }
  })
  test.each<[Parameters<Awaited<ReturnType<typeof stage>>['sms']['misbehave']>[0], string, number]>([
    [{ on: 'send', how: 'error', code: 'AuthFailure.SecretIdNotFound' }, 'credentials', 0],
    [{ on: 'send', how: 'error', code: 'InternalError.Timeout' }, 'message', 0],
    [{ on: 'send', how: 'error', code: 'Never.Heard' }, 'message', 0],
    [{ on: 'send', how: 'lost-answer' }, 'unknown', 1],
    [{ on: 'send', how: 'lost-request' }, 'unknown', 0],
    [{ on: 'send', how: 'malformed' }, 'unknown', 1],
    [{ on: 'send', how: 'http', status: 502, effect: true }, 'unknown', 1],
    [{ on: 'send', how: 'hang', effect: true }, 'unknown', 1],
  ])('%j: %s', async (script, means, arrived) => {
    const { kind, channel, sms } = await stage({ timeout: 1_000 })
    sms.misbehave(script)
    expect(short(await kind.send(channel(), number, message))).toBe(means)
    expect(sms.messages().length).toBe(arrived)
  })
  test('nobody there: it surely did not go', async () => {
    const { outside, kind, channel } = await stage()
    await outside.served.sms.close()
    expect(short(await kind.send(channel(), number, message))).toBe('channel')
  })
  test('the wrong key, and a template with another number of variables', async () => {
    const { kind, channel } = await stage()
    const wrong = {
      ...channel(),
      secrets: { secretId: new Secret('AKIDtest0123456789'), secretKey: new Secret('x'.repeat(20)) },
    }
    expect(short(await kind.send(wrong, number, message))).toBe('credentials')
    expect(short(await kind.send(channel({ params: ['count'] }), number, message))).toBe('credentials')
  })
  test('what passes by itself is tried a few times and no more', () => {
    const again = (tries: number) => codeMeans('InternalError.OtherError', { tries, now: noon }).again
    expect([again(0), again(1), again(2)]).toEqual([60_000, 60_000, undefined])
    expect(short(thrownMeans({ message: 'request to https://x failed, reason: getaddrinfo ENOTFOUND x' }))).toBe(
      'channel',
    )
    expect(short(thrownMeans({ message: 'request to https://x failed, reason: socket hang up' }))).toBe('unknown')
  })
})

test('a variable has six letters at most, is never empty, and is no link', () => {
  const { fields } = letter
  expect(paramsOf({ ...fields, reason: '东西坏了而且味道很奇怪' }, ['reason'], 6)).toEqual(['东西坏了而且'])
  expect(paramsOf({ ...fields, reason: '😀😀😀😀😀😀😀' }, ['reason'], 6)).toEqual(['😀😀😀😀😀😀'])
  expect(paramsOf({ ...fields, reason: '', text: '看 https://x.cn/y' }, ['reason', 'text'], 6)).toEqual(['-', '看'])
  expect(paramsOf({ ...fields, reason: '【腾讯】领奖' }, ['reason'], 20)).toEqual(['腾讯 领奖'])
})

test('numbers', () => {
  for (const same of ['13800000000', '+86 138 0000 0000', '8613800000000', '0086-138-0000-0000'])
    expect(phone(same)).toBe(number)
  expect(phone('+85291234567')).toBe('+85291234567')
  for (const wrong of ['', '12800000000', '+8612345', '138000000001', '85291234567', '+0123456789'])
    expect(() => phone(wrong)).toThrow('mobile number')
  expect(maskPhone(number)).toBe('+86138****0000')
})

test('two a day for a number, until somebody says otherwise', () => {
  const set = { sdkAppId: '1400006666', sign: '小店', templateId: '1' }
  expect(smsLimits(set)).toMatchObject({ perRecipientDay: 2, recipientGap: 30_000, dayBegins: 8 })
  expect(smsLimits({ ...set, perRecipientDay: 10, dayBegins: 7 })).toMatchObject({ perRecipientDay: 10, dayBegins: 7 })
})

test.each([
  ['EXPIRED', /过期/],
  ['MN:0001', /核对号码/],
  ['REJECTD', /拦截/],
  ['UNDELIV', /没有送达/],
  ['XX:1', /联系腾讯云/],
  ['', /联系腾讯云[^[]*$/],
])('a carrier that says %j is explained with what to do', (word, zh) => {
  const why = carrierMeans(word)
  expect(why.split(' | ')[0]).toMatch(zh)
  expect(why).toMatch(word === '' ? /Tencent Cloud SMS$/ : new RegExp(`\\[${word}\\]$`))
})
