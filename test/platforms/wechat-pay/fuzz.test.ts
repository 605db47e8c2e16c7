import { beforeAll, describe, expect, test } from 'vitest'
import type { RawRequest } from '../../../src/core/http.ts'
import { instant } from '../../../src/core/words.ts'
import type { Verdict } from '../../../src/platforms/platform.ts'
import { account, byPlatform, callback, keys, notice, platformOn, type Signature, seal, start } from './support.ts'

// Mutants of genuine callbacks. Never may one be believed to say something else than what was signed.

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
const signedHeaders = [
  'wechatpay-timestamp',
  'wechatpay-nonce',
  'wechatpay-serial',
  'wechatpay-signature',
  'wechatpay-signature-type',
]

const { platform } = platformOn(() => undefined)
const owner = account()
const verify = (request: RawRequest) => platform.verify(owner, request, instant(start))
const fixtures = [
  { how: {} as Signature, body: notice() },
  {
    how: byPlatform,
    body: notice({ action_type: 'USER_RESPONSE' }, { id: 'EV-2', event_type: 'COMPLAINT.STATE_CHANGE' }),
  },
].map(({ how, body }) => {
  const request = callback(body, how)
  const places = signedHeaders.flatMap((name) => [...(request.headers[name] ?? '')].map((_, at) => ({ name, at })))
  return { how, body, request, places, hit: new Set<number>(), hitHeaders: new Set<number>(), turns: 0, headerTurns: 0 }
})
type Fixture = (typeof fixtures)[number]

function flip(bytes: Buffer, at: number, pick: Pick): Buffer {
  const out = Buffer.from(bytes)
  out.writeUInt8(out.readUInt8(at) ^ (1 + pick(255)), at)
  return out
}

/** One byte changed, dropped or doubled, or the end cut off. */
function damage(bytes: Buffer, at: number, pick: Pick): Buffer {
  switch (pick(8)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + 1), bytes.subarray(at)])
    case 2:
      return bytes.subarray(0, at)
    default:
      return flip(bytes, at, pick)
  }
}

const withHeader = (request: RawRequest, name: string, value: string): RawRequest => ({
  ...request,
  headers: { ...request.headers, [name]: value },
})

function without(request: RawRequest, name: string): RawRequest {
  const { [name]: _, ...headers } = request.headers
  return { ...request, headers }
}

// By somebody who holds nothing: only these must never be believed.
const outsiders: ((fixture: Fixture, pick: Pick) => RawRequest)[] = [
  (fixture, pick) => {
    const at = fixture.turns++ % fixture.request.body.length
    fixture.hit.add(at)
    return { ...fixture.request, body: damage(fixture.request.body, at, pick) }
  },
  (fixture, pick) => {
    const turn = fixture.headerTurns++ % fixture.places.length
    fixture.hitHeaders.add(turn)
    const { name, at } = fixture.places[turn] ?? { name: '', at: 0 }
    const value = Buffer.from(fixture.request.headers[name] ?? '', 'latin1')
    return withHeader(fixture.request, name, damage(value, at, pick).toString('latin1'))
  },
  (fixture, pick) => without(fixture.request, signedHeaders[pick(4)] ?? ''),
  // Twice the same header, as it comes joined.
  (fixture, pick) => {
    const name = signedHeaders[pick(4)] ?? ''
    return withHeader(fixture.request, name, `${fixture.request.headers[name]}, ${fixture.request.headers[name]}`)
  },
  // Another message under the old signature, and the old message under the signature of another.
  (fixture, pick) => ({ ...fixture.request, body: Buffer.from(notice({ complaint_id: String(1 + pick(9999)) })) }),
  (fixture) => callback(fixture.body, { ...fixture.how, key: keys.stranger.privateKey }),
  (fixture, pick) => callback(fixture.body, { ...fixture.how, serial: `PUB_KEY_ID_${pick(1_000_000)}` }),
  (fixture, pick) =>
    callback(fixture.body, { ...fixture.how, at: start + (pick(2) ? 1 : -1) * (301_000 + pick(1_000_000_000)) }),
  (fixture, pick) =>
    withHeader(fixture.request, 'wechatpay-signature', `WECHATPAY/SIGNTEST/${'A'.repeat(4 * pick(80))}`),
]

