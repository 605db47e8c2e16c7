import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { OutsideError } from '../../../src/core/errors.ts'
import { silent } from '../../../src/core/logger.ts'
import { Secret } from '../../../src/core/seal.ts'
import { createTransport } from '../../../src/core/transport.ts'
import { createAlipay } from '../../../src/platforms/alipay/index.ts'
import {
  account,
  answered,
  appId,
  certificateAccount,
  certificateSecrets,
  certificates,
  failureOf,
  keys,
  no,
  ok,
  pem,
  platformOn,
  png,
  Raw,
  type Script,
  secretsOf,
} from './support.ts'

const caller = { account: account() }
const method = 'alipay.trade.query'
const call = { method, content: { trade_no: '1' } }
const on = (script: Script) => {
  const made = platformOn(script)
  return { ...made, gateway: made.platform.client }
}

describe('a request', () => {
  test('carries who asks, when in Beijing, and for whom', async () => {
    const { gateway, transport } = on(() => ok())
    await gateway.read({ ...caller, token: new Secret('202611BBtoken') }, call)
    const [first] = transport.asked
    expect(first?.url.origin).toBe('https://openapi.alipay.com')
    expect(first?.url.pathname).toBe('/gateway.do')
    expect(Object.fromEntries(first?.query ?? [])).toMatchObject({
      app_id: appId,
      method,
      charset: 'utf-8',
      sign_type: 'RSA2',
      version: '1.0',
      timestamp: '2026-11-21 16:00:00',
      app_auth_token: '202611BBtoken',
    })
    expect([...(first?.form.keys() ?? [])]).toEqual(['biz_content'])
    expect(first?.content).toEqual({ trade_no: '1' })
  })
  test('names its certificates in certificate mode', async () => {
    const { gateway, transport } = on(() => ok())
    await gateway.read({ account: certificateAccount() }, call)
    expect(transport.asked[0]?.query.get('app_cert_sn')).toMatch(/^[0-9a-f]{32}$/)
    expect(transport.asked[0]?.query.get('alipay_root_cert_sn')).toMatch(/^[0-9a-f]{32}$/)
  })
  test('needs the account’s keys', async () => {
    const { gateway, transport } = on(() => ok())
    expect(await failureOf(gateway.read({ account: account({ secrets: {} }) }, call))).toMatchObject({
      trouble: 'forbidden',
    })
    expect(transport.asked).toEqual([])
  })
  test('with a picture signs what stands beside it and sends its bytes', async () => {
    const { gateway, transport } = on(() => ok({ image_id: 'x' }))
    const picture = png(2000, 0x0d)
    const upload = { method: 'alipay.merchant.image.upload', flat: { image_type: 'png' } }
    expect(await gateway.upload(caller, upload, { name: 'image_content', picture })).toMatchObject({ image_id: 'x' })
    const [one] = transport.asked
    expect(one?.form.get('image_type')).toBe('png')
    expect(one?.body.includes(picture.bytes)).toBe(true)
    expect(one?.body.toString('latin1')).toContain(
      'name="image_content"; filename="picture.png"\r\nContent-Type: image/png',
    )
    expect(one?.timeout).toBe(30_000)
  })
})

