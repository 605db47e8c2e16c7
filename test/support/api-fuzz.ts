import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect } from 'vitest'
import { deep, type Wish } from './api-caller.ts'
import { addressOf, type Described, paramsOf } from './api-document.ts'
import { isObject } from './api-schema.ts'
import { mutantsOf, sureMutantsOf, valuesOf } from './api-values.ts'
import { type Place, type Sense, senses } from './api-wishes.ts'
import { type Lab, lab as newLab, type Params, perMinute } from './api-world.ts'

/** At least so often each status is to be seen, of those that an operation says it can answer. */
export const least = 20
/** What is tried for it. */
const tries = 22

/** Of the requests of one file of tests; `FUZZ_SEED` brings those of another run. */
export const seed = Number(process.env.FUZZ_SEED ?? 20_260_301)

interface Asking extends Place {
  readonly operation: Described
  readonly sense: Sense
  /** Values by the schema of the body, one for each turn. */
  readonly bodies: readonly Readonly<Record<string, unknown>>[]
  /** A request that could be done, of which something is spoilt. */
  readonly base: Wish
}

/** What is asked in one file of tests, so that several can be asked at once; what is in none of them is in the last. */
const groups = [
  ['accounts', /\/(accounts|bots|members|duty|rooms|room-codes)\b/],
  ['channels', /\/(channels|dead-letters|templates|rules|breaker|pictures)\b/],
  ['complaints', /\/complaints\b/],
  ['installation', /^/],
] as const

type Group = (typeof groups)[number][0]

const groupOf = ({ path }: Described): Group => groups.find(([, of]) => of.test(path))?.[0] ?? 'installation'

/** Asks all operations of a group in every way that there is. @param atLeast requests */
export async function fuzz(group: Group, atLeast: number): Promise<void> {
  const lab = await newLab()
  const operations = lab.document.operations.filter((one) => groupOf(one) === group)
  // Before there is much to look at.
  const [last, first] = [
    operations.filter(({ id }) => id !== 'getDoctor'),
    operations.filter(({ id }) => id === 'getDoctor'),
  ]
  const lines: string[] = []
  const lacking: string[] = []
  for (const operation of [...first, ...last]) {
    await askAll(lab, operation)
    const wanted = [...operation.responses.keys()].filter((status) => status < 500 && status !== 304)
    const counts = wanted.map((status) => [status, lab.caller.count(operation.id, status)] as const)
    lines.push(`${operation.id.padEnd(32)} ${counts.map(([status, count]) => `${status}×${count}`).join(' ')}`)
    lacking.push(
      ...counts.filter(([, count]) => count < least).map(([status, count]) => `${operation.id} ${status}: ${count}`),
    )
  }
  console.log(
    `fuzz of the admin API, ${group}, seed ${seed}: ${lab.caller.total()} requests to ${operations.length} operations\n${lines.join('\n')}`,
  )
  const { faults } = lab.caller
  expect(faults.slice(0, 20), `${faults.length} answers were wrong (FUZZ_SEED=${seed})`).toEqual([])
  expect(lacking, 'what the document says can happen, and hardly did').toEqual([])
  expect(lab.caller.total()).toBeGreaterThanOrEqual(atLeast)
}

async function askAll(lab: Lab, operation: Described): Promise<void> {
  const sense = senses[operation.id] ?? {}
  await lab.minute()
  const params = sense.place
    ? await sense.place(lab)
    : operation.path.includes('{tenant}')
      ? { tenant: await lab.tenant() }
      : {}
  const drawn = fc.sample(valuesOf(operation.body ?? { type: 'object', additionalProperties: false }), {
    seed: seedOf(operation),
    numRuns: 60,
  })
  const bodies = drawn.filter(isObject)
  const asking: Asking = {
    lab,
    params,
    operation,
    sense,
    bodies,
    base: await wishOf({ lab, params }, operation, bodies[0]),
  }
  const { responses, method } = operation
  const still = sense.outside ? goingBy(lab) : () => {}
  try {
    for (let nth = 0; nth < (sense.times ?? 28); nth++) await done(asking, nth)
    for (const part of [unreadable, notJson, tooLong, strange, absent]) await part(asking)
    if (responses.has(403)) await outOfScope(asking)
    if (responses.has(409)) await clashing(asking)
    if (responses.has(412)) await stale(asking)
    if (responses.has(428)) await unsafe(asking)
    if (method === 'post') await repeated(asking)
    // Until the key has had enough, and beyond.
    await spoilt(asking)
  } finally {
    still()
  }
  await withoutKey(asking)
}

