import { describe, expect, test } from 'vitest'
import { manualClock } from '../../../src/core/clock.ts'
import { OutsideError } from '../../../src/core/errors.ts'
import { errorCodes, failure } from '../../../src/platforms/wechat-pay/errors.ts'
import { createLimiter, defaultCalls, type Operation } from '../../../src/platforms/wechat-pay/limits.ts'
import {
  type Answer,
  account,
  authorizationOf,
  complaint,
  done,
  failureOf,
  jobOf,
  keys,
  mchid,
  number,
  pageOf,
  platformOn,
  refuse,
  root,
  type Script,
  type Signature,
  said,
  serials,
  start,
} from './support.ts'

const seat = { account: account() }
const reading: Script = (asked) => (asked.path.endsWith('/negotiation-historys') ? pageOf([], asked) : complaint())
const detailBy =
  (answer: () => Answer): Script =>
  (asked) =>
    asked.path === `${root}/${number}` ? answer() : reading(asked)
const finishing = { kind: 'finish' } as const

describe('a request', () => {
  test('carries who signs, and what every request must', async () => {
    const { platform, transport } = platformOn(reading)
    await platform.fetch(seat, number)
    const [first] = transport.asked
    if (!first) throw new Error('nothing was asked')
    expect(first).toMatchObject({ method: 'GET', host: 'api.mch.weixin.qq.com', target: `${root}/${number}` })
    expect(first.headers).toMatchObject({
      accept: 'application/json',
      'user-agent': 'redress',
      'accept-language': 'zh-CN',
    })
    expect(authorizationOf(first)).toMatchObject({
      mchid,
      serial_no: serials.merchant,
      timestamp: String(start / 1000),
      nonce_str: '07'.repeat(16),
    })
    expect(transport.targets()).toEqual([
      `GET ${root}/${number}`,
      `GET ${root}/${number}/negotiation-historys?limit=50&offset=0`,
    ])
  })
  test('is dated by the question, not by the answer', async () => {
    const { platform, clock } = platformOn((asked) => {
      clock.step(9_000)
      return reading(asked)
    })
    expect((await platform.fetch(seat, number)).asOf).toBe('2026-11-21T08:00:00.000Z')
  })
  test.each(['', '../x', 'a/b', '1?x=1', '投诉', ' 1', 'x'.repeat(65)])(
    'for the number %j is refused without asking',
    async (odd) => {
      const { platform, transport } = platformOn(reading)
      expect(await failureOf(platform.fetch(seat, odd))).toMatchObject({ trouble: 'refused' })
      expect(transport.asked).toEqual([])
    },
  )
  test('needs the account’s keys', async () => {
    const { platform, transport } = platformOn(reading)
    expect(await failureOf(platform.fetch({ account: account({ secrets: {} }) }, number))).toMatchObject({
      trouble: 'forbidden',
    })
    expect(transport.asked).toEqual([])
  })
})

