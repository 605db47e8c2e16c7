import { describe, expect, test } from 'vitest'
import { OutsideError } from '../../../src/core/errors.ts'
import { instant } from '../../../src/core/words.ts'
import {
  type Answer,
  account,
  apiV3Key,
  byNext,
  byPlatform,
  callback,
  certificateAccount,
  certificates,
  complaint,
  done,
  failureOf,
  jobOf,
  keys,
  notice,
  number,
  pageOf,
  platformOn,
  publicKeyId,
  refuse,
  type Script,
  type Signature,
  said,
  seal,
  serials,
  start,
} from './support.ts'

const hour = 3_600_000
const row = (serial_no: string, certificate: string, key = apiV3Key) => ({
  serial_no,
  effective_time: '2026-01-01T00:00:00+08:00',
  expire_time: '2031-01-01T00:00:00+08:00',
  encrypt_certificate: seal(certificate, { key, data: 'certificate' }),
})
const first = row(serials.platform, certificates.platform)
const second = row(serials.next, certificates.next)
const listing = (rows: object[], how: Signature = byPlatform) => said({ json: { data: rows }, how })

/** Certificates as told; everything else is answered under `by`. */
function world(certificatesAnswer: () => Answer, by = () => byPlatform, more: Script = () => undefined) {
  const made = platformOn((asked) => {
    if (asked.path === '/v3/certificates') return certificatesAnswer()
    const other = more(asked)
    if (other) return other
    const json = asked.path.endsWith('/negotiation-historys') ? pageOf([]) : complaint()
    return said({ json, how: by() })
  })
  const seat = { account: certificateAccount() }
  const downloads = () => made.transport.asked.filter((one) => one.path === '/v3/certificates').length
  return { ...made, seat, downloads, fetch: () => made.platform.fetch(seat, number) }
}