/** Whoever is asked outside may let us wait by our clock, which stands still here otherwise. */
function goingBy({ w }: Lab): () => void {
  const timer = setInterval(() => w.clock.advance(100), 20)
  return () => clearInterval(timer)
}

/** Another for each operation, the same in every run. */
const seedOf = ({ id }: Described): number =>
  [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 31, seed)

const wishOf = async (
  place: Place,
  operation: Described,
  drawn: Readonly<Record<string, unknown>> = {},
): Promise<Wish> => {
  const { wish } = senses[operation.id] ?? {}
  const plain = operation.body ? { params: place.params, body: drawn } : { params: place.params }
  return safely(operation, wish ? { params: place.params, ...(await wish(place, drawn)) } : plain, place.lab)
}

/** With what a change must say of itself. */
function safely({ method, id }: Described, wish: Wish, lab: Lab): Wish {
  if (method === 'patch') return { ...wish, headers: { 'if-match': '*', ...wish.headers } }
  if (id !== 'createComplaintAction') return wish
  return { ...wish, headers: { 'idempotency-key': `wish-${lab.next()}`, ...wish.headers } }
}

async function done({ lab, params, operation, bodies }: Asking, nth: number): Promise<void> {
  const wish = await wishOf({ lab, params }, operation, bodies[nth % bodies.length])
  const query = nth % 2 === 0 ? queryOf(operation, nth) : ''
  const told = await lab.caller.send(operation, { ...wish, ...(query ? { query } : {}) }, 'as it should be')
  const tag = told.headers.etag
  if (operation.method === 'get' && nth < 4 && typeof tag === 'string')
    await lab.caller.send(
      operation,
      { ...wish, ...(query ? { query } : {}), headers: { 'if-none-match': tag } },
      'known',
      [200, 304],
    )
}

