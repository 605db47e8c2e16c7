import { beforeAll, describe, expect, test } from 'vitest'
import type { RawRequest } from '../../../src/core/http.ts'
import { instant } from '../../../src/core/words.ts'
import type { Account, Verdict } from '../../../src/platforms/platform.ts'
import { account, certificateAccount, changed, keys, message, platformOn, start } from './support.ts'

// Mutants of genuine messages. Never may one be believed to say something else than what was signed.

/** xorshift32: the same mutants in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

type Pick = (below: number) => number
interface Fixture {
  readonly of: Account
  readonly params: Record<string, string>
  readonly request: RawRequest
  readonly hit: Set<number>
  turns: number
}

const { platform } = platformOn(() => undefined)
const verify = ({ of }: Fixture, request: RawRequest) => platform.verify(of, request, instant(start))

const fixtureOf = (of: Account, params: Record<string, string>, how: Parameters<typeof message>[1]): Fixture => ({
  ...{ of, params, request: message(params, how), hit: new Set<number>(), turns: 0 },
})
const fixtures: readonly Fixture[] = [
  fixtureOf(account(), changed(), { rule: 'V1', bytes: { remark: Buffer.from('b4a6c0ed', 'hex') } }),
  fixtureOf(certificateAccount(), changed({ charset: 'utf-8', remark: '处理 &=+%', empty: '' }), {
    rule: 'V2',
    by: 'GET',
    extra: { alipay_cert_sn: 'f'.repeat(32) },
  }),
]

const sent = ({ body, query }: RawRequest): Buffer => (body.length > 0 ? body : Buffer.from(query, 'latin1'))
const resent = (request: RawRequest, bytes: Buffer): RawRequest =>
  request.method === 'POST' ? { ...request, body: bytes } : { ...request, query: bytes.toString('latin1') }

/** One byte changed, dropped or doubled, or the end cut off. */
function damage(bytes: Buffer, at: number, pick: Pick): Buffer {
  const way = pick(8)
  if (way === 0) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
  if (way === 1) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + 1), bytes.subarray(at)])
  if (way === 2) return bytes.subarray(0, at)
  const out = Buffer.from(bytes)
  out.writeUInt8(out.readUInt8(at) ^ (1 + pick(255)), at)
  return out
}

const more = [
  'a=b',
  'empty2=',
  'alipay_cert_sn=',
  'notify_id=x',
  'msg_method=x',
  'service=alipay.service.check',
  'sign_type=RSA',
  'notify_type=',
]

const mutants: readonly ((fixture: Fixture, pick: Pick) => RawRequest)[] = [
  (fixture, pick) => {
    const bytes = sent(fixture.request)
    const at = fixture.turns++ % bytes.length
    fixture.hit.add(at)
    return resent(fixture.request, damage(bytes, at, pick))
  },
  ({ request }, pick) =>
    resent(request, Buffer.concat([sent(request), Buffer.from(`&${more[pick(more.length)] ?? ''}`)])),
  ({ request }, pick) => {
    const parts = sent(request).toString('latin1').split('&')
    return resent(request, Buffer.from(parts.filter((_, nr) => nr !== pick(parts.length)).join('&'), 'latin1'))
  },
  ({ params }) => message(params, { key: keys.stranger.privateKey }),
  ({ params }) => message(params, { key: keys.app.privateKey }),
  ({ params }, pick) => message({ ...params, alipay_cert_sn: String(pick(9999)) }, { key: keys.stranger.privateKey }),
  ({ params }, pick) => message({ ...params, app_id: `202100000000${1000 + pick(1000)}` }),
  ({ params }, pick) => message({ ...params, sign_type: ['RSA', 'RSA2 ', 'rsa2', ''][pick(4)] ?? '' }),
  ({ params }, pick) => message({ ...params, charset: ['ebcdic', 'utf-7', ''][pick(3)] ?? '' }),
]

describe('8,000 mutants of two genuine messages', () => {
  const seen: { readonly mutated: boolean; readonly fixture: Fixture; readonly verdict: Verdict }[] = []
  const genuine = new Map<Fixture, Verdict>()
  const total = 8_000

  beforeAll(async () => {
    const pick = generator(20261122)
    for (const fixture of fixtures) genuine.set(fixture, await verify(fixture, fixture.request))
    for (let n = 0; n < total; n++) {
      const fixture = fixtures[n % fixtures.length]
      if (!fixture) throw new Error('no fixture')
      const mutated = n % 100 > 1
      // What must be signed anew costs as much as fifty looks.
      const way = pick(10) < 6 ? 0 : pick(10) < 8 ? 1 + pick(2) : pick(mutants.length)
      const request = mutated ? mutants[way]?.(fixture, pick) : fixture.request
      if (!request) throw new Error('no mutant')
      seen.push({ mutated, fixture, verdict: await verify(fixture, request) })
    }
  }, 120_000)

  test('what nobody touched is believed', () => {
    expect([...genuine.values()].map(({ verdict }) => verdict)).toEqual(['genuine', 'genuine'])
    const untouched = seen.filter(({ mutated }) => !mutated)
    expect(untouched.length).toBe(total / 50)
    for (const { fixture, verdict } of untouched) expect(verdict).toEqual(genuine.get(fixture))
  })

  test('nothing that was changed is believed, unless it still says just what was signed', () => {
    const changes = seen.filter(({ mutated }) => mutated)
    const believed = changes.filter(({ verdict }) => verdict.verdict !== 'forged')
    for (const { fixture, verdict } of believed) expect(verdict).toEqual(genuine.get(fixture))
    expect(believed.length).toBeLessThan(changes.length / 5)
  })

  test('every reason to refuse is met', () => {
    const counts = new Map<string, number>()
    for (const { verdict } of seen)
      if (verdict.verdict === 'forged') counts.set(verdict.why, (counts.get(verdict.why) ?? 0) + 1)
    const reasons = ['malformed', 'encoding', 'signature', 'wrong-account', 'wrong-mode', 'unknown-key']
    expect([...counts.keys()].sort()).toEqual([...reasons].sort())
    for (const reason of reasons)
      expect({ reason, share: (counts.get(reason) ?? 0) >= total / 200 }).toEqual({ reason, share: true })
  })

  test('every byte of every fixture was changed at least once', () => {
    for (const { hit, request } of fixtures) expect(hit.size).toBe(sent(request).length)
  })
})