describe('an answer that is no success', () => {
  const page = new Raw('<html>502 Bad Gateway</html>', 502)
  const theirs = (inner: object) => new Raw(answered(method, inner))
  const cases: readonly (readonly [what: string, answer: object, read: string, act: string, code: string])[] = [
    ['20000', theirs({ code: '20000', msg: 'x' }), 'unreachable', 'unknown', '20000'],
    ['20001', theirs({ code: '20001', msg: 'x' }), 'forbidden', 'forbidden', '20001'],
    ['40001', theirs({ code: '40001' }), 'refused', 'refused', '40001'],
    [
      'a bad token',
      theirs(no('aop.invalid-app-auth-token', { code: '20001' })),
      'forbidden',
      'forbidden',
      'aop.invalid-app-auth-token',
    ],
    [
      'a bad signature',
      theirs(no('isv.invalid-signature', { code: '40002' })),
      'forbidden',
      'forbidden',
      'isv.invalid-signature',
    ],
    ['40005', theirs({ code: '40005', sub_code: 'isv.app-call-limited' }), 'busy', 'busy', 'isv.app-call-limited'],
    [
      '40006',
      theirs({ code: '40006', sub_code: 'isv.insufficient-isv-permissions' }),
      'forbidden',
      'forbidden',
      'isv.insufficient-isv-permissions',
    ],
    ['a business no', theirs(no('ACQ.SOMETHING')), 'refused', 'refused', 'ACQ.SOMETHING'],
    ['a system error', theirs(no('ACQ.SYSTEM_ERROR')), 'unreachable', 'unknown', 'ACQ.SYSTEM_ERROR'],
    ['a system error, misspelt', theirs(no('AQC.SYSTEM_ERROR')), 'unreachable', 'unknown', 'AQC.SYSTEM_ERROR'],
    ['another state', theirs(no('STATUS_CHANGED')), 'moved', 'moved', 'STATUS_CHANGED'],
    ['a code that nobody knows', theirs({ code: '77777' }), 'unreachable', 'unknown', '77777'],
    ['no code', theirs({ msg: 'Success' }), 'unreachable', 'unknown', 'unreadable'],
    ['a page', page, 'unreachable', 'unknown', 'unverified:http-502'],
    ['an empty 200', new Raw(''), 'unreachable', 'unknown', 'unverified:unreadable'],
    ['an encrypted text', new Raw(answered(method, '"A3f/+w=="')), 'unreachable', 'unknown', 'unverified:unreadable'],
    [
      'success, unsigned',
      new Raw('{"alipay_trade_query_response":{"code":"10000"}}'),
      'unreachable',
      'unknown',
      'unverified:unsigned',
    ],
    [
      'success by a stranger',
      new Raw(answered(method, ok(), { key: keys.stranger.privateKey })),
      'unreachable',
      'unknown',
      'unverified:signature',
    ],
    [
      'a no by a stranger',
      new Raw(answered(method, no('ACQ.TRADE_NOT_EXIST'), { key: keys.stranger.privateKey })),
      'unreachable',
      'unknown',
      'unverified:signature',
    ],
    [
      'success of another call',
      new Raw(answered('alipay.trade.refund', ok())),
      'unreachable',
      'unknown',
      'unverified:unreadable',
    ],
    [
      'an error that nobody signed',
      new Raw('{"error_response":{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-app-id"}}'),
      'forbidden',
      'unknown',
      'isv.invalid-app-id',
    ],
    [
      'an error that is signed',
      new Raw(answered(method, no('isv.code-invalid', { code: '40002' }), { name: 'error_response' })),
      'refused',
      'refused',
      'isv.code-invalid',
    ],
    [
      'no connection',
      new OutsideError('unreachable', 'x', { code: 'ECONNREFUSED' }),
      'unreachable',
      'unreachable',
      'network',
    ],
    ['silence', new OutsideError('unknown', 'x', { code: 'ECONNRESET' }), 'unreachable', 'unknown', 'network'],
  ]
  test.each(cases)('%s', async (_, answer, read, act, code) => {
    const { gateway, transport } = on(() => answer)
    expect(await failureOf(gateway.read(caller, call))).toMatchObject({ trouble: read, code })
    const asked = transport.asked.length
    expect(asked).toBe(read === 'unreachable' ? 3 : 1)
    const error = await failureOf(gateway.act(caller, call))
    expect(error).toMatchObject({ trouble: act })
    expect(error).toBeInstanceOf(OutsideError)
    expect(String(error)).toMatch(/[一-龥].* \| [A-Za-z]/)
    // What changes something is never said twice.
    expect(transport.asked.length).toBe(asked + 1)
  })
  test('repeats no token, key or telephone', async () => {
    const token = `2026${'a1B2'.repeat(9)}`
    const told = { ...no('isv.some'), sub_msg: `app_auth_token=${token} of 13800138000 is wrong` }
    const error = await failureOf(on(() => told).gateway.read(caller, call))
    expect(String(error)).toContain('is wrong')
    expect(String(error)).not.toMatch(/a1B2|13800138000/)
    const signature = no('isv.invalid-signature', { sub_msg: '验签字符串为：app_id=1&app_auth_token=short' })
    expect(String(await failureOf(on(() => signature).gateway.read(caller, call)))).not.toContain('short')
  })
  test('passes when the next try succeeds', async () => {
    const answers = [page, theirs({ code: '20000' }), ok({ trade_no: '1' })]
    const { gateway, transport } = on(() => answers.shift())
    expect(await gateway.read(caller, call)).toMatchObject({ trade_no: '1' })
    expect(transport.asked.length).toBe(3)
  })
})

describe('a certificate of Alipay that we do not have', () => {
  const renewed = new Raw(answered(method, ok(), { key: keys.stranger.privateKey, serial: 'f'.repeat(32) }))
  test('is named, so that a person fetches it', async () => {
    const { gateway } = on(() => renewed)
    const of = { account: certificateAccount() }
    expect(await failureOf(gateway.read(of, call))).toMatchObject({
      trouble: 'forbidden',
      code: 'unverified:certificate',
    })
    expect(await failureOf(gateway.act(of, call))).toMatchObject({ trouble: 'unknown' })
  })
  test('ours verifies', async () => {
    const { gateway } = on(() => ok({ trade_no: '1' }))
    expect(await gateway.read({ account: certificateAccount() }, call)).toMatchObject({ trade_no: '1' })
  })
})

test('inspect tries each source and warns of an end that is near', async () => {
  const { platform } = platformOn(({ method: asked }) =>
    asked.includes('risk')
      ? no('isv.insufficient-isv-permissions', { code: '40006' })
      : ok({ trade_complain_infos: [] }),
  )
  const near = certificateAccount({
    secrets: secretsOf({ ...certificateSecrets, alipayCertificate: certificates.ending }),
  })
  const found = await platform.inspect?.({ account: near })
  expect(
    found?.map(({ level }) => level),
    JSON.stringify(found),
  ).toEqual(['bad', 'ok', 'warn'])
  expect(found?.[2]?.what.zh).toContain('2026-11-22')
})

test('over real HTTP: no redirect is followed, and a slow answer ends', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    request.resume().on('end', () => {
      if (asked.length === 1) response.writeHead(302, { location: '/elsewhere' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const transport = createTransport({ clock: systemClock })
  const { client } = createAlipay({
    transport,
    clock: systemClock,
    random: (size) => Buffer.alloc(size),
    logger: silent,
    gateway: `http://127.0.0.1:${port}/gateway.do`,
  })
  const of = {
    account: account({
      secrets: secretsOf({ privateKey: pem(keys.app.privateKey), alipayPublicKey: pem(keys.alipay.publicKey) }),
    }),
  }
  try {
    expect(await failureOf(client.act(of, call))).toMatchObject({ trouble: 'unknown', code: 'unverified:http-302' })
    expect(await failureOf(client.act(of, { ...call, timeout: 100 }))).toMatchObject({
      trouble: 'unknown',
      code: 'network',
    })
    expect(asked.map((url) => url.split('?')[0])).toEqual(['/gateway.do', '/gateway.do'])
  } finally {
    server.closeAllConnections()
    await transport.close()
    await new Promise((resolve) => server.close(resolve))
  }
})
