import { createHash, createHmac } from 'node:crypto'
import { Agent } from 'node:http'
import tencent from 'tencentcloud-sdk-nodejs/tencentcloud/services/sms/index.js'
import { afterEach, expect, test } from 'vitest'
import { createSms } from '../../sandbox/sms/index.ts'
import { manualClock } from '../../src/core/clock.ts'
import { app, key, openWorld, phone, sdkAppId, start, type World } from './sms-world.ts'

// TC3-HMAC-SHA256, notifications.md §1.2.
let w: World | undefined
afterEach(async () => {
  await w?.close()
  w = undefined
})

/** The fixed vector of §1.2 as a request. */
function vector(headers: Record<string, string> = {}) {
  const body =
    '{"PhoneNumberSet":["+8613800000000"],"SmsSdkAppId":"1400006666","TemplateId":"1110","SignName":"示例","TemplateParamSet":["A1","2"]}'
  const signature = '1fbdb896aa8d1407527e44c52de35e4df0860b7a9dc3ed70a1584bccb03e8bc5'
  return {
    method: 'POST',
    url: '/',
    headers: {
      host: 'sms.tencentcloudapi.com',
      'content-type': 'application/json',
      'x-tc-action': 'SendSms',
      'x-tc-version': '2021-01-11',
      'x-tc-timestamp': '1700000000',
      'x-tc-region': 'ap-guangzhou',
      authorization: `TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/sms/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
      ...headers,
    },
    body: Buffer.from(body),
  }
}

async function asked(request: ReturnType<typeof vector>, now = 1_700_000_000_000): Promise<unknown> {
  const sms = createSms({
    clock: manualClock(now),
    random: (size) => Buffer.alloc(size, 1),
    deliver: () => Promise.reject(new Error('nobody')),
    keys: [key],
    apps: [app({ signs: [{ id: 1, text: '示例' }], templates: [{ id: 1110, content: '{1}有{2}' }] })],
  })
  const { Response: told } = JSON.parse((await sms.handle(request)).body.toString())
  return told.Error?.Code ?? told.SendStatusSet[0].Code
}

test('the fixed vector is believed, with and without a port in the Host header', async () => {
  expect(await asked(vector())).toBe('Ok')
  expect(await asked(vector({ host: 'sms.tencentcloudapi.com:8443' }))).toBe('Ok')
})

test('the raw bytes are what is signed', async () => {
  const request = vector()
  const spaced = Buffer.from(request.body.toString().replace(',"TemplateId"', ', "TemplateId"'))
  expect(await asked({ ...request, body: spaced })).toBe('AuthFailure.SignatureFailure')
})

const failure = 'AuthFailure.SignatureFailure'
const claim = (more: string) =>
  `TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/sms/tc3_request, SignedHeaders=content-type;host, Signature=${more}`
test.each([
  ['another host', { host: 'sms.example.com' }, failure],
  ['another content type', { 'content-type': 'application/json; charset=utf-8' }, failure],
  ['another second', { 'x-tc-timestamp': '1700000001' }, failure],
  ['another signature', { authorization: claim('0'.repeat(64)) }, failure],
  ['no signature', { authorization: '' }, 'AuthFailure.InvalidAuthorization'],
  ['no signature at all', { authorization: claim('') }, 'AuthFailure.InvalidAuthorization'],
  ['no time', { 'x-tc-timestamp': '' }, 'AuthFailure.SignatureExpire'],
  ['a time that is none', { 'x-tc-timestamp': 'now' }, 'AuthFailure.SignatureExpire'],
])('%s', async (_, headers, code) => {
  expect(await asked(vector(headers))).toBe(code)
})

test('the window is five minutes, both ways', async () => {
  const second = 1000
  for (const [off, code] of [
    [300 * second, 'Ok'],
    [-300 * second, 'Ok'],
    [301 * second, 'AuthFailure.SignatureExpire'],
    [-301 * second, 'AuthFailure.SignatureExpire'],
  ] as const)
    expect([off, await asked(vector(), 1_700_000_000_000 + off)]).toEqual([off, code])
})

test('a client that signs its action too, lower-cased; less than content type and host is not enough', async () => {
  const { body, ...request } = vector()
  const sha = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
  const mac = (secret: string | Buffer, text: string) => createHmac('sha256', secret).update(text).digest()
  const sign = (names: string, head: string) => {
    const words = `TC3-HMAC-SHA256\n1700000000\n2023-11-14/sms/tc3_request\n${sha(`POST\n/\n\n${head}\n${names}\n${sha(body)}`)}`
    const signing = mac(mac(mac('TC3secretkey-example', '2023-11-14'), 'sms'), 'tc3_request')
    const authorization = claim(mac(signing, words).toString('hex')).replace('content-type;host', names)
    return { ...request, body, headers: { ...request.headers, authorization } }
  }
  const [type, host] = ['content-type:application/json\n', 'host:sms.tencentcloudapi.com\n']
  const three = 'content-type;host;x-tc-action'
  expect(await asked(sign(three, `${type}${host}x-tc-action:sendsms\n`))).toBe('Ok')
  expect(await asked(sign(three, `${type}${host}x-tc-action:other\n`))).toBe(failure)
  expect(await asked(sign('content-type', type))).toBe(failure)
  expect(await asked(sign('host', host))).toBe(failure)
})

test('over HTTP: wrong secret, unknown id, another service, an old clock, a changed body', async () => {
  w = await openWorld()
  const code = async (how: Parameters<World['send']>[1]) => (await w?.send({}, how))?.error?.Code
  expect(await code({ secretKey: 'wrong' })).toBe(failure)
  expect(await code({ secretId: 'AKIDNOBODY' })).toBe('AuthFailure.SecretIdNotFound')
  expect(await code({ service: 'cvm' })).toBe(failure)
  expect(await code({ timestamp: start / 1000 - 301 })).toBe('AuthFailure.SignatureExpire')
  expect(await code({ signedBody: '{}' })).toBe(failure)
  w.sms.setRules({ service: '' })
  expect(await code({ service: '127' })).toBeUndefined()
  expect(w.sms.messages()).toHaveLength(1)
  expect(w.sms.calls().map(({ on, code: said }) => said ?? on)).toEqual([
    failure,
    'AuthFailure.SecretIdNotFound',
    failure,
    'AuthFailure.SignatureExpire',
    failure,
    'send',
  ])
})

test('the official SDK, its endpoint led here by the lookup of an agent (§1.2, quirk 6)', async () => {
  w = await openWorld({ toleranceMs: Number.MAX_SAFE_INTEGER })
  const lookup: NonNullable<ConstructorParameters<typeof Agent>[0]>['lookup'] = (_, options, done) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
  const client = (secretKey: string) =>
    new tencent.sms.v20210111.Client({
      credential: { secretId: key.secretId, secretKey },
      region: 'ap-guangzhou',
      profile: {
        httpProfile: {
          endpoint: `sms.tencentcloudapi.com:${w?.port}`,
          protocol: 'http://',
          reqTimeout: 10,
          agent: new Agent({ lookup }),
        },
      },
    })
  const wish = {
    PhoneNumberSet: [phone],
    SmsSdkAppId: sdkAppId,
    TemplateId: '1110',
    SignName: '青禾优选',
    TemplateParamSet: ['3', '微信支付', '123456', '18:30'],
    SessionContext: 'n-7',
  }
  expect(await client(key.secretKey).SendSms(wish)).toMatchObject({
    SendStatusSet: [{ Code: 'Ok', PhoneNumber: phone, Fee: 1, SessionContext: 'n-7' }],
    RequestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  })
  expect(w.sms.messages()[0]?.text).toBe(
    '【青禾优选】您有3笔新投诉（微信支付，尾号123456），最早截止18:30，请登录处理。',
  )
  await expect(client('wrong').SendSms(wish)).rejects.toMatchObject({ code: failure })
})
