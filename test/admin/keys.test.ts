import { expect, test } from 'vitest'
import { redress } from '../cli/support.ts'
import { key, shop, type Told, type World, world } from './world.ts'

const by = (text: string) => ({ authorization: `Bearer ${text}` })

async function withKeys() {
  const w = await world()
  await w.ask('POST', '/tenants', shop)
  await w.ask('POST', '/tenants', { handle: 'other', name: '别家' })
  const make = async (body: object, path = '/keys') => (await w.ask('POST', path, body)).json
  const as = (text: string, method: string, path: string, body?: object) => w.ask(method, path, body, by(text))
  const status = async (text: string, method: string, path: string, body?: object) =>
    (await as(text, method, path, body)).status
  return { ...w, make, as, status }
}

test('a key is shown once; afterwards only its beginning, and the database has only its hash', async () => {
  const { ask, make, storage, as } = await withKeys()
  const made = await make({ name: 'ci', access: 'write', days: 30 })
  expect(made).toMatchObject({ name: 'ci', access: 'write', state: 'valid', expiresAt: '2026-03-31T12:00:00.000Z' })
  expect(made.key).toMatch(/^rdk_[\w-]{43}$/)
  expect(made.prefix).toBe(made.key.slice(0, 8))
  expect(made).not.toHaveProperty('tenant')
  const { key: text, ...shown } = made
  const list = await ask('GET', '/keys')
  expect(list.json.items).toContainEqual(shown)
  expect((await ask('GET', `/keys/${made.id}`)).json).toEqual(shown)
  expect((await as(text, 'GET', '/tenants')).status).toBe(200)
  const stored = JSON.stringify(await storage.reads.db.selectFrom('api_key').selectAll().execute())
  expect(list.raw + stored).not.toContain(text)
  expect(list.raw + stored).not.toContain(text.slice(8))
})

test('a key reads where nothing else is said', async () => {
  const { make, as } = await withKeys()
  const { key: text, access } = await make({ name: 'look' })
  expect(access).toBe('read')
  expect((await as(text, 'GET', '/tenants')).status).toBe(200)
  for (const [method, path] of [
    ['POST', '/tenants'],
    ['PATCH', '/tenants/shop'],
    ['POST', '/keys'],
    ['DELETE', '/tenants/shop/rooms/rom_1'],
  ] as const) {
    const refused = await as(text, method, path, method === 'DELETE' ? undefined : {})
    expect(refused).toMatchObject({ status: 403, json: { title: 'This key only reads' } })
  }
  expect((await as(text, 'GET', '/tenants')).json.items).toHaveLength(2)
})

test('a key of one business reaches that one alone, and learns nothing of others', async () => {
  const { make, as, status, ask } = await withKeys()
  const { key: text, tenant } = await make({ name: 'shop', access: 'write', tenant: 'shop' })
  const own = (await ask('GET', '/tenants/shop')).json.id
  expect(tenant).toBe(own)
  expect(await status(text, 'GET', '/tenants/shop')).toBe(200)
  expect(await status(text, 'GET', `/tenants/${own}/members`)).toBe(200)
  expect(await status(text, 'POST', '/tenants/shop/members', { handle: 'li', name: '李', role: 'agent' })).toBe(201)
  const [there, nowhere] = [await as(text, 'GET', '/tenants/other'), await as(text, 'GET', '/tenants/nobody')]
  expect([there.status, there.raw]).toEqual([404, nowhere.raw])
  const write = (handle: string) => as(text, 'POST', `/tenants/${handle}/members`, { handle: 'li', name: '李' })
  expect((await write('other')).raw).toBe((await write('nobody')).raw)
  for (const path of ['/tenants', '/keys', '/audit', '/doctor']) expect(await status(text, 'GET', path)).toBe(403)
  expect(await status(text, 'POST', '/tenants', { handle: 'mine', name: 'm' })).toBe(403)
  expect((await ask('GET', '/tenants/other/members')).json.items).toEqual([])
})

