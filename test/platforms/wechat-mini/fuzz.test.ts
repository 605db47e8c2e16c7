import { beforeAll, describe, expect, test } from 'vitest'
import type { RawRequest } from '../../../src/core/http.ts'
import type { Verdict } from '../../../src/platforms/platform.ts'
import { createVerify } from '../../../src/platforms/wechat-mini/verify.ts'
import {
  account,
  encryptRaw,
  jsonEnvelope,
  jsonPush,
  plainQuery,
  post,
  safeQuery,
  seal,
  xmlEnvelope,
  xmlPush,
} from './support.ts'

// Mutants of genuine pushes. Never may one be believed to say something else than what was signed.

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

const verify = createVerify(512 * 1024)
const fixtures = [
  { name: 'JSON', message: jsonPush(), envelope: jsonEnvelope },
  { name: 'XML', message: xmlPush(), envelope: xmlEnvelope },
  {
    name: 'compatible',
    message: jsonPush(),
    envelope: (encrypt: string) => JSON.stringify({ ...JSON.parse(jsonPush()), Encrypt: encrypt }),
  },
].map((fixture) => {
  const encrypt = seal(fixture.message, undefined, Buffer.alloc(16, 9))
  const request = post(fixture.envelope(encrypt), safeQuery(encrypt))
  const verdict = verify(account(), request)
  return {
    ...fixture,
    encrypt,
    request,
    verdict,
    hit: new Set<number>(),
    hitQuery: new Set<number>(),
    turns: 0,
    queryTurns: 0,
  }
})
type Fixture = (typeof fixtures)[number]
type Pick = (below: number) => number

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

const resealed = (fixture: Fixture, encrypt: string) => post(fixture.envelope(encrypt), safeQuery(encrypt))
const withMessage = (fixture: Fixture, message: string | Buffer, id?: string) => resealed(fixture, seal(message, id))
const spoiled = (message: string, pick: Pick) => Buffer.concat([Buffer.from(message), Buffer.from([0x80 + pick(64)])])

// By somebody who holds nothing: only these must never be believed.
const outsiders: ((fixture: Fixture, n: number, pick: Pick) => RawRequest)[] = [
  (fixture, _, pick) => {
    const at = fixture.turns++ % fixture.request.body.length
    fixture.hit.add(at)
    return { ...fixture.request, body: damage(fixture.request.body, at, pick) }
  },
  (fixture, _, pick) => {
    const query = Buffer.from(fixture.request.query)
    const at = fixture.queryTurns++ % query.length
    fixture.hitQuery.add(at)
    return { ...fixture.request, query: damage(query, at, pick).toString('latin1') }
  },
  // Another message under the old signature.
  (fixture, _, pick) => ({
    ...resealed(fixture, seal(jsonPush({ complaint_order_id: String(1 + pick(9999)) }))),
    query: fixture.request.query,
  }),
  (_, __, pick) => post(jsonPush({ complaint_order_id: String(1 + pick(9999)) }), plainQuery()),
  (fixture) => ({ ...fixture.request, query: new URLSearchParams(safeQuery(fixture.encrypt, 'OTHER')).toString() }),
  (fixture) => ({
    ...fixture.request,
    body: Buffer.concat([fixture.request.body.subarray(0, 1), Buffer.from('<!DOCTYPE x>'), fixture.request.body]),
  }),
]

// By somebody who holds the push token but not the key, or by the platform gone mad: each reason must be met.
const insiders: ((fixture: Fixture, n: number, pick: Pick) => RawRequest)[] = [
  (fixture, n, pick) => {
    const sealed = Buffer.from(fixture.encrypt, 'base64')
    return resealed(fixture, flip(sealed, n % sealed.length, pick).toString('base64'))
  },
  (fixture, _, pick) => resealed(fixture, encryptRaw(Buffer.alloc(32 * (1 + pick(8)), 33 + pick(200)))),
  (fixture, _, pick) => withMessage(fixture, fixture.message, `wx${pick(1_000_000)}`),
  (fixture, _, pick) => withMessage(fixture, spoiled(fixture.message, pick)),
  (fixture, _, pick) => withMessage(fixture, `<xml>${'<a>'.repeat(13 + pick(40))}</xml>`),
  (fixture, _, pick) => withMessage(fixture, `<!DOCTYPE a [<!ENTITY b "${pick(99)}">]>${xmlPush()}`),
  (fixture, _, pick) => withMessage(fixture, fixture.message.slice(0, 1 + pick(fixture.message.length - 1))),
  (fixture, _, pick) => post(pick(2) ? jsonPush() : xmlPush(), safeQuery(fixture.encrypt)),
]

interface Seen {
  readonly by: 'nobody' | 'outsider' | 'insider'
  readonly fixture: Fixture
  readonly verdict: Verdict
}

describe('20,000 mutants of three genuine pushes', () => {
  const seen: Seen[] = []
  const total = 20_000

  beforeAll(() => {
    const pick = generator(20261121)
    for (let n = 0; n < total; n++) {
      const fixture = fixtures[n % fixtures.length]
      if (!fixture) throw new Error('no fixture')
      const by = n % 100 === 0 ? 'nobody' : n % 2 === 0 ? 'insider' : 'outsider'
      const ways = by === 'outsider' ? outsiders : insiders
      // The two that walk over the bytes get most of the outsider's turns.
      const way = by === 'outsider' && pick(10) < 8 ? outsiders[pick(4) === 0 ? 1 : 0] : ways[pick(ways.length)]
      const request = by === 'nobody' ? fixture.request : way?.(fixture, n >> 1, pick)
      if (!request) throw new Error('no mutant')
      seen.push({ by, fixture, verdict: verify(account(), request) })
    }
  })

  test('what nobody touched is believed, 1 in 100', () => {
    const untouched = seen.filter((one) => one.by === 'nobody')
    expect(untouched.length).toBe(total / 100)
    for (const one of untouched) expect(one.verdict).toEqual(one.fixture.verdict)
    expect(fixtures.map((fixture) => fixture.verdict.verdict)).toEqual(['genuine', 'genuine', 'genuine'])
  })

  test('nothing that an outsider changed is believed, unless it still says just what was signed', () => {
    const outside = seen.filter((one) => one.by === 'outsider')
    const believed = outside.filter((one) => one.verdict.verdict !== 'forged')
    for (const one of believed) expect(one.verdict).toEqual(one.fixture.verdict)
    expect(outside.length).toBeGreaterThan(9_000)
    expect(believed.length).toBeLessThan(outside.length / 2)
  })

  test('every reason to refuse is met by at least 1 % of the mutants', () => {
    const counts = new Map<string, number>()
    for (const { verdict } of seen)
      if (verdict.verdict === 'forged') counts.set(verdict.why, (counts.get(verdict.why) ?? 0) + 1)
    // 'late' is not a reason here: this platform has no window.
    const reasons = [
      'malformed',
      'too-deep',
      'doctype',
      'encoding',
      'signature',
      'ciphertext',
      'wrong-account',
      'wrong-mode',
    ]
    expect([...counts.keys()].sort()).toEqual([...reasons].sort())
    for (const reason of reasons)
      expect({ reason, share: (counts.get(reason) ?? 0) >= total / 100 }).toEqual({ reason, share: true })
  })

  test('every byte of every fixture, body and query, was changed at least once', () => {
    for (const fixture of fixtures) {
      expect(fixture.hit.size).toBe(fixture.request.body.length)
      expect(fixture.hitQuery.size).toBe(fixture.request.query.length)
    }
  })
})