// By the platform gone mad: signed as it should be, each reason must be met.
const insiders: ((fixture: Fixture, pick: Pick) => RawRequest)[] = [
  (fixture, pick) => {
    const sealed = seal('{"complaint_id":"1"}')
    const bytes = Buffer.from(sealed.ciphertext, 'base64')
    const ciphertext = flip(bytes, pick(bytes.length), pick).toString('base64')
    return callback(notice({}, { resource: { ...sealed, ciphertext } }), fixture.how)
  },
  (fixture, pick) => callback(notice({}, { resource: { ...seal('{}'), algorithm: `AEAD_${pick(99)}` } }), fixture.how),
  (fixture, pick) => callback(notice({}, { resource: seal(`{"mchid":"${1_000_000_000 + pick(99)}"}`) }), fixture.how),
  (fixture, pick) => callback(Buffer.concat([Buffer.from(fixture.body), Buffer.from([0x80 + pick(64)])]), fixture.how),
  (fixture, pick) => callback(notice({}, { resource: seal(Buffer.from([0x7b, 0x80 + pick(64)])) }), fixture.how),
  (fixture, pick) => callback(fixture.body.slice(0, pick(fixture.body.length)), fixture.how),
  (fixture, pick) => callback(notice({}, { resource: seal('[') }).slice(pick(2)), fixture.how),
]

interface Seen {
  readonly by: 'nobody' | 'outsider' | 'insider'
  readonly fixture: Fixture
  readonly verdict: Verdict
}

describe('20,000 mutants of two genuine callbacks', () => {
  const seen: Seen[] = []
  const genuine = new Map<Fixture, Verdict>()
  const total = 20_000

  beforeAll(async () => {
    const pick = generator(20261121)
    for (const fixture of fixtures) genuine.set(fixture, await verify(fixture.request))
    for (let n = 0; n < total; n++) {
      const fixture = fixtures[n % fixtures.length]
      if (!fixture) throw new Error('no fixture')
      // To sign costs as much as fifty looks: of those an eighth.
      const by = n % 100 === 0 ? 'nobody' : n % 8 === 1 ? 'insider' : 'outsider'
      const ways = by === 'outsider' ? outsiders : insiders
      const way = by === 'outsider' && pick(10) < 7 ? outsiders[pick(2)] : ways[pick(ways.length)]
      const request = by === 'nobody' ? fixture.request : way?.(fixture, pick)
      if (!request) throw new Error('no mutant')
      seen.push({ by, fixture, verdict: await verify(request) })
    }
  }, 120_000)

  test('what nobody touched is believed, 1 in 100', () => {
    const untouched = seen.filter((one) => one.by === 'nobody')
    expect(untouched.length).toBe(total / 100)
    for (const one of untouched) expect(one.verdict).toEqual(genuine.get(one.fixture))
    expect([...genuine.values()].map((verdict) => verdict.verdict)).toEqual(['genuine', 'genuine'])
  })

  test('nothing that an outsider changed is believed, unless it still says just what was signed', () => {
    const outside = seen.filter((one) => one.by === 'outsider')
    const believed = outside.filter((one) => one.verdict.verdict !== 'forged')
    for (const one of believed) expect(one.verdict).toEqual(genuine.get(one.fixture))
    expect(outside.length).toBeGreaterThan(15_000)
    // A changed byte that changes nothing is rare.
    expect(believed.length).toBeLessThan(outside.length / 100)
  })

  test('every reason to refuse is met by at least 1 % of the mutants', () => {
    const counts = new Map<string, number>()
    for (const { verdict } of seen)
      if (verdict.verdict === 'forged') counts.set(verdict.why, (counts.get(verdict.why) ?? 0) + 1)
    // 'too-deep' and 'doctype' are no reasons here: what is read was signed by them, and is no XML.
    const reasons = [
      'malformed',
      'encoding',
      'signature',
      'ciphertext',
      'wrong-account',
      'wrong-mode',
      'late',
      'unknown-key',
    ]
    expect([...counts.keys()].sort()).toEqual([...reasons].sort())
    for (const reason of reasons)
      expect({ reason, share: (counts.get(reason) ?? 0) >= total / 100 }).toEqual({ reason, share: true })
  })

  test('every byte of every fixture, body and signed headers, was changed at least once', () => {
    for (const fixture of fixtures) {
      expect(fixture.hit.size).toBe(fixture.request.body.length)
      expect(fixture.hitHeaders.size).toBe(fixture.places.length)
    }
  })
})