test('a business makes keys for itself only, and sees only those', async () => {
  const { make, as, ask } = await withKeys()
  const { key: text } = await make({ name: 'shop', access: 'write', tenant: 'shop' })
  const others = await make({ name: 'other', access: 'write', tenant: 'other' })
  const made = await as(text, 'POST', '/tenants/shop/keys', { name: 'second', access: 'write' })
  expect(made.status).toBe(201)
  expect((await as(text, 'POST', '/tenants/shop/keys', { name: 'wide', tenant: 'other' })).status).toBe(422)
  const names = (told: Told) => told.json.items.map(({ name }: { name: string }) => name)
  expect(names(await as(text, 'GET', '/tenants/shop/keys'))).toEqual(expect.arrayContaining(['shop', 'second']))
  expect(names(await as(text, 'GET', '/tenants/shop/keys'))).toHaveLength(2)
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/rotate'],
    ['POST', '/revoke'],
  ] as const)
    expect((await as(text, method, `/tenants/shop/keys/${others.id}${path}`)).status).toBe(404)
  expect((await ask('GET', `/keys/${others.id}`)).json.state).toBe('valid')
  expect((await as(made.json.key, 'GET', '/tenants/other')).status).toBe(404)
})

test('expired, revoked, unknown and malformed are told apart', async () => {
  const { make, as, ask, clock } = await withKeys()
  const brief = await make({ name: 'brief', days: 1 })
  const gone = await make({ name: 'gone' })
  expect((await ask('POST', `/keys/${gone.id}/revoke`)).json).toMatchObject({ state: 'revoked' })
  const title = async (header: string) => {
    const told = await ask('GET', '/tenants', undefined, { authorization: header })
    expect(told.status).toBe(401)
    expect(told.headers.get('content-type')).toContain('application/problem+json')
    return told.json.title
  }
  expect(await title(`Bearer ${gone.key}`)).toBe('Revoked key')
  expect((await as(brief.key, 'GET', '/tenants')).status).toBe(200)
  clock.advance(86_400_000 - 1)
  expect((await as(brief.key, 'GET', '/tenants')).status).toBe(200)
  clock.advance(1)
  expect(await title(`Bearer ${brief.key}`)).toBe('Expired key')
  expect(await title(`Bearer ${brief.key}x`)).toBe('Unknown key')
  expect(await title(`Bearer ${'x'.repeat(201)}`)).toBe('Malformed key')
  expect(await title(`Basic ${brief.key}`)).toBe('Malformed key')
  expect((await ask('GET', `/keys/${brief.id}`)).json.state).toBe('expired')
})

test('a rotated key ends at once, or when its grace is over; the new one is as the old', async () => {
  const { make, as, ask, clock, status } = await withKeys()
  const one = await make({ name: 'shop', access: 'write', tenant: 'shop', days: 10 })
  const two = (await ask('POST', `/keys/${one.id}/rotate`, { graceHours: 2 })).json
  expect(two).toMatchObject({ name: 'shop', access: 'write', tenant: one.tenant, replaces: one.id })
  expect(two.expiresAt).toBe(one.expiresAt)
  expect([await status(one.key, 'GET', '/tenants/shop'), await status(two.key, 'GET', '/tenants/shop')]).toEqual([
    200, 200,
  ])
  clock.advance(2 * 3_600_000)
  expect([await status(one.key, 'GET', '/tenants/shop'), await status(two.key, 'GET', '/tenants/shop')]).toEqual([
    401, 200,
  ])
  const three = (await as(two.key, 'POST', `/tenants/shop/keys/${two.id}/rotate`)).json
  expect([await status(two.key, 'GET', '/tenants/shop'), await status(three.key, 'GET', '/tenants/shop')]).toEqual([
    401, 200,
  ])
  expect(await ask('POST', `/keys/${two.id}/rotate`)).toMatchObject({ status: 409, json: { title: 'It has ended' } })
})

test('the last key that may change everything stays', async () => {
  const { ask, make, as } = await withKeys()
  const own = (await ask('GET', '/keys')).json.items.find(({ name }: { name: string }) => name === 'test')
  await make({ name: 'reader' })
  await make({ name: 'of a shop', access: 'write', tenant: 'shop' })
  expect(await ask('POST', `/keys/${own.id}/revoke`)).toMatchObject({ status: 409, json: { title: 'The last one' } })
  const next = await make({ name: 'next', access: 'write' })
  expect((await ask('POST', `/keys/${own.id}/revoke`)).status).toBe(200)
  expect((await ask('GET', '/keys')).status).toBe(401)
  expect((await as(next.key, 'POST', `/keys/${next.id}/revoke`)).status).toBe(409)
})