describe('platform certificates', () => {
  test('are fetched before the first question, and proved by what they bring', async () => {
    const { fetch, transport, downloads } = world(() => listing([first]))
    expect((await fetch()).number).toBe(number)
    await fetch()
    expect(transport.asked[0]?.path).toBe('/v3/certificates')
    expect(transport.asked.every((one) => one.headers['wechatpay-serial'] === undefined)).toBe(true)
    expect(downloads()).toBe(1)
  })
  test('several are good at once', async () => {
    let by = byPlatform
    const { fetch, downloads } = world(
      () => listing([first, second]),
      () => by,
    )
    await fetch()
    by = byNext
    await fetch()
    expect(downloads()).toBe(1)
  })
  test('are asked for again after ten hours, and the former ones stay as long as they live', async () => {
    let rows = [first]
    let how = byPlatform
    const { fetch, downloads, clock } = world(
      () => listing(rows, how),
      () => byPlatform,
    )
    await fetch()
    clock.step(9 * hour)
    await fetch()
    expect(downloads()).toBe(1)
    rows = [second]
    how = byNext
    clock.step(hour)
    await fetch()
    expect(downloads()).toBe(2)
  })
  test('a serial that nobody knows is asked for at once, then not for a minute', async () => {
    let rows = [first]
    let by = byPlatform
    const { fetch, downloads, clock } = world(
      () => listing(rows),
      () => by,
    )
    await fetch()
    by = byNext
    clock.step(61_000)
    // Not there yet: the answer is not believed, and they are not asked for at every try.
    expect(await failureOf(fetch())).toMatchObject({ trouble: 'unreachable', code: 'unverified:unknown-key' })
    expect(downloads()).toBe(2)
    rows = [first, second]
    clock.step(61_000)
    await fetch()
    expect(downloads()).toBe(3)
  })
  test('a callback under a new certificate is taken at its first try', async () => {
    const { platform, seat, downloads } = world(() => listing([first, second]))
    const verdict = await platform.verify(seat.account, callback(notice(), byNext), instant(start))
    expect([verdict.verdict, downloads()]).toEqual(['genuine', 1])
  })
  test('one that has ended proves nothing any more', async () => {
    const { platform, seat, clock } = world(() => listing([first, row(serials.next, certificates.ending)]))
    const verdictAt = (at: number) =>
      platform.verify(seat.account, callback(notice(), { ...byNext, at }), instant(at)).then(({ verdict }) => verdict)
    expect(await verdictAt(start)).toBe('genuine')
    clock.step(2 * hour)
    expect(await verdictAt(start + 2 * hour)).toBe('forged')
  })
  test('forged serials do not make us call out more than once a minute', async () => {
    const { platform, seat, downloads } = world(() => listing([first]))
    for (let n = 0; n < 50; n++) {
      const how = { serial: (n + 1).toString(16).padStart(40, 'A'), key: keys.stranger.privateKey }
      expect(await platform.verify(seat.account, callback(notice(), how), instant(start))).toEqual({
        verdict: 'forged',
        why: 'unknown-key',
      })
    }
    expect(downloads()).toBe(1)
  })
  test('a failed renewal does no harm while the present ones live', async () => {
    let answer: Answer = listing([first])
    const { fetch, clock, downloads } = world(() => answer)
    await fetch()
    answer = refuse(500, 'SYSTEM_ERROR')
    clock.step(10 * hour)
    await fetch()
    await fetch()
    expect(downloads()).toBe(2)
    clock.step(61_000)
    await fetch()
    expect(downloads()).toBe(3)
  })
  test.each([
    ['under another key', listing([row(serials.platform, certificates.platform, 'b'.repeat(32))])],
    ['under another serial', listing([row(serials.next, certificates.platform)])],
    ['that has ended', listing([row(serials.next, certificates.expired)], byNext)],
    ['that is none', listing([row(serials.platform, 'PEM')])],
    [
      'of another algorithm',
      listing([{ ...first, encrypt_certificate: { ...first.encrypt_certificate, algorithm: 'SM4' } }]),
    ],
    ['in no list', said({ json: {}, how: byPlatform })],
    ['signed by a stranger', listing([first], { ...byPlatform, key: keys.stranger.privateKey })],
    ['signed by nobody', said({ json: { data: [first] }, how: { drop: 'wechatpay-signature' } })],
    ['signed last week', listing([first], { ...byPlatform, at: start - 604_800_000 })],
  ])('a certificate %s is not taken, and nothing is asked without one', async (_, answer) => {
    const { fetch, transport } = world(() => answer)
    expect(await failureOf(fetch())).toMatchObject({ trouble: 'forbidden', message: expect.stringContaining('公钥') })
    expect(transport.asked.every((one) => one.path === '/v3/certificates')).toBe(true)
  })
  test('an mchid that may not ask for them is told what to do instead', async () => {
    const { fetch } = world(() =>
      refuse(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥'),
    )
    expect(await failureOf(fetch())).toMatchObject({ trouble: 'refused', code: 'RESOURCE_NOT_EXISTS' })
  })
  test('an act that finds none has not been sent: it may be tried again', async () => {
    const { platform, seat, transport } = world(() => new OutsideError('unknown', 'cut'))
    const deed = platform.deeds(seat).finish
    const job = jobOf<'finish'>({ kind: 'finish' }, { account: seat.account })
    expect(await deed?.perform(job)).toMatchObject({ outcome: 'failed', again: true })
    expect(transport.asked.some((one) => one.method === 'POST')).toBe(false)
  })
  test('ask once however many wait', async () => {
    const { fetch, downloads } = world(() => listing([first]))
    await Promise.all([fetch(), fetch(), fetch()])
    expect(downloads()).toBe(1)
  })
})

describe('public-key mode', () => {
  test('names its key with every request, and asks for no certificate', async () => {
    const { platform, transport } = platformOn((asked) =>
      asked.method === 'POST' ? done : asked.path.endsWith('historys') ? pageOf([]) : complaint(),
    )
    await platform.fetch({ account: account() }, number)
    await platform.deeds({ account: account() }).finish?.perform(jobOf<'finish'>({ kind: 'finish' }))
    expect(transport.asked.length).toBe(3)
    for (const one of transport.asked) expect(one.headers['wechatpay-serial']).toBe(publicKeyId)
  })
  test('takes callbacks under the public key and under a platform certificate, as during a change', async () => {
    const { platform } = platformOn(() => undefined)
    for (const how of [{}, byPlatform])
      expect((await platform.verify(account(), callback(notice(), how), instant(start))).verdict).toBe('genuine')
    expect(await platform.verify(account(), callback(notice(), byNext), instant(start))).toMatchObject({
      why: 'unknown-key',
    })
  })
  test('fetches certificates too where the setting says so', async () => {
    const { platform, transport } = platformOn((asked) =>
      asked.path === '/v3/certificates' ? listing([second], byNext) : undefined,
    )
    const both = account({ settings: { publicKeyId, downloadCertificates: true } })
    expect((await platform.verify(both, callback(notice(), byNext), instant(start))).verdict).toBe('genuine')
    expect(transport.asked.length).toBe(1)
  })
})