describe('an answer to a question', () => {
  const doubts: [string, Signature][] = [
    ['no signature', { drop: 'wechatpay-signature' }],
    ['no serial, as some proxies leave it', { drop: 'wechatpay-serial' }],
    ['a stranger’s signature', { key: keys.stranger.privateKey }],
    ['a serial that nobody knows', { serial: serials.next }],
    ['their probe', { headers: { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abcd' } }],
    ['a signature of another day', { headers: { 'wechatpay-timestamp': String(start / 1000 - 86_400) } }],
  ]
  test.each(doubts)('with %s is asked for again, three times in all', async (_, how) => {
    const { platform, transport } = platformOn(detailBy(() => said({ json: complaint(), how })))
    expect(await failureOf(platform.fetch(seat, number))).toMatchObject({
      trouble: 'unreachable',
      code: expect.stringMatching(/^unverified:/),
    })
    expect(transport.asked.length).toBe(3)
  })
  test('with their probe once is nothing', async () => {
    let first = true
    const { platform } = platformOn(
      detailBy(() => {
        const how = first ? { headers: { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abcd' } } : {}
        first = false
        return said({ json: complaint(), how })
      }),
    )
    expect((await platform.fetch(seat, number)).number).toBe(number)
  })
  const troubles: [string, Answer, string, number][] = [
    ['500', refuse(500, 'SYSTEM_ERROR'), 'unreachable', 3],
    ['503', refuse(503, 'SERVICE_UNAVAILABLE'), 'unreachable', 3],
    ['502 with a page', said({ status: 502, body: '<html>' }), 'unreachable', 3],
    ['404 with a page', said({ status: 404, body: '<html>' }), 'unreachable', 3],
    ['302', said({ status: 302, body: '' }), 'unreachable', 3],
    ['202', said({ status: 202, body: '{}' }), 'unreachable', 3],
    ['signed nonsense', said({ body: 'hello' }), 'unreachable', 3],
    ['a signed list', said({ body: '[]' }), 'unreachable', 3],
    ['another complaint', complaint({ complaint_id: '2' }), 'unreachable', 1],
    ['no complaint', said({ json: {} }), 'unreachable', 1],
    ['nothing sent', new OutsideError('unreachable', 'refused'), 'unreachable', 3],
    ['cut off', new OutsideError('unknown', 'reset'), 'unreachable', 3],
    ['429', refuse(429, 'FREQUENCY_LIMITED'), 'busy', 3],
    ['429 of a proxy', said({ status: 429, body: '' }), 'busy', 3],
    ['400 PARAM_ERROR', refuse(400, 'PARAM_ERROR'), 'refused', 1],
    ['400 INVALID_REQUEST', refuse(400, 'INVALID_REQUEST'), 'refused', 1],
    ['401 SIGN_ERROR', refuse(401, 'SIGN_ERROR'), 'forbidden', 1],
    ['403 NO_AUTH', refuse(403, 'NO_AUTH'), 'forbidden', 1],
    ['403 of a new kind', refuse(403, 'SOMETHING'), 'forbidden', 1],
    ['404 RESOURCE_NOT_EXISTS', refuse(404, 'RESOURCE_NOT_EXISTS'), 'refused', 1],
    ['400 of a new kind', refuse(400, 'SOMETHING'), 'refused', 1],
  ]
  test.each(troubles)('%s: a question may always be asked again', async (_, answer, trouble, times) => {
    const { platform, transport } = platformOn(detailBy(() => answer))
    expect(await failureOf(platform.fetch(seat, number))).toMatchObject({ trouble })
    expect(transport.asked.length).toBe(times)
  })
  test('that did not come is asked for at the other address, and signed as before', async () => {
    let first = true
    const { platform, transport } = platformOn(
      detailBy(() => {
        const answer = first ? new OutsideError('unreachable', 'down') : complaint()
        first = false
        return answer
      }),
    )
    await platform.fetch(seat, number)
    expect(transport.asked.map((one) => one.host)).toEqual([
      'api.mch.weixin.qq.com',
      'api2.mch.weixin.qq.com',
      'api.mch.weixin.qq.com',
    ])
  })
  test('at a configured address is never asked for elsewhere', async () => {
    const { platform, transport } = platformOn(() => new OutsideError('unreachable', 'down'), {
      baseUrl: 'http://127.0.0.1:9/',
    })
    await failureOf(platform.fetch(seat, number))
    expect(transport.asked.map((one) => one.host)).toEqual(Array(3).fill('127.0.0.1:9'))
  })
  test('a bug of ours is not dressed up as an outage', async () => {
    const { platform } = platformOn(() => new TypeError('ours'))
    await expect(platform.fetch(seat, number)).rejects.toThrow(TypeError)
  })
})

describe('an answer to an act', () => {
  const act = async (answer: Answer) => {
    const { platform, transport } = platformOn((asked) => (asked.method === 'POST' ? answer : reading(asked)))
    const acted = await platform.deeds(seat).finish?.perform(jobOf<'finish'>(finishing))
    return { acted, posts: transport.asked.filter((one) => one.method === 'POST').length }
  }
  test('is done with a signed 204 without a body; the reference is their id', async () =>
    expect(await act(done)).toEqual({
      acted: { outcome: 'done', reference: '08F78BB8C70610D50218C2A1C1A20228F0D201-268578434' },
      posts: 1,
    }))
  test.each([
    ['cut off after sending', new OutsideError('unknown', 'reset')],
    ['500', refuse(500, 'SYSTEM_ERROR')],
    ['503', refuse(503, 'SERVICE_UNAVAILABLE')],
    ['502 with a page', said({ status: 502, body: '<html>' })],
    ['400 with a page', said({ status: 400, body: '<html>' })],
    ['302', said({ status: 302, body: '' })],
    ['202', said({ status: 202, body: '{}' })],
    ['an unsigned 204', said({ status: 204, body: '', how: { drop: 'wechatpay-signature' } })],
    ['a 204 signed by a stranger', said({ status: 204, body: '', how: { key: keys.stranger.privateKey } })],
    ['a probe', said({ status: 204, body: '', how: { headers: { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/a' } } })],
  ])('%s: unknown, and sent only once', async (_, answer) =>
    expect(await act(answer)).toEqual({ acted: { outcome: 'unknown' }, posts: 1 }),
  )
  test.each([
    ['nothing was sent', new OutsideError('unreachable', 'refused'), true],
    ['429', refuse(429, 'FREQUENCY_LIMITED'), true],
    ['429 of the other name', refuse(429, 'RATELIMIT_EXCEEDED'), true],
    ['PARAM_ERROR', refuse(400, 'PARAM_ERROR', '参数错误', { field: '/complainted_mchid' }), false],
    ['SIGN_ERROR', refuse(401, 'SIGN_ERROR'), false],
    ['NO_AUTH', refuse(403, 'NO_AUTH', '您暂无权限为该投诉单提交商户回复'), false],
    ['not there', refuse(404, 'RESOURCE_NOT_EXISTS'), false],
  ])('%s: failed, sent once, and may the same be tried again: %3$s', async (_, answer, again) => {
    const { acted, posts } = await act(answer)
    expect(acted).toMatchObject({ outcome: 'failed', again })
    expect(posts).toBe(1)
  })
})

describe('what a code means', () => {
  const meanings: [string, string, string][] = [
    ['PARAM_ERROR', 'refused', 'refused'],
    ['INVALID_REQUEST', 'refused', 'refused'],
    ['SIGN_ERROR', 'forbidden', 'forbidden'],
    ['NO_AUTH', 'forbidden', 'forbidden'],
    ['NOT_ENOUGH', 'refused', 'refused'],
    ['USER_ACCOUNT_ABNORMAL', 'refused', 'refused'],
    ['MCH_NOT_EXISTS', 'refused', 'refused'],
    ['RESOURCE_NOT_EXISTS', 'refused', 'refused'],
    ['FREQUENCY_LIMITED', 'busy', 'busy'],
    ['RATELIMIT_EXCEEDED', 'busy', 'busy'],
    ['SYSTEM_ERROR', 'unreachable', 'unknown'],
    ['SERVICE_UNAVAILABLE', 'unreachable', 'unknown'],
  ]
  const of = (code: string, message = '说明') => ({
    status: 400,
    body: Buffer.from(JSON.stringify({ code, message })),
    requestId: 'R-1',
  })
  test('the table here names every code that the code names', () =>
    expect(meanings.map(([code]) => code).sort()).toEqual([...errorCodes].sort()))
  test.each(meanings)('%s is %s for a question and %s for an act, said in both languages', (code, question, act) => {
    expect([failure(of(code), false).trouble, failure(of(code), true).trouble]).toEqual([question, act])
    expect(failure(of(code), true).message).toMatch(
      new RegExp(
        `^${code} .*[一-鿿].* \\[说明\\] \\(Request-ID: R-1\\) \\| .*[a-z]{3}.* \\(${code}\\) \\[说明\\] \\(Request-ID: R-1\\)$`,
      ),
    )
    expect(failure(of(code), true)).toMatchObject({ code, status: 400 })
  })
  test('shows their words, but no keys, tokens or telephone numbers in them', () => {
    const { message } = failure(of('PARAM_ERROR', `参数 13800138000 与 ${'Ab1/'.repeat(20)} 不符`), true)
    expect(message).toContain('不符')
    expect(message).not.toMatch(/13800138000|Ab1/)
  })
  test('no failure holds a key or the signature', async () => {
    const secret = account().secrets.apiV3Key?.reveal() ?? '-'
    for (const answer of [
      refuse(401, 'SIGN_ERROR'),
      new OutsideError('unknown', 'x'),
      said({ status: 500, body: 'x' }),
    ]) {
      const { platform } = platformOn(() => answer)
      const error = await failureOf(platform.fetch(seat, number))
      if (!(error instanceof OutsideError)) throw new Error('no failure')
      const all = `${error.message} ${error.stack} ${JSON.stringify(error)} ${error.code}`
      expect(all).not.toContain(secret)
      expect(all).not.toMatch(/PRIVATE KEY|WECHATPAY2/)
    }
  })
})

describe('the pace of calls', () => {
  const world = (calls = {}) => {
    const clock = manualClock(start)
    const limiter = createLimiter(clock, { ...defaultCalls, ...calls })
    const at: number[] = []
    const call = (who = mchid, operation: Operation = 'reply') =>
      limiter.turn(who, operation).then(() => void at.push(clock.now() - start))
    return { clock, limiter, at, call }
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  test.each(['reply', 'list', 'history', 'complete', 'refund', 'refund-query'] as const)(
    'of %s stays within the published number in any minute',
    async (operation) => {
      const { clock, at, call } = world()
      for (let ms = 0; ms < 180_000; ms += 100) {
        for (let n = 0; n < 8; n++) await Promise.race([call(mchid, operation).catch(() => undefined), settle()])
        clock.advance(100)
      }
      await settle()
      const most = Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + 60_000).length))
      expect(most).toBeLessThanOrEqual(defaultCalls[operation])
      expect(most).toBeGreaterThan(defaultCalls[operation] * 0.75)
    },
  )
  test('is counted per mchid and per call', async () => {
    const { at, call } = world({ reply: 6 })
    await Promise.all([call(), call('1900000002'), call(mchid, 'list')])
    expect(at).toEqual([0, 0, 0])
  })
  test('what would wait too long is refused, and names the wait', async () => {
    const { call } = world({ reply: 2 })
    await call()
    expect(await failureOf(call())).toMatchObject({ trouble: 'busy', code: 'queue', wait: 60_000 })
  })
  test('a clock that is set back holds nobody up, and gives nobody more', async () => {
    const { clock, call } = world({ reply: 2 })
    await call()
    clock.step(-3_600_000)
    expect(await failureOf(call())).toMatchObject({ code: 'queue', wait: 60_000 })
    clock.step(60_000)
    await call()
  })
  test('after "too many" nothing goes for a while', async () => {
    const { clock, limiter, at, call } = world()
    limiter.pause(mchid, 'reply', 2_000)
    const waiting = call()
    clock.advance(1_999)
    await settle()
    expect(at).toEqual([])
    clock.advance(1)
    await waiting
    expect(at).toEqual([2_000])
  })
})