test('a key says when it was used, written at most once a minute', async () => {
  const { make, as, ask, clock, storage } = await withKeys()
  const { key: text, id } = await make({ name: 'busy' })
  const used = async () => (await ask('GET', `/keys/${id}`)).json.lastUsedAt
  expect(await used()).toBeUndefined()
  await as(text, 'GET', '/tenants')
  expect(await used()).toBe('2026-03-01T12:00:00.000Z')
  clock.advance(59_000)
  await as(text, 'GET', '/tenants')
  expect(await used()).toBe('2026-03-01T12:00:00.000Z')
  clock.advance(1_000)
  await as(text, 'GET', '/tenants')
  expect(await used()).toBe('2026-03-01T12:01:00.000Z')
  expect(await storage.reads.db.selectFrom('audit').selectAll().where('operation', 'like', 'get%').execute()).toEqual(
    [],
  )
})

test('one key may ask so often; others are not held up', async () => {
  const w = await world({ requestsPerMinute: 6 })
  const other = (await w.ask('POST', '/keys', { name: 'other' })).json.key
  for (let at = 0; at < 5; at++) expect((await w.ask('GET', '/tenants')).status).toBe(200)
  const refused = await w.ask('GET', '/tenants')
  expect(refused).toMatchObject({ status: 429, json: { title: 'Too fast' } })
  expect(refused.headers.get('retry-after')).toBe('10')
  expect((await w.ask('GET', '/tenants', undefined, by(other))).status).toBe(200)
  w.clock.advance(9_000)
  expect((await w.ask('GET', '/tenants')).status).toBe(429)
  w.clock.advance(1_000)
  expect((await w.ask('GET', '/tenants')).status).toBe(200)
  expect((await w.ask('GET', '/tenants')).status).toBe(429)
})

test.each([
  [{}, ['name']],
  [{ name: 'a', access: 'all' }, ['access']],
  [{ name: 'a', days: 0 }, ['days']],
  [{ name: 'a', days: '9' }, ['days']],
  [{ name: 'a', tenant: 'nobody' }, ['tenant']],
  [{ name: 'a', key: 'mine' }, ['key']],
])('%j is refused', async (body, fields) => {
  const { ask } = await withKeys()
  const { status, json } = await ask('POST', '/keys', body)
  expect([status, json.problems.map(({ field }: { field: string }) => field)]).toEqual([422, fields])
})

const cli =
  ({ url }: World, text = key) =>
  (...words: string[]) =>
    redress({ url: url.replace('/admin/v1', ''), key: text }, ...words)

test('the command line makes, lists, rotates and revokes', async () => {
  const w = await withKeys()
  const go = cli(w)
  const made = await go('key', 'add', '--name', 'ci', '--access', 'write', '--tenant', 'shop', '--days', '9')
  expect(made).toMatchObject({
    exit: 0,
    err: '',
    out: expect.stringMatching(/TEXT +rdk_[\w-]{43}\n[\s\S]*shown this once/),
  })
  const text = /rdk_[\w-]{43}/.exec(made.out)?.[0] ?? ''
  expect((await go('key', 'list')).out).toMatch(new RegExp(`ci +${text.slice(0, 8)}… .*write +valid`))
  expect((await go('key', 'list')).out).not.toContain(text)
  const own = cli(w, text)
  expect((await own('key', 'list', '--tenant', 'shop')).exit).toBe(0)
  expect(await own('key', 'list')).toMatchObject({ exit: 1, err: expect.stringContaining('whole installation') })
  const next = JSON.parse((await go('key', 'rotate', 'ci', '--json')).out)
  expect((await own('key', 'list', '--tenant', 'shop')).err).toContain('ended at')
  expect((await go('key', 'revoke', 'ci')).out).toMatch(/STATE +revoked/)
  expect((await cli(w, next.key)('member', 'list', '--tenant', 'shop')).err).toContain('was revoked')
  expect((await go('key', 'revoke', 'test')).err).toContain('nobody could change anything')
  expect(await go('key', 'add')).toMatchObject({ exit: 2 })
  expect(await go('key', 'add', '--name', 'a', '--access', 'all')).toMatchObject({ exit: 2 })
})