function queryOf({ parameters }: Described, nth: number): string {
  const known = parameters.filter(({ in: where, name }) => where === 'query' && name !== 'cursor')
  const [drawn = {}] = fc.sample(
    fc.record(Object.fromEntries(known.map(({ name, schema }) => [name, valuesOf(schema)])), { requiredKeys: [] }),
    { seed: seed + nth, numRuns: 1 },
  )
  return new URLSearchParams(
    Object.entries(drawn).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
}

/** What is no JSON, or no address. */
async function unreadable({ lab, operation, base }: Asking): Promise<void> {
  const broken = [
    '{',
    '{"a":',
    '"text"',
    'null',
    '7',
    '{"a":1}}',
    "{'a':1}",
    '{"a":NaN}',
    '\u0000',
    '[1,',
    '{"a":"\n"}',
    '\ufeff{}x',
  ]
  for (let nth = 0; nth < tries; nth++)
    await lab.caller.send(operation, { ...base, text: broken[nth % broken.length] ?? '' }, 'no JSON', [400])
  for (const name of paramsOf(operation))
    for (const bytes of ['%E0%A4%A', '%', '%ZZ', '%ff'])
      await lab.caller.send(
        operation,
        { ...base, address: addressWith(operation, base.params, name, bytes) },
        'no address',
        [400],
      )
}

const addressWith = ({ path }: Described, params: Params = {}, name: string, raw: string): string =>
  addressOf(path.replace(`{${name}}`, '(raw)'), params).replace('(raw)', raw)

async function notJson({ lab, operation, base }: Asking): Promise<void> {
  const types = [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=a',
    'application/x-www-form-urlencoded',
    'a',
    '',
  ]
  const wrong: Readonly<Record<string, string>>[] = [
    ...types.map((type) => ({ 'content-type': type })),
    { 'content-type': 'application/json; charset=gbk' },
    { 'content-encoding': 'br2' },
  ]
  for (let nth = 0; nth < tries; nth++)
    await lab.caller.send(
      operation,
      { ...base, text: '{}', headers: { ...base.headers, ...wrong[nth % wrong.length] } },
      'not JSON',
      [415],
    )
}

/** More than a body may be: plainly, without saying how much, and folded so that little goes over the wire. */
async function tooLong({ lab, operation, base }: Asking): Promise<void> {
  for (let nth = 0; nth < tries; nth++) {
    const spoilt: Wish =
      nth % 11 === 0 ? { text: large } : { bytes: folded, headers: { ...base.headers, 'content-encoding': 'gzip' } }
    await lab.caller.send(operation, { ...base, ...spoilt }, 'too long', [413])
  }
}

const large = `{"a":"${'x'.repeat(1_048_576)}"}`
const folded = gzipSync(large)

/** Things that are not there, or another's. */
async function absent({ lab, operation, base }: Asking): Promise<void> {
  if (!operation.responses.has(404)) return
  const nobody = [
    'nobody',
    '..',
    '../../x',
    '__proto__',
    'constructor',
    '%00',
    '%',
    '😀',
    'x'.repeat(2_000),
    "'--",
    '0',
    '-1',
    '*',
    'a/b',
    'null',
  ]
  const names = paramsOf(operation)
  for (let nth = 0; nth < tries; nth++) {
    const name = names[nth % names.length] ?? ''
    // By a key of the installation, a key is found whosever it is.
    const theirs = operation.path.startsWith('/tenants/{tenant}') ? lab.other[name] : undefined
    const id = nth % 3 === 0 && theirs !== undefined ? theirs : (nobody[nth % nobody.length] ?? '')
    // Whose business that is says its path: with the other's it is looked for there, and there is none either.
    const isOther = name === 'tenant' && theirs === id && names.length === 1
    const params = { ...base.params, [name]: isOther ? 'nobody' : id }
    await lab.caller.send(operation, { ...base, params }, `no such ${name}`, [404])
  }
  for (const id of ['a\u0000b', '\ud800'])
    for (const name of names)
      await lab.caller.send(operation, { ...base, params: { ...base.params, [name]: id } }, 'no text', [400, 404, 422])
  if (operation.path.startsWith('/tenants/{tenant}')) {
    const foreign = await lab.keys.of(lab.other.tenant ?? '', 'write')
    for (let nth = 0; nth < 4; nth++)
      await lab.caller.send(operation, { ...base, key: foreign }, 'by the key of another business', [404])
  }
}

async function outOfScope({ lab, operation, base }: Asking): Promise<void> {
  const { method, path } = operation
  const isTenants = path.startsWith('/tenants/{tenant}')
  const keys = [
    ...(method === 'get' ? [] : [lab.keys.reader]),
    ...(isTenants ? [] : [await lab.keys.of(lab.other.tenant ?? '', 'write')]),
    ...(method === 'get' || !isTenants ? [] : [await lab.keys.of(base.params?.tenant ?? '', 'read')]),
  ]
  for (let nth = 0; nth < tries; nth++)
    await lab.caller.send(operation, { ...base, key: keys[nth % keys.length] ?? '' }, 'beyond the key', [403])
}

/** The same name for two at once: the second one waits for the first. And what is taken, in use, or in another state. */
async function clashing({ lab, params, operation, sense, base }: Asking): Promise<void> {
  if (sense.clash)
    for (let nth = 0; nth < tries; nth++) {
      const wish = safely(operation, await sense.clash({ lab, params }), lab)
      await lab.caller.send(operation, wish, 'in the way', [409])
    }
  if (operation.method !== 'post') return
  let key = ''
  for (let nth = 0; nth < 3 * tries && lab.caller.count(operation.id, 409) < tries; nth++) {
    // A name is its key's own.
    if (nth % (perMinute / 3) === 0) key = await lab.keys.fresh()
    const wish = { ...base, key, headers: { ...base.headers, 'idempotency-key': `both-${lab.next()}` } }
    await Promise.all([1, 2, 3].map(() => lab.caller.send(operation, wish, 'at the same time')))
  }
}

async function stale({ lab, operation, base }: Asking): Promise<void> {
  const tags = ['"stale"', 'W/"stale"', 'stale', '""', '"a", "b"', '"__proto__"']
  for (let nth = 0; nth < tries; nth++)
    await lab.caller.send(
      operation,
      { ...base, headers: { ...base.headers, 'if-match': tags[nth % tags.length] ?? '' } },
      'stale',
      [412],
    )
}

async function unsafe({ lab, params, operation, sense, base }: Asking): Promise<void> {
  for (let nth = 0; nth < tries; nth++)
    await lab.caller.send(operation, sense.unsafe?.({ lab, params }) ?? { ...base, headers: {} }, 'unsafe', [428])
}

/** A name that was used, for something else; and names that are none. */
async function repeated({ lab, params, operation, bodies, base }: Asking): Promise<void> {
  const key = await lab.keys.fresh()
  const wish = await wishOf({ lab, params }, operation, bodies[1])
  const named = { ...wish, key, headers: { ...wish.headers, 'idempotency-key': `again-${lab.next()}` } }
  const first = await lab.caller.send(operation, named, 'named')
  if (first.status < 300) {
    const again = await lab.caller.send(operation, named, 'named, again', [first.status])
    if (again.text !== first.text) throw new Error(`${operation.id}: another answer to the same wish: ${again.text}`)
    const other = { ...(isObject(wish.body) ? wish.body : {}), more: 1 }
    await lab.caller.send(operation, { ...named, body: other }, 'named, of another body', [422])
  }
  await lab.caller.send(operation, { ...named, body: { deep } }, 'named, and deep', [422])
  for (const name of ['x'.repeat(256), 'a b', 'é'])
    await lab.caller.send(
      operation,
      { ...base, headers: { ...base.headers, 'idempotency-key': name } },
      'no name',
      [422],
    )
}

/** What no operation takes, whatever it is. */
async function strange({ lab, operation, base }: Asking): Promise<void> {
  const cursors = await otherCursors(lab)
  const queries = [
    ...[
      'zzz=1',
      '__proto__=1',
      'constructor=',
      'limit=0',
      'limit=-1',
      'limit=1e9',
      'limit=1&limit=2',
      'limit=0x10',
      'which=',
      'now=1',
    ],
    ...[
      'cursor=forged',
      'cursor=',
      `cursor=${'x'.repeat(2_049)}`,
      'cursor=%00',
      'limit[a]=1',
      ...cursors.map((each) => `cursor=${encodeURIComponent(each)}`),
    ],
  ]
  for (let nth = 0; nth < tries; nth++)
    await lab.caller.send(operation, { ...base, query: queries[nth % queries.length] ?? '' }, 'strange query', [422])
}

/** Good ones, for other lists. */
async function otherCursors(lab: Lab): Promise<readonly string[]> {
  const { tenant = '' } = lab.other
  const told = [
    await lab.ask('listTenantAudit', { params: { tenant }, query: 'limit=1' }),
    await lab.ask('listAudit', { query: 'limit=1' }),
  ]
  const [theirs = '', all = ''] = told.map(({ json }) => String(json.next))
  // Of the list of all it is good: there it is broken.
  return [theirs, `${all.slice(0, -2)}AA`]
}

/** As the schema does not have it; with a key of its own, until that has had enough. */
async function spoilt({ lab, operation, base }: Asking): Promise<void> {
  const key = await lab.keys.fresh()
  const mutants = operation.body
    ? fc.sample(mutantsOf(operation.body, base.body), { seed: seedOf(operation), numRuns: 40 })
    : fc.sample(mutantsOf({ type: 'object', additionalProperties: false }, {}), {
        seed: seedOf(operation),
        numRuns: 20,
      })
  const sure = operation.body ? sureMutantsOf(operation.body, base.body) : []
  for (const { how, value } of sure) await lab.caller.send(operation, { ...base, body: value }, how)
  for (const [nth, { how, value }] of mutants.entries()) {
    const headers = {
      ...base.headers,
      ...(operation.id === 'createComplaintAction' ? { 'idempotency-key': `wish-${lab.next()}` } : {}),
    }
    await lab.caller.send(operation, { ...base, body: value, headers, ...(nth < perMinute ? { key } : {}) }, how)
  }
  // What asks outside has let time pass.
  const enough = () => lab.caller.count(operation.id, 429) >= tries
  for (let nth = 0; nth < 10 * perMinute && !enough(); nth++)
    await lab.caller.send(operation, { ...base, query: 'zzz=1', key }, 'too fast', [422, 429])
}

async function withoutKey({ lab, operation, base }: Asking): Promise<void> {
  await lab.minute()
  const { expired, revoked } = lab.keys
  const wrong: readonly Wish[] = [
    ...[null, 'x', 'rdk_unknown', 'a b', expired, revoked, "' or 1=1 --", 'x'.repeat(201)].map((key) => ({ key })),
    ...['Basic YTpi', 'Bearer', 'Bearer ', 'é', 'null'].map((authorization) => ({
      key: null,
      headers: { authorization },
    })),
  ]
  for (let nth = 0; nth < least; nth++) {
    const { headers, ...rest } = wrong[nth % wrong.length] ?? {}
    await lab.caller.send(operation, { ...base, ...rest, headers: { ...base.headers, ...headers } }, 'no key', [401])
  }
  await lab.caller.send(operation, { ...base, key: 'one too many' }, 'no key, too often', [429])
}
